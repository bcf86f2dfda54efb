package dev.svc0.runtime.calls;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileLocks;
import dev.svc0.runtime.vfs.Fsnotify;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Permissions;

/** The commands of fcntl(2). <i>Linux:</i> do_fcntl. */
final class FcntlCommands {
  private static final int SETFL_MASK =
      Fcntl.O_APPEND | Fcntl.O_NONBLOCK | Fcntl.FASYNC | Fcntl.O_DIRECT | Fcntl.O_NOATIME;

  private static final int NSIG = 64;

  private FcntlCommands() {}

  static long fcntl(Task task, int fd, int command, long argument) {
    File file = task.files().fdgetRaw(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if (file.hasMode(File.FMODE_PATH) && !allowedOnPath(command)) {
        return -Errno.EBADF;
      }
      return doFcntl(task, fd, file, command, argument);
    } finally {
      file.put();
    }
  }

  private static boolean allowedOnPath(int command) {
    return switch (command) {
      case Fcntl.F_DUPFD,
          Fcntl.F_DUPFD_CLOEXEC,
          Fcntl.F_DUPFD_QUERY,
          Fcntl.F_GETFD,
          Fcntl.F_SETFD,
          Fcntl.F_GETFL ->
          true;
      default -> false;
    };
  }

  private static long doFcntl(Task task, int fd, File file, int command, long argument) {
    return switch (command) {
      case Fcntl.F_DUPFD -> dupFrom(task, fd, argument, false);
      case Fcntl.F_DUPFD_CLOEXEC -> dupFrom(task, fd, argument, true);
      case Fcntl.F_DUPFD_QUERY -> task.files().lookup((int) argument) == file ? 1 : 0;
      case Fcntl.F_CREATED_QUERY -> file.hasMode(File.FMODE_CREATED) ? 1 : 0;
      case Fcntl.F_GETFD -> task.files().closeOnExec(fd) ? Fcntl.FD_CLOEXEC : 0;
      case Fcntl.F_SETFD -> {
        task.files().setCloseOnExec(fd, (argument & Fcntl.FD_CLOEXEC) != 0);
        yield 0;
      }
      case Fcntl.F_GETFL -> file.flags;
      case Fcntl.F_SETFL -> setfl(task, file, (int) argument);
      case Fcntl.F_GETLK,
          Fcntl.F_SETLK,
          Fcntl.F_SETLKW,
          Fcntl.F_OFD_GETLK,
          Fcntl.F_OFD_SETLK,
          Fcntl.F_OFD_SETLKW ->
          FileLocks.fcntl(file, command, argument, task);
      case Fcntl.F_SETOWN -> {
        if ((int) argument == Integer.MIN_VALUE) {
          yield -Errno.EINVAL;
        }
        file.owner = (int) argument;
        yield 0;
      }
      case Fcntl.F_GETOWN -> file.owner;
      case Fcntl.F_SETSIG -> {
        if (argument < 0 || argument > NSIG) {
          yield -Errno.EINVAL;
        }
        file.ownerSignal = (int) argument;
        yield 0;
      }
      case Fcntl.F_GETSIG -> file.ownerSignal;
      case Fcntl.F_GETLEASE -> FileLocks.getLease(file);
      case Fcntl.F_SETLEASE -> FileLocks.setLease(file, argument, task);
      case Fcntl.F_NOTIFY -> Fsnotify.directoryNotify(file, argument, task);
      case Fcntl.F_GETPIPE_SZ, Fcntl.F_SETPIPE_SZ, Fcntl.F_ADD_SEALS, Fcntl.F_GET_SEALS ->
          file.operations().fcntl(file, command, argument, task);
      default -> -Errno.EINVAL;
    };
  }

  private static long dupFrom(Task task, int fd, long from, boolean cloexec) {
    long limit = task.rlimit(Rlimits.RLIMIT_NOFILE);
    if (from < 0 || Long.compareUnsigned(from, limit) >= 0 || from > Integer.MAX_VALUE) {
      return -Errno.EINVAL;
    }
    return OpenCalls.duplicate(task, fd, (int) from, cloexec);
  }

  /** <i>Linux:</i> setfl. */
  private static long setfl(Task task, File file, int argument) {
    Inode inode = file.inode();
    int now = file.flags;
    if ((now & Fcntl.O_APPEND) != 0
        && (argument & Fcntl.O_APPEND) == 0
        && inode.hasFlag(Inode.S_APPEND)) {
      return -Errno.EPERM;
    }
    boolean newNoatime = (argument & Fcntl.O_NOATIME) != 0 && (now & Fcntl.O_NOATIME) == 0;
    if (newNoatime && !Permissions.ownerOrCapable(inode, task.cred())) {
      return -Errno.EPERM;
    }
    boolean newDirect = (argument & Fcntl.O_DIRECT) != 0 && (now & Fcntl.O_DIRECT) == 0;
    if (newDirect && !file.hasMode(File.FMODE_CAN_ODIRECT) && !inode.isFifo()) {
      return -Errno.EINVAL;
    }
    if (((argument ^ now) & Fcntl.FASYNC) != 0) {
      // What sends no signals keeps the flag all the same.
      long unused = file.operations().fasync(file, (argument & Fcntl.FASYNC) != 0, task);
    }
    file.flags = argument & SETFL_MASK | now & ~SETFL_MASK;
    return 0;
  }
}
