package dev.svc0.runtime.task;

import java.util.concurrent.atomic.AtomicLong;

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
