package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import java.lang.foreign.MemorySegment;

/** What machine code of the host is given of a processor: see {@link X86Frame}. */
final class QuickContext {
  /** Branches between two looks at what is asked of the engine. */
  static final int BUDGET = 4096;

  private static final int CALL = 16;

  /** All exceptions masked, rounding to nearest, nothing flushed, no exception noted. */
  private static final int MXCSR = 0x1f80;

  private static final int EXCEPTIONS = 0x3d;

  final long[] longs = new long[X86Frame.CTX_BYTES / Long.BYTES];
  final MemorySegment segment = MemorySegment.ofArray(longs);
  final MemorySegment x;
  final MemorySegment v;

  /** Where branches were spent most lately, and by how much it leads. */
  private long leader;

  private int lead;

  private QuickContext(Cpu cpu) {
    x = MemorySegment.ofArray(cpu.x);
    v = MemorySegment.ofArray(cpu.v);
    longs[X86Frame.CTX_BUDGET >> 3] = BUDGET;
  }

  /** The one of a processor. */
  static QuickContext of(Cpu cpu) {
    QuickContext context = (QuickContext) cpu.hostContext;
    if (context == null) {
      context = new QuickContext(cpu);
      cpu.hostContext = context;
    }
    return context;
  }

  void before(Cpu cpu, long entry) {
    longs[X86Frame.CTX_CODE >> 3] = entry;
    longs[X86Frame.CTX_FLAGS >> 3] = flags(cpu.nzcv);
    longs[X86Frame.CTX_RETURN_STACK >> 3] = cpu.returnStack;
    longs[X86Frame.CTX_WINDOW >> 3] = cpu.windowBase;
    longs[X86Frame.CTX_THREAD_POINTER >> 3] = cpu.tpidr;
    longs[X86Frame.CTX_FPCR >> 3] = cpu.fpcr;
    longs[X86Frame.CTX_MXCSR >> 3] = MXCSR;
  }

  /** Flags as LAHF and SETO give them. */
  static int flags(int nzcv) {
    return (nzcv & 8) << 12 | (nzcv & 4) << 12 | (nzcv & 2) << 7 | nzcv & 1;
  }

  /** Takes over what code left, and says why it was left. */
  int after(Cpu cpu) {
    int flags = (int) longs[X86Frame.CTX_FLAGS >> 3];
    cpu.nzcv = flags >>> 12 & 12 | flags >>> 7 & 2 | flags & 1;
    int exceptions = (int) longs[X86Frame.CTX_MXCSR >> 3] & EXCEPTIONS;
    if (exceptions != 0) {
      // Invalid stays where it is; denormal operands are no exception of the guest.
      cpu.fpsr |= exceptions & 1 | exceptions >>> 1 & 30;
    }
    return (int) longs[X86Frame.CTX_REASON >> 3];
  }

  /** More of why code was left. */
  long detail() {
    return longs[X86Frame.CTX_DETAIL >> 3];
  }

  /** A system call counts as some branches, of which the one back to a loop is the last. */
  void spendOnCall() {
    longs[X86Frame.CTX_BUDGET >> 3] = Math.max(1, longs[X86Frame.CTX_BUDGET >> 3] - CALL);
  }

  /**
   * Branches were spent at an address: how often more than anywhere else, where each time elsewhere
   * counts twice (a majority vote); 0 for an address that does not lead.
   */
  int leadOf(long pc) {
    if (pc == leader) {
      return ++lead;
    }
    lead -= 2;
    if (lead <= 0) {
      leader = pc;
      lead = 1;
      return 1;
    }
    return 0;
  }

  void forgetLead() {
    lead = 0;
  }

  /** As many branches again. */
  void restoreBudget() {
    longs[X86Frame.CTX_BUDGET >> 3] = BUDGET;
  }
}
