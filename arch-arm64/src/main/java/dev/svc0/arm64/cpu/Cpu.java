package dev.svc0.arm64.cpu;

import dev.svc0.arm64.decode.CodeCache;
import dev.svc0.runtime.abi.Esr;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.WindowUser;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The state of one processor at EL0: what a guest thread owns while it runs.
 *
 * <p>Fields are public because engines and generated code use them directly. Only the owning thread
 * may touch them, except {@link #requestInterrupt}. When the thread ends, {@link #release}.
 */
public final class Cpu {
  /** Vector of synchronous exceptions from EL0. */
  public static final int VECTOR_SYNC = Esr.VBAR_LOWER_EL_AARCH64_SYNC;

  /** Vector of interrupts from EL0. */
  public static final int VECTOR_IRQ = Esr.VBAR_LOWER_EL_AARCH64_IRQ;

  /** Index of the stack pointer in {@link #x}. */
  public static final int SP = 31;

  /** Index in {@link #x} that always reads as zero. Never written. */
  public static final int ZR = 32;

  /** Index in {@link #x} for results that are thrown away. */
  public static final int SINK = 33;

  /** What FPCR can hold: AHP, DN, FZ and the rounding mode. Traps and FP16 are not implemented. */
  public static final int FPCR_MASK = 0x07c00000;

  /** What FPSR can hold: the flags of AArch32, QC and the cumulative flags. */
  public static final int FPSR_MASK = 0xf800009f;

  private static final byte[] NO_UNITS = {};
  private static final int INTERRUPT = 1;
  private static final int LEAVE_WINDOW = 2;
  private static final int SAMPLE = 4;
  private static final VarHandle REQUESTS;

  static {
    try {
      REQUESTS =
          MethodHandles.lookup()
              .findVarHandle(Cpu.class, "requests", int.class)
              .withInvokeExactBehavior();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** x0 to x30, then SP, a zero and a sink. */
  public final long[] x = new long[34];

  /** v0 to v31: low half at 2n, high half at 2n+1. */
  public final long[] v = new long[64];

  /** Address of the next instruction. */
  public long pc;

  /** Condition flags: N in bit 3, Z in bit 2, C in bit 1, V in bit 0. */
  public int nzcv;

  /** Floating-point control. */
  public int fpcr;

  /** Floating-point status: cumulative exception flags and saturation. */
  public int fpsr;

  /** TPIDR_EL0, the thread pointer. */
  public long tpidr;

  /** Address that the last load-exclusive marked, without tag; −1 when there is none. */
  public long exclusiveAddress = -1;

  /** Bytes that the last load-exclusive read. */
  public int exclusiveBytes;

  /** What the last load-exclusive read: the first 8 bytes, and the second 8 of a pair. */
  public long exclusiveLow;

  public long exclusiveHigh;

  /** Instructions executed. Exact when an engine is not running. */
  public long retired;

  /** Syndrome of the last synchronous exception, as ESR_EL1. */
  public int esr;

  /** Fault address of the last abort or alignment fault, as FAR_EL1: with its tag. */
  public long far;

  /**
   * What the memory manager said of the last abort: {@code signal << 8 | si_code}; 0 for an
   * alignment fault.
   */
  public int faultCode;

  /** Host address of guest address 0; see {@link MemoryManager#windowBase}. */
  public long windowBase;

  /** Host address of the permission byte of page 0. */
  public long permissionBase;

  /** Pages that have a permission byte. */
  public long windowPages;

  /**
   * Bits set by other threads, taken by the engine; see {@link #takeRequests}. Generated code polls
   * it: anything but 0 makes it return to the engine.
   */
  public volatile int requests;

  /** Which translations may run in this memory, by their number; see the translator. */
  public byte[] units = NO_UNITS;

  /** What the translator knows of this memory; belongs to it. */
  public @Nullable Object unitSpace;

  /** Belongs to the translator. */
  public @Nullable Object hostContext;

  /** Belongs to the translator. */
  public int resumedDepth = -1;

  /**
   * The interpreter stops after a RET that leaves the stack pointer here or above, and sets this to
   * what it is otherwise: no stack pointer reaches that.
   */
  public long returnStack = Long.MAX_VALUE;

  /** Where generated code makes its system calls; null: it returns to the engine instead. */
  public @Nullable Supervisor supervisor;

  /** Where the program was when a sample was last taken; {@link #NO_SAMPLE} until it is. */
  private volatile long sample = NO_SAMPLE;

  private final Runnable leaveRequest = this::requestLeave;

  /** The thread that executes, known to the memory as one that accesses the window by itself. */
  private @Nullable Thread runner;

  private @Nullable WindowUser windowUser;
  private MemoryManager mm;
  private CodeCache code;

  /** What {@link #takeSample} answers when there is none. */
  public static final long NO_SAMPLE = -1;

  /** Serves system calls of generated code without leaving the engine. */
  @FunctionalInterface
  public interface Supervisor {
    /**
     * Takes the exception that {@code esr} describes; {@code pc} is the next instruction.
     *
     * @return whether the thread goes on to execute; if not, the engine must return
     */
    boolean svc(Cpu cpu);
  }

  /** A processor with all registers zero that sees the given memory. */
  public Cpu(MemoryManager mm) {
    this.mm = mm;
    this.code = new CodeCache(mm);
    cacheWindow();
  }

  private Cpu(MemoryManager mm, CodeCache code) {
    this.mm = mm;
    this.code = code;
    cacheWindow();
  }

  private void cacheWindow() {
    windowBase = mm.windowBase();
    permissionBase = mm.permissionBase();
    windowPages = mm.windowPages();
  }

  /** The memory this processor sees. */
  public MemoryManager mm() {
    return mm;
  }

  /** Instructions decoded from this memory, shared by all threads of the process. */
  public CodeCache code() {
    return code;
  }

  /**
   * Sees another address space from now on (execve). Registers stay; the exclusive monitor opens.
   */
  public void switchMm(MemoryManager next) {
    release();
    mm = next;
    code = new CodeCache(next);
    unitSpace = null;
    units = NO_UNITS;
    exclusiveAddress = -1;
    cacheWindow();
  }

  /** A copy for a child with the same memory: a thread, or vfork. */
  public Cpu copyForThread() {
    return copyTo(new Cpu(mm, code));
  }

  /** A copy for a child with its own memory: fork. */
  public Cpu copyForFork(MemoryManager childMm) {
    return copyTo(new Cpu(childMm));
  }

  private Cpu copyTo(Cpu to) {
    System.arraycopy(x, 0, to.x, 0, x.length);
    System.arraycopy(v, 0, to.v, 0, v.length);
    to.pc = pc;
    to.nzcv = nzcv;
    to.fpcr = fpcr;
    to.fpsr = fpsr;
    to.tpidr = tpidr;
    return to;
  }

  /** Registers as execve leaves them: all zero but PC and SP. */
  public void startThread(long entry, long stackPointer) {
    Arrays.fill(x, 0);
    Arrays.fill(v, 0);
    nzcv = 0;
    fpcr = 0;
    fpsr = 0;
    tpidr = 0;
    exclusiveAddress = -1;
    pc = entry;
    x[SP] = stackPointer;
  }

  /** The flags as PSTATE has them: NZCV in bits 31 to 28, mode EL0t. */
  public long pstate() {
    return ((long) nzcv & 15) << 28;
  }

  /** Takes NZCV from a PSTATE value; the rest is fixed at EL0. */
  public void setPstate(long pstate) {
    nzcv = (int) (pstate >>> 28) & 15;
  }

  /** Asks the engine to return {@link #VECTOR_IRQ} at its next branch. Any thread may call it. */
  public void requestInterrupt() {
    int before = (int) REQUESTS.getAndBitwiseOr(this, INTERRUPT);
  }

  /**
   * Has the engine come out of what it executes, and look again at what may be executed. Any thread
   * may call it.
   */
  public void requestLeave() {
    int before = (int) REQUESTS.getAndBitwiseOr(this, LEAVE_WINDOW);
  }

  /** Has the engine note where the program is at its next branch. Any thread may call it. */
  public void requestSample() {
    sample = NO_SAMPLE;
    int before = (int) REQUESTS.getAndBitwiseOr(this, SAMPLE);
  }

  /**
   * The address noted since {@link #requestSample}, or {@link #NO_SAMPLE}: nothing was executed.
   */
  public long takeSample() {
    return sample;
  }

  /** Whether anything is asked of the engine: see {@link #takeRequests}. */
  public boolean requestPending() {
    return requests != 0;
  }

  /**
   * Takes what is asked: the window is left and entered again if a permission is taken away
   * somewhere.
   *
   * @return whether an interrupt is to be taken
   */
  public boolean takeRequests() {
    int taken = (int) REQUESTS.getAndSet(this, 0);
    if ((taken & LEAVE_WINDOW) != 0) {
      leaveWindow();
      enterWindow();
    }
    if ((taken & SAMPLE) != 0) {
      sample = pc;
    }
    return (taken & INTERRUPT) != 0;
  }

  /** The current thread begins to access guest memory. <i>Linux:</i> {@code switch_mm}. */
  public void enterWindow() {
    WindowUser user = windowUser;
    if (user == null || runner != Thread.currentThread()) {
      user = register();
    }
    user.enter();
  }

  /** The thread that entered stops accessing guest memory. */
  public void leaveWindow() {
    if (windowUser != null) {
      windowUser.leave();
    }
  }

  private WindowUser register() {
    release();
    runner = Thread.currentThread();
    windowUser = mm.addWindowUser(leaveRequest);
    code.addExecutor(leaveRequest);
    return windowUser;
  }

  /** Nothing executes here any more: at the end of the thread, and before the memory changes. */
  public void release() {
    if (windowUser != null) {
      mm.removeWindowUser(windowUser);
      code.removeExecutor(leaveRequest);
      windowUser = null;
    }
  }
}
