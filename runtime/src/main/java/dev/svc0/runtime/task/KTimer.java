package dev.svc0.runtime.task;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A timer that runs out once or again and again. Thread-safe; the action runs on the kernel's timer
 * thread and must not block.
 */
public final class KTimer {
  /** What a timer's time is measured by. */
  @FunctionalInterface
  public interface Source {
    /** Nanoseconds now. */
    long now();

    /** Whether it only advances while the process runs: looked at again rather than waited for. */
    default boolean isCpuTime() {
      return false;
    }
  }

  /** The host's monotonic clock. */
  public static final Source MONOTONIC = System::nanoTime;

  /** How often a processor-time clock is looked at, at least. */
  private static final long SHORTEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final KernelTimers service;
  private final Source source;
  private final LongConsumer action;

  // Protected by this.
  private long deadline;
  private long interval;
  private boolean armed;
  private long generation;
  private @Nullable ScheduledFuture<?> scheduled;

  /** A timer that is not armed; the action is told how many times ran out, periods missed too. */
  public KTimer(KernelTimers service, Source source, LongConsumer action) {
    this.service = service;
    this.source = source;
    this.action = action;
  }

  /**
   * Arms it, or disarms it with a first time of 0.
   *
   * @param firstNanos from now
   * @param intervalNanos after each time, 0 for once
   */
  public synchronized void set(long firstNanos, long intervalNanos) {
    setDeadline(firstNanos == 0 ? 0 : saturatedAdd(source.now(), firstNanos), intervalNanos);
    if (firstNanos == 0) {
      disarm();
    }
  }

  /** Arms it for a time of its source's clock; a past time runs out at once. */
  public synchronized void setDeadline(long deadlineNanos, long intervalNanos) {
    disarm();
    deadline = deadlineNanos;
    interval = intervalNanos;
    armed = true;
    schedule();
  }

  private void disarm() {
    armed = false;
    generation++;
    ScheduledFuture<?> future = scheduled;
    if (future != null) {
      future.cancel(false);
      scheduled = null;
    }
  }

  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? Long.MAX_VALUE : sum;
  }

  private void schedule() {
    long wait = Math.max(0, deadline - source.now());
    if (source.isCpuTime()) {
      wait = Math.max(wait, SHORTEST_LOOK_NANOS);
    }
    long mine = generation;
    scheduled = service.at(saturatedAdd(System.nanoTime(), wait), () -> fire(mine));
  }

  private void fire(long mine) {
    long times = 1;
    synchronized (this) {
      if (!armed || generation != mine) {
        return;
      }
      if (source.now() - deadline < 0) {
        schedule();
        return;
      }
      if (interval > 0) {
        long late = source.now() - deadline;
        times += late / interval;
        deadline += interval * times;
        schedule();
      } else {
        armed = false;
        scheduled = null;
      }
    }
    action.accept(times);
  }

  /** Nanoseconds until it runs out, at least 1; 0 when it is not armed. */
  public synchronized long remaining() {
    return armed ? Math.max(1, deadline - source.now()) : 0;
  }

  /** Nanoseconds between times; 0 for once. */
  public synchronized long interval() {
    return interval;
  }
}
