package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Mode;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.abi.OpenHowLayout;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Open;

/** Opening files, closing and duplicating descriptors. */
public final class OpenCalls {
  private static final long MAX_HOW = 4096;

  private OpenCalls() {}

  @SyscallDefine(
      nr = 56,
      name = "openat",
      errors = {"EACCES", "EEXIST", "EISDIR", "ELOOP", "EMFILE", "ENOENT", "ENOTDIR", "EROFS"},
      restart = Restart.IF_SA_RESTART)
  public static long openat(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @Flags("open_flags") int flags,
      @Mode int mode) {
    long bad = Open.checkFlags(flags);
    return bad != 0
        ? bad
        : Open.doSysOpenat2(task, dfd, UserPath.read(task, filename), flags, mode, 0);
  }

  @SyscallDefine(
      nr = 437,
      name = "openat2",
      errors = {"E2BIG", "EAGAIN", "EINVAL", "ELOOP", "EXDEV"},
      restart = Restart.IF_SA_RESTART)
  public static long openat2(
      Task task,
      @Fd int dfd,
      @CString long filename,
      @UserPtr(access = IN, struct = "open_how") long how,
      @Size long usize) {
    UserMemory memory = task.memory();
    if (Long.compareUnsigned(usize, OpenHowLayout.SIZE) < 0) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(usize, MAX_HOW) > 0) {
      return -Errno.E2BIG;
    }
    for (long at = OpenHowLayout.SIZE; at < usize; at++) {
      if (memory.readByte(how + at) != 0) {
        return -Errno.E2BIG;
      }
    }
    long flags = memory.readLong(how + OpenHowLayout.flags);
    long mode = memory.readLong(how + OpenHowLayout.mode);
    long resolve = memory.readLong(how + OpenHowLayout.resolve);
    long bad = checkHow(flags, mode, resolve);
    if (bad != 0) {
      return bad;
    }
    return Open.doSysOpenat2(
        task,
        dfd,
        UserPath.read(task, filename),
        (int) flags,
        (int) mode,
        lookupFlags((int) resolve));
  }

  /** What openat2 refuses where openat ignores. <i>Linux:</i> build_open_flags. */
  private static long checkHow(long flags, long mode, long resolve) {
    long known =
        Fcntl.RESOLVE_NO_XDEV
            | Fcntl.RESOLVE_NO_MAGICLINKS
            | Fcntl.RESOLVE_NO_SYMLINKS
            | Fcntl.RESOLVE_BENEATH
            | Fcntl.RESOLVE_IN_ROOT
            | Fcntl.RESOLVE_CACHED;
    long scopes = Fcntl.RESOLVE_BENEATH | Fcntl.RESOLVE_IN_ROOT;
    if ((flags & ~(long) Open.VALID_OPEN_FLAGS) != 0
        || (resolve & ~known) != 0
        || (resolve & scopes) == scopes) {
      return -Errno.EINVAL;
    }
    boolean creates = (flags & (Fcntl.O_CREAT | Fcntl.__O_TMPFILE)) != 0;
    if (creates ? (mode & ~07777L) != 0 : mode != 0) {
      return -Errno.EINVAL;
    }
    long pathFlags = Fcntl.O_DIRECTORY | Fcntl.O_NOFOLLOW | Fcntl.O_PATH | Fcntl.O_CLOEXEC;
    if ((flags & Fcntl.O_PATH) != 0 && (flags & ~pathFlags) != 0) {
      return -Errno.EINVAL;
    }
    long changes = Fcntl.O_TRUNC | Fcntl.O_CREAT | Fcntl.__O_TMPFILE;
    if ((resolve & Fcntl.RESOLVE_CACHED) != 0 && (flags & changes) != 0) {
      return -Errno.EAGAIN;
    }
    return Open.checkFlags((int) flags);
  }

  private static int lookupFlags(int resolve) {
    int result = 0;
    int[][] pairs = {
      {Fcntl.RESOLVE_NO_XDEV, Lookup.NO_XDEV},
      {Fcntl.RESOLVE_NO_MAGICLINKS, Lookup.NO_MAGICLINKS},
      {Fcntl.RESOLVE_NO_SYMLINKS, Lookup.NO_SYMLINKS | Lookup.NO_MAGICLINKS},
      {Fcntl.RESOLVE_BENEATH, Lookup.BENEATH},
      {Fcntl.RESOLVE_IN_ROOT, Lookup.IN_ROOT},
      {Fcntl.RESOLVE_CACHED, Lookup.CACHED},
    };
    for (int[] pair : pairs) {
      if ((resolve & pair[0]) != 0) {
        result |= pair[1];
      }
    }
    return result;
  }

  @SyscallDefine(
      nr = 57,
      name = "close",
      errors = {"EBADF", "EINTR", "EIO"})
  public static long close(Task task, @Fd int fd) {
    FilesStruct files = task.files();
    File file = files.remove(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    return withoutRestart(files.filpClose(file, task));
  }

  /** The descriptor is gone already: the call cannot be made again. */
  private static long withoutRestart(long result) {
    boolean restart =
        result == -InternalErrno.ERESTARTSYS
            || result == -InternalErrno.ERESTARTNOINTR
            || result == -InternalErrno.ERESTARTNOHAND
            || result == -InternalErrno.ERESTART_RESTARTBLOCK;
    return restart ? -Errno.EINTR : result;
  }

  @SyscallDefine(
      nr = 436,
      name = "close_range",
      errors = {"EINVAL", "EMFILE"})
  public static long closeRange(
      Task task,
      @Fd int fd,
      @Fd int max_fd,
      @Flags(
              value = "close_range",
              supported = {"CLOSE_RANGE_UNSHARE", "CLOSE_RANGE_CLOEXEC"})
          int flags) {
    if (Integer.compareUnsigned(fd, max_fd) > 0) {
      return -Errno.EINVAL;
    }
    if ((flags & Fcntl.CLOSE_RANGE_UNSHARE) != 0) {
      task.unshareFiles();
    }
    if (fd < 0) {
      return 0;
    }
    FilesStruct files = task.files();
    int last = max_fd < 0 ? Integer.MAX_VALUE : max_fd;
    for (int at = files.nextUsed(fd); at >= 0 && at <= last; at = files.nextUsed(at + 1)) {
      if ((flags & Fcntl.CLOSE_RANGE_CLOEXEC) != 0) {
        files.setCloseOnExec(at, true);
      } else {
        File file = files.remove(at);
        if (file != null) {
          files.filpClose(file, task);
        }
      }
    }
    return 0;
  }

  @SyscallDefine(
      nr = 23,
      name = "dup",
      errors = {"EBADF", "EMFILE"})
  public static long dup(Task task, @Fd int fildes) {
    return duplicate(task, fildes, 0, false);
  }

  /** A copy at the lowest free descriptor from one on. */
  static long duplicate(Task task, int fd, int from, boolean cloexec) {
    File file = task.files().fdgetRaw(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    int result = task.files().install(file, from, cloexec, task.rlimit(Rlimits.RLIMIT_NOFILE));
    if (result < 0) {
      file.put();
    }
    return result;
  }

  @SyscallDefine(
      nr = 24,
      name = "dup3",
      errors = {"EBADF", "EINVAL", "EBUSY"})
  public static long dup3(
      Task task,
      @Fd int oldfd,
      @Fd int newfd,
      @Flags(
              value = "open_flags:O_CLOEXEC",
              supported = {"O_CLOEXEC"})
          int flags) {
    if (oldfd == newfd) {
      return -Errno.EINVAL;
    }
    long limit = task.rlimit(Rlimits.RLIMIT_NOFILE);
    if (newfd < 0 || Long.compareUnsigned(newfd, limit) >= 0) {
      return -Errno.EBADF;
    }
    FilesStruct files = task.files();
    File file = files.fdgetRaw(oldfd);
    if (file == null) {
      return -Errno.EBADF;
    }
    if (files.isReserved(newfd)) {
      file.put();
      return -Errno.EBUSY;
    }
    File was = files.replace(newfd, file, (flags & Fcntl.O_CLOEXEC) != 0);
    if (was != null) {
      files.filpClose(was, task);
    }
    return newfd;
  }

  @SyscallDefine(
      nr = 25,
      name = "fcntl",
      errors = {"EBADF", "EINVAL", "EAGAIN", "EDEADLK", "EMFILE", "EPERM"},
      restart = Restart.IF_SA_RESTART)
  public static long fcntl(Task task, @Fd int fd, @EnumOf("fcntl_cmd") int cmd, long arg) {
    return FcntlCommands.fcntl(task, fd, cmd, arg);
  }
}
