package dev.svc0.arm64.machine;

import dev.svc0.runtime.abi.Errno;

/** A program could not be executed. */
public final class ProgramException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final long NOT_STARTED = -Errno.EIO;

  /** Exit status of a process that found no program: 127, as in a shell. */
  static final int STATUS = 127 << 8;

  private final int errno;

  ProgramException(String path, long result) {
    super(path + ": execve failed with errno " + -result);
    this.errno = (int) -result;
  }

  /** Why: ENOENT, EACCES, ENOEXEC …. */
  public int errno() {
    return errno;
  }
}
