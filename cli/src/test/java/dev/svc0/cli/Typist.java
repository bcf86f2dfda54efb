package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command in a terminal, and what it shows. */
final class Typist implements AutoCloseable {
  private static final long SECONDS = 180;

  private final Process process;
  private final OutputStream keys;
  private final InputStream screen;
  private final StringBuilder seen = new StringBuilder();
  private int read;

  Typist(Path folder, String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("script", "-q", "-c", command, "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    Launcher.prepare(builder);
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

  /** The processes that the command consists of. */
  Stream<ProcessHandle> descendants() {
    return process.descendants();
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
