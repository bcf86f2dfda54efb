package dev.svc0.runtime.mm;

/**
 * Leaves a handler when a small access to user memory meets a bad address. The system call boundary
 * turns it into −EFAULT. It carries no stack trace and there is only one of it.
 */
public final class UserFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The one instance. */
  public static final UserFault INSTANCE = new UserFault();

  private UserFault() {
    super("bad user address", null, false, false);
  }
}
