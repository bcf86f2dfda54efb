package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;

/** lseek as most files want it. <i>Linux:</i> generic_file_llseek. */
public final class FileSeek {
  private FileSeek() {}

  /** Moves within a file whose size is the inode's; SEEK_DATA and SEEK_HOLE see one extent. */
  public static long genericFileLlseek(File file, long offset, int whence) {
    long size = file.inode().size();
    long target;
    switch (whence) {
      case FsConstants.SEEK_SET -> target = offset;
      case FsConstants.SEEK_CUR -> target = file.position + offset;
      case FsConstants.SEEK_END -> target = size + offset;
      case FsConstants.SEEK_DATA -> {
        if (Long.compareUnsigned(offset, size) >= 0) {
          return -Errno.ENXIO;
        }
        target = offset;
      }
      case FsConstants.SEEK_HOLE -> {
        if (Long.compareUnsigned(offset, size) >= 0) {
          return -Errno.ENXIO;
        }
        target = size;
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    if (target < 0 || target > file.inode().superBlock().maxBytes) {
      return -Errno.EINVAL;
    }
    file.position = target;
    return target;
  }
}
