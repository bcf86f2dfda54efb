package demo;

import dev.svc0.annotation.*;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

public final class UnknownGroup {
  @SyscallDefine(nr = 56, name = "openat")
  public static long openat(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @Flags("open_flag") // !! [syscall-unknown-group] near it: "open_flags"
          int flags) {
    return 0;
  }

  @SyscallDefine(nr = 25, name = "fcntl")
  public static long fcntl(
      Task task,
      @Fd int fd,
      @EnumOf("fcntl_commands") // !! [syscall-unknown-group] no group "fcntl_commands"
          int cmd) {
    return 0;
  }
}
