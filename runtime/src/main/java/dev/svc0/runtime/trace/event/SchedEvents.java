package dev.svc0.runtime.trace.event;

import dev.svc0.annotation.Traced;
import dev.svc0.annotation.Tracepoint;
import dev.svc0.annotation.TracepointSet;

/** Tasks. */
@TracepointSet(system = "sched", type = "SchedTrace", layer = Traced.Layer.TASK)
interface SchedEvents {
  @Tracepoint(value = "sched_process_fork", doc = "A task makes another.")
  void schedProcessFork(String parentComm, int parentPid, String childComm, int childPid);

  @Tracepoint(value = "sched_process_exec", doc = "A task becomes another program.")
  void schedProcessExec(String filename, int pid, int oldPid);

  @Tracepoint(value = "sched_process_exit", doc = "A task ends.")
  void schedProcessExit(String comm, int pid, int prio, int exitCode);

  @Tracepoint(value = "sched_process_wait", doc = "A task waits for another.")
  void schedProcessWait(String comm, int pid);

  @Tracepoint(
      value = "sched_switch",
      doc =
          "A task goes to sleep at a wait queue, completion or futex (there is no next: the host chooses), or goes on (there is no prev).")
  void schedSwitch(String prevComm, int prevPid, String nextComm, int nextPid);

  @Tracepoint(value = "sched_waking", doc = "A task that may be sleeping is woken.")
  void schedWaking(String comm, int pid);
}
