package dev.svc0.cli;

import dev.svc0.cli.BenchTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures svc0 beside its rivals on this machine. */
@Command(
    name = "bench",
    description = {
      "Measure programs under svc0, natively and under qemu-aarch64 on this machine, and print CPU"
          + " times (user and system, start to end) and ratios."
    },
    footer = {
      "",
      "Examples:",
      "  svc0 bench",
      "  svc0 bench --seconds 5 --only hash,sort",
      "  svc0 bench --guests debian --only 'sha256sum,gzip -9,1000 fork+exec'",
      "  svc0 bench --guests debian --full --json > bench.json",
      "",
      "Kernels are compiled on the spot and need aarch64-linux-gnu-gcc (for arm64) and cc (for this",
      "machine); each takes the slowest rival that is installed about --seconds. Whole programs come",
      "from a Debian root for arm64, as .ci/fetch-guests or 'svc0 image import-debs' makes it; the",
      "native ones from this machine. Start-up is part of each time, and so is everything that a",
      "program starts. The best of --runs counts. What is missing is named and left out.",
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<String> KERNELS =
      List.of(
          "hash", "crc", "sieve", "matrix", "bytecode", "sort", "calls", "search", "saxpy", "mix");

  /** How much larger the full sizes are. */
  private static final int FULL = 10;

  private static final String CALLS = "300000";
  private static final long MOST_ROUNDS = 1L << 40;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "How long a rival is to take for each kernel (default: ${DEFAULT-VALUE}).")
  double seconds = 1;

  @Option(
      names = "--runs",
      defaultValue = "2",
      description = "How often each is run; the best counts (default: ${DEFAULT-VALUE}).")
  int runs = 2;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description =
          "Only these, by their names in the table; 'calls' and 'writes' are groups of their own.")
  List<String> only = new ArrayList<>();

  @Option(
      names = "--guests",
      paramLabel = "FOLDER",
      description = "A Debian root for arm64; default: what SVC0_GUESTS says.")
  @Nullable Path guests;

  @Option(
      names = "--full",
      description = "The full sizes: 200 MB, a million rows, Python for 10 s; takes long.")
  boolean full;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  private final BenchTable table = new BenchTable();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = Path.of(System.getProperty("svc0.home", "."));
    Path launcher = home.resolve("svc0");
    if (!Files.isExecutable(launcher)) {
      throw new CommandException(
          CommandException.FAILED, "bench needs the launcher: start it as ./svc0 bench");
    }
    Path work = Files.createTempDirectory("svc0-bench");
    try (ProgressBar bar = ProgressBar.start(0)) {
      hello(home, launcher, bar);
      kernels(home, launcher, work, bar);
      programs(launcher, work, bar);
      calls(home, launcher, work, bar);
    } finally {
      try (Stream<Path> files = Files.walk(work)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      }
    }
    ImageCommand.print(json ? Json.text(table.facts()) : table.text());
    return 0;
  }

  private void programs(Path launcher, Path work, ProgressBar bar)
      throws IOException, InterruptedException {
    String fromEnvironment = System.getenv("SVC0_GUESTS");
    Path root = guests != null || fromEnvironment == null ? guests : Path.of(fromEnvironment);
    if (root == null) {
      table.missing("whole programs need a Debian root for arm64: --guests FOLDER");
      return;
    }
    int scale = full ? FULL : 1;
    Path input = Files.createDirectory(work.resolve("input"));
    BenchPrograms.prepare(input, scale);
    BenchRivals rivals =
        new BenchRivals(launcher, root.toAbsolutePath(), input, runs, table::missing);
    measure(rivals, "programs, CPU seconds", BenchPrograms.all(scale), bar);
    measure(rivals, "brief ones, CPU seconds", BenchPrograms.brief(), bar);
  }

  private void measure(
      BenchRivals rivals, String group, List<BenchPrograms.Workload> workloads, ProgressBar bar)
      throws IOException, InterruptedException {
    for (BenchPrograms.Workload workload : workloads) {
      if (wanted(workload.name())) {
        bar.step(0, workload.name());
        Row row = rivals.measure(workload, group);
        if (row != null) {
          table.add(row);
        }
      }
    }
  }

  /** Programs that time their own system calls. */
  private void calls(Path home, Path launcher, Path work, ProgressBar bar)
      throws IOException, InterruptedException {
    Path sources = home.resolve("samples/benchmarks/src/main/c");
    if (!Files.exists(sources) || BenchRun.find("aarch64-linux-gnu-gcc") == null) {
      return; // said where kernels are compiled
    }
    Path disk = work.resolve("disk.img");
    BenchRun.run(
        List.of(launcher.toString(), "image", "create", disk.toString(), "--size", "128M"), null);
    List<String> run = List.of(launcher.toString(), "run", "--image", disk + ":/mnt");
    if (wanted("calls")) {
      bar.step(0, "calls");
      timed(
          "system calls, ns each",
          sources.resolve("calls.c"),
          work,
          run,
          folder -> List.of(CALLS, folder + "/file"));
    }
    if (wanted("writes")) {
      bar.step(0, "writes");
      timed("writes, ns each", sources.resolve("writes.c"), work, run, List::of);
    }
  }

  private void timed(
      String group,
      Path source,
      Path work,
      List<String> run,
      Function<String, List<String>> arguments)
      throws IOException, InterruptedException {
    Path guest = compile("aarch64-linux-gnu-gcc", source, work.resolve("timed.arm64"), "-static");
    Path own = compile("cc", source, work.resolve("timed"), "-O2");
    String qemu = BenchRun.find("qemu-aarch64");
    if (guest == null) {
      return;
    }
    List<String> here = arguments.apply(work.toString());
    List<String> there = arguments.apply("/mnt");
    Map<String, Double> svc0 = times(run, guest, there);
    Map<String, Double> host = own == null ? Map.of() : times(List.of(), own, here);
    Map<String, Double> emulated = qemu == null ? Map.of() : times(List.of(qemu), guest, here);
    svc0.forEach((name, nanos) ->
        table.add(new Row(group, name, nanos, host.get(name), emulated.get(name))));
  }

  /** What a program printed: a name and nanoseconds a line. */
  private static Map<String, Double> times(
      List<String> prefix, Path program, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(program.toString());
    command.addAll(arguments);
    Map<String, Double> times = new LinkedHashMap<>();
    for (String line : BenchRun.run(command, null).lines().toList()) {
      int blank = line.lastIndexOf(' ');
      times.put(line.substring(0, blank), Double.parseDouble(line.substring(blank + 1)));
    }
    return times;
  }

  private boolean wanted(String name) {
    return only.isEmpty() || only.contains(name);
  }

  private void hello(Path home, Path launcher, ProgressBar bar)
      throws IOException, InterruptedException {
    Path program = home.resolve("samples/guests/bin/hello");
    if (!wanted("hello") || !Files.exists(program)) {
      return;
    }
    bar.step(0, "hello");
    String qemu = BenchRun.find("qemu-aarch64");
    table.add(
        new Row(
            "start, CPU seconds",
            "hello",
            best(List.of(launcher.toString(), "run", program.toString())),
            null,
            qemu == null ? null : best(List.of(qemu, program.toString()))));
    if (qemu == null) {
      table.missing("qemu-aarch64 is not installed (Debian: apt install qemu-user)");
    }
  }

  private void kernels(Path home, Path launcher, Path work, ProgressBar bar)
      throws IOException, InterruptedException {
    Path source = home.resolve("samples/benchmarks/src/main/guest/kernels.c");
    if (!Files.exists(source)) {
      table.missing("the kernels' source is not here: bench runs in a checkout of svc0");
      return;
    }
    Path guest = compile("aarch64-linux-gnu-gcc", source, work.resolve("kernels.arm64"), "-static");
    if (guest == null) {
      table.missing(
          "aarch64-linux-gnu-gcc is not installed (Debian: apt install gcc-aarch64-linux-gnu"
              + " libc6-dev-arm64-cross), so there are no kernels to run");
      return;
    }
    Path own = compile("cc", source, work.resolve("kernels"), "-O2");
    if (own == null) {
      table.missing("cc is not installed: nothing native to compare with");
    }
    String qemu = BenchRun.find("qemu-aarch64");
    for (String name : KERNELS) {
      if (wanted(name)) {
        bar.step(0, name);
        kernel(name, launcher, guest, own, qemu);
      }
    }
  }

  private void kernel(
      String name, Path launcher, Path guest, @Nullable Path own, @Nullable String qemu)
      throws IOException, InterruptedException {
    List<String> rival =
        qemu != null
            ? List.of(qemu, guest.toString(), name)
            : own != null
                ? List.of(own.toString(), name)
                : List.of(launcher.toString(), "run", guest.toString(), name);
    String rounds = Long.toString(rounds(rival));
    table.add(
        new Row(
            "kernels, CPU seconds",
            name,
            best(List.of(launcher.toString(), "run", guest.toString(), name, rounds)),
            own == null ? null : best(List.of(own.toString(), name, rounds)),
            qemu == null ? null : best(List.of(qemu, guest.toString(), name, rounds))));
  }

  /** How many rounds take about as long as is asked for. */
  private long rounds(List<String> command) throws IOException, InterruptedException {
    for (long rounds = 1; ; rounds *= 4) {
      List<String> one = new ArrayList<>(command);
      one.add(Long.toString(rounds));
      double took = BenchRun.cpuSeconds(one, null);
      if (took >= seconds / 4 || rounds >= MOST_ROUNDS) {
        return Math.max(1, Math.round(rounds * seconds / Math.max(took, 0.01)));
      }
    }
  }

  private double best(List<String> command) throws IOException, InterruptedException {
    double best = BenchRun.cpuSeconds(command, null);
    for (int i = 1; i < runs; i++) {
      best = Math.min(best, BenchRun.cpuSeconds(command, null));
    }
    return best;
  }

  private static @Nullable Path compile(String compiler, Path source, Path to, String option)
      throws IOException, InterruptedException {
    String found = BenchRun.find(compiler);
    if (found == null) {
      return null;
    }
    BenchRun.run(
        List.of(found, "-O2", option, "-o", to.toString(), source.toString(), "-lm"), null);
    return to;
  }
}
