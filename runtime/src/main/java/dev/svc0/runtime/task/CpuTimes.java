package dev.svc0.runtime.task;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Processor time of threads, from the host.
 *
 * <p>What the host spends for a thread in Java code is its user time: an instruction of the program
 * and the work of a system call are both that. System time is the host's own.
 */
final class CpuTimes {
  private static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();

  private CpuTimes() {}

  /** Total time of a living thread in nanoseconds; 0 when it is gone. */
  static long total(Thread thread) {
    return Math.max(0, BEAN.getThreadCpuTime(thread.threadId()));
  }

  /** User time of a living thread in nanoseconds; 0 when it is gone. */
  static long user(Thread thread) {
    return Math.max(0, BEAN.getThreadUserTime(thread.threadId()));
  }
}
