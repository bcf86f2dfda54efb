package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.Xattr;
import java.nio.charset.StandardCharsets;

/** Extended attributes. */
public final class XattrCalls {
  private XattrCalls() {}

  /** What is done with a place. */
  @FunctionalInterface
  private interface Action {
    long apply(Path path);
  }

  private static long atPath(Task task, long pathname, int lookup, Action action) {
    return Namei.withPath(
        task,
        Fcntl.AT_FDCWD,
        UserPath.read(task, pathname),
        lookup,
        (path, inode) -> action.apply(path));
  }

  private static long atFd(Task task, int fd, Action action) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return action.apply(file.path());
    } finally {
      file.put();
    }
  }

  /** The name of an attribute: 1 to 255 bytes, else −ERANGE in error[0]. */
  private static String readName(Task task, long address, long[] error) {
    String name = task.memory().readCString(address, FsConstants.XATTR_NAME_MAX);
    if (name == null || name.isEmpty()) {
      error[0] = -Errno.ERANGE;
      return "";
    }
    return name;
  }

  private static long set(
      Task task, long nameAddress, long value, long size, int flags, Target target) {
    if ((flags & ~(FsConstants.XATTR_CREATE | FsConstants.XATTR_REPLACE)) != 0) {
      return -Errno.EINVAL;
    }
    long[] error = new long[1];
    String name = readName(task, nameAddress, error);
    if (error[0] != 0) {
      return error[0];
    }
    if (Long.compareUnsigned(size, FsConstants.XATTR_SIZE_MAX) > 0) {
      return -Errno.E2BIG;
    }
    byte[] bytes = task.memory().readBytes(value, (int) size);
    return target.with(path -> Xattr.set(path, name, bytes, flags, task));
  }

  /** Where an attribute is: by path or by descriptor. */
  @FunctionalInterface
  private interface Target {
    long with(Action action);
  }

  private static long get(Task task, long nameAddress, long value, long size, Target target) {
    long[] error = new long[1];
    String name = readName(task, nameAddress, error);
    if (error[0] != 0) {
      return error[0];
    }
    return target.with(path -> {
      byte[] found = Xattr.get(path.dentry().requireInode(), name, task, error);
      return found == null ? error[0] : give(task, found, value, size);
    });
  }

  private static long give(Task task, byte[] bytes, long to, long size) {
    if (size == 0) {
      return bytes.length;
    }
    if (Long.compareUnsigned(size, bytes.length) < 0) {
      return -Errno.ERANGE;
    }
    task.memory().writeBytes(to, bytes);
    return bytes.length;
  }

  private static long list(Task task, long buffer, long size, Target target) {
    return target.with(path -> {
      String names = Xattr.list(path.dentry().requireInode(), task);
      return give(task, names.getBytes(StandardCharsets.ISO_8859_1), buffer, size);
    });
  }

  private static long remove(Task task, long nameAddress, Target target) {
    long[] error = new long[1];
    String name = readName(task, nameAddress, error);
    return error[0] != 0
        ? error[0]
        : target.with(path -> Xattr.set(path, name, null, FsConstants.XATTR_REPLACE, task));
  }

  @SyscallDefine(
      nr = 5,
      name = "setxattr",
      errors = {"EEXIST", "ENODATA", "EOPNOTSUPP", "ERANGE"})
  public static long setxattr(
      Task task,
      @CString long pathname,
      @CString long name,
      @UserPtr(access = IN, length = "size") long value,
      @Size long size,
      @Flags("fs:XATTR_CREATE|XATTR_REPLACE") int flags) {
    return set(task, name, value, size, flags, a -> atPath(task, pathname, Lookup.FOLLOW, a));
  }

  @SyscallDefine(
      nr = 6,
      name = "lsetxattr",
      errors = {"EEXIST", "ENODATA", "EOPNOTSUPP"})
  public static long lsetxattr(
      Task task,
      @CString long pathname,
      @CString long name,
      @UserPtr(access = IN, length = "size") long value,
      @Size long size,
      @Flags("fs:XATTR_CREATE|XATTR_REPLACE") int flags) {
    return set(task, name, value, size, flags, a -> atPath(task, pathname, 0, a));
  }

  @SyscallDefine(
      nr = 7,
      name = "fsetxattr",
      errors = {"EBADF", "EEXIST", "ENODATA"})
  public static long fsetxattr(
      Task task,
      @Fd int fd,
      @CString long name,
      @UserPtr(access = IN, length = "size") long value,
      @Size long size,
      @Flags("fs:XATTR_CREATE|XATTR_REPLACE") int flags) {
    return set(task, name, value, size, flags, a -> atFd(task, fd, a));
  }

  @SyscallDefine(
      nr = 8,
      name = "getxattr",
      errors = {"ENODATA", "EOPNOTSUPP", "ERANGE"})
  public static long getxattr(
      Task task,
      @CString long pathname,
      @CString long name,
      @UserPtr(access = OUT, length = "$result") long value,
      @Size long size) {
    return get(task, name, value, size, a -> atPath(task, pathname, Lookup.FOLLOW, a));
  }

  @SyscallDefine(
      nr = 9,
      name = "lgetxattr",
      errors = {"ENODATA", "EOPNOTSUPP", "ERANGE"})
  public static long lgetxattr(
      Task task,
      @CString long pathname,
      @CString long name,
      @UserPtr(access = OUT, length = "$result") long value,
      @Size long size) {
    return get(task, name, value, size, a -> atPath(task, pathname, 0, a));
  }

  @SyscallDefine(
      nr = 10,
      name = "fgetxattr",
      errors = {"EBADF", "ENODATA", "ERANGE"})
  public static long fgetxattr(
      Task task,
      @Fd int fd,
      @CString long name,
      @UserPtr(access = OUT, length = "$result") long value,
      @Size long size) {
    return get(task, name, value, size, a -> atFd(task, fd, a));
  }

  @SyscallDefine(
      nr = 11,
      name = "listxattr",
      errors = {"ERANGE"})
  public static long listxattr(
      Task task,
      @CString long pathname,
      @UserPtr(access = OUT, length = "$result") long list,
      @Size long size) {
    return list(task, list, size, a -> atPath(task, pathname, Lookup.FOLLOW, a));
  }

  @SyscallDefine(
      nr = 12,
      name = "llistxattr",
      errors = {"ERANGE"})
  public static long llistxattr(
      Task task,
      @CString long pathname,
      @UserPtr(access = OUT, length = "$result") long list,
      @Size long size) {
    return list(task, list, size, a -> atPath(task, pathname, 0, a));
  }

  @SyscallDefine(
      nr = 13,
      name = "flistxattr",
      errors = {"EBADF", "ERANGE"})
  public static long flistxattr(
      Task task,
      @Fd int fd,
      @UserPtr(access = OUT, length = "$result") long list,
      @Size long size) {
    return list(task, list, size, a -> atFd(task, fd, a));
  }

  @SyscallDefine(
      nr = 14,
      name = "removexattr",
      errors = {"ENODATA", "EOPNOTSUPP"})
  public static long removexattr(Task task, @CString long pathname, @CString long name) {
    return remove(task, name, a -> atPath(task, pathname, Lookup.FOLLOW, a));
  }

  @SyscallDefine(
      nr = 15,
      name = "lremovexattr",
      errors = {"ENODATA", "EOPNOTSUPP"})
  public static long lremovexattr(Task task, @CString long pathname, @CString long name) {
    return remove(task, name, a -> atPath(task, pathname, 0, a));
  }

  @SyscallDefine(
      nr = 16,
      name = "fremovexattr",
      errors = {"EBADF", "ENODATA"})
  public static long fremovexattr(Task task, @Fd int fd, @CString long name) {
    return remove(task, name, a -> atFd(task, fd, a));
  }
}
