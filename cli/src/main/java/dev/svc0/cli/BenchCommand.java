package dev.svc0.cli;

import dev.svc0.cli.BenchTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
      "  svc0 bench --json > bench.json",
      "",
      "Each program runs with the same arguments everywhere, so long that the slowest rival that is",
      "installed takes --seconds; the best of --runs counts. The kernels are compiled on the spot and",
      "need aarch64-linux-gnu-gcc (for arm64) and cc (for this machine); what is missing is named and",
      "left out. Start-up is part of each time: 'hello' shows what it is.",
      "",
      "System calls and writes without a program around them: see samples/benchmarks/README.md."
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<String> KERNELS =
      List.of(
          "hash", "crc", "sieve", "matrix", "bytecode", "sort", "calls", "search", "saxpy", "mix");
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
          "Only these: hello, hash, crc, sieve, matrix, bytecode, sort, calls, search, saxpy, mix.")
  List<String> only = new ArrayList<>();

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
    } finally {
      try (Stream<Path> files = Files.list(work)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.delete(file);
        }
      }
      Files.delete(work);
    }
    ImageCommand.print(json ? Json.text(table.facts()) : table.text());
    return 0;
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
      double took = BenchRun.cpuSeconds(one);
      if (took >= seconds / 4 || rounds >= MOST_ROUNDS) {
        return Math.max(1, Math.round(rounds * seconds / Math.max(took, 0.01)));
      }
    }
  }

  private double best(List<String> command) throws IOException, InterruptedException {
    double best = BenchRun.cpuSeconds(command);
    for (int i = 1; i < runs; i++) {
      best = Math.min(best, BenchRun.cpuSeconds(command));
    }
    return best;
  }

  private static @Nullable Path compile(String compiler, Path source, Path to, String option)
      throws IOException, InterruptedException {
    String found = BenchRun.find(compiler);
    if (found == null) {
      return null;
    }
    BenchRun.run(List.of(found, "-O2", option, "-o", to.toString(), source.toString(), "-lm"));
    return to;
  }
}
