package dev.svc0.runtime.task;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs short things at a time: one thread a kernel, started when it is first needed. */
public final class KernelTimers implements AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;

  KernelTimers() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, work -> new dev.svc0.runtime.sched.KernelThread(work, "ktimers"));
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Runs the action once, not before {@link System#nanoTime} shows the deadline. Must not block.
   */
  public ScheduledFuture<?> at(long hostDeadlineNanos, Runnable action) {
    return executor.schedule(
        action, Math.max(0, hostDeadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
