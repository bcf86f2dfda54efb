package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN_OUT;

import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileCopy;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.ReadWrite;

/** Copies between files without the data passing through the program. */
public final class CopyCalls {
  private CopyCalls() {}

  /** Does something with two descriptors. */
  @FunctionalInterface
  private interface Pair {
    long apply(File in, File out);
  }

  private static long withBoth(Task task, int inFd, int outFd, Pair action) {
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
        return action.apply(in, out);
      } finally {
        out.put();
      }
    } finally {
      in.put();
    }
  }

  @SyscallDefine(
      nr = 71,
      name = "sendfile",
      errors = {"EBADF", "EINVAL", "ESPIPE", "EOVERFLOW"})
  public static long sendfile(
      Task task,
      @Fd int out_fd,
      @Fd int in_fd,
      @UserPtr(access = IN_OUT, length = "8") long offset,
      @Size long count) {
    UserMemory memory = task.memory();
    long[] from = {offset == 0 ? 0 : memory.readLong(offset)};
    long result =
        withBoth(task, in_fd, out_fd, (in, out) -> send(task, in, out, offset != 0, from, count));
    if (offset != 0) {
      memory.writeLong(offset, from[0]);
    }
    return result;
  }

  private static long send(
      Task task, File in, File out, boolean hasOffset, long[] from, long count) {
    if (!in.hasMode(File.FMODE_READ) || !out.hasMode(File.FMODE_WRITE)) {
      return -Errno.EBADF;
    }
    if (hasOffset && !in.hasMode(File.FMODE_PREAD)) {
      return -Errno.ESPIPE;
    }
    Inode source = in.inode();
    if (!source.isRegular() && !source.isBlockDevice() && !source.isCharacterDevice()
        || (out.flags & Fcntl.O_APPEND) != 0
        || hasOffset && from[0] < 0
        || count < 0) {
      return -Errno.EINVAL;
    }
    long bytes = Math.min(count, ReadWrite.MAX_RW_COUNT);
    if (!hasOffset) {
      from[0] = in.position;
    }
    long[] to = {out.position};
    long result = FileCopy.copy(in, from, out, to, bytes, task);
    if (result > 0) {
      if (!out.hasMode(File.FMODE_STREAM)) {
        out.position = to[0];
      }
      if (!hasOffset) {
        in.position = from[0];
      }
    }
    return result;
  }

  @SyscallDefine(
      nr = 285,
      name = "copy_file_range",
      errors = {"EBADF", "EINVAL", "EISDIR", "EXDEV", "EOVERFLOW", "EFBIG"})
  public static long copyFileRange(
      Task task,
      @Fd int fd_in,
      @UserPtr(access = IN_OUT, length = "8") long off_in,
      @Fd int fd_out,
      @UserPtr(access = IN_OUT, length = "8") long off_out,
      @Size long len,
      int flags) {
    UserMemory memory = task.memory();
    return withBoth(
        task,
        fd_in,
        fd_out,
        (in, out) -> {
          long[] from = {off_in == 0 ? in.position : memory.readLong(off_in)};
          long[] to = {off_out == 0 ? out.position : memory.readLong(off_out)};
          long result = flags != 0 ? -Errno.EINVAL : range(task, in, from, out, to, len);
          if (result > 0) {
            if (off_in == 0) {
              in.position = from[0];
            } else {
              memory.writeLong(off_in, from[0]);
            }
            if (off_out == 0) {
              out.position = to[0];
            } else {
              memory.writeLong(off_out, to[0]);
            }
          }
          return result;
        });
  }

  /** <i>Linux:</i> vfs_copy_file_range, generic_copy_file_checks. */
  private static long range(Task task, File in, long[] from, File out, long[] to, long bytes) {
    Inode source = in.inode();
    Inode target = out.inode();
    if (source.isDirectory() || target.isDirectory()) {
      return -Errno.EISDIR;
    }
    if (!source.isRegular() || !target.isRegular()) {
      return -Errno.EINVAL;
    }
    if (!in.hasMode(File.FMODE_READ)
        || !out.hasMode(File.FMODE_WRITE)
        || (out.flags & Fcntl.O_APPEND) != 0) {
      return -Errno.EBADF;
    }
    if (source.superBlock().type() != target.superBlock().type()) {
      return -Errno.EXDEV;
    }
    if (from[0] < 0 || to[0] < 0) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(from[0] + bytes, from[0]) < 0
        || Long.compareUnsigned(to[0] + bytes, to[0]) < 0) {
      return -Errno.EOVERFLOW;
    }
    long count = Math.max(source.size() - from[0], 0);
    count = Long.compareUnsigned(bytes, count) < 0 ? bytes : count;
    count = GenericFile.genericWriteCheckLimits(task, target, to[0], count);
    if (count < 0) {
      return count; // −EFBIG: a count is never negative here
    }
    boolean overlaps = from[0] < to[0] + count && to[0] < from[0] + count;
    if (source == target && overlaps && count > 0) {
      return -Errno.EINVAL;
    }
    count = Math.min(count, ReadWrite.MAX_RW_COUNT);
    return count == 0 ? 0 : FileCopy.copy(in, from, out, to, count, task);
  }
}
