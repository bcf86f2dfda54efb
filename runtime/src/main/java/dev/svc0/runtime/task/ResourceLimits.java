package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Rlimits;

/** Soft and hard limits of a process, unsigned; −1 is none. <i>Linux:</i> {@code rlim}. */
public final class ResourceLimits {
  private static final long KIBIBYTE = 1024;
  private static final int FILES_SOFT = 1024;
  private static final int FILES_HARD = 4096;
  private static final long STACK_SOFT = 8192 * KIBIBYTE;
  private static final long MEMLOCK = 8192 * KIBIBYTE;
  private static final long MESSAGE_QUEUES = 819200;

  private final long[] soft = new long[Rlimits.RLIM_NLIMITS];
  private final long[] hard = new long[Rlimits.RLIM_NLIMITS];

  private ResourceLimits() {}

  /** What Linux gives the first process. */
  static ResourceLimits initial(int maxTasks) {
    ResourceLimits limits = new ResourceLimits();
    for (int resource = 0; resource < Rlimits.RLIM_NLIMITS; resource++) {
      limits.put(resource, Rlimits.RLIM_INFINITY, Rlimits.RLIM_INFINITY);
    }
    limits.put(Rlimits.RLIMIT_STACK, STACK_SOFT, Rlimits.RLIM_INFINITY);
    limits.put(Rlimits.RLIMIT_CORE, 0, Rlimits.RLIM_INFINITY);
    limits.put(Rlimits.RLIMIT_NPROC, maxTasks, maxTasks);
    limits.put(Rlimits.RLIMIT_NOFILE, FILES_SOFT, FILES_HARD);
    limits.put(Rlimits.RLIMIT_MEMLOCK, MEMLOCK, MEMLOCK);
    limits.put(Rlimits.RLIMIT_SIGPENDING, maxTasks, maxTasks);
    limits.put(Rlimits.RLIMIT_MSGQUEUE, MESSAGE_QUEUES, MESSAGE_QUEUES);
    limits.put(Rlimits.RLIMIT_NICE, 0, 0);
    limits.put(Rlimits.RLIMIT_RTPRIO, 0, 0);
    return limits;
  }

  private void put(int resource, long softLimit, long hardLimit) {
    soft[resource] = softLimit;
    hard[resource] = hardLimit;
  }

  /** The limit in force. */
  public synchronized long soft(int resource) {
    return soft[resource];
  }

  /** What the soft limit can be raised to. */
  public synchronized long hard(int resource) {
    return hard[resource];
  }

  /** Changes both. */
  public synchronized void set(int resource, long softLimit, long hardLimit) {
    put(resource, softLimit, hardLimit);
  }

  synchronized ResourceLimits copy() {
    ResourceLimits child = new ResourceLimits();
    System.arraycopy(soft, 0, child.soft, 0, soft.length);
    System.arraycopy(hard, 0, child.hard, 0, hard.length);
    return child;
  }
}
