package dev.svc0.runtime.syscall;

import java.util.List;

/** Handlers that cannot join a table, with a sentence on each. */
public final class SyscallCollisionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> collisions;

  SyscallCollisionException(List<String> collisions) {
    super(String.join("\n", collisions));
    this.collisions = List.copyOf(collisions);
  }

  /** A sentence on each. */
  public List<String> collisions() {
    return collisions;
  }
}
