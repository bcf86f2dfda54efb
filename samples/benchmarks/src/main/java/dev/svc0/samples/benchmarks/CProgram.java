package dev.svc0.samples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A C program of the benchmarks (its source is in {@code src/main/c}), compiled for a rival to run.
 * What a rival needs may be missing on a machine: then there is no program, and a reason.
 */
final class CProgram {
  private static final long COMPILE_SECONDS = 60;
  private static final long RUN_SECONDS = 600;

  /** Who runs the program. */
  enum Rival {
    /** This machine's own Linux and processor. */
    NATIVE("native", List.of("cc", "-O2"), List.of()),
    /** The arm64 program under QEMU's user mode. */
    QEMU(
        "qemu-aarch64",
        List.of("aarch64-linux-gnu-gcc", "-O2", "-static"),
        List.of("qemu-aarch64"));

    private final String label;
    private final List<String> compiler;
    private final List<String> runner;

    Rival(String label, List<String> compiler, List<String> runner) {
      this.label = label;
      this.compiler = compiler;
      this.runner = runner;
    }

    /** As it is called in a table. */
    String label() {
      return label;
    }

    /** The first tool that this machine has not, if any. */
    Optional<String> missing() {
      List<String> tools = new ArrayList<>(List.of(compiler.getFirst()));
      tools.addAll(runner);
      return tools.stream().filter(tool -> !installed(tool)).findFirst();
    }

    private static boolean installed(String tool) {
      String path = Objects.requireNonNullElse(System.getenv("PATH"), "/usr/bin:/bin");
      for (String folder : path.split(":", -1)) {
        if (Files.isExecutable(Path.of(folder, tool))) {
          return true;
        }
      }
      return false;
    }
  }

  private final List<String> command;

  private CProgram(List<String> command) {
    this.command = command;
  }

  /**
   * Compiles a source of this jar.
   *
   * @param name of the source, such as {@code calls.c}
   * @param folder for the binary
   * @throws IOException when the compiler fails
   */
  static CProgram compile(String name, Rival rival, Path folder) throws IOException {
    Path source = folder.resolve(name);
    try (InputStream in = CProgram.class.getResourceAsStream("/c/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), source, StandardCopyOption.REPLACE_EXISTING);
    }
    Path binary = folder.resolve(name.replace(".c", "-" + rival.label()));
    List<String> compile = new ArrayList<>(rival.compiler);
    compile.addAll(List.of("-o", binary.toString(), source.toString(), "-lm"));
    output(compile, COMPILE_SECONDS);
    List<String> command = new ArrayList<>(rival.runner);
    command.add(binary.toString());
    return new CProgram(command);
  }

  /**
   * Runs it and gives what it printed.
   *
   * @throws IOException when it fails or does not end
   */
  String run(String... arguments) throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(arguments));
    return output(whole, RUN_SECONDS);
  }

  private static String output(List<String> command, long seconds) throws IOException {
    Path out = Files.createTempFile("svc0-benchmark", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " did not end within " + seconds + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException(command + " ended with " + process.exitValue());
      }
      return Files.readString(out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      Files.delete(out);
    }
  }
}
