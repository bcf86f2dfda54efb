package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.File;
import org.jspecify.annotations.Nullable;

/** How execve finds and opens files. */
public final class ExecFiles {
  private ExecFiles() {}

  /**
   * Opens a regular, executable file for reading.
   *
   * @return the file, or null with −errno in error[0] (−ENOENT, −EACCES, −ELOOP …)
   */
  public static @Nullable File openExec(
      Task task, int directory, String path, int flags, long[] error) {
    throw new UnsupportedOperationException();
  }

  /** What the program is called: a path below a descriptor is shown as /dev/fd/N/path. */
  static String execName(int directory, String path) {
    if (directory == Fcntl.AT_FDCWD || path.startsWith("/")) {
      return path;
    }
    return path.isEmpty() ? "/dev/fd/" + directory : "/dev/fd/" + directory + "/" + path;
  }
}
