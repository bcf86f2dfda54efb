package dev.svc0.runtime.task;

import dev.svc0.runtime.mm.HostThreadTimes;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Processor time of threads, from the host.
 *
 * <p>What the host spends for a thread in Java code is its user time: an instruction of the program
 * and the work of a system call are both that. System time is the host's own.
 */
final class CpuTimes {
  /** Made when a thread asks for another: that costs more than a short program. */
  private static final class Others {
    static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();
  }

  private CpuTimes() {}

  /** Total time of a living thread in nanoseconds; 0 when it is gone. */
  static long total(Thread thread) {
    return thread == Thread.currentThread()
        ? HostThreadTimes.totalNanos()
        : Math.max(0, Others.BEAN.getThreadCpuTime(thread.threadId()));
  }

  /** User time of a living thread in nanoseconds; 0 when it is gone. */
  static long user(Thread thread) {
    return thread == Thread.currentThread()
        ? HostThreadTimes.userNanos()
        : Math.max(0, Others.BEAN.getThreadUserTime(thread.threadId()));
  }
}
