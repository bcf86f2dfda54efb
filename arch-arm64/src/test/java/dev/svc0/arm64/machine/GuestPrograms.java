package dev.svc0.arm64.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * Programs for arm64 that tests run: Debian's static busybox, and what the cross compiler builds.
 */
final class GuestPrograms {
  private static final int SECONDS = 120;

  /** A shell starts jobs in the background with these ignored, which programs inherit. */
  private static final List<String> DEFAULT_SIGNALS = List.of("env", "--default-signal=INT,QUIT");

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
    List<String> command = new ArrayList<>();
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
    Path path = find("qemu-aarch64");
    if (path == null) {
      throw missing("no qemu-aarch64: install qemu-user");
    }
    return path.toString();
  }

  /** A command by its name, or by its path. */
  private static @Nullable Path find(String command) {
    for (String folder : System.getenv("PATH").split(":")) {
      Path path = Path.of(folder).resolve(command);
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    return null;
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

  /** Ends a process and those it has begun: they keep its output open. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Runs a command of the host. */
  static Result host(List<String> command, String input) {
    if (find(command.getFirst()) == null) {
      throw missing("cannot run " + command.getFirst() + ": install it");
    }
    List<String> all = new ArrayList<>(DEFAULT_SIGNALS);
    all.addAll(command);
    try {
      Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
      try (var out = process.getOutputStream()) {
        out.write(input.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      } catch (IOException closed) {
        // It reads no input: nothing to tell.
      }
      CompletableFuture<Void> tooLong =
          CompletableFuture.runAsync(
              () -> end(process), CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS));
      byte[] output = process.getInputStream().readAllBytes();
      int code = process.waitFor();
      String text = new String(output, java.nio.charset.StandardCharsets.ISO_8859_1);
      if (!tooLong.cancel(false)) {
        throw new AssertionError("no end after " + SECONDS + " s: " + command + "\n" + text);
      }
      return new Result(code, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
