package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class BadName {
  @SyscallDefine(
      nr = 1024,
      name = "my-call") // !! [syscall-bad-name] use small letters, digits and _
  public static long myCall(Task task) {
    return 0;
  }
}
