package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class RoleConflict {
  @SyscallDefine(nr = 57, name = "close")
  public static long close(
      Task task,
      @Fd @Pid int fd) { // !! [syscall-role-conflict] keep one of these annotations
    return 0;
  }
}
