package dev.svc0.runtime.trace;

import dev.svc0.runtime.sched.ThreadState;

/** Where the time in records comes from. */
public interface TraceClock {
  /** Nanoseconds of the host's monotonic clock, on the scale of {@link System#nanoTime}. */
  TraceClock NANOS =
      new TraceClock() {
        @Override
        public long ticks(ThreadState thread) {
          return HostClock.nanos();
        }

        @Override
        public String unit() {
          return "ns";
        }
      };

  /**
   * Instructions that the thread's program had executed when it made its last system call: the same
   * in each run of a program that does the same. Threads of the kernel stand still.
   */
  TraceClock INSTRUCTIONS =
      new TraceClock() {
        @Override
        public long ticks(ThreadState thread) {
          return thread.instructions;
        }

        @Override
        public String unit() {
          return "instructions";
        }
      };

  /** The time now, as seen by a thread. Called on that thread; must not block or allocate. */
  long ticks(ThreadState thread);

  /** Unit of a tick, for example {@code ns} or {@code instructions}. */
  String unit();
}
