package dev.svc0.runtime.pagecache;

import dev.svc0.runtime.sched.ThreadState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * State bits in one word, some of which can be locked or waited for. Taking a free bit is one
 * compare-and-set and allocates nothing; only a thread that has to wait uses the object's monitor.
 * <i>Linux:</i> {@code folio_wait_bit}, {@code wait_on_bit_lock}.
 *
 * <p>Bit 0 says that somebody waits; whoever clears a waitable bit wakes.
 */
public abstract class BitLock {
  private static final int WAITERS = 1;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(BitLock.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile int state;

  /** Whether any of the bits is set. */
  protected final boolean test(int bits) {
    return (state & bits) != 0;
  }

  /** Sets a bit; whether it was set before. */
  protected final boolean testAndSet(int bit) {
    if ((state & bit) != 0) {
      return true;
    }
    return ((int) STATE.getAndBitwiseOr(this, bit) & bit) != 0;
  }

  /** Clears a bit nobody waits for; whether it was set before. */
  protected final boolean testAndClear(int bit) {
    if ((state & bit) == 0) {
      return false;
    }
    return ((int) STATE.getAndBitwiseAnd(this, ~bit) & bit) != 0;
  }

  /** Sets the bit if it is free. */
  protected final boolean tryAcquire(int bit) {
    int seen = state;
    while ((seen & bit) == 0) {
      int found = (int) STATE.compareAndExchange(this, seen, seen | bit);
      if (found == seen) {
        return true;
      }
      seen = found;
    }
    return false;
  }

  /** Waits until the bit is free and sets it. */
  protected final void acquire(int bit) {
    if (tryAcquire(bit)) {
      return;
    }
    ThreadState.flushPlugBeforeSleep();
    synchronized (this) {
      while (!tryAcquire(bit)) {
        sleepWhile(bit);
      }
    }
  }

  /** Waits until the bit is clear. */
  protected final void awaitClear(int bit) {
    if ((state & bit) == 0) {
      return;
    }
    ThreadState.flushPlugBeforeSleep();
    synchronized (this) {
      while ((state & bit) != 0) {
        sleepWhile(bit);
      }
    }
  }

  /** Announces a waiter and sleeps if the bit is still set. Holder of the monitor. */
  private void sleepWhile(int bit) {
    int seen = state;
    if ((seen & bit) == 0 || !STATE.compareAndSet(this, seen, seen | WAITERS)) {
      return;
    }
    try {
      wait();
    } catch (InterruptedException e) {
      // A host interrupt is a wake-up like any other: the caller looks again.
    }
  }

  /**
   * Clears a bit and wakes whoever waits.
   *
   * @throws IllegalStateException if it was not set
   */
  protected final void release(int bit) {
    if (clearHeld(bit)) {
      wakeWaiters();
    }
  }

  /** Clears a bit that is set; whether somebody waits and must be woken. */
  protected final boolean clearHeld(int bit) {
    int before = (int) STATE.getAndBitwiseAnd(this, ~(bit | WAITERS));
    if ((before & bit) == 0) {
      throw new IllegalStateException("released while not held: bit " + bit);
    }
    return (before & WAITERS) != 0;
  }

  /** Makes everybody who waits for any bit look again. */
  protected final void wakeWaiters() {
    synchronized (this) {
      notifyAll();
    }
  }
}
