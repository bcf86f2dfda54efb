package dev.svc0.runtime.calls;

import dev.svc0.annotation.Pid;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.task.JobControl;
import dev.svc0.runtime.task.SessionTerminal;
import dev.svc0.runtime.task.SignalStruct;
import dev.svc0.runtime.task.Task;

/** Ids of processes, groups and sessions. */
public final class IdentityCalls {
  private IdentityCalls() {}

  @SyscallDefine(nr = 172, name = "getpid")
  public static long getpid(Task task) {
    return task.pid();
  }

  @SyscallDefine(nr = 173, name = "getppid")
  public static long getppid(Task task) {
    return task.signal().parent().pid();
  }

  @SyscallDefine(nr = 178, name = "gettid")
  public static long gettid(Task task) {
    return task.tid();
  }

  @SyscallDefine(nr = 157, name = "setsid", errors = "EPERM")
  public static long setsid(Task task) {
    return JobControl.setsid(task.signal());
  }

  @SyscallDefine(nr = 58, name = "vhangup", errors = "EPERM")
  public static long vhangup(Task task) {
    if (!task.cred().capable(Capability.CAP_SYS_TTY_CONFIG)) {
      return -Errno.EPERM;
    }
    if (task.signal().controllingTerminal() instanceof SessionTerminal terminal) {
      terminal.hangUp();
    }
    return 0;
  }

  @SyscallDefine(
      nr = 154,
      name = "setpgid",
      errors = {"EACCES", "EINVAL", "EPERM", "ESRCH"})
  public static long setpgid(Task task, @Pid int pid, @Pid int pgid) {
    int target = pid == 0 ? task.pid() : pid;
    int group = pgid == 0 ? target : pgid;
    if (group < 0) {
      return -Errno.EINVAL;
    }
    return JobControl.setpgid(task.signal(), target, group);
  }

  @SyscallDefine(nr = 155, name = "getpgid", errors = "ESRCH")
  public static long getpgid(Task task, @Pid int pid) {
    SignalStruct process = find(task, pid);
    return process == null ? -Errno.ESRCH : process.processGroup();
  }

  @SyscallDefine(nr = 156, name = "getsid", errors = "ESRCH")
  public static long getsid(Task task, @Pid int pid) {
    SignalStruct process = find(task, pid);
    return process == null ? -Errno.ESRCH : process.session();
  }

  static @org.jspecify.annotations.Nullable SignalStruct find(Task task, int pid) {
    if (pid == 0) {
      return task.signal();
    }
    Task thread = task.kernel().findTask(pid);
    return thread == null ? null : thread.signal();
  }
}
