package dev.svc0.runtime.syscall;

/** Stops at each call and may change it; what ptrace is made of. */
public interface SyscallTracer {
  /** Before the call: may change number and arguments, or answer. */
  void beforeCall(SyscallRegisters call);

  /** After it: may change the result. */
  void afterCall(SyscallRegisters call);
}
