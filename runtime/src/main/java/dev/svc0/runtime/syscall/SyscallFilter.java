package dev.svc0.runtime.syscall;

/** Decides whether a call is made at all; what seccomp is made of. */
@FunctionalInterface
public interface SyscallFilter {
  /** The answer that lets the call pass. */
  long ALLOW = Long.MIN_VALUE + 1;

  /**
   * Looks at a call.
   *
   * @return {@link #ALLOW}, or the result the program gets in place of the handler's
   */
  long filter(SyscallRegisters call);
}
