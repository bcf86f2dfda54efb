package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.ADC;
import static dev.svc0.arm64.jit.X86Assembler.ADD;
import static dev.svc0.arm64.jit.X86Assembler.AND;
import static dev.svc0.arm64.jit.X86Assembler.OR;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDX;
import static dev.svc0.arm64.jit.X86Assembler.ROR;
import static dev.svc0.arm64.jit.X86Assembler.RSP;
import static dev.svc0.arm64.jit.X86Assembler.SAR;
import static dev.svc0.arm64.jit.X86Assembler.SBB;
import static dev.svc0.arm64.jit.X86Assembler.SHL;
import static dev.svc0.arm64.jit.X86Assembler.SHR;
import static dev.svc0.arm64.jit.X86Assembler.SUB;
import static dev.svc0.arm64.jit.X86Assembler.XOR;

import dev.svc0.arm64.isa.A64;
import dev.svc0.arm64.jit.X86Flags.HostFlags;

/** Integer and system instructions that are too rare for an operation of their own. */
final class X86Uncommon extends X86Instruction {
  private static final int ALWAYS = 14;

  // What MRS names in bits 20 to 5.
  private static final int FPCR = 0xda20;
  private static final int CTR_EL0 = 0xd801;
  private static final int DCZID_EL0 = 0xd807;
  private static final long CTR = 0x9444c004L;
  private static final long DCZID = 4;

  /** Domain and type of a barrier: only loads, or only stores. The host orders those itself. */
  private static final int LOADS = 1;

  private static final int STORES = 2;

  private final boolean wide;

  X86Uncommon(X86Writer m, int number, int insn) {
    super(m, number, insn);
    this.wide = insn < 0;
  }

  boolean emit() {
    if (number >= A64.LDR_lit && number != A64.CASP) {
      return new X86Transfer(m, number, insn).emit();
    }
    return switch (number) {
      case A64.BFM -> insert();
      case A64.ADD_sr, A64.ADDS_sr, A64.SUB_sr, A64.SUBS_sr -> addShifted();
      case A64.ADD_er, A64.ADDS_er, A64.SUB_er, A64.SUBS_er -> addExtended();
      case A64.ADC, A64.ADCS, A64.SBC, A64.SBCS -> addCarry();
      case A64.CCMN_reg, A64.CCMN_imm -> compareNegative();
      case A64.REV16, A64.REV32 -> reverse();
      case A64.CLS -> leadingSigns();
      case A64.SMSUBL, A64.UMSUBL -> multiplySubtract();
      case A64.CRC32, A64.CRC32C -> checksum();
      case A64.DMB, A64.DSB -> barrier();
      case A64.MRS -> readSystem();
      default -> false;
    };
  }

  /** BFI and BFXIL: bits of the source replace bits of the destination. */
  private boolean insert() {
    int immr = field(16, 6);
    int imms = field(10, 6);
    int bits = wide ? 64 : 32;
    if (!Intrinsics.covers(number, insn)) {
      return false;
    }
    boolean extracts = imms >= immr;
    int width = extracts ? imms - immr + 1 : imms + 1;
    int to = extracts ? 0 : bits - immr;
    long mask = -1L >>> 64 - width;
    m.get(wide, RAX, source(n));
    if (extracts && immr != 0) {
      a.shiftImmediate(SHR, wide, RAX, immr);
    }
    and(RAX, mask);
    if (to != 0) {
      a.shiftImmediate(SHL, wide, RAX, to);
    }
    m.get(wide, RCX, d);
    and(RCX, ~(mask << to) & (wide ? -1L : 0xffffffffL));
    a.alu(OR, wide, RAX, RCX);
    m.done(d, RAX);
    return true;
  }

  private void and(int host, long mask) {
    if (mask == -1L || !wide && mask == 0xffffffffL) {
      return;
    }
    if (mask == 0xff || mask == 0xffff) {
      a.movzx(mask == 0xff ? 0 : 1, host, host);
    } else if (!wide || mask == (int) mask) {
      a.aluImmediate(AND, wide, host, (int) mask);
    } else if (mask >>> 32 == 0) {
      a.aluImmediate(AND, false, host, (int) mask);
    } else {
      a.movImmediate(RDX, mask);
      a.alu(AND, true, host, RDX);
    }
  }

  private boolean isSubtraction() {
    return field(30, 1) != 0;
  }

  private boolean setsFlags() {
    return field(29, 1) != 0;
  }

  private boolean addShifted() {
    int type = field(22, 2);
    int amount = field(10, 6);
    if (type == 3 || !wide && amount >= 32) {
      return false;
    }
    m.get(wide, RCX, source(r));
    if (amount != 0) {
      a.shiftImmediate(new int[] {SHL, SHR, SAR}[type], wide, RCX, amount);
    }
    m.get(wide, RAX, source(n));
    finishSum(target(d));
    return true;
  }

