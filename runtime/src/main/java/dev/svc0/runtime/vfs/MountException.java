package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;

/** A file system cannot be mounted. The message says what is wrong, where, and what to do. */
public final class MountException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /** With the errno that mount(2) answers. */
  public MountException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** The errno, positive. */
  public int errno() {
    return errno;
  }

  @Override
  public String toString() {
    return getMessage() + " (" + Errno.nameOf(errno) + ")";
  }
}
