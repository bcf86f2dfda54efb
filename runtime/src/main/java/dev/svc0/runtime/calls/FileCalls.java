package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileLocks;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.SpecialFiles;

/** Device control, locks on whole files, pipes. */
public final class FileCalls {
  private FileCalls() {}

  @SyscallDefine(
      nr = 29,
      name = "ioctl",
      errors = {"EBADF", "EFAULT", "EINVAL", "ENOTTY"})
  public static long ioctl(Task task, @Fd int fd, @EnumOf("ioctl_tty") int cmd, long arg) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return doVfsIoctl(task, fd, file, cmd, arg);
    } finally {
      file.put();
    }
  }

  /** <i>Linux:</i> do_vfs_ioctl, then the file's own. */
  private static long doVfsIoctl(Task task, int fd, File file, int request, long argument) {
    UserMemory memory = task.memory();
    switch (request) {
      case Ioctl.FIOCLEX -> {
        task.files().setCloseOnExec(fd, true);
        return 0;
      }
      case Ioctl.FIONCLEX -> {
        task.files().setCloseOnExec(fd, false);
        return 0;
      }
      case Ioctl.FIONBIO -> {
        setFlag(file, Fcntl.O_NONBLOCK, memory.readInt(argument) != 0);
        return 0;
      }
      case Ioctl.FIOASYNC -> {
        boolean on = memory.readInt(argument) != 0;
        boolean is = (file.flags & Fcntl.FASYNC) != 0;
        return on == is ? 0 : file.operations().fasync(file, on, task);
      }
      case Ioctl.FIOQSIZE -> {
        return fioqsize(file, memory, argument);
      }
      case Ioctl.FIONREAD -> {
        if (file.inode().isRegular()) {
          memory.writeInt(argument, (int) (file.inode().size() - file.position));
          return 0;
        }
      }
      case FsConstants.FIGETBSZ -> {
        if (file.inode().superBlock().blockSize == 0) {
          return -Errno.EINVAL;
        }
        memory.writeInt(argument, file.inode().superBlock().blockSize);
        return 0;
      }
      default -> {}
    }
    return file.operations().ioctl(file, request, argument, task);
  }

  private static long fioqsize(File file, UserMemory memory, long argument) {
    Inode inode = file.inode();
    if (!inode.isDirectory() && !inode.isRegular() && !inode.isSymlink()) {
      return -Errno.ENOTTY;
    }
    memory.writeLong(argument, inode.blocks512 << 9);
    return 0;
  }

  private static void setFlag(File file, int flag, boolean on) {
    file.flags = on ? file.flags | flag : file.flags & ~flag;
  }

  @SyscallDefine(
      nr = 32,
      name = "flock",
      errors = {"EBADF", "EAGAIN", "EINVAL"},
      restart = Restart.IF_SA_RESTART)
  public static long flock(Task task, @Fd int fd, @Flags("flock") int cmd) {
    if ((cmd & Fcntl.LOCK_MAND) != 0) {
      return 0;
    }
    int kind = cmd & ~Fcntl.LOCK_NB;
    if (kind != Fcntl.LOCK_SH && kind != Fcntl.LOCK_EX && kind != Fcntl.LOCK_UN) {
      return -Errno.EINVAL;
    }
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return FileLocks.flock(file, cmd, task);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 59,
      name = "pipe2",
      errors = {"EFAULT", "EINVAL", "EMFILE"})
  public static long pipe2(
      Task task,
      @UserPtr(access = OUT, length = "8") long fildes,
      @Flags(
              value = "open_flags:O_CLOEXEC|O_NONBLOCK|O_DIRECT|O_EXCL",
              supported = {"O_CLOEXEC", "O_NONBLOCK", "O_DIRECT"})
          int flags) {
    SpecialFiles.Pipes pipes = task.kernel().vfs().specialFiles().pipes();
    if (pipes == null) {
      return -Errno.ENFILE;
    }
    File[] ends = new File[2];
    long result = pipes.create(task, flags, ends);
    return result != 0 ? result : installPair(task, ends, fildes, flags);
  }

  private static long installPair(Task task, File[] ends, long fildes, int flags) {
    FilesStruct files = task.files();
    boolean cloexec = (flags & Fcntl.O_CLOEXEC) != 0;
    long limit = task.rlimit(Rlimits.RLIMIT_NOFILE);
    int reader = files.reserve(0, cloexec, limit);
    int writer = reader < 0 ? reader : files.reserve(0, cloexec, limit);
    if (writer >= 0) {
      try {
        task.memory().writeInt(fildes, reader);
        task.memory().writeInt(fildes + 4, writer);
        files.publish(reader, ends[0]);
        files.publish(writer, ends[1]);
        return 0;
      } catch (UserFault fault) {
        files.unreserve(reader);
        files.unreserve(writer);
        writer = -Errno.EFAULT;
      }
    } else if (reader >= 0) {
      files.unreserve(reader);
    }
    ends[0].put();
    ends[1].put();
    return writer;
  }
}
