package dev.svc0.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot go on. The message is one sentence that says what, where, and what to do. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A file is not there, or not as it must be. */
  static final int WRONG_FILE = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  /** svc0 itself failed. */
  static final int FAILED = 125;

  /** The program is there and cannot be executed. */
  static final int CANNOT_EXECUTE = 126;

  /** The program is not there. */
  static final int NOT_FOUND = 127;

  private final int exitStatus;

  CommandException(int exitStatus, @Nullable String message) {
    super(message);
    this.exitStatus = exitStatus;
  }

  int exitStatus() {
    return exitStatus;
  }
}
