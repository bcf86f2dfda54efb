package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.Offset;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.TimespecLayout;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;

/** Changing modes, owners, times and sizes. */
public final class AttributeCalls {
  private AttributeCalls() {}

  @SyscallDefine(
      nr = 52,
      name = "fchmod",
      errors = {"EBADF", "EPERM", "EROFS"})
  public static long fchmod(Task task, @Fd int fd, @Mode int mode) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return Attributes.chmodCommon(file.path(), mode, task);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 53,
      name = "fchmodat",
      errors = {"ENOENT", "EPERM", "EROFS"})
  public static long fchmodat(Task task, @Fd int dfd, @CString long filename, @Mode int mode) {
    return fchmodat2(task, dfd, filename, mode, 0);
  }

  @SyscallDefine(
      nr = 452,
      name = "fchmodat2",
      errors = {"EINVAL", "EOPNOTSUPP"})
  public static long fchmodat2(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @Mode int mode,
      @Flags(
              value = "at_flags:AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH",
              supported = {"AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH"})
          int flags) {
    return Namei.withPath(
        task,
        dfd,
        UserPath.read(task, filename),
        lookupOf(flags),
        (path, inode) -> Attributes.chmodCommon(path, mode, task));
  }

  private static int lookupOf(int flags) {
    int result = (flags & Fcntl.AT_SYMLINK_NOFOLLOW) != 0 ? 0 : Lookup.FOLLOW;
    return (flags & Fcntl.AT_EMPTY_PATH) != 0 ? result | Lookup.EMPTY : result;
  }

  @SyscallDefine(
      nr = 54,
      name = "fchownat",
      errors = {"EINVAL", "ENOENT", "EPERM", "EROFS"})
  public static long fchownat(
      Task task,
      @Fd int dfd,
      @CString long filename,
      int user,
      int group,
      @Flags(
              value = "at_flags:AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH",
              supported = {"AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH"})
          int flag) {
    return Namei.withPath(
        task,
        dfd,
        UserPath.read(task, filename),
        lookupOf(flag),
        (path, inode) -> Attributes.chownCommon(path, user, group, task));
  }

  @SyscallDefine(
      nr = 55,
      name = "fchown",
      errors = {"EBADF", "EPERM", "EROFS"})
  public static long fchown(Task task, @Fd int fd, int user, int group) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return Attributes.chownCommon(file.path(), user, group, task);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 88,
      name = "utimensat",
      errors = {"EACCES", "EINVAL", "ENOENT", "EPERM"})
  public static long utimensat(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @UserPtr(access = IN, struct = "__kernel_timespec", count = "2") long utimes,
      @Flags("at_flags:AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH") int flags) {
    long[] times = {0, Attributes.UTIME_NOW, 0, Attributes.UTIME_NOW};
    if (utimes != 0) {
      UserMemory memory = task.memory();
      for (int i = 0; i < 2; i++) {
        long at = utimes + (long) i * TimespecLayout.SIZE;
        times[2 * i] = memory.readLong(at + TimespecLayout.tv_sec);
        times[2 * i + 1] = memory.readLong(at + TimespecLayout.tv_nsec);
      }
      if (times[1] == Attributes.UTIME_OMIT && times[3] == Attributes.UTIME_OMIT) {
        return 0;
      }
    }
    if (filename == 0 && dfd != Fcntl.AT_FDCWD) {
      return futimens(task, dfd, times, flags);
    }
    if ((flags & ~(Fcntl.AT_SYMLINK_NOFOLLOW | Fcntl.AT_EMPTY_PATH)) != 0) {
      return -Errno.EINVAL;
    }
    return Namei.withPath(
        task,
        dfd,
        UserPath.read(task, filename),
        lookupOf(flags),
        (path, inode) -> Attributes.vfsUtimes(path, times[0], times[1], times[2], times[3], task));
  }

  private static long futimens(Task task, int fd, long[] times, int flags) {
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return Attributes.vfsUtimes(file.path(), times[0], times[1], times[2], times[3], task);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 45,
      name = "truncate",
      errors = {"EACCES", "EFBIG", "EINVAL", "EISDIR"})
  public static long truncate(Task task, @CString long path, @Offset long length) {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    return Namei.withPath(
        task,
        Fcntl.AT_FDCWD,
        UserPath.read(task, path),
        Lookup.FOLLOW,
        (place, inode) -> Attributes.vfsTruncate(place, inode, length, task));
  }

  @SyscallDefine(
      nr = 46,
      name = "ftruncate",
      errors = {"EBADF", "EFBIG", "EINVAL"})
  public static long ftruncate(Task task, @Fd int fd, @Offset long length) {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return Attributes.doFtruncate(file, length, task);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 47,
      name = "fallocate",
      errors = {"EBADF", "EFBIG", "EINVAL", "ENODEV", "ENOSPC", "EOPNOTSUPP", "ESPIPE"})
  public static long fallocate(
      Task task,
      @Fd int fd,
      @Flags("fs:FALLOC_FL_") int mode,
      @Offset long offset,
      @Offset long len) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return Attributes.vfsFallocate(file, mode, offset, len, task);
    } finally {
      file.put();
    }
  }
}
