package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class DuplicateNumber {
  @SyscallDefine(nr = 172, name = "getpid")
  public static long first(Task task) {
    return 1;
  }

  @SyscallDefine(
      nr = 172, // !! [syscall-duplicate-number] taken by demo.DuplicateNumber.first
      name = "getpid")
  public static long second(Task task) {
    return 1;
  }

  @SyscallDefine(nr = 1024, name = "one")
  public static long one(Task task) {
    return 1;
  }

  @SyscallDefine(
      nr = 1024, // !! [syscall-duplicate-number] give one of them another number and name
      name = "other")
  public static long other(Task task) {
    return 1;
  }
}
