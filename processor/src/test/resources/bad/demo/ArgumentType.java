package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class ArgumentType {
  @SyscallDefine(nr = 64, name = "write")
  public static long write(
      Task task,
      @Fd long fd, // !! [syscall-argument-type] declared int, not long
      @UserPtr(access = Access.IN, length = "count")
          int buf, // !! [syscall-argument-type] "const char __user *buf" is declared long, not int
      @Size long count) {
    return count;
  }

  @SyscallDefine(nr = 94, name = "exit_group")
  public static long exitGroup(
      Task task,
      long code) { // !! [syscall-argument-type] "int error_code" is declared int, not long
    return 0;
  }

  @SyscallDefine(nr = 1024, name = "own")
  public static long own(
      Task task,
      String text, // !! [syscall-argument-type] declared long, not java.lang.String
      @CString int path, // !! [syscall-argument-type] declared long, not int
      @Pid long pid) { // !! [syscall-argument-type] declared int, not long
    return 0;
  }
}
