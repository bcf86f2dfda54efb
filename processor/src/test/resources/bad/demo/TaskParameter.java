package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class TaskParameter {
  @SyscallDefine(nr = 172, name = "getpid")
  public static long getpid() { // !! [syscall-task-parameter] write "dev.svc0.runtime.task.Task task"
    return 1;
  }

  @SyscallDefine(nr = 57, name = "close")
  public static long close(
      int fd) { // !! [syscall-task-parameter] the first parameter is the calling task
    return 1;
  }
}
