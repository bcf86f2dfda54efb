package dev.svc0.runtime.pagecache;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A write-back error that each of many observers sees exactly once: an errno, a mark that somebody
 * saw it, and a counter that moves on when a new error follows a seen one. <i>Linux:</i> {@code
 * errseq_t}.
 */
final class ErrorSequence {
  private static final int ERRNO_MASK = 4095;
  private static final int SEEN = 4096;
  private static final int STEP = 8192;

  private final AtomicInteger value = new AtomicInteger();

  /** Notes an error. */
  void set(int errno) {
    while (true) {
      int old = value.get();
      int next = old & ~(ERRNO_MASK | SEEN) | errno;
      if ((old & SEEN) != 0) {
        next += STEP;
      }
      if (next == old || value.compareAndSet(old, next)) {
        return;
      }
    }
  }

  /**
   * What an observer that starts now keeps: an error nobody saw yet will still be reported to it.
   */
  int sample() {
    int now = value.get();
    return (now & SEEN) == 0 ? 0 : now;
  }

  /** Whether something was noted since the sample, without marking it seen. 0 or −errno. */
  int check(int since) {
    int now = value.get();
    return now == since ? 0 : -(now & ERRNO_MASK);
  }

  /** The new sample; differs from the old one when an error was noted, which is marked seen. */
  int advance(int since) {
    int now = value.get();
    while (now != since) {
      int next = now | SEEN;
      if (now == next || value.compareAndSet(now, next)) {
        return next;
      }
      now = value.get();
    }
    return since;
  }

  /** −errno that a changed sample carries. */
  static long errorOf(int sample) {
    return -(sample & ERRNO_MASK);
  }
}
