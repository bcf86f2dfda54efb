package dev.svc0.runtime.sched;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * Where threads wait for a condition that another thread makes true. <i>Linux:</i> {@code
 * wait_queue_head_t}.
 *
 * <p>The waker makes the condition true first and then calls {@link #wakeUp}; the waiter registers
 * first and then looks at the condition, so that no wake-up is lost. A wake-up is a hint: waiters
 * look again. Thread-safe, takes no lock while the condition is evaluated.
 */
public final class WaitQueue {
  /** Wait without a time limit. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /** Told of every wake-up; for poll and epoll. */
  @FunctionalInterface
  public interface Listener {
    /** Something may have changed. Must not block. */
    void woken();

    /**
     * The same, of certain POLL… events only.
     *
     * @param events or'ed; −1 for any
     */
    default void woken(int events) {
      woken();
    }
  }

  private final List<Thread> waiters = new CopyOnWriteArrayList<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /**
   * Waits until the condition holds.
   *
   * @param deadlineNanos a value of {@link System#nanoTime}, or {@link #NO_DEADLINE}
   * @return 0 when the condition holds, −ERESTARTSYS when a signal came first, −ETIMEDOUT at the
   *     deadline
   */
  public long waitEvent(Sleeper sleeper, BooleanSupplier condition, long deadlineNanos) {
    if (condition.getAsBoolean()) {
      return 0;
    }
    ThreadState.flushPlugBeforeSleep();
    Thread self = Thread.currentThread();
    waiters.add(self);
    try {
      while (!condition.getAsBoolean()) {
        if (sleeper.signalPending()) {
          return -InternalErrno.ERESTARTSYS;
        }
        if (deadlineNanos == NO_DEADLINE) {
          Parking.park(this);
        } else {
          long left = deadlineNanos - System.nanoTime();
          if (left <= 0) {
            return -Errno.ETIMEDOUT;
          }
          Parking.parkNanos(this, left);
        }
      }
      return 0;
    } finally {
      waiters.remove(self);
    }
  }

  /** Waits until the condition holds, whatever signals come. */
  public void waitUninterruptibly(BooleanSupplier condition) {
    waitEvent(Sleeper.UNINTERRUPTIBLE, condition, NO_DEADLINE);
  }

  /** Makes every waiter look at its condition again. */
  public void wakeUp() {
    for (Thread waiter : waiters) {
      Parking.unpark(waiter);
    }
    for (Listener listener : listeners) {
      listener.woken();
    }
  }

  /**
   * As {@link #wakeUp()}, for those who care about certain POLL… events; who waits for a condition
   * looks in any case.
   */
  public void wakeUp(int events) {
    for (Thread waiter : waiters) {
      Parking.unpark(waiter);
    }
    for (Listener listener : listeners) {
      listener.woken(events);
    }
  }

  /** Tells the listener of wake-ups from now on. */
  public void addListener(Listener listener) {
    listeners.add(listener);
  }

  /** Stops telling it. */
  public void removeListener(Listener listener) {
    listeners.remove(listener);
  }
}
