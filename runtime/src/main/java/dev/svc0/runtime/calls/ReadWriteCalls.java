package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Offset;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.ReadWrite;

/** Reading, writing and seeking. */
public final class ReadWriteCalls {
  private ReadWriteCalls() {}

  @SyscallDefine(
      nr = 63,
      name = "read",
      errors = {"EBADF", "EFAULT", "EINVAL", "EISDIR", "EAGAIN", "EIO"},
      restart = Restart.IF_SA_RESTART)
  public static long read(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, length = "$result") long buf,
      @Size long count) {
    return ReadWrite.ksysRead(task, fd, buf, count);
  }

  @SyscallDefine(
      nr = 64,
      name = "write",
      errors = {"EBADF", "EFAULT", "EINVAL", "EFBIG", "ENOSPC", "EPIPE", "EAGAIN", "EIO"},
      restart = Restart.IF_SA_RESTART)
  public static long write(
      Task task, @Fd int fd, @UserPtr(access = IN, length = "count") long buf, @Size long count) {
    return ReadWrite.ksysWrite(task, fd, buf, count);
  }

  @SyscallDefine(
      nr = 67,
      name = "pread64",
      errors = {"EBADF", "EFAULT", "EINVAL", "ESPIPE", "EISDIR"})
  public static long pread64(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, length = "$result") long buf,
      @Size long count,
      @Offset long pos) {
    return ReadWrite.ksysPread64(task, fd, buf, count, pos);
  }

  @SyscallDefine(
      nr = 68,
      name = "pwrite64",
      errors = {"EBADF", "EFAULT", "EINVAL", "ESPIPE", "EFBIG", "ENOSPC"})
  public static long pwrite64(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, length = "count") long buf,
      @Size long count,
      @Offset long pos) {
    return ReadWrite.ksysPwrite64(task, fd, buf, count, pos);
  }

  @SyscallDefine(nr = 65, name = "readv", restart = Restart.IF_SA_RESTART)
  public static long readv(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, struct = "iovec", count = "vlen") long vec,
      long vlen) {
    return ReadWrite.doReadv(task, fd, vec, vlen);
  }

  @SyscallDefine(nr = 66, name = "writev", restart = Restart.IF_SA_RESTART)
  public static long writev(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, struct = "iovec", count = "vlen") long vec,
      long vlen) {
    return ReadWrite.doWritev(task, fd, vec, vlen);
  }

  /** On a 64-bit ABI the low half of the position is all of it. */
  @SyscallDefine(nr = 69, name = "preadv")
  public static long preadv(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, struct = "iovec", count = "vlen") long vec,
      long vlen,
      @Offset long pos_l,
      long pos_h) {
    return ReadWrite.vectoredAt(task, fd, vec, vlen, pos_l, 0, ReadWrite.Direction.READ);
  }

  @SyscallDefine(nr = 70, name = "pwritev")
  public static long pwritev(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, struct = "iovec", count = "vlen") long vec,
      long vlen,
      @Offset long pos_l,
      long pos_h) {
    return ReadWrite.vectoredAt(task, fd, vec, vlen, pos_l, 0, ReadWrite.Direction.WRITE);
  }

  @SyscallDefine(
      nr = 286,
      name = "preadv2",
      errors = {"EOPNOTSUPP"})
  public static long preadv2(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, struct = "iovec", count = "vlen") long vec,
      long vlen,
      @Offset long pos_l,
      long pos_h,
      @Flags("fs:RWF_") int flags) {
    return second(task, fd, vec, vlen, pos_l, flags, ReadWrite.Direction.READ);
  }

  @SyscallDefine(
      nr = 287,
      name = "pwritev2",
      errors = {"EOPNOTSUPP"})
  public static long pwritev2(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, struct = "iovec", count = "vlen") long vec,
      long vlen,
      @Offset long pos_l,
      long pos_h,
      @Flags("fs:RWF_") int flags) {
    return second(task, fd, vec, vlen, pos_l, flags, ReadWrite.Direction.WRITE);
  }

  private static long second(
      Task task, int fd, long vec, long vlen, long pos, int flags, ReadWrite.Direction way) {
    return pos == -1
        ? ReadWrite.vectored(task, fd, vec, vlen, flags, way)
        : ReadWrite.vectoredAt(task, fd, vec, vlen, pos, flags, way);
  }

  @SyscallDefine(
      nr = 62,
      name = "lseek",
      errors = {"EBADF", "EINVAL", "ESPIPE", "ENXIO"})
  public static long lseek(
      Task task, @Fd int fd, @Offset long offset, @EnumOf("fs:SEEK_") int whence) {
    return ReadWrite.ksysLseek(task, fd, offset, whence);
  }
}
