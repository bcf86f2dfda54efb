package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeTimes;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.Permissions;
import dev.svc0.runtime.vfs.Stat;
import java.nio.charset.StandardCharsets;

/** Reading attributes. */
public final class StatCalls {
  private static final int STAT_FLAGS =
      Fcntl.AT_SYMLINK_NOFOLLOW
          | Fcntl.AT_NO_AUTOMOUNT
          | Fcntl.AT_EMPTY_PATH
          | Fcntl.AT_STATX_SYNC_TYPE;

  private StatCalls() {}

  @SyscallDefine(
      nr = 80,
      name = "fstat",
      errors = {"EBADF", "EFAULT"})
  public static long fstat(
      Task task, @Fd int fd, @UserPtr(access = OUT, struct = "stat") long statbuf) {
    File file = task.files().fdgetRaw(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return Stat.copyStat(file.inode(), task.memory(), statbuf);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 79,
      name = "newfstatat",
      errors = {"EACCES", "EBADF", "EFAULT", "EINVAL", "ELOOP", "ENOENT", "ENOTDIR"})
  public static long newfstatat(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @UserPtr(access = OUT, struct = "stat") long statbuf,
      @Flags("at_flags:AT_SYMLINK_NOFOLLOW|AT_NO_AUTOMOUNT|AT_EMPTY_PATH") int flag) {
    boolean emptyPath = (flag & Fcntl.AT_EMPTY_PATH) != 0;
    String name = emptyPath && filename == 0 ? "" : UserPath.read(task, filename);
    if (emptyPath && name.isEmpty() && dfd >= 0) {
      return fstat(task, dfd, statbuf);
    }
    if ((flag & ~STAT_FLAGS) != 0) {
      return -Errno.EINVAL;
    }
    return Namei.withPath(
        task,
        dfd,
        name,
        lookupOf(flag),
        (path, inode) -> Stat.copyStat(inode, task.memory(), statbuf));
  }

  private static int lookupOf(int flag) {
    int result = (flag & Fcntl.AT_SYMLINK_NOFOLLOW) != 0 ? 0 : Lookup.FOLLOW;
    return (flag & Fcntl.AT_EMPTY_PATH) != 0 ? result | Lookup.EMPTY : result;
  }

  @SyscallDefine(
      nr = 291,
      name = "statx",
      errors = {"EBADF", "EFAULT", "EINVAL", "ENOENT"})
  public static long statx(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @Flags("at_flags:AT_SYMLINK_NOFOLLOW|AT_NO_AUTOMOUNT|AT_EMPTY_PATH|AT_STATX_") int flags,
      @Flags("statx:STATX_") int mask,
      @UserPtr(access = OUT, struct = "statx") long buffer) {
    if ((mask & StatConstants.STATX__RESERVED) != 0) {
      return -Errno.EINVAL;
    }
    boolean bothSyncs = (flags & Fcntl.AT_STATX_SYNC_TYPE) == Fcntl.AT_STATX_SYNC_TYPE;
    if (bothSyncs || (flags & ~STAT_FLAGS) != 0) {
      return -Errno.EINVAL;
    }
    boolean emptyPath = (flags & Fcntl.AT_EMPTY_PATH) != 0;
    String name = emptyPath && filename == 0 ? "" : UserPath.read(task, filename);
    return Namei.withPath(
        task,
        dfd,
        name,
        lookupOf(flags),
        (path, inode) -> Stat.copyStatx(path, inode, mask, task.memory(), buffer));
  }

  @SyscallDefine(nr = 43, name = "statfs")
  public static long statfs(
      Task task, @CString long pathname, @UserPtr(access = OUT, struct = "statfs") long buf) {
    return Namei.withPath(
        task,
        Fcntl.AT_FDCWD,
        UserPath.read(task, pathname),
        Lookup.FOLLOW,
        (path, inode) -> Stat.copyStatfs(path, task.memory(), buf));
  }

  @SyscallDefine(nr = 44, name = "fstatfs")
  public static long fstatfs(
      Task task, @Fd int fd, @UserPtr(access = OUT, struct = "statfs") long buf) {
    File file = task.files().fdgetRaw(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return Stat.copyStatfs(file.path(), task.memory(), buf);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 78,
      name = "readlinkat",
      errors = {"EINVAL", "ENOENT", "ENOTDIR"})
  public static long readlinkat(
      Task task,
      @Fd int dfd,
      @CString long path,
      @UserPtr(access = OUT, length = "$result") long buf,
      int bufsiz) {
    if (bufsiz <= 0) {
      return -Errno.EINVAL;
    }
    String name = UserPath.read(task, path);
    return Namei.withPath(
        task,
        dfd,
        name,
        Lookup.EMPTY,
        (place, inode) -> readlink(task, name.isEmpty(), place, inode, buf, bufsiz));
  }

  private static long readlink(
      Task task, boolean empty, Path place, Inode inode, long buf, int bufsiz) {
    if (!inode.isSymlink()) {
      return empty ? -Errno.ENOENT : -Errno.EINVAL;
    }
    InodeTimes.touchAtime(place.mount(), inode);
    long[] error = new long[1];
    String target = inode.operations().getLink(inode, task, error);
    if (target == null) {
      return error[0];
    }
    byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
    int count = Math.min(bytes.length, bufsiz);
    return task.memory().copyToUser(buf, bytes, 0, count) != 0 ? -Errno.EFAULT : count;
  }

  @SyscallDefine(
      nr = 48,
      name = "faccessat",
      errors = {"EACCES", "EINVAL", "EROFS"})
  public static long faccessat(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @Flags(
              value = "access",
              supported = {"R_OK", "W_OK", "X_OK"})
          int mode) {
    return faccessat2(task, dfd, filename, mode, 0);
  }

  @SyscallDefine(
      nr = 439,
      name = "faccessat2",
      errors = {"EACCES", "EINVAL", "EROFS"})
  public static long faccessat2(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @Flags(
              value = "access",
              supported = {"R_OK", "W_OK", "X_OK"})
          int mode,
      @Flags(
              value = "at_flags:AT_EACCESS|AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH",
              supported = {"AT_EACCESS", "AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH"})
          int flags) {
    return Permissions.access(
        task,
        dfd,
        UserPath.read(task, filename),
        mode,
        lookupOf(flags),
        (flags & Fcntl.AT_EACCESS) != 0);
  }

  @SyscallDefine(
      nr = 17,
      name = "getcwd",
      errors = {"ENOENT", "ERANGE", "EFAULT"})
  public static long getcwd(
      Task task, @UserPtr(access = OUT, length = "$result") long buf, @Size long size) {
    return DirectoryCalls.getcwd(task, buf, size);
  }
}
