package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.IN_OUT;

import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.ReadWrite;
import dev.svc0.runtime.vfs.Splice;

/** Data between pipes and other files. */
public final class SpliceCalls {
  private static final int FLAGS =
      Fcntl.SPLICE_F_MOVE | Fcntl.SPLICE_F_NONBLOCK | Fcntl.SPLICE_F_MORE | Fcntl.SPLICE_F_GIFT;

  private SpliceCalls() {}

  /** Does something with two open files. */
  @FunctionalInterface
  private interface Pair {
    long apply(File in, File out, Splice splice);
  }

  private static long withBoth(Task task, int inFd, int outFd, int flags, Pair action) {
    File in = task.files().fdget(inFd);
    if (in == null) {
      return -Errno.EBADF;
    }
    try {
      File out = task.files().fdget(outFd);
      if (out == null) {
        return -Errno.EBADF;
      }
      try {
        if (!in.hasMode(File.FMODE_READ) || !out.hasMode(File.FMODE_WRITE)) {
          return -Errno.EBADF;
        }
        Splice splice = Splice.of(task.kernel().vfs(), task, flags);
        return splice == null ? -Errno.EINVAL : action.apply(in, out, splice);
      } finally {
        out.put();
      }
    } finally {
      in.put();
    }
  }

  @SyscallDefine(
      nr = 76,
      name = "splice",
      errors = {"EAGAIN", "EBADF", "EINVAL", "EPIPE", "ESPIPE"},
      note = "copies: no page is moved",
      restart = Restart.IF_SA_RESTART)
  public static long splice(
      Task task,
      @Fd int fd_in,
      @UserPtr(access = IN_OUT, length = "8") long off_in,
      @Fd int fd_out,
      @UserPtr(access = IN_OUT, length = "8") long off_out,
      @Size long len,
      @Flags("splice") int flags) {
    if (len == 0) {
      return 0;
    }
    if ((flags & ~FLAGS) != 0 || len < 0) {
      return -Errno.EINVAL;
    }
    return withBoth(
        task,
        fd_in,
        fd_out,
        flags,
        (in, out, with) -> move(task, in, off_in, out, off_out, len, with));
  }

  private static long move(
      Task task, File in, long offIn, File out, long offOut, long bytes, Splice splice) {
    boolean fromPipe = in.inode().isFifo();
    boolean toPipe = out.inode().isFifo();
    if (fromPipe && offIn != 0 || toPipe && offOut != 0) {
      return -Errno.ESPIPE;
    }
    long[] position = {position(task, in, offIn), position(task, out, offOut)};
    if (fromPipe && toPipe) {
      return in.inode() == out.inode()
          ? -Errno.EINVAL
          : splice.betweenPipes(in, out, bytes, Splice.Keep.NO);
    }
    if (fromPipe) {
      if (offOut != 0 && !out.hasMode(File.FMODE_PWRITE) || (out.flags & Fcntl.O_APPEND) != 0) {
        return -Errno.EINVAL;
      }
      long[] at = {position[1]};
      long result = splice.fromPipe(in, out, at, bytes);
      keep(task, out, offOut, at[0]);
      return result;
    }
    if (!toPipe || offIn != 0 && !in.hasMode(File.FMODE_PREAD)) {
      return -Errno.EINVAL;
    }
    long[] at = {position[0]};
    long result = splice.toPipe(in, at, out, bytes);
    keep(task, in, offIn, at[0]);
    return result;
  }

  private static long position(Task task, File file, long address) {
    return address == 0 ? file.position : task.memory().readLong(address);
  }

  private static void keep(Task task, File file, long address, long position) {
    if (address != 0) {
      task.memory().writeLong(address, position);
    } else if (!file.hasMode(File.FMODE_STREAM)) {
      file.position = position;
    }
  }

  @SyscallDefine(
      nr = 77,
      name = "tee",
      errors = {"EAGAIN", "EBADF", "EINVAL", "EPIPE"},
      restart = Restart.IF_SA_RESTART)
  public static long tee(
      Task task,
      @Fd int fdin,
      @Fd int fdout,
      @Size long len,
      @Flags(
              value = "splice",
              supported = {"SPLICE_F_MOVE", "SPLICE_F_NONBLOCK", "SPLICE_F_MORE", "SPLICE_F_GIFT"})
          int flags) {
    if (len == 0) {
      return 0;
    }
    return withBoth(
        task,
        fdin,
        fdout,
        flags,
        (in, out, splice) ->
            !in.inode().isFifo() || !out.inode().isFifo() || in.inode() == out.inode()
                ? -Errno.EINVAL
                : splice.betweenPipes(in, out, len, Splice.Keep.YES));
  }

  @SyscallDefine(
      nr = 75,
      name = "vmsplice",
      errors = {"EAGAIN", "EBADF", "EINVAL", "EPIPE"},
      note = "copies, as writev and readv do; SPLICE_F_NONBLOCK is O_NONBLOCK's business",
      restart = Restart.IF_SA_RESTART)
  public static long vmsplice(
      Task task,
      @Fd int fd,
      @UserPtr(access = IN, struct = "iovec", count = "nr_segs") long uiov,
      long nr_segs,
      @Flags(
              value = "splice",
              supported = {"SPLICE_F_MOVE", "SPLICE_F_NONBLOCK", "SPLICE_F_MORE", "SPLICE_F_GIFT"})
          int flags) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if (nr_segs == 0) {
        return 0;
      }
      if (!file.inode().isFifo()) {
        return -Errno.EBADF;
      }
      ReadWrite.Direction way =
          file.hasMode(File.FMODE_WRITE) ? ReadWrite.Direction.WRITE : ReadWrite.Direction.READ;
      return ReadWrite.vectored(task, fd, uiov, nr_segs, 0, way);
    } finally {
      file.put();
    }
  }
}
