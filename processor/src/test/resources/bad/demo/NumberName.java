package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class NumberName {
  @SyscallDefine(
      nr = 63, // !! [syscall-number-name] "write" is number 64, and number 63 is "read"
      name = "write")
  public static long write(Task task) {
    return 0;
  }

  @SyscallDefine(
      nr = 1024, // !! [syscall-number-name] "getpid" is number 172, and no call has number 1024
      name = "getpid")
  public static long getpid(Task task) {
    return 0;
  }
}