  private boolean addExtended() {
    int amount = field(10, 3);
    if (amount > 4) {
      return false;
    }
    X86Integer.extended(m, RCX, source(r), field(13, 3), amount);
    m.get(wide, RAX, n);
    finishSum(setsFlags() ? target(d) : d);
    return true;
  }

  /** RAX and RCX are the operands. */
  private void finishSum(int to) {
    a.alu(isSubtraction() ? SUB : ADD, wide, RAX, RCX);
    finish(to, isSubtraction() ? HostFlags.BORROW : HostFlags.CARRY);
  }

  private void finish(int to, HostFlags flags) {
    m.done(to, RAX);
    if (setsFlags()) {
      m.flags.are(flags);
    }
  }

  private boolean addCarry() {
    HostFlags flags = isSubtraction() ? HostFlags.BORROW : HostFlags.CARRY;
    m.flags.carryIs(flags);
    m.get(wide, RAX, source(n));
    m.get(wide, RCX, source(r));
    a.alu(isSubtraction() ? SBB : ADC, wide, RAX, RCX);
    if (!setsFlags()) {
      m.flags.clobber();
    }
    finish(target(d), flags);
    return true;
  }

  private boolean compareNegative() {
    int condition = field(12, 4);
    int otherwise = a.newLabel();
    if (condition < ALWAYS) {
      a.jump(m.flags.condition(condition) ^ 1, otherwise);
    }
    m.get(wide, RAX, source(n));
    if (number == A64.CCMN_imm) {
      a.aluImmediate(ADD, wide, RAX, r);
    } else {
      m.alu(ADD, wide, RAX, source(r));
    }
    if (condition < ALWAYS) {
      a.cmc(); // as a comparison leaves it
      m.flags.areEither(otherwise, field(0, 4));
    } else {
      m.flags.are(HostFlags.CARRY);
    }
    return true;
  }

  private boolean reverse() {
    if (number == A64.REV32) {
      m.get(true, RAX, source(n));
      a.bswap(true, RAX);
      a.shiftImmediate(ROR, true, RAX, 32);
    } else {
      long low = wide ? 0x00ff00ff00ff00ffL : 0x00ff00ffL;
      m.get(wide, RAX, source(n));
      a.movImmediate(RDX, low);
      a.mov(wide, RCX, RAX);
      a.shiftImmediate(SHR, wide, RCX, 8);
      a.alu(AND, wide, RCX, RDX);
      a.alu(AND, wide, RAX, RDX);
      a.shiftImmediate(SHL, wide, RAX, 8);
      a.alu(OR, wide, RAX, RCX);
    }
    m.done(target(d), RAX);
    return true;
  }

  /** Bits that are as their upper neighbour: 1 and zeros above the highest one that is not. */
  private boolean leadingSigns() {
    m.get(wide, RCX, source(n));
    a.mov(wide, RAX, RCX);
    a.shiftImmediate(SAR, wide, RCX, 1);
    a.alu(XOR, wide, RCX, RAX);
    a.shiftImmediate(SHL, wide, RCX, 1);
    a.aluImmediate(OR, wide, RCX, 1);
    a.bsr(wide, RAX, RCX);
    a.aluImmediate(XOR, false, RAX, wide ? 63 : 31);
    m.done(target(d), RAX);
    return true;
  }

  private boolean multiplySubtract() {
    if (number == A64.SMSUBL) {
      a.movsx(true, 2, RAX, m.in(source(n), RAX));
      a.movsx(true, 2, RCX, m.in(source(r), RCX));
    } else {
      m.get(false, RAX, source(n));
      m.get(false, RCX, source(r));
    }
    a.imul(true, RCX, RAX);
    m.get(true, RAX, source(field(10, 5)));
    a.alu(SUB, true, RAX, RCX);
    m.done(target(d), RAX);
    return true;
  }

  private boolean checksum() {
    int size = field(10, 2);
    boolean isCastagnoli = number == A64.CRC32C;
    if (wide != (size == 3) || !isCastagnoli && !HostFeatures.CARRYLESS_MULTIPLY) {
      return false;
    }
    m.get(false, RAX, source(n));
    m.get(size == 3, RCX, source(r));
    if (isCastagnoli) {
      a.crc32c(size, RAX, RCX);
    } else {
      X86Crc32.add(a, size);
    }
    m.done(target(d), RAX);
    return true;
  }

  private boolean barrier() {
    int type = field(8, 2);
    if (number == A64.DSB || type != LOADS && type != STORES) {
      a.lock();
      a.aluMemory(OR, false, RSP, X86Frame.TEMPORARY, 0);
    }
    return true;
  }

  private boolean readSystem() {
    switch (field(5, 16)) {
      case FPCR -> {
        a.load(true, RAX, RSP, X86Frame.CONTEXT);
        a.load(false, RAX, RAX, X86Frame.CTX_FPCR);
      }
      case CTR_EL0 -> a.movImmediate(RAX, CTR);
      case DCZID_EL0 -> a.movImmediate(RAX, DCZID);
      default -> {
        return false;
      }
    }
    m.done(target(d), RAX);
    return true;
  }
}
