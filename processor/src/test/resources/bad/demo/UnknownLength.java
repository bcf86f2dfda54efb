package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class UnknownLength {
  @SyscallDefine(nr = 64, name = "write")
  public static long write(
      Task task,
      @Fd int fd,
      @UserPtr(
              access = Access.IN,
              length = "size") // !! [syscall-unknown-length] write one of fd, buf, count
          long buf,
      @Size long count) {
    return count;
  }

  @SyscallDefine(nr = 65, name = "readv")
  public static long readv(
      Task task,
      @Fd int fd,
      @UserPtr(
              access = Access.IN,
              struct = "iovec",
              count = "vleng") // !! [syscall-unknown-length] "vleng" is no parameter of readv
          long vec,
      long vlen) {
    return 0;
  }
}
