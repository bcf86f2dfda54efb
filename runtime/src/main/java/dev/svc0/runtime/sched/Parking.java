package dev.svc0.runtime.sched;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How threads that wait for a condition sleep and are woken. A wake-up is a hint: sleepers look at
 * their condition again. <i>Linux:</i> schedule and try_to_wake_up.
 */
public final class Parking {
  /** Is told when threads sleep and are woken, on the thread that does it. Must not block. */
  public interface Watch {
    /** The calling thread goes to sleep. */
    void sleeps(ThreadState self);

    /** The calling thread has woken up. */
    void runs(ThreadState self);

    /** The calling thread wakes another. */
    void wakes(ThreadState other);
  }

  private static volatile @Nullable Watch watch;

  private Parking() {}

  /** Has somebody told from now on; null for nobody. */
  public static void watch(@Nullable Watch listener) {
    watch = listener;
  }

  /** Sleeps until woken. A host interrupt is a wake-up like any other. */
  public static void park(Object blocker) {
    Watch told = watch;
    if (told == null) {
      LockSupport.park(blocker);
    } else {
      ThreadState self = ThreadState.current();
      told.sleeps(self);
      LockSupport.park(blocker);
      told.runs(self);
    }
    Thread.interrupted();
  }

  /** The same for some nanoseconds at most. */
  public static void parkNanos(Object blocker, long nanos) {
    Watch told = watch;
    if (told == null) {
      LockSupport.parkNanos(blocker, nanos);
    } else {
      ThreadState self = ThreadState.current();
      told.sleeps(self);
      LockSupport.parkNanos(blocker, nanos);
      told.runs(self);
    }
    Thread.interrupted();
  }

  /** Wakes a thread that sleeps, or keeps it from the next sleep. */
  public static void unpark(Thread sleeper) {
    Watch told = watch;
    if (told != null && sleeper instanceof KernelThread thread) {
      told.wakes(thread.state);
    }
    LockSupport.unpark(sleeper);
  }
}
