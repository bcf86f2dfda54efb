package dev.svc0.runtime.syscall.decode;

import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.PathNames;

/** How a file descriptor is shown. */
enum Descriptors {
  /** {@code 3}. */
  NUMBERS,
  /** {@code 3</mnt/file>}. */
  WITH_PATHS;

  private static final int AT_FDCWD = -100;

  String text(Task task, int fd) {
    if (fd == AT_FDCWD) {
      return "AT_FDCWD";
    }
    File file = this == NUMBERS ? null : task.files().lookup(fd);
    return file == null
        ? Integer.toString(fd)
        : fd + "<" + PathNames.withoutDeleted(file.path(), task.fs().root()) + ">";
  }
}
