package dev.svc0.runtime.syscall;

/** Told about calls; changes nothing. */
public interface SyscallListener {
  /** A call is about to be made. */
  default void enter(SyscallRegisters call) {}

  /**
   * A call has been made, also when its handler failed.
   *
   * @param nanos how long it took
   */
  void exit(SyscallRegisters call, long nanos);
}
