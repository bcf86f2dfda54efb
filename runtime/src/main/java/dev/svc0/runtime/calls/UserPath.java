package dev.svc0.runtime.calls;

import dev.svc0.runtime.task.Task;

/** Names of files in user memory. <i>Linux:</i> getname. */
final class UserPath {
  private static final int PATH_MAX = 4096;

  /** Longer than any path may be: the VFS answers −ENAMETOOLONG. */
  private static final String TOO_LONG = "x".repeat(PATH_MAX);

  private UserPath() {}

  /** The name at an address, one character a byte; throws a fault at a bad address. */
  static String read(Task task, long address) {
    String name = task.memory().readCString(address, PATH_MAX - 1);
    return name == null ? TOO_LONG : name;
  }
}
