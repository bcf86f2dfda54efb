package dev.svc0.runtime.trace;

import dev.svc0.runtime.sched.ThreadState;

/** Where the time in records comes from. */
public interface TraceClock {
  /** Nanoseconds of the host's monotonic clock. */
  TraceClock NANOS =
      new TraceClock() {
        @Override
        public long ticks(ThreadState thread) {
          return System.nanoTime();
        }

        @Override
        public String unit() {
          return "ns";
        }
      };

  /** The time now, as seen by a thread. Called on that thread; must not block or allocate. */
  long ticks(ThreadState thread);

  /** Unit of a tick, for example {@code ns} or {@code instructions}. */
  String unit();
}
