package dev.svc0.runtime.vfs;

import dev.svc0.runtime.sched.WaitQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * A wait for events of several files: every queue a file names wakes it. <i>Linux:</i> {@code
 * poll_wqueues}.
 */
public final class PollWait implements PollTable, AutoCloseable {
  private final List<WaitQueue> queues = new ArrayList<>();
  private final WaitQueue own = new WaitQueue();
  private final WaitQueue.Listener listener = this::woken;
  private volatile boolean triggered;

  private void woken() {
    triggered = true;
    own.wakeUp();
  }

  @Override
  public void add(WaitQueue queue) {
    if (!queues.contains(queue)) {
      queue.addListener(listener);
      queues.add(queue);
    }
  }

  /** Forgets earlier wake-ups; then the files are asked again. */
  public void rearm() {
    triggered = false;
  }

  /**
   * Waits for a wake-up since {@link #rearm}.
   *
   * @return 0, −ERESTARTSYS after a signal, −ETIMEDOUT
   */
  public long await(Caller caller, long deadlineNanos) {
    return own.waitEvent(caller, () -> triggered, deadlineNanos);
  }

  @Override
  public void close() {
    for (WaitQueue queue : queues) {
      queue.removeListener(listener);
    }
  }
}
