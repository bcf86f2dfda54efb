package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class DuplicateName {
  @SyscallDefine(nr = 1024, name = "one")
  public static long one(Task task) {
    return 1;
  }

  @SyscallDefine(
      nr = 1025,
      name = "one") // !! [syscall-duplicate-name] taken by demo.DuplicateName.one
  public static long other(Task task) {
    return 1;
  }
}
