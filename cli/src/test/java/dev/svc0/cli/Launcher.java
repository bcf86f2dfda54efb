package dev.svc0.cli;

import dev.svc0.arm64.jit.Engines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the launcher as a person would, in a folder of its own. */
final class Launcher {
  /** The top of the checkout. */
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private static final long SECONDS = 120;

  /**
   * What came of it.
   *
   * @param status exit status
   * @param out standard output
   * @param err standard error
   */
  record Result(int status, String out, String err) {}

  private Launcher() {}

  static {
    try {
      run(HOME, List.of(HOME.resolve("svc0").toString(), "--version")); // prepares a quicker start
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A guest program of the repository. */
  static String guest(String name) {
    return HOME.resolve("samples/guests/bin").resolve(name).toString();
  }

  /** Runs {@code ./svc0} with arguments. */
  static Result svc0(Path folder, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(HOME.resolve("svc0").toString());
    command.addAll(List.of(arguments));
    return run(folder, command);
  }

  /** Starts {@code ./svc0} with arguments; its streams are pipes. */
  static Process start(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(HOME.resolve("svc0").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    prepare(builder);
    return builder.start();
  }

  /** With what is built, on the JDK and the engine of the tests; the user's cache is left alone. */
  static void prepare(ProcessBuilder builder) {
    builder.environment().put("SVC0_NO_BUILD", "1");
    builder.environment().put("XDG_CACHE_HOME", HOME.resolve("cli/target/cache").toString());
    builder.environment().put("SVC0_JAVA_HOME", System.getProperty("java.home"));
    String engine = System.getProperty(Engines.PROPERTY);
    if (engine != null) {
      builder.environment().put("SVC0_JVM_OPTS", "-D" + Engines.PROPERTY + "=" + engine);
    }
  }

  /** Runs any command. */
  static Result run(Path folder, List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("svc0-test", ".out");
    Path err = Files.createTempFile("svc0-test", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      prepare(builder);
      Process process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("still running after " + SECONDS + " s: " + command);
      }
      return new Result(
          process.exitValue(),
          Files.readString(out, StandardCharsets.ISO_8859_1),
          Files.readString(err, StandardCharsets.ISO_8859_1));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Whether a tool is installed. In CI it must be. */
  static boolean installed(String tool) {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, tool))) {
        return true;
      }
    }
    if (Files.isExecutable(Path.of("/usr/sbin", tool))) {
      return true;
    }
    if (System.getenv("CI") != null) {
      throw new IllegalStateException(tool + " is not installed, and in CI it must be");
    }
    return false;
  }
}
