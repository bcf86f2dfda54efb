package dev.svc0.runtime.sched;

import dev.svc0.annotation.Traced;

/** Where one thread, the one that made it, waits until another says that something is done. */
@Traced(layer = Traced.Layer.TASK)
public final class Completion {
  private final Thread waiter = Thread.currentThread();
  private volatile boolean done;

  /** It is done: the waiter goes on. Any thread. */
  @Traced("complete")
  public void complete() {
    done = true;
    if (Thread.currentThread() != waiter) {
      Parking.unpark(waiter);
    }
  }

  /** Waits until it is done, whatever signals come. */
  @Traced("wait_for_completion_io_timeout")
  public void await() {
    if (done) {
      return;
    }
    ThreadState.flushPlugBeforeSleep();
    while (!done) {
      Parking.park(this);
    }
  }
}
