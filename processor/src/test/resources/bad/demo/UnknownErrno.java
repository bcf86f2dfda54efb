package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class UnknownErrno {
  @SyscallDefine(
      nr = 172,
      name = "getpid",
      errors = "EPREM") // !! [syscall-unknown-errno] near it: "EPERM"
  public static long getpid(Task task) {
    return 0;
  }
}
