package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RSP;

import dev.svc0.arm64.decode.Op;

/**
 * The guest's flags in the code of a unit. Where they may be needed later they are in the frame as
 * LAHF and SETO give them, with the carry as the guest has it (an inverted borrow); otherwise only
 * the host's own flags hold them for the instructions right behind.
 */
final class X86Flags {
  /** OF is bit 0 of the saved flags, and this added to AL sets OF again. */
  private static final int OVERFLOW_AGAIN = 0x7f;

  /** How the host's flags stand for the guest's. */
  enum HostFlags {
    /** They do not. */
    NONE,
    /** The carry is as the guest has it. */
    CARRY,
    /** The carry is the borrow: the inverse. */
    BORROW
  }

  private final X86Writer m;
  private HostFlags hostFlags = HostFlags.NONE;

  X86Flags(X86Writer m) {
    this.m = m;
  }

  /** Whether the program may still use the flags after this instruction. */
  private boolean isUsed() {
    return m.block.flagsUsed[m.index + 1];
  }

  /**
   * The host's flags are those of this instruction, the last that it executes: saves them if more
   * than the instructions right behind need them.
   */
  void are(HostFlags now) {
    if (!isUsed()) {
      hostFlags = HostFlags.NONE;
      return;
    }
    hostFlags = now;
    if (usedOnlyRightBehind()) {
      return;
    }
    if (now == HostFlags.BORROW) {
      m.a.cmc();
      hostFlags = HostFlags.CARRY;
    }
    save();
  }

  /** The host's flags, whose carry is the guest's, go to the frame; RAX is lost. */
  private void save() {
    m.a.lahf();
    m.a.set(X86Assembler.O, RAX);
    m.a.store(false, RSP, X86Frame.FLAGS, RAX);
  }

  /** Whether what uses the flags follows at once and leaves the host's flags alone. */
  private boolean usedOnlyRightBehind() {
    for (int i = m.index + 1; i < m.block.ops.length; i++) {
      int op = Effects.op(m.block.ops[i]);
      if (op == Op.BCOND) {
        return !m.block.flagsUsed[m.block.ops.length];
      }
      if (op < Op.CSEL64 || op > Op.CSNEG32) {
        return false;
      }
      if (!m.block.flagsUsed[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /**
   * The host's flags are those of a comparison here, and the given ones are the guest's at a label,
   * where nothing of the instruction was executed.
   */
  void areEither(int label, int nzcv) {
    int saved = QuickContext.flags(nzcv);
    int done = m.a.newLabel();
    boolean used = isUsed();
    boolean keeps = usedOnlyRightBehind();
    if (used) {
      m.a.cmc();
      if (!keeps) {
        save();
      }
    }
    m.a.bind(done);
    hostFlags = keeps && used ? HostFlags.CARRY : HostFlags.NONE;
    m.later.add(() -> {
      m.a.bind(label);
      if (used && keeps) {
        m.a.movImmediate(RAX, saved);
        m.a.addAl(OVERFLOW_AGAIN);
        m.a.sahf();
      } else if (used) {
        m.a.storeImmediate(false, RSP, X86Frame.FLAGS, saved);
      }
      m.a.jump(done);
    });
  }

  /** Has the host's carry stand for the guest's in a way; RAX is lost. */
  void carryIs(HostFlags how) {
    need();
    if (hostFlags != how) {
      m.a.cmc();
      hostFlags = how;
    }
  }

  /** The host's flags do not stand for the guest's any more. */
  void clobber() {
    hostFlags = HostFlags.NONE;
  }

  /** Has the host's flags stand for the guest's; RAX is lost. */
  private void need() {
    if (hostFlags == HostFlags.NONE) {
      m.a.load(false, RAX, RSP, X86Frame.FLAGS);
      m.a.addAl(OVERFLOW_AGAIN);
      m.a.sahf();
      hostFlags = HostFlags.CARRY;
    }
  }

  /**
   * The host's condition for a guest's, of which the host's flags are made to tell; RAX is lost.
   * Not for AL and NV.
   */
  int condition(int guest) {
    need();
    int base = guest >>> 1;
    boolean borrow = hostFlags == HostFlags.BORROW;
    if (base == 4 && !borrow) { // HI: carry and not zero
      m.a.cmc();
      hostFlags = HostFlags.BORROW;
      borrow = true;
    }
    int host =
        switch (base) {
          case 0 -> X86Assembler.E;
          case 1 -> borrow ? X86Assembler.AE : X86Assembler.B;
          case 2 -> X86Assembler.S;
          case 3 -> X86Assembler.O;
          case 4 -> X86Assembler.A;
          case 5 -> X86Assembler.GE;
          default -> X86Assembler.G;
        };
    return host ^ guest & 1;
  }
}
