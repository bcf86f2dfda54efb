package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class ArgumentCount {
  @SyscallDefine(nr = 57, name = "close")
  public static long close(
      Task task,
      int fd,
      long extra) { // !! [syscall-argument-count] has 1 argument: close(unsigned int fd)
    return 0;
  }

  @SyscallDefine(nr = 1024, name = "seven")
  public static long seven(
      Task task,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g) { // !! [syscall-argument-count] at most six arguments
    return 0;
  }
}
