package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class ReturnType {
  @SyscallDefine(nr = 172, name = "getpid")
  public static int getpid(Task task) { // !! [syscall-return-type] this one returns int
    return 1;
  }
}
