package demo;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.Offset;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.task.Task;

/** Calls that show every way an argument is narrowed and described. */
public final class FileCalls {
  private FileCalls() {}

  @SyscallDefine(
      nr = 64,
      name = "write",
      errors = {"EBADF", "EFAULT"},
      restart = Restart.IF_SA_RESTART)
  public static long write(
      Task task,
      @Fd int fd,
      @UserPtr(access = Access.IN, length = "count") long buf,
      @Size long count) {
    return count;
  }

  @SyscallDefine(nr = 56, name = "openat", support = Support.PARTIAL, note = "no \"O_PATH\"")
  public static long openat(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @Flags("open_flags") int flags,
      @Mode int mode) {
    return 0;
  }

  @SyscallDefine(nr = 80, name = "fstat")
  public static long fstat(
      Task task, @Fd int fd, @UserPtr(access = Access.OUT, struct = "stat") long statbuf) {
    return 0;
  }

  @SyscallDefine(nr = 70, name = "pwritev")
  public static long pwritev(
      Task task,
      @Fd int fd,
      @UserPtr(access = Access.IN, struct = "iovec", count = "vlen") long vec,
      @Size long vlen,
      @Offset long pos) {
    return 0;
  }

  @SyscallDefine(nr = 172, name = "getpid")
  public static long getpid(Task task) {
    return 1;
  }
}
