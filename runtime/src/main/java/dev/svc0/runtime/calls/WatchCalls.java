package dev.svc0.runtime.calls;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Getrandom;
import dev.svc0.runtime.abi.Inotify;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.InotifyFile;
import dev.svc0.runtime.vfs.Memfd;

/** Watching files; files in memory. */
public final class WatchCalls {
  private static final int MEMFD_NAME_MOST = 249;

  private WatchCalls() {}

  @SyscallDefine(
      nr = 26,
      name = "inotify_init1",
      errors = {"EINVAL", "EMFILE"})
  public static long inotifyInit1(
      Task task,
      @Flags(
              value = "inotify:IN_CLOEXEC|IN_NONBLOCK",
              supported = {"IN_CLOEXEC", "IN_NONBLOCK"})
          int flags) {
    File file = InotifyFile.create(task.kernel().vfs(), flags, task.cred());
    return PidfdCalls.install(task, file, (flags & Inotify.IN_CLOEXEC) != 0);
  }

  @SyscallDefine(
      nr = 27,
      name = "inotify_add_watch",
      support = Support.PARTIAL,
      note = "IN_EXCL_UNLINK changes nothing",
      errors = {"EACCES", "EBADF", "EEXIST", "EINVAL", "ENOENT", "ENOSPC", "ENOTDIR"})
  public static long inotifyAddWatch(
      Task task, @Fd int fd, @CString long pathname, @Flags("inotify") int mask) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      InotifyFile inotify = InotifyFile.of(file);
      return inotify == null
          ? -Errno.EINVAL
          : inotify.addWatch(task, UserPath.read(task, pathname), mask);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 28,
      name = "inotify_rm_watch",
      errors = {"EBADF", "EINVAL"})
  public static long inotifyRmWatch(Task task, @Fd int fd, int wd) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      InotifyFile inotify = InotifyFile.of(file);
      return inotify == null ? -Errno.EINVAL : inotify.removeWatch(wd);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 279,
      name = "memfd_create",
      support = Support.PARTIAL,
      note =
          "no MFD_HUGETLB: EINVAL; F_SEAL_WRITE does not look for writable mappings that exist"
              + " already",
      errors = {"EINVAL", "EMFILE", "ENOSYS"})
  public static long memfdCreate(
      Task task,
      @CString long uname,
      @Flags(
              value = "memfd",
              supported = {"MFD_CLOEXEC", "MFD_ALLOW_SEALING", "MFD_NOEXEC_SEAL", "MFD_EXEC"})
          int flags) {
    int both = Getrandom.MFD_NOEXEC_SEAL | Getrandom.MFD_EXEC;
    if ((flags & both) == both) {
      return -Errno.EINVAL;
    }
    String name = task.memory().readCString(uname, MEMFD_NAME_MOST);
    if (name == null) {
      return -Errno.EINVAL;
    }
    boolean noExec = (flags & Getrandom.MFD_NOEXEC_SEAL) != 0;
    boolean sealable = noExec || (flags & Getrandom.MFD_ALLOW_SEALING) != 0;
    int seals = noExec ? Fcntl.F_SEAL_EXEC : sealable ? 0 : Fcntl.F_SEAL_SEAL;
    long[] error = new long[1];
    String shown = "/memfd:" + name + " (deleted)";
    File file = Memfd.create(task.kernel().vfs(), task, shown, noExec ? 0666 : 0777, seals, error);
    if (file == null) {
      return error[0];
    }
    return PidfdCalls.install(task, file, (flags & Getrandom.MFD_CLOEXEC) != 0);
  }
}
