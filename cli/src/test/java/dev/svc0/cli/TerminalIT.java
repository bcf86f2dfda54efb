package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code svc0 run} in a terminal of the host, which {@code script} makes: somebody types. */
@Timeout(240)
class TerminalIT {
  private static final long SECONDS = 180;

  @TempDir Path folder;

  @Test
  void aShellHasJobControlAndTheHostsTerminalComesBack() throws Exception {
    String busybox = System.getenv("SVC0_BUSYBOX");
    Assumptions.assumeTrue(Launcher.installed("script"), "no script: install bsdutils");
    Assumptions.assumeTrue(busybox != null, "SVC0_BUSYBOX names no arm64 busybox");
    String run =
        Launcher.HOME.resolve("svc0") + " run " + Path.of(busybox).toAbsolutePath() + " sh";
    try (Typist typist =
        new Typist(
            "stty rows 33 cols 99; stty -g >before; " + run + "; echo =$?; stty -g >after")) {
      typist.type("PS1='rea''dy '\n");
      typist.await("ready ");
      typist.type("tty; stty size\n");
      typist.await("/dev/hvc0");
      typist.await("33 99");
      typist.await("ready ");
      typist.type("sh -c \"echo o''n; cat\"\n");
      typist.await("on\r\n");
      typist.type("\u001a");
      typist.await("Stopped");
      typist.await("ready ");
      typist.type("kill -9 %1; wait\n");
      typist.await("ready ");
      typist.type("sh -c \"echo se''cond; cat\"\n");
      typist.await("second\r\n");
      typist.type("\u0003");
      typist.await("ready ");
      typist.type("echo got $?\n");
      typist.await("got 130");
      typist.type("exit 7\n");
      typist.await("=7");
      typist.awaitEnd();
    }
    assertThat(folder.resolve("after")).hasSameTextualContentAs(folder.resolve("before"));
    assertThat(Files.size(folder.resolve("after"))).isPositive();
  }

  /** A command in a terminal, and what it shows. */
  private final class Typist implements AutoCloseable {
    private final Process process;
    private final OutputStream keys;
    private final InputStream screen;
    private final StringBuilder seen = new StringBuilder();
    private int read;

    Typist(String command) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder("script", "-q", "-c", command, "/dev/null")
              .directory(folder.toFile())
              .redirectErrorStream(true);
      builder.environment().put("SVC0_NO_BUILD", "1");
      builder.environment().put("SVC0_JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("SHELL", "/bin/sh");
      process = builder.start();
      keys = process.getOutputStream();
      screen = process.getInputStream();
    }

    void type(String text) throws IOException {
      keys.write(text.getBytes(StandardCharsets.ISO_8859_1));
      keys.flush();
    }

    /** Reads until the text was shown after what was awaited before. */
    void await(String text) throws Exception {
      CompletableFuture.runAsync(() -> readUntil(text)).get(SECONDS, TimeUnit.SECONDS);
    }

    private void readUntil(String text) {
      try {
        while (seen.indexOf(text, read) < 0) {
          int next = screen.read();
          assertThat(next).as("the end before '%s': %s", text, seen).isNotNegative();
          seen.append((char) next);
        }
        read = seen.indexOf(text, read) + text.length();
      } catch (IOException e) {
        throw new AssertionError("no '" + text + "' in " + seen, e);
      }
    }

    void awaitEnd() throws Exception {
      keys.close();
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
