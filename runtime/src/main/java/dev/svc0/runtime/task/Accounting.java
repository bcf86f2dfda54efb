package dev.svc0.runtime.task;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Processor time of a process. Threads that ended and children that were waited for are kept here;
 * living threads are asked.
 */
public final class Accounting {
  private final AtomicLong userNanos = new AtomicLong();
  private final AtomicLong systemNanos = new AtomicLong();
  private final AtomicLong childUserNanos = new AtomicLong();
  private final AtomicLong childSystemNanos = new AtomicLong();
  private final AtomicLong maxResidentPages = new AtomicLong();
  private final AtomicLong childMaxResidentPages = new AtomicLong();

  private final LongAdder readBytes = new LongAdder();
  private final LongAdder readCalls = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();
  private final LongAdder writeCalls = new LongAdder();

  void addRead(long bytes) {
    readBytes.add(bytes);
    readCalls.increment();
  }

  void addWrite(long bytes) {
    writtenBytes.add(bytes);
    writeCalls.increment();
  }

  /** Counters as /proc/PID/io has them: rchar, wchar, syscr, syscw; the rest is not counted. */
  long[] io() {
    return new long[] {
      readBytes.sum(), writtenBytes.sum(), readCalls.sum(), writeCalls.sum(), 0, 0, 0
    };
  }

  /** A thread ends. */
  void addThread(long user, long system, long residentPages) {
    userNanos.addAndGet(user);
    systemNanos.addAndGet(system);
    noteResident(residentPages);
  }

  void noteResident(long pages) {
    maxResidentPages.accumulateAndGet(pages, Math::max);
  }

  /** A child was waited for. */
  void addChild(Accounting child) {
    childUserNanos.addAndGet(child.userNanos.get() + child.childUserNanos.get());
    childSystemNanos.addAndGet(child.systemNanos.get() + child.childSystemNanos.get());
    childMaxResidentPages.accumulateAndGet(
        Math.max(child.maxResidentPages.get(), child.childMaxResidentPages.get()), Math::max);
  }

  /** User and system time of the process in nanoseconds, living threads included. */
  public long cpuNanos(SignalStruct process) {
    long sum = userNanos.get() + systemNanos.get();
    for (Task task : process.threads()) {
      sum += task.cpuNanos();
    }
    return sum;
  }

  /** User time of the process in nanoseconds, living threads included. */
  public long userNanos(SignalStruct process) {
    long sum = userNanos.get();
    for (Task task : process.threads()) {
      sum += task.userNanos();
    }
    return sum;
  }

  /** System time of the process in nanoseconds, living threads included. */
  public long systemNanos(SignalStruct process) {
    long sum = systemNanos.get();
    for (Task task : process.threads()) {
      sum += task.systemNanos();
    }
    return sum;
  }

  /** User time of children that were waited for. */
  public long childUserNanos() {
    return childUserNanos.get();
  }

  /** System time of children that were waited for. */
  public long childSystemNanos() {
    return childSystemNanos.get();
  }

  /** The largest resident set seen. */
  public long maxResidentPages() {
    return maxResidentPages.get();
  }

  /** The largest resident set of a child that was waited for. */
  public long childMaxResidentPages() {
    return childMaxResidentPages.get();
  }
}
