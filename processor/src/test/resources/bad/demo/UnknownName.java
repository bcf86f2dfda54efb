package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class UnknownName {
  @SyscallDefine(
      nr = 64,
      name = "wriet") // !! [syscall-unknown-name] no call "wriet", and number 64 is "write"
  public static long write(Task task) {
    return 0;
  }

  @SyscallDefine(
      nr = 1536,
      name = "beyond") // !! [syscall-unknown-name] takes a number from 1024 to 1535
  public static long beyond(Task task) {
    return 0;
  }
}
