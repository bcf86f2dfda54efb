package dev.svc0.cli;

import dev.svc0.cli.image.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A line on the terminal that shows how far a long piece of work has come, and is wiped at the end.
 */
final class ProgressBar implements Progress, AutoCloseable {
  private static final int WIDTH = 28;
  private static final int LONGEST_TEXT = 40;
  private static final long NANOS_BETWEEN = 100_000_000;
  private static final double MEBIBYTE = 1 << 20;

  private final PrintStream out;
  private final long totalBytes;
  private long bytes;
  private long lastNanos = System.nanoTime();
  private boolean shown;

  private ProgressBar(PrintStream out, long totalBytes) {
    this.out = out;
    this.totalBytes = totalBytes;
  }

  /**
   * A bar on standard error when that is a terminal; otherwise nothing is ever shown.
   *
   * @param totalBytes of all the work; 0 when nobody knows
   */
  static ProgressBar start(long totalBytes) {
    return new ProgressBar(
        isTerminal(2) ? System.err : new PrintStream(PrintStream.nullOutputStream()), totalBytes);
  }

  /** For tests: a bar on a stream, terminal or not. */
  static ProgressBar on(PrintStream out, long totalBytes) {
    return new ProgressBar(out, totalBytes);
  }

  /** Whether a descriptor of this process is a terminal. */
  static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Shows at once what is done now, without a measure of how much. */
  void say(String what) {
    out.print("\r" + what + " ...\033[K");
    out.flush();
    shown = true;
  }

  @Override
  public void step(long more, String what) {
    bytes += more;
    long now = System.nanoTime();
    if (now - lastNanos >= NANOS_BETWEEN) {
      lastNanos = now;
      show(what);
    }
  }

  private void show(String what) {
    String shortened =
        what.length() > LONGEST_TEXT
            ? "…" + what.substring(what.length() - LONGEST_TEXT + 1)
            : what;
    StringBuilder line = new StringBuilder("\r");
    if (totalBytes > 0) {
      int done = (int) Math.min(WIDTH, WIDTH * bytes / totalBytes);
      line.append('[').append("=".repeat(done)).append(" ".repeat(WIDTH - done)).append("] ");
      line.append(String.format(Locale.ROOT, "%3d %% ", Math.min(100, 100 * bytes / totalBytes)));
    } else {
      line.append(String.format(Locale.ROOT, "%8.1f MiB ", bytes / MEBIBYTE));
    }
    out.print(line.append(shortened).append("\033[K"));
    out.flush();
    shown = true;
  }

  @Override
  public void close() {
    if (shown) {
      out.print("\r\033[K");
      out.flush();
      shown = false;
    }
  }
}
