package dev.svc0.runtime.mm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that reads and writes a window by itself, as an execution engine does: checks a
 * permission byte, then accesses. Between the two the permission may be taken away; whoever takes
 * it away waits until no such access can be under way. <i>Linux:</i> a processor in {@code
 * mm_cpumask}, to which TLB flushes are sent.
 *
 * <p>The thread calls {@link #enter} before it runs guest code and {@link #leave} after; while
 * inside it takes no lock and does not block, but may call {@link MemoryManager#handleFault}. When
 * the interrupt given to {@link MemoryManager#addWindowUser} comes, it leaves soon; it may enter
 * again at once.
 */
public final class WindowUser {
  private static final VarHandle EPOCH;

  static {
    try {
      EPOCH = MethodHandles.lookup().findVarHandle(WindowUser.class, "epoch", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Runnable interrupt;
  private final Thread thread;

  /** Odd while inside. Written by the thread itself only. */
  private long epoch;

  WindowUser(Thread thread, Runnable interrupt) {
    this.thread = thread;
    this.interrupt = interrupt;
  }

  /** Accesses begin. */
  public void enter() {
    // Before any permission is read: whoever takes one away sees us, or we see it gone.
    if (MemoryBarrier.AVAILABLE) {
      EPOCH.setRelease(this, epoch | 1);
      VarHandle.acquireFence(); // keeps the compiler from moving reads; the rest is done there
    } else {
      EPOCH.setVolatile(this, epoch | 1);
    }
  }

  /** Accesses have ended. */
  public void leave() {
    EPOCH.setRelease(this, (epoch | 1) + 1);
  }

  boolean isInside() {
    return (epoch & 1) != 0;
  }

  boolean isCurrentThread() {
    return thread == Thread.currentThread();
  }

  /** What the thread does now; for {@link #awaitLeave}. */
  long observe() {
    return (long) EPOCH.getVolatile(this);
  }

  /** Asks the thread to leave, if it was inside when observed. */
  void request(long observed) {
    if ((observed & 1) != 0) {
      interrupt.run();
    }
  }

  /** Waits until the thread is not inside, or has been outside since it was observed. */
  void awaitLeave(long observed) {
    int spins = 0;
    while ((observed & 1) != 0 && (long) EPOCH.getAcquire(this) == observed) {
      if (++spins < 200) {
        Thread.onSpinWait();
      } else if (spins < 400) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(50_000);
      }
    }
  }
}
