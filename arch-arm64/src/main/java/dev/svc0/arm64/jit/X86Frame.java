package dev.svc0.arm64.jit;

/**
 * What machine code of the host shares with {@link Quick}: the layout of a processor's context, an
 * array of longs, that of the stack frame, and why code is left.
 */
final class X86Frame {
  // The context: longs, by their offset.
  static final int CTX_CODE = 0;
  static final int CTX_FLAGS = 8;
  static final int CTX_RETURN_STACK = 16;
  static final int CTX_WINDOW = 24;
  static final int CTX_BUDGET = 32;
  static final int CTX_REASON = 40;
  static final int CTX_DETAIL = 48;
  static final int CTX_THREAD_POINTER = 56;
  static final int CTX_FPCR = 64;

  /** In and out: exception flags of the host's floating point. */
  static final int CTX_MXCSR = 72;

  static final int CTX_BYTES = 80;

  // The frame, from RSP.
  static final int CONTEXT = 0;
  static final int VECTORS = 8;
  static final int VALID = 16;
  static final int TABLE = 24;
  static final int FLAGS = 32;
  static final int RETURN_STACK = 40;
  static final int TEMPORARY = 48;

  /** Branches left. */
  static final int BUDGET_LEFT = 56;

  /**
   * Masks, for accesses of 1, 2, 4 and 8 bytes: the bits of an address that are zero when it lies
   * in the window and is aligned.
   */
  static final int MASKS = 64;

  static final int FRAME_BYTES = 104;

  // Why code was left; the next address is what it returns.

  /**
   * A direct branch, or the entry of a unit that may not run in this memory: DETAIL is where the
   * displacement of a jump lies, to be linked.
   */
  static final int LINK = 0;

  /** An indirect branch to an address that is not in the table. */
  static final int INDIRECT = 1;

  /** So many branches were taken, the last of them back to a loop. */
  static final int BUDGET = 3;

  /** The instruction must be interpreted. */
  static final int LEAVE = 4;

  /**
   * A system call; the address is the next instruction, DETAIL its entry or 0. The immediate is
   * above the reason.
   */
  static final int SVC = 5;

  static final int REASON_BITS = 8;

  /** A RET that left the stack pointer at or above RETURN_STACK. */
  static final int RETURNED = 6;

  /** So many branches were taken, the last of them to an entry. */
  static final int BUDGET_AT_ENTRY = 7;

  private X86Frame() {}
}
