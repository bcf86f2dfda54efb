package dev.svc0.arm64.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * Programs for arm64 that tests run: Debian's static busybox, and what the cross compiler builds.
 */
final class GuestPrograms {
  private GuestPrograms() {}

  /** Debian's static busybox for arm64: from SVC0_BUSYBOX, or where .ci/fetch-guests puts it. */
  static Path busybox() {
    String named = System.getenv("SVC0_BUSYBOX");
    if (named != null) {
      return Path.of(named);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path fetched = at.resolve("target/guests/bin/busybox");
      if (Files.isExecutable(fetched)) {
        return fetched;
      }
    }
    throw missing("no arm64 busybox: run .ci/fetch-guests target/guests, or set SVC0_BUSYBOX");
  }

  /** A root folder with busybox in bin, and dev, proc, tmp. */
  static Path busyboxRoot(Path folder) {
    try {
      for (String name : List.of("bin", "tmp", "dev", "proc", "etc")) {
        Files.createDirectories(folder.resolve(name));
      }
      Path to = folder.resolve("bin/busybox");
      Files.copy(busybox(), to, StandardCopyOption.REPLACE_EXISTING);
      to.toFile().setExecutable(true);
      if (Files.notExists(folder.resolve("dev/null"))) {
        Files.createFile(folder.resolve("dev/null"));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compiles a C source of src/test/guests into a static program. */
  static Path compile(String source, Path to) {
    return compileWith(source, to, List.of("-static"));
  }

  /** Compiles it with other ways of linking. */
  static Path compileWith(String source, Path to, List<String> options) {
    Path file = Path.of("src/test/guests", source).toAbsolutePath();
    List<String> command = new java.util.ArrayList<>();
    command.addAll(List.of("aarch64-linux-gnu-gcc", "-O2", "-Wall", "-pthread"));
    command.addAll(options);
    command.addAll(List.of("-o", to.toString(), file.toString(), "-lm"));
    Result result = host(command, "");
    if (result.code() != 0) {
      throw new AssertionError("the cross compiler failed on " + source + ": " + result.output());
    }
    return to;
  }

  /** Path of the emulator that results are compared with. */
  static String qemu() {
    for (String folder : System.getenv("PATH").split(":")) {
      Path path = Path.of(folder, "qemu-aarch64");
      if (Files.isExecutable(path)) {
        return path.toString();
      }
    }
    throw missing("no qemu-aarch64: install qemu-user");
  }

  /**
   * A tool is not there: a failure in CI, which installs all of them; elsewhere the test is
   * skipped.
   */
  private static RuntimeException missing(String what) {
    if (System.getenv("CI") != null) {
      throw new AssertionError(what);
    }
    return new TestAbortedException(what);
  }

  /** What a command of the host printed, and its exit code. */
  record Result(int code, String output) {}

  /** Runs a command of the host. */
  static Result host(List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var out = process.getOutputStream()) {
        out.write(input.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      } catch (IOException closed) {
        // It reads no input: nothing to tell.
      }
      byte[] output = process.getInputStream().readAllBytes();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("no end: " + command);
      }
      return new Result(
          process.exitValue(), new String(output, java.nio.charset.StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw missing("cannot run " + command.getFirst() + ": install it");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
