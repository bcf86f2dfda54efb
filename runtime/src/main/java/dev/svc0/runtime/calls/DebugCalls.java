package dev.svc0.runtime.calls;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.task.Task;

/** What programs for looking into other programs ask for, and are refused. */
public final class DebugCalls {
  private DebugCalls() {}

  @SyscallDefine(
      nr = 117,
      name = "ptrace",
      support = Support.NONE,
      note = "no process controls another: ENOSYS, so that debuggers and strace say so",
      errors = "ENOSYS")
  public static long ptrace(
      Task task, @EnumOf("ptrace:PTRACE_") long request, @Pid long pid, long addr, long data) {
    return -Errno.ENOSYS;
  }
}
