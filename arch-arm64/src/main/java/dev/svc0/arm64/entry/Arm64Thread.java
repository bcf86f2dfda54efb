package dev.svc0.arm64.entry;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.signal.SignalFrame;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.task.ThreadContext;

/**
 * The registers of one guest thread, and what its exceptions leave behind. <i>Linux:</i> {@code
 * pt_regs} and {@code thread_struct}.
 */
public final class Arm64Thread implements ThreadContext {
  /** {@link #syscallNr} outside a system call. */
  public static final int NO_SYSCALL = -1;

  private static final int FRAME_POINTER = 29;

  private final Vectors vectors;
  private final Cpu cpu;

  /** Number of the call that is being made, or {@link #NO_SYSCALL}. */
  public int syscallNr = NO_SYSCALL;

  /** x0 as it was when the call was made. */
  public long origX0;

  /** Address of the last fault, without its tag: {@code sigcontext.fault_address}. */
  public long faultAddress;

  /** Syndrome of the last fault; 0 for none: {@code esr_context}. */
  public long faultCode;

  /** Code that calls rt_sigreturn, in the page that the kernel maps into each process. */
  public long sigreturnTrampoline;

  /** A thread with all registers zero. */
  public Arm64Thread(Vectors vectors, MemoryManager mm) {
    this(vectors, new Cpu(mm));
  }

  private Arm64Thread(Vectors vectors, Cpu cpu) {
    this.vectors = vectors;
    this.cpu = cpu;
  }

  /** The registers. */
  public Cpu cpu() {
    return cpu;
  }

  /** Where its exceptions arrive. */
  public Vectors vectors() {
    return vectors;
  }

  @Override
  public void run(Task task) {
    cpu.supervisor = processor -> svc(task);
    try {
      ReturnToUser.exitToUserMode(task, this);
      while (!task.exiting()) {
        int vector = vectors.engine().run(cpu);
        vectors.take(vector, task, this);
      }
    } finally {
      cpu.release();
    }
  }

  /** A system call from generated code, which goes on after it unless the thread ends. */
  private boolean svc(Task task) {
    cpu.leaveWindow();
    vectors.take(Cpu.VECTOR_SYNC, task, this);
    cpu.enterWindow();
    if (task.exiting()) {
      cpu.requestInterrupt();
      return false;
    }
    return true;
  }

  @Override
  public ThreadContext copyForThread() {
    return copy(new Arm64Thread(vectors, cpu.copyForThread()));
  }

  @Override
  public ThreadContext copyForFork(MemoryManager child) {
    return copy(new Arm64Thread(vectors, cpu.copyForFork(child)));
  }

  private Arm64Thread copy(Arm64Thread child) {
    child.sigreturnTrampoline = sigreturnTrampoline;
    return child;
  }

  @Override
  public void switchMm(MemoryManager mm) {
    cpu.switchMm(mm);
  }

  @Override
  public void startThread(long entry, long stackPointer) {
    cpu.startThread(entry, stackPointer);
    syscallNr = NO_SYSCALL;
    faultAddress = 0;
    faultCode = 0;
  }

  @Override
  public void setReturnValue(long value) {
    cpu.x[0] = value;
  }

  @Override
  public long programCounter() {
    return cpu.pc;
  }

  @Override
  public void setProgramCounter(long address) {
    cpu.pc = address;
  }

  @Override
  public long stackPointer() {
    return cpu.x[Cpu.SP];
  }

  /** A frame record is the caller's x29 and the address after the call. */
  @Override
  public int callers(long[] into) {
    int found = 0;
    long frame = cpu.x[FRAME_POINTER];
    try {
      while (found < into.length && frame != 0 && (frame & 0xf) == 0) {
        long after = cpu.mm().readLong(frame + Long.BYTES);
        if (after == 0) {
          return found;
        }
        into[found++] = after;
        long above = cpu.mm().readLong(frame);
        if (Long.compareUnsigned(above, frame) <= 0) {
          return found; // a stack grows down: this is the end, or no frame pointer
        }
        frame = above;
      }
    } catch (UserFault end) {
      return found; // the register holds something else
    }
    return found;
  }

  @Override
  public void setStackPointer(long stackPointer) {
    cpu.x[Cpu.SP] = stackPointer;
  }

  @Override
  public void setThreadPointer(long tls) {
    cpu.tpidr = tls;
  }

  @Override
  public void requestInterrupt() {
    cpu.requestInterrupt();
  }

  @Override
  public boolean restoreSignalFrame(Task task) {
    syscallNr = NO_SYSCALL;
    return SignalFrame.restore(task, this);
  }
}
