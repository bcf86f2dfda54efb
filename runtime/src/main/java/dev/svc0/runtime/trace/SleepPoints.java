package dev.svc0.runtime.trace;

import dev.svc0.runtime.sched.Parking;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.event.SchedTrace;

/** Fires the scheduler's tracepoints when threads sleep and are woken. */
final class SleepPoints implements Parking.Watch {
  private SleepPoints() {}

  /** Watches while a session wants one of the points. */
  static void follow() {
    boolean wanted = SchedTrace.schedSwitchOn() || SchedTrace.schedWakingOn();
    Parking.watch(wanted ? new SleepPoints() : null);
  }

  @Override
  public void sleeps(ThreadState self) {
    if (SchedTrace.schedSwitchOn()) {
      SchedTrace.schedSwitch(self.comm, self.tid, "", 0);
    }
  }

  @Override
  public void runs(ThreadState self) {
    if (SchedTrace.schedSwitchOn()) {
      SchedTrace.schedSwitch("", 0, self.comm, self.tid);
    }
  }

  @Override
  public void wakes(ThreadState other) {
    if (SchedTrace.schedWakingOn()) {
      SchedTrace.schedWaking(other.comm, other.tid);
    }
  }
}
