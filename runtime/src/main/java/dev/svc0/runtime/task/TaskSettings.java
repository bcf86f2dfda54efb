package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Sched;

/** Settings of prctl(2), personality(2) and sched_*(2) that a thread keeps and children inherit. */
public final class TaskSettings {
  private static final long DEFAULT_TIMER_SLACK_NANOS = 50_000;

  public volatile int personality;
  public volatile int deathSignal;
  public volatile boolean notDumpable;
  public volatile boolean keepCapabilities;
  public volatile boolean noNewPrivileges;
  public volatile long timerSlackNanos = DEFAULT_TIMER_SLACK_NANOS;
  public volatile boolean thpDisabled;
  public volatile int schedulerPolicy = Sched.SCHED_NORMAL;
  public volatile int schedulerPriority;
  public volatile boolean schedulerResetOnFork;
  public volatile int nice;

  /** Processors it may run on, bit n for processor n; all of them when −1. */
  public volatile long affinity = -1;

  /** set_mempolicy(2): a mode without flags. */
  public volatile int memoryPolicy;

  /** A copy for a child. */
  public TaskSettings copy() {
    TaskSettings child = new TaskSettings();
    child.personality = personality;
    child.notDumpable = notDumpable;
    child.keepCapabilities = keepCapabilities;
    child.noNewPrivileges = noNewPrivileges;
    child.timerSlackNanos = timerSlackNanos;
    child.thpDisabled = thpDisabled;
    child.affinity = affinity;
    child.memoryPolicy = memoryPolicy;
    if (!schedulerResetOnFork) {
      child.schedulerPolicy = schedulerPolicy;
      child.schedulerPriority = schedulerPriority;
      child.nice = nice;
    } else {
      child.nice = Math.max(0, nice);
    }
    return child;
  }
}
