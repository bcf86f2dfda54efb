package dev.svc0.runtime.syscall.decode;

import static dev.svc0.runtime.abi.Errno.ENOENT;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.Offset;
import dev.svc0.annotation.SignalNr;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.Task;
import java.nio.charset.StandardCharsets;

/** Calls with the roles of well-known ones, for tests of decoders. */
public final class DecodedCalls {
  private DecodedCalls() {}

  @SyscallDefine(nr = 1500, name = "d_openat")
  public static long openat(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @Flags("open_flags") int flags,
      @Mode int mode) {
    return -ENOENT;
  }

  @SyscallDefine(nr = 1501, name = "d_write")
  public static long write(
      Task task,
      @Fd int fd,
      @UserPtr(access = Access.IN, length = "count") long buf,
      @Size long count) {
    return count;
  }

  @SyscallDefine(nr = 1502, name = "readd")
  public static long read(
      Task task,
      @Fd int fd,
      @UserPtr(access = Access.OUT, length = "count") long buf,
      @Size long count) {
    task.memory().writeBytes(buf, "some data".getBytes(StandardCharsets.ISO_8859_1));
    return 4;
  }

  @SyscallDefine(nr = 1503, name = "d_fstat")
  public static long fstat(
      Task task, @Fd int fd, @UserPtr(access = Access.OUT, struct = "stat") long statbuf) {
    task.memory().clearUser(statbuf, 128);
    task.memory().writeLong(statbuf + 8, -1);
    task.memory().writeInt(statbuf + 16, 0100644);
    task.memory().writeLong(statbuf + 48, 4096);
    return 0;
  }

  @SyscallDefine(nr = 1504, name = "d_nanosleep")
  public static long nanosleep(
      Task task,
      @UserPtr(access = Access.IN, struct = "timespec") long request,
      @UserPtr(access = Access.OUT, struct = "timespec") long remaining) {
    return -512;
  }

  @SyscallDefine(nr = 1505, name = "d_writev")
  public static long writev(
      Task task,
      @Fd int fd,
      @UserPtr(access = Access.IN, struct = "iovec", count = "vlen") long vec,
      @Size long vlen) {
    return 7;
  }

  @SyscallDefine(nr = 1506, name = "readvd")
  public static long readv(
      Task task,
      @Fd int fd,
      @UserPtr(access = Access.IN, struct = "iovec", count = "vlen") long vec,
      @Size long vlen) {
    return 5;
  }

  @SyscallDefine(nr = 1507, name = "d_sigaction")
  public static long sigaction(
      Task task,
      @SignalNr int sig,
      @UserPtr(access = Access.IN, struct = "sigaction") long act,
      @UserPtr(access = Access.OUT, struct = "sigaction") long oldact) {
    return 0;
  }

  @SyscallDefine(nr = 1508, name = "d_mmap")
  public static long mmap(
      Task task,
      long addr,
      @Size long len,
      @Flags("mmap:PROT_") long prot,
      @Flags("mmap:MAP_") long flags,
      @Fd int fd,
      @Offset long off) {
    return 0x7f0000001000L;
  }

  @SyscallDefine(nr = 1509, name = "d_clone")
  public static long clone(Task task, @Flags("clone") long flags, long newsp) {
    return SyscallResult.CONTROL_TRANSFERRED;
  }

  @SyscallDefine(nr = 1510, name = "d_fcntl")
  public static long fcntl(Task task, @Fd int fd, @EnumOf("fcntl_cmd") int cmd, long arg) {
    return 0;
  }

  @SyscallDefine(nr = 1511, name = "d_poll")
  public static long poll(
      Task task,
      @UserPtr(access = Access.IN_OUT, struct = "pollfd", count = "nfds") long fds,
      @Size long nfds) {
    task.memory().writeShort(fds + 6, (short) 1);
    return 1;
  }

  @SyscallDefine(nr = 1512, name = "d_getdents")
  public static long getdents(
      Task task,
      @Fd int fd,
      @UserPtr(access = Access.OUT, struct = "linux_dirent64", length = "count") long dirent,
      @Size long count) {
    writeEntry(task, dirent, 4, ".");
    writeEntry(task, dirent + 24, 8, "file");
    return 48;
  }

  private static void writeEntry(Task task, long at, int type, String name) {
    task.memory().clearUser(at, 24);
    task.memory().writeLong(at, 12);
    task.memory().writeShort(at + 16, (short) 24);
    task.memory().writeByte(at + 18, (byte) type);
    task.memory().writeBytes(at + 19, name.getBytes(StandardCharsets.ISO_8859_1));
  }
}
