package dev.svc0.runtime.task;

import dev.svc0.runtime.mm.MemoryManager;

/**
 * The registers of one guest thread and how it runs: what an architecture adds to a {@link Task}.
 *
 * <p>Only the thread of the task may call it, except {@link #requestInterrupt}; a child that was
 * never started belongs to the thread that makes it.
 */
public interface ThreadContext {
  /** Executes the program until the task is exiting; see {@link Task#exiting}. */
  void run(Task task);

  /** A copy of the registers for a child that shares this memory: a thread, or a child of vfork. */
  ThreadContext copyForThread();

  /** A copy of the registers for a child with memory of its own. */
  ThreadContext copyForFork(MemoryManager child);

  /** Sees other memory from now on: execve. */
  void switchMm(MemoryManager mm);

  /** Registers as execve leaves them. */
  void startThread(long entry, long stackPointer);

  /** Sets the register that holds a system call's result. */
  void setReturnValue(long value);

  /** Address of the next instruction. */
  long programCounter();

  /** Has the program go on elsewhere. */
  void setProgramCounter(long address);

  long stackPointer();

  /**
   * Addresses after the calls that led to the program counter, innermost first, as far as the frame
   * pointers of the program show them: for traces.
   *
   * @return how many were found
   */
  default int callers(long[] into) {
    return 0;
  }

  void setStackPointer(long stackPointer);

  /** Sets the register that points to thread-local storage. */
  void setThreadPointer(long tls);

  /** Makes the program stop at its next branch and look for work. Any thread may call it. */
  void requestInterrupt();

  /**
   * Restores the registers, the signal mask and the alternate stack from the frame that the stack
   * pointer shows. <i>Linux:</i> rt_sigreturn(2).
   *
   * @return false when the frame is bad and SIGSEGV is due
   */
  boolean restoreSignalFrame(Task task);
}
