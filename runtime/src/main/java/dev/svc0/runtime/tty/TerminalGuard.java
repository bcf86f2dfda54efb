package dev.svc0.runtime.tty;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A small process of the host that puts the terminal back when the JVM is gone without having done
 * so: killed by a signal that nobody can catch. It reads from a pipe that only the JVM holds open,
 * so it hears of every end.
 *
 * <p>Started beside everything else, so that it costs a session no time; none where the host has no
 * {@code sh} and {@code stty}.
 */
final class TerminalGuard {
  /** The word that says that the terminal is as it was. */
  private static final String DONE = "done\n";

  /** Settings and path of the terminal are the arguments; setting them needs no foreground. */
  private static final String SCRIPT =
      "trap '' HUP INT QUIT TERM TSTP TTOU; read -r end; [ \"$end\" = done ] || stty \"$1\" <\"$2\"";

  // Protected by this object's monitor.
  private @Nullable Process process;
  private boolean released;

  /**
   * Begins to watch.
   *
   * @param settings as {@code stty -g} prints them
   * @param path of the terminal
   */
  static TerminalGuard watch(String settings, String path) {
    TerminalGuard guard = new TerminalGuard();
    Thread starter = new Thread(() -> guard.start(settings, path), "svc0-terminal-guard");
    starter.setDaemon(true);
    starter.start();
    return guard;
  }

  private void start(String settings, String path) {
    Process started;
    try {
      started =
          new ProcessBuilder("sh", "-c", SCRIPT, "sh", settings, path)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException noShell) {
      return; // the terminal is put back at every other end
    }
    synchronized (this) {
      process = started;
      if (released) {
        dismiss(started);
      }
    }
  }

  /** The terminal is as it was: there is nothing to watch any more. */
  synchronized void release() {
    released = true;
    if (process != null) {
      dismiss(process);
    }
  }

  private static void dismiss(Process process) {
    try (OutputStream to = process.getOutputStream()) {
      to.write(DONE.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException gone) {
      // Somebody ended it: it does nothing any more, as is wanted.
    }
  }
}
