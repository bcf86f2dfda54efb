package dev.svc0.runtime.mm;

import dev.svc0.runtime.host.HostSyscall;

/**
 * Processor time of the calling thread, from the host's kernel. Asked directly: the JVM's own bean
 * for it costs a start more than a short program, and reads a file of procfs each time.
 */
public final class HostThreadTimes {
  private static final int RUSAGE_THREAD = 1;
  private static final int CLOCK_THREAD_CPUTIME_ID = 3;
  private static final long SECOND = 1_000_000_000;
  private static final long MICROSECOND = 1000;

  private HostThreadTimes() {}

  /** User and system time in nanoseconds. <i>Linux:</i> clock_gettime(2). */
  public static long totalNanos() {
    long time = HostSyscall.scratch();
    check(HostSyscall.call(228, 113, CLOCK_THREAD_CPUTIME_ID, time, 0, 0, 0, 0), "clock_gettime");
    return HostMemory.getLong(time) * SECOND + HostMemory.getLong(time + 8);
  }

  /** User time in nanoseconds, to the microsecond. <i>Linux:</i> getrusage(2). */
  public static long userNanos() {
    long usage = HostSyscall.scratch();
    check(HostSyscall.call(98, 165, RUSAGE_THREAD, usage, 0, 0, 0, 0), "getrusage");
    return HostMemory.getLong(usage) * SECOND + HostMemory.getLong(usage + 8) * MICROSECOND;
  }

  private static void check(long result, String call) {
    if (result != 0) {
      throw new IllegalStateException("host call " + call + " failed: errno " + -result);
    }
  }
}
