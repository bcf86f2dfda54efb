package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class NotPublic {
  @SyscallDefine(nr = 172, name = "getpid")
  static long getpid(Task task) { // !! [syscall-not-public] make the handler public
    return 1;
  }

  static class Hidden {
    @SyscallDefine(nr = 173, name = "getppid")
    public static long getppid(Task task) { // !! [syscall-not-public] make class Hidden public
      return 1;
    }
  }
}
