package dev.svc0.runtime.calls;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Offset;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Mounting;

/** Bringing data to stable storage, and advice about the page cache. */
@Traced(layer = Traced.Layer.VFS)
public final class SyncCalls {
  private SyncCalls() {}

  @SyscallDefine(nr = 81, name = "sync")
  public static long sync(Task task) {
    task.kernel().vfs().sync();
    return 0;
  }

  @SyscallDefine(
      nr = 267,
      name = "syncfs",
      errors = {"EBADF", "EIO"})
  public static long syncfs(Task task, @Fd int fd) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return Mounting.syncFilesystem(file.path().dentry().superBlock());
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 82,
      name = "fsync",
      errors = {"EBADF", "EINVAL", "EIO", "ENOSPC"})
  public static long fsync(Task task, @Fd int fd) {
    return doFsync(task, fd, FileOperations.SyncKind.ALL);
  }

  @SyscallDefine(
      nr = 83,
      name = "fdatasync",
      errors = {"EBADF", "EINVAL", "EIO", "ENOSPC"})
  public static long fdatasync(Task task, @Fd int fd) {
    return doFsync(task, fd, FileOperations.SyncKind.DATA);
  }

  @Traced("do_fsync")
  private static long doFsync(Task task, int fd, FileOperations.SyncKind kind) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return GenericFile.vfsFsyncRange(file, 0, Long.MAX_VALUE, kind);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 84,
      name = "sync_file_range",
      errors = {"EBADF", "EINVAL", "ESPIPE"})
  public static long syncFileRange(
      Task task,
      @Fd int fd,
      @Offset long offset,
      @Offset long nbytes,
      @Flags("sync_file_range") int flags) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      return rangeOf(file, offset, nbytes, flags);
    } finally {
      file.put();
    }
  }

  /** <i>Linux:</i> sync_file_range of fs/sync.c. */
  private static long rangeOf(File file, long offset, long bytes, int flags) {
    boolean badFlags = (flags & ~Fcntl.SYNC_FILE_RANGE_WRITE_AND_WAIT) != 0;
    if (badFlags || offset < 0 || bytes < 0 || offset + bytes < 0) {
      return -Errno.EINVAL;
    }
    Inode inode = file.inode();
    if (!inode.isRegular()
        && !inode.isBlockDevice()
        && !inode.isDirectory()
        && !inode.isSymlink()) {
      return -Errno.ESPIPE;
    }
    long end = bytes == 0 ? Long.MAX_VALUE : offset + bytes - 1;
    long result = 0;
    if ((flags & Fcntl.SYNC_FILE_RANGE_WAIT_BEFORE) != 0) {
      result = waitRange(file, offset, end);
    }
    if (result == 0 && (flags & Fcntl.SYNC_FILE_RANGE_WRITE) != 0) {
      result = Filemap.filemapFdatawriteRange(file.mapping(), offset, end);
    }
    if (result == 0 && (flags & Fcntl.SYNC_FILE_RANGE_WAIT_AFTER) != 0) {
      result = waitRange(file, offset, end);
    }
    return result;
  }

  private static long waitRange(File file, long start, long end) {
    Filemap.waitForWriteback(file.mapping(), start, end);
    return GenericFile.fileCheckAndAdvanceWbErr(file);
  }

  @SyscallDefine(
      nr = 223,
      name = "fadvise64",
      errors = {"EBADF", "EINVAL", "ESPIPE"},
      note = "POSIX_FADV_NOREUSE has no effect")
  public static long fadvise64(
      Task task, @Fd int fd, @Offset long offset, @Size long len, @EnumOf("fadvise") int advice) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if (file.inode().isFifo()) {
        return -Errno.ESPIPE;
      }
      if (len < 0) {
        return -Errno.EINVAL;
      }
      return advise(file, offset, len, advice);
    } finally {
      file.put();
    }
  }

  private static long advise(File file, long offset, long bytes, int advice) {
    return switch (advice) {
      case Fcntl.POSIX_FADV_NORMAL -> {
        file.readaheadPages = file.mapping().host().readaheadPages();
        yield 0;
      }
      case Fcntl.POSIX_FADV_RANDOM -> {
        file.readaheadPages = 0;
        yield 0;
      }
      case Fcntl.POSIX_FADV_SEQUENTIAL -> {
        file.readaheadPages = 2 * file.mapping().host().readaheadPages();
        yield 0;
      }
      case Fcntl.POSIX_FADV_NOREUSE -> 0;
      case Fcntl.POSIX_FADV_WILLNEED -> {
        Filemap.willNeed(file.mapping(), offset, bytes == 0 ? Long.MAX_VALUE : bytes);
        yield 0;
      }
      case Fcntl.POSIX_FADV_DONTNEED -> {
        boolean toEnd = bytes == 0 || offset + bytes < 0;
        long end = toEnd ? Long.MAX_VALUE : offset + bytes - 1;
        Filemap.filemapFdatawriteRange(file.mapping(), offset, end);
        long first = offset + 4095 >>> 12;
        long last = toEnd ? Long.MAX_VALUE >>> 12 : (end + 1 >>> 12) - 1;
        if (first <= last && !file.mapping().hasDirtyOrWriteback()) {
          Filemap.invalidateInodePages2Range(file.mapping(), first, last);
        }
        yield 0;
      }
      default -> -Errno.EINVAL;
    };
  }

  @SyscallDefine(
      nr = 213,
      name = "readahead",
      errors = {"EBADF", "EINVAL"},
      note = "at most a quarter of the page cache is read at a time")
  public static long readahead(Task task, @Fd int fd, @Offset long offset, @Size long count) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if (!file.hasMode(File.FMODE_READ)) {
        return -Errno.EBADF;
      }
      Inode inode = file.inode();
      if (!inode.isRegular() && !inode.isBlockDevice()) {
        return -Errno.EINVAL;
      }
      if (offset >= 0 && count > 0) {
        Filemap.willNeed(file.mapping(), offset, count);
      }
      return 0;
    } finally {
      file.put();
    }
  }
}
