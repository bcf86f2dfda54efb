package dev.svc0.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this machine has to measure with; what it lacks is said in a line with what to do. */
final class BenchTools {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** The checkout. */
  final Path home;

  /** The command itself. */
  final Path launcher;

  /** A folder for what is made, in memory where there is room; it is removed at the end. */
  final Path work;

  /** The rival, or null. */
  final @Nullable String qemu = BenchRun.find("qemu-aarch64");

  private final @Nullable String cross = BenchRun.find("aarch64-linux-gnu-gcc");
  private final @Nullable String compiler = BenchRun.find("cc");
  private final BenchTable table;

  BenchTools(Path home, BenchTable table) throws IOException {
    this.home = home;
    this.table = table;
    launcher = home.resolve("svc0");
    if (!Files.isExecutable(launcher)) {
      throw new CommandException(
          CommandException.FAILED, "bench needs the launcher: start it as ./svc0 bench");
    }
    work =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "svc0-bench")
            : Files.createTempDirectory("svc0-bench");
    if (qemu == null) {
      table.note("nothing to compare with under qemu-aarch64: apt install qemu-user");
    }
  }

  /** Says something about what is measured. */
  void note(String sentence) {
    table.note(sentence);
  }

  /** A program of the repository, for arm64 and for this machine; null for what cannot be built. */
  record Built(@Nullable Path guest, @Nullable Path own) {}

  /** Builds a C program for both; without the cross compiler for neither. */
  Built build(String source, String as, String... options)
      throws IOException, InterruptedException {
    Path file = home.resolve("samples/benchmarks/src/main").resolve(source);
    if (!Files.exists(file)) {
      note("the sources of the benchmarks are not here: run svc0 bench in a checkout of svc0");
      return new Built(null, null);
    }
    if (cross == null) {
      note(
          "no compiler for arm64, so no rows of C programs: apt install gcc-aarch64-linux-gnu"
              + " libc6-dev-arm64-cross");
      return new Built(null, null);
    }
    if (compiler == null) {
      note("no compiler for this machine, so nothing native to compare with: apt install gcc");
    }
    Path guest = work.resolve(as + ".arm64");
    compile(cross, file, guest, List.of("-static"), options);
    Path own = compiler == null ? null : work.resolve(as);
    if (compiler != null && own != null) {
      compile(compiler, file, own, List.of(), options);
    }
    return new Built(guest, own);
  }

  private static void compile(
      String compiler, Path source, Path to, List<String> more, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(compiler, "-pthread", "-o", to.toString()));
    command.addAll(more);
    command.addAll(List.of(options));
    command.add(source.toString());
    command.add("-lm");
    BenchRun.run(command, null);
  }

  /**
   * The command line that runs an arm64 program under svc0, which has no translations of earlier
   * runs but this command's own.
   */
  List<String> svc0(String... optionsAndProgram) {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "run"));
    command.addAll(List.of("--code-cache", work.resolve("code").toString()));
    command.addAll(List.of(optionsAndProgram));
    return command;
  }
}
