package dev.svc0.runtime.syscall;

import static dev.svc0.runtime.abi.InternalErrno.ERESTARTNOHAND;
import static dev.svc0.runtime.abi.InternalErrno.ERESTARTNOINTR;
import static dev.svc0.runtime.abi.InternalErrno.ERESTARTSYS;
import static dev.svc0.runtime.abi.InternalErrno.ERESTART_RESTARTBLOCK;

/** Results that are not a plain value. */
public final class SyscallResult {
  /** The handler has set the registers itself, or the task ends: leave x0 alone. */
  public static final long CONTROL_TRANSFERRED = Long.MIN_VALUE;

  private static final long MAX_ERRNO = 4095;

  private SyscallResult() {}

  /** Whether a result is −errno. The only test for it: a negative result may be a value. */
  public static boolean isError(long result) {
    return result < 0 && result >= -MAX_ERRNO;
  }

  /** Whether a result asks for the call to be made again; such a result never reaches a program. */
  public static boolean isRestart(long result) {
    return result == -ERESTARTSYS
        || result == -ERESTARTNOINTR
        || result == -ERESTARTNOHAND
        || result == -ERESTART_RESTARTBLOCK;
  }
}
