package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class UnknownStruct {
  @SyscallDefine(nr = 80, name = "fstat")
  public static long fstat(
      Task task,
      @Fd int fd,
      @UserPtr(
              access = Access.OUT,
              struct = "struct stats") // !! [syscall-unknown-struct] near it: "struct stat"
          long statbuf) {
    return 0;
  }
}
