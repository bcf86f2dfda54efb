package dev.svc0.fs.nio;

import dev.svc0.runtime.abi.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;

/** From errno to the exceptions that {@link java.nio.file.Files} promises. */
final class ImageErrors {
  private ImageErrors() {}

  /** The result, unless it is −errno. */
  static long check(long result, Path path) throws IOException {
    if (result < 0 && result >= -4095) {
      throw of((int) -result, path.toString());
    }
    return result;
  }

  static IOException of(int errno, String path) {
    return switch (errno) {
      case Errno.ENOENT -> new NoSuchFileException(path);
      case Errno.EEXIST -> new FileAlreadyExistsException(path);
      case Errno.ENOTEMPTY -> new DirectoryNotEmptyException(path);
      case Errno.ENOTDIR -> new NotDirectoryException(path);
      case Errno.EACCES, Errno.EPERM -> new AccessDeniedException(path);
      case Errno.ELOOP -> new FileSystemLoopException(path);
      case Errno.EROFS -> throw new ReadOnlyFileSystemException();
      case Errno.ENOSPC -> new FileSystemException(path, null, "no space left on the image");
      case Errno.EISDIR -> new FileSystemException(path, null, "is a directory");
      case Errno.EUCLEAN, Errno.EBADMSG ->
          new FileSystemException(path, null, "the image is damaged: run e2fsck");
      case Errno.ENAMETOOLONG -> new FileSystemException(path, null, "name too long");
      default -> new FileSystemException(path, null, "errno " + errno);
    };
  }
}
