package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.sched.Parking;

/** Sleeping for a time. <i>Linux:</i> {@code hrtimer_nanosleep}. */
public final class Sleep {
  private Sleep() {}

  /**
   * Sleeps until {@link System#nanoTime} shows the deadline.
   *
   * @return 0, or −ERESTARTSYS when a signal came first
   */
  public static long until(Task task, long hostDeadlineNanos) {
    while (true) {
      long left = hostDeadlineNanos - System.nanoTime();
      if (left <= 0) {
        return 0;
      }
      if (task.signalPending()) {
        return -InternalErrno.ERESTARTSYS;
      }
      Parking.parkNanos(task, left);
      Thread.interrupted();
    }
  }
}
