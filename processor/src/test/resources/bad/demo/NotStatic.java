package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class NotStatic {
  @SyscallDefine(nr = 172, name = "getpid")
  public long getpid(Task task) { // !! [syscall-not-static] write "public static long"
    return 1;
  }
}
