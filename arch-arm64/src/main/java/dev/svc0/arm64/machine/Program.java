package dev.svc0.arm64.machine;

import dev.svc0.runtime.task.Kernel;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalSender;
import dev.svc0.runtime.task.Task;
import org.jspecify.annotations.Nullable;

/** A program that runs. Thread-safe. */
public final class Program {
  private static final int SIGNAL_MASK = 0x7f;
  private static final int SIGNALLED = 128;

  /**
   * How a program ended.
   *
   * @param waitStatus as wait4(2) gives it
   */
  public record Exit(int waitStatus) {
    /** Whether it called exit; else a signal ended it. */
    public boolean exited() {
      return signal() == 0;
    }

    /** What it gave to exit, 0…255. */
    public int code() {
      return waitStatus >> 8 & 0xff;
    }

    /** The signal that ended it; 0 for none. */
    public int signal() {
      return waitStatus & SIGNAL_MASK;
    }

    /** The code as a shell shows it: 128 plus the signal. */
    public int shellCode() {
      return exited() ? code() : SIGNALLED + signal();
    }
  }

  private final Kernel kernel;
  private final Task task;
  private @Nullable Exit exit;

  Program(Kernel kernel, Task task) {
    this.kernel = kernel;
    this.task = task;
  }

  /** Its first thread. */
  public Task task() {
    return task;
  }

  /** Process id. */
  public int pid() {
    return task.pid();
  }

  /** Sends it a signal, as kill(2) from the kernel would. */
  public void kill(int signal) {
    SignalSender.sendToProcess(task.signal(), SigInfo.user(signal, 0, 0, 0));
  }

  /** Waits until it has ended. */
  public synchronized Exit waitFor() {
    Exit known = exit;
    if (known == null) {
      known = new Exit(kernel.waitForExit(task));
      exit = known;
    }
    return known;
  }
}
