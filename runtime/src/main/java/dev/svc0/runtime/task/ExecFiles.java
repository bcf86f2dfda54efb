package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.Open;
import org.jspecify.annotations.Nullable;

/** How execve finds and opens files. */
public final class ExecFiles {
  private ExecFiles() {}

  /**
   * Opens a regular, executable file for reading; nobody can write to it until {@link #letGo}.
   *
   * @return the file, or null with −errno in error[0] (−ENOENT, −EACCES, −ELOOP …)
   */
  public static @Nullable File openExec(
      Task task, int directory, String path, int flags, long[] error) {
    int lookup = (flags & Fcntl.AT_SYMLINK_NOFOLLOW) != 0 ? 0 : Lookup.FOLLOW;
    if ((flags & Fcntl.AT_EMPTY_PATH) != 0) {
      lookup |= Lookup.EMPTY;
    }
    return Open.openExec(task, directory, path, lookup, error);
  }

  /** One more user of an open program. */
  static void hold(File file) {
    if (!file.inode().denyWriteAccess()) {
      throw new IllegalStateException("a running program is open for writing");
    }
    file.get();
  }

  /** One user less. */
  public static void letGo(File file) {
    file.inode().allowWriteAccess();
    file.put();
  }

  /** What the program is called: a path below a descriptor is shown as /dev/fd/N/path. */
  static String execName(int directory, String path) {
    if (directory == Fcntl.AT_FDCWD || path.startsWith("/")) {
      return path;
    }
    return path.isEmpty() ? "/dev/fd/" + directory : "/dev/fd/" + directory + "/" + path;
  }
}
