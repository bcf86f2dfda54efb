package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class UnknownFlag {
  @SyscallDefine(nr = 1024, name = "own")
  public static long own(
      Task task,
      @Flags(
              value = "open_flags",
              supported = "O_CLOEXE") // !! [syscall-unknown-flag] has no flag "O_CLOEXE"
          int flags) {
    return 0;
  }
}
