package dev.svc0.samples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * System calls of svc0 beside those of native Linux and of {@code qemu-aarch64}, in one run: each
 * rival is measured before and after ours, and the best round of each counts. Prints a table in
 * nanoseconds a call, and ours as a share of each rival.
 */
public final class CallComparison {
  /** What the rivals' programs print, and which of our benchmarks stands beside it. */
  private static final List<Row> ROWS =
      List.of(
          new Row("getppid", "dispatchGetppid"),
          new Row("getppid", "svcGetppid"),
          new Row("writeDevNull", "writeDevNull"),
          new Row("overwrite4K", "overwriteExt2"));

  private record Row(String rival, String ours) {}

  private CallComparison() {}

  /** Measures and prints; takes no arguments. */
  public static void main(String[] arguments) throws IOException, RunnerException {
    Path folder = Files.createTempDirectory("svc0-benchmarks");
    try {
      Map<CProgram.Rival, Map<String, Double>> rivals = new EnumMap<>(CProgram.Rival.class);
      measureRivals(rivals, folder);
      Map<String, Double> ours = measureOurs();
      measureRivals(rivals, folder);
      System.out.print(table(ours, rivals));
    } finally {
      delete(folder);
    }
  }

  private static void measureRivals(Map<CProgram.Rival, Map<String, Double>> best, Path folder)
      throws IOException {
    for (CProgram.Rival rival : CProgram.Rival.values()) {
      Optional<String> missing = rival.missing();
      if (missing.isPresent()) {
        System.err.println(rival.label() + ": " + missing.get() + " is not installed");
        continue;
      }
      Map<String, Double> times = best.computeIfAbsent(rival, _ -> new LinkedHashMap<>());
      String printed =
          CProgram.compile("calls.c", rival, folder)
              .run("300000", folder.resolve("file").toString());
      for (String line : printed.lines().toList()) {
        String[] words = line.split(" ", 2);
        times.merge(words[0], Double.parseDouble(words[1]), Math::min);
      }
    }
  }

  private static Map<String, Double> measureOurs() throws RunnerException {
    Map<String, Double> times = new LinkedHashMap<>();
    for (RunResult result :
        new Runner(
                new OptionsBuilder()
                    .include(SystemCallBenchmark.class.getSimpleName())
                    .verbosity(VerboseMode.SILENT)
                    .shouldFailOnError(true)
                    .build())
            .run()) {
      times.put(
          result.getPrimaryResult().getLabel(), result.getPrimaryResult().getStatistics().getMin());
    }
    return times;
  }

  private static String table(
      Map<String, Double> ours, Map<CProgram.Rival, Map<String, Double>> rivals) {
    StringBuilder out = new StringBuilder();
    out.append(String.format("%-16s %10s", "ns a call", "svc0"));
    rivals
        .keySet()
        .forEach(rival -> out.append(String.format(" %14s %6s", rival.label(), "ratio")));
    out.append(System.lineSeparator());
    for (Row row : ROWS) {
      double mine = ours.getOrDefault(row.ours, Double.NaN);
      out.append(String.format(Locale.ROOT, "%-16s %10.1f", row.ours, mine));
      for (Map<String, Double> times : rivals.values()) {
        double other = times.getOrDefault(row.rival, Double.NaN);
        out.append(String.format(Locale.ROOT, " %14.1f %6.2f", other, mine / other));
      }
      out.append(System.lineSeparator());
    }
    return out.toString();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
