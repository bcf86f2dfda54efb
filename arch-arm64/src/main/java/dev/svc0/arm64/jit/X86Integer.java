package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.ADC;
import static dev.svc0.arm64.jit.X86Assembler.ADD;
import static dev.svc0.arm64.jit.X86Assembler.AND;
import static dev.svc0.arm64.jit.X86Assembler.CMP;
import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.OR;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDX;
import static dev.svc0.arm64.jit.X86Assembler.ROR;
import static dev.svc0.arm64.jit.X86Assembler.SAR;
import static dev.svc0.arm64.jit.X86Assembler.SBB;
import static dev.svc0.arm64.jit.X86Assembler.SHL;
import static dev.svc0.arm64.jit.X86Assembler.SHR;
import static dev.svc0.arm64.jit.X86Assembler.SUB;
import static dev.svc0.arm64.jit.X86Assembler.XOR;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.LogicalImmediate;
import dev.svc0.arm64.decode.Op;
import dev.svc0.arm64.jit.X86Flags.HostFlags;

/** Data processing on general registers. */
final class X86Integer {
  private static final int ALWAYS = 14;

  /** A host's address may have an index shifted so far. */
  private static final int MOST_SCALED = 3;

  private X86Integer() {}

  /** Writes an operation from ADDI64 to UMULH; false when it is none of them. */
  static boolean emit(X86Writer m, long d) {
    int op = Effects.op(d);
    if (op <= Op.EXTR32) {
      immediate(m, d, op);
    } else if (op <= Op.SUBX64) {
      register(m, d, op);
    } else if (op <= Op.SBCS64) {
      carry(m, d, op);
    } else if (op <= Op.CCMP32) {
      conditionalCompare(m, d, op);
    } else if (op <= Op.CSNEG32) {
      select(m, d, op);
    } else if (op <= Op.REV32) {
      other(m, d, op);
    } else {
      multiply(m, d, op);
    }
    return true;
  }

  private static void immediate(X86Writer m, long d, int op) {
    int a = Effects.a(d);
    int b = Effects.b(d);
    int e = Effects.e(d);
    int imm = Effects.imm(d);
    switch (op) {
      case Op.ADDI64 -> addImmediate(m, a, b, imm);
      case Op.ADDI32 -> {
        int to = m.out(a, RAX);
        m.a.lea(false, to, m.in(b, RAX), NONE, 1, imm);
        m.done(a, to);
      }
      case Op.ADDSI64, Op.ADDSI32 -> flagImmediate(m, d, ADD, op == Op.ADDSI64);
      case Op.SUBSI64, Op.SUBSI32 -> flagImmediate(m, d, SUB, op == Op.SUBSI64);
      case Op.ANDI, Op.ORRI64, Op.ORRI32, Op.EORI64, Op.EORI32, Op.ANDSI64, Op.ANDSI32 ->
          logicImmediate(m, a, b, op, LogicalImmediate.mask(imm));
      case Op.MOVI -> m.set(a, (long) imm << (e << 4));
      case Op.MOVNI64 -> m.set(a, ~((long) imm << (e << 4)));
      case Op.MOVNI32 -> m.set(a, ~((long) imm << (e << 4)) & 0xffffffffL);
      case Op.MOVK64, Op.MOVK32 -> keep(m, a, (long) imm, e << 4, op == Op.MOVK64);
      case Op.ADR -> m.set(a, m.pc + imm);
      case Op.ADRP -> m.set(a, (m.pc & -4096) + ((long) imm << 12));
      default -> field(m, d, op);
    }
  }

  /** A copy of a register where the result is to be computed. */
  private static int move(X86Writer m, boolean wide, int a, int b) {
    int to = m.out(a, RAX);
    if (!(a == b && m.isPinned(a))) {
      m.get(wide, to, b);
    }
    return to;
  }

  private static void addImmediate(X86Writer m, int a, int b, int imm) {
    boolean aligned = m.isStackAligned() && a == Cpu.SP && b == Cpu.SP && (imm & 15) == 0;
    if (a == b && m.isPinned(a)) {
      m.a.aluImmediate(ADD, true, m.out(a, RAX), imm);
      m.done(a, m.out(a, RAX));
    } else {
      int to = m.out(a, RAX);
      int from = m.in(b, RAX);
      if (imm == 0) {
        m.done(a, from);
      } else {
        m.a.lea(true, to, from, NONE, 1, imm);
        m.done(a, to);
      }
    }
    if (aligned) {
      m.keepAlignment(true);
    }
  }

  private static void flagImmediate(X86Writer m, long d, int op, boolean wide) {
    int a = Effects.a(d);
    int b = Effects.b(d);
    int imm = Effects.imm(d);
    HostFlags flags = op == SUB ? HostFlags.BORROW : HostFlags.CARRY;
    if (a == X86Writer.SINK && op == SUB) {
      m.a.aluImmediate(CMP, wide, m.in(b, RAX), imm);
    } else {
      int to = move(m, wide, a, b);
      m.a.aluImmediate(op, wide, to, imm);
      m.done(a, to);
    }
    m.flags.are(flags);
  }

  private static void logicImmediate(X86Writer m, int a, int b, int op, long mask) {
    int operation =
        switch (op) {
          case Op.ORRI64, Op.ORRI32 -> OR;
          case Op.EORI64, Op.EORI32 -> XOR;
          default -> AND;
        };
    boolean wide =
        switch (op) {
          case Op.ORRI64, Op.EORI64, Op.ANDSI64 -> true;
          case Op.ANDI -> mask >>> 32 != 0;
          default -> false;
        };
    if (!wide || mask == (int) mask) {
      if (a == X86Writer.SINK) {
        // ANDS to nowhere
        m.a.testImmediate(wide, m.in(b, RAX), (int) mask);
      } else {
        int to = move(m, wide, a, b);
        m.a.aluImmediate(operation, wide, to, (int) mask);
        m.done(a, to);
      }
    } else {
      m.a.movImmediate(RCX, mask);
      int to = move(m, true, a, b);
      m.a.alu(operation, true, to, RCX);
      m.done(a, to);
    }
    if (op == Op.ANDSI64 || op == Op.ANDSI32) {
      m.flags.are(HostFlags.CARRY);
    }
  }

  /** MOVK: 16 bits are replaced. */
  private static void keep(X86Writer m, int a, long imm, int shift, boolean wide) {
    long mask = ~(0xffffL << shift) & (wide ? -1L : 0xffffffffL);
    if (m.isKnown(a)) {
      m.set(a, m.constant(a) & mask | imm << shift);
      return;
    }
    int to = move(m, wide, a, a == X86Writer.SINK ? X86Writer.ZERO : a);
    if (mask == (int) mask || !wide) {
      m.a.aluImmediate(AND, wide, to, (int) mask);
    } else {
      m.a.movImmediate(RCX, mask);
      m.a.alu(AND, true, to, RCX);
    }
    long value = imm << shift;
    if (value == (int) value || !wide) {
      m.a.aluImmediate(OR, wide, to, (int) value);
    } else {
      m.a.movImmediate(RCX, value);
      m.a.alu(OR, true, to, RCX);
    }
    m.done(a, to);
  }

  private static void field(X86Writer m, long d, int op) {
    int a = Effects.a(d);
    int b = Effects.b(d);
    int left = Effects.c(d);
    int right = Effects.imm(d);
    boolean wide = op == Op.UBFM64 || op == Op.SBFM64 || op == Op.EXTR64;
    if (op == Op.EXTR64 || op == Op.EXTR32) {
      if (b == Effects.c(d)) {
        int to = m.out(a, RAX);
        rotated(m, wide, to, b, right);
        m.done(a, to);
        return;
      }
      m.get(wide, RAX, Effects.c(d));
      if (right != 0) {
        m.a.shrd(wide, RAX, m.in(b, RCX), right);
      }
      m.done(a, RAX);
      return;
    }
    boolean signed = op == Op.SBFM64 || op == Op.SBFM32;
    int bits = wide ? 64 : 32;
    int kept = left == right ? bits - left : 0;
    if (kept == 8 || kept == 16 || kept == 32) {
      int to = m.out(a, RAX);
      int from = m.in(b, RAX);
      if (kept == 32) {
        if (signed && wide) {
          m.a.movsx(true, 2, to, from);
        } else {
          m.a.mov(false, to, from);
        }
      } else if (signed) {
        m.a.movsx(wide, kept == 8 ? 0 : 1, to, from);
      } else {
        m.a.movzx(kept == 8 ? 0 : 1, to, from);
      }
      m.done(a, to);
      return;
    }
    int to = move(m, wide, a, b);
    if (left != 0) {
      m.a.shiftImmediate(SHL, wide, to, left);
    }
    if (right != 0) {
      m.a.shiftImmediate(signed ? SAR : SHR, wide, to, right);
    }
    if (left == 0 && right == 0 && !wide) {
      m.a.mov(false, to, to);
    }
    m.done(a, to);
  }

  /** A host register gets a register that is rotated to the right. */
  private static void rotated(X86Writer m, boolean wide, int to, int register, int amount) {
    if (HostFeatures.BMI2) {
      m.a.rotate(wide, to, m.in(register, to), amount);
      return;
    }
    m.get(wide, to, register);
    m.a.shiftImmediate(ROR, wide, to, amount);
  }

  private static void register(X86Writer m, long d, int op) {
    int a = Effects.a(d);
    int b = Effects.b(d);
    int r = Effects.c(d);
    int imm = Effects.imm(d);
    switch (op) {
      case Op.MOV64 -> m.done(a, moved(m, true, a, r));
      case Op.MOV32 -> m.done(a, moved(m, false, a, r));
      case Op.AND64, Op.ORR64, Op.EOR64, Op.AND32, Op.ORR32, Op.EOR32 -> {
        int operation = op <= Op.AND32 ? AND : op <= Op.ORR32 ? OR : XOR;
        combine(m, operation, (op - Op.AND64 & 1) == 0, a, b, r, 0);
      }
      case Op.LOGIC64, Op.LOGIC32 -> logic(m, d, op == Op.LOGIC64);
      case Op.ANDS64, Op.ANDS32 -> {
        logic(m, d, op == Op.ANDS64);
        m.flags.are(HostFlags.CARRY);
      }
      case Op.ADD64, Op.ADD32 -> add(m, op == Op.ADD64, a, b, r, imm);
      case Op.SUB64, Op.SUB32 -> combine(m, SUB, op == Op.SUB64, a, b, r, imm);
      case Op.ADDS64, Op.ADDS32 -> {
        combine(m, ADD, op == Op.ADDS64, a, b, r, imm);
        m.flags.are(HostFlags.CARRY);
      }
      case Op.SUBS64, Op.SUBS32 -> {
        if (a == X86Writer.SINK && imm == 0) {
          m.alu(CMP, op == Op.SUBS64, m.in(b, RAX), r);
        } else {
          combine(m, SUB, op == Op.SUBS64, a, b, r, imm);
        }
        m.flags.are(HostFlags.BORROW);
      }
      default -> {
        if (op == Op.ADDX64 && imm <= MOST_SCALED) {
          extended(m, RCX, r, Effects.e(d), 0);
          int to = m.out(a, RAX);
          m.a.lea(true, to, m.in(b, RAX), RCX, 1 << imm, 0);
          m.done(a, to);
          return;
        }
        extended(m, RCX, r, Effects.e(d), imm);
        m.get(true, RAX, b);
        m.a.alu(op == Op.ADDX64 ? ADD : SUB, true, RAX, RCX);
        m.done(a, RAX);
      }
    }
  }

  /** Where a copy of a register is, in its place or on the way there. */
  private static int moved(X86Writer m, boolean wide, int a, int from) {
    if (!wide || m.isPinned(a)) {
      int to = m.out(a, RAX);
      m.get(wide, to, from);
      return to;
    }
    return m.in(from, RAX);
  }

  /** a = b + (r shifted left), whatever becomes of the host's flags. */
  private static void add(X86Writer m, boolean wide, int a, int b, int r, int shift) {
    boolean isCopied = a != b && a != r && m.isPinned(b) && m.isPinned(r);
    if (shift > MOST_SCALED || shift == 0 && !isCopied) {
      combine(m, ADD, wide, a, b, r, shift);
      return;
    }
    int index = m.in(r, RCX);
    int base = m.in(b, RAX);
    int to = m.out(a, RAX);
    m.a.lea(wide, to, base, index, 1 << shift, 0);
    m.done(a, to);
  }

  /** a = b op (r shifted left); the last instruction that touches the flags is the operation. */
  private static void combine(X86Writer m, int op, boolean wide, int a, int b, int r, int shift) {
    if (shift != 0) {
      m.get(wide, RCX, r);
      m.a.shiftImmediate(SHL, wide, RCX, shift);
      int to = move(m, wide, a, b);
      m.a.alu(op, wide, to, RCX);
      m.done(a, to);
      return;
    }
    if (a == r && a != b && m.isPinned(a)) {
      if (op != SUB) {
        int to = m.out(a, RAX);
        m.alu(op, wide, to, b);
        m.done(a, to);
      } else {
        m.get(wide, RAX, b);
        m.alu(op, wide, RAX, r);
        m.done(a, RAX);
      }
      return;
    }
    int to = move(m, wide, a, b);
    m.alu(op, wide, to, r);
    m.done(a, to);
  }

  /** imm is amount, type &lt;&lt; 8, inversion &lt;&lt; 10, operation &lt;&lt; 12. */
  private static void logic(X86Writer m, long d, boolean wide) {
    int how = Effects.imm(d);
    int[] operations = {AND, OR, XOR};
    int[] shifts = {SHL, SHR, SAR, ROR};
    int shift = shifts[how >>> 8 & 3];
    if (shift == ROR && (how & 63) != 0) {
      rotated(m, wide, RCX, Effects.c(d), how & 63);
    } else {
      m.get(wide, RCX, Effects.c(d));
      if ((how & 63) != 0) {
        m.a.shiftImmediate(shift, wide, RCX, how & 63);
      }
    }
    if ((how >>> 10 & 1) != 0) {
      m.a.not(wide, RCX);
    }
    int a = Effects.a(d);
    int to = move(m, wide, a, Effects.b(d));
    m.a.alu(how >>> 12 < operations.length ? operations[how >>> 12] : AND, wide, to, RCX);
    m.done(a, to);
  }

  /** A host register gets an extended and shifted register. */
  static void extended(X86Writer m, int host, int register, int option, int amount) {
    int from = m.in(register, host);
    switch (option) {
      case 0 -> m.a.movzx(0, host, from);
      case 1 -> m.a.movzx(1, host, from);
      case 2 -> m.a.mov(false, host, from);
      case 4 -> m.a.movsx(true, 0, host, from);
      case 5 -> m.a.movsx(true, 1, host, from);
      case 6 -> m.a.movsx(true, 2, host, from);
      default -> {
        if (from != host) {
          m.a.mov(true, host, from);
        }
      }
    }
    if (amount != 0) {
      m.a.shiftImmediate(SHL, true, host, amount);
    }
  }

  private static void carry(X86Writer m, long d, int op) {
    int a = Effects.a(d);
    m.flags.carryIs(op == Op.SBCS64 ? HostFlags.BORROW : HostFlags.CARRY);
    m.get(true, RCX, Effects.b(d));
    m.alu(op == Op.SBCS64 ? SBB : ADC, true, RCX, Effects.c(d));
    m.done(a, RCX);
    if (op == Op.ADC64) {
      m.flags.clobber();
    } else {
      m.flags.are(op == Op.SBCS64 ? HostFlags.BORROW : HostFlags.CARRY);
    }
  }

  private static void conditionalCompare(X86Writer m, long d, int op) {
    boolean wide = op == Op.CCMPI64 || op == Op.CCMP64;
    boolean always = Effects.e(d) >= ALWAYS;
    int otherwise = m.a.newLabel();
    if (!always) {
      m.a.jump(m.flags.condition(Effects.e(d)) ^ 1, otherwise);
    }
    int b = m.in(Effects.b(d), RAX);
    if (op == Op.CCMPI64 || op == Op.CCMPI32) {
      m.a.aluImmediate(CMP, wide, b, Effects.c(d));
    } else {
      m.alu(CMP, wide, b, Effects.c(d));
    }
    if (always) {
      m.flags.are(HostFlags.BORROW);
    } else {
      m.flags.areEither(otherwise, Effects.imm(d));
    }
  }

  private static void select(X86Writer m, long d, int op) {
    int a = Effects.a(d);
    int b = Effects.b(d);
    int r = Effects.c(d);
    boolean wide = (op - Op.CSEL64 & 1) == 0;
    if (Effects.e(d) >= ALWAYS) {
      m.get(wide, RCX, b);
      m.done(a, RCX);
      return;
    }
    int condition = m.flags.condition(Effects.e(d));
    if (op == Op.CSEL64 || op == Op.CSEL32) {
      choose(m, wide, condition, a, b, r);
      return;
    }
    boolean isSet = r == X86Writer.ZERO && (op == Op.CSINC64 || op == Op.CSINC32);
    if (isSet) {
      m.a.movImmediate(RCX, 1);
    } else {
      m.get(wide, RCX, r);
      // None of these touches the flags.
      switch (op) {
        case Op.CSINC64, Op.CSINC32 -> m.a.lea(wide, RCX, RCX, NONE, 1, 1);
        case Op.CSINV64, Op.CSINV32 -> m.a.not(wide, RCX);
        case Op.CSNEG64, Op.CSNEG32 -> {
          m.a.not(wide, RCX);
          m.a.lea(wide, RCX, RCX, NONE, 1, 1);
        }
        default -> throw new IllegalArgumentException("no select " + op);
      }
    }
    m.a.cmov(wide, condition, RCX, m.in(b, RDX));
    m.done(a, RCX);
  }

  /** a = condition ? b : r. */
  private static void choose(X86Writer m, boolean wide, int condition, int a, int b, int r) {
    int to = m.out(a, RCX);
    if (a == b && m.isPinned(a)) {
      m.a.cmov(wide, condition ^ 1, to, m.in(r, RDX));
    } else {
      if (!(a == r && m.isPinned(a))) {
        m.get(wide, to, r);
      }
      m.a.cmov(wide, condition, to, m.in(b, RDX));
    }
    m.done(a, to);
  }

  private static void other(X86Writer m, long d, int op) {
    int a = Effects.a(d);
    int b = Effects.b(d);
    int r = Effects.c(d);
    switch (op) {
      case Op.LSLV64, Op.LSLV32 -> shift(m, SHL, op == Op.LSLV64, a, b, r);
      case Op.LSRV64, Op.LSRV32 -> shift(m, SHR, op == Op.LSRV64, a, b, r);
      case Op.ASRV64, Op.ASRV32 -> shift(m, SAR, op == Op.ASRV64, a, b, r);
      case Op.RORV64, Op.RORV32 -> shift(m, ROR, op == Op.RORV64, a, b, r);
      case Op.UDIV64, Op.UDIV32 -> divide(m, a, b, r, op == Op.UDIV64, false);
      case Op.SDIV64, Op.SDIV32 -> divide(m, a, b, r, op == Op.SDIV64, true);
      case Op.CLZ64, Op.CLZ32 -> leadingZeros(m, a, b, op == Op.CLZ64);
      case Op.REV64, Op.REV32 -> {
        m.get(op == Op.REV64, RAX, b);
        m.a.bswap(op == Op.REV64, RAX);
        m.done(a, RAX);
      }
      default -> reverseBits(m, a, b, op == Op.RBIT64);
    }
  }

  private static void shift(X86Writer m, int op, boolean wide, int a, int b, int r) {
    if (HostFeatures.BMI2 && op != ROR) {
      int to = m.out(a, RAX);
      m.a.shiftBy(op, wide, to, m.in(b, RAX), m.in(r, RCX));
      m.done(a, to);
      return;
    }
    m.get(false, RCX, r);
    m.get(wide, RAX, b);
    m.a.shift(op, wide, RAX);
    m.done(a, RAX);
  }

  private static void divide(X86Writer m, int a, int b, int r, boolean wide, boolean signed) {
    int done = m.a.newLabel();
    int odd = m.a.newLabel();
    m.get(wide, RAX, b);
    int by = m.in(r, RCX);
    if (signed) {
      // 0 and -1 are special: the host would trap.
      m.a.lea(wide, RDX, by, NONE, 1, 1);
      m.a.aluImmediate(CMP, wide, RDX, 1);
      m.a.jump(X86Assembler.BE, odd);
      m.a.signExtendAccumulator(wide);
      m.a.idiv(wide, by);
    } else {
      m.a.test(wide, by, by);
      m.a.jump(X86Assembler.E, odd);
      m.a.movImmediate(RDX, 0);
      m.a.div(wide, by);
    }
    m.a.bind(done);
    m.done(a, RAX);
    m.later.add(() -> {
      m.a.bind(odd);
      if (signed) {
        int zero = m.a.newLabel();
        m.a.test(wide, RDX, RDX); // the divisor plus 1
        m.a.jump(X86Assembler.NE, zero);
        m.a.neg(wide, RAX);
        m.a.jump(done);
        m.a.bind(zero);
      }
      m.a.movImmediate(RAX, 0);
      m.a.jump(done);
    });
  }

  private static void leadingZeros(X86Writer m, int a, int b, boolean wide) {
    if (HostFeatures.LZCNT) {
      int to = m.out(a, RAX);
      m.a.lzcnt(wide, to, m.in(b, RCX));
      m.done(a, to);
      return;
    }
    int bits = wide ? 64 : 32;
    m.a.movImmediate(RDX, 2 * bits - 1);
    m.a.bsr(wide, RAX, m.in(b, RCX));
    m.a.cmov(wide, X86Assembler.E, RAX, RDX);
    m.a.aluImmediate(XOR, wide, RAX, bits - 1);
    m.done(a, RAX);
  }

  private static void reverseBits(X86Writer m, int a, int b, boolean wide) {
    long[] masks = {0x0f0f0f0f0f0f0f0fL, 0x3333333333333333L, 0x5555555555555555L};
    m.get(wide, RAX, b);
    m.a.bswap(wide, RAX);
    for (int i = 0; i < masks.length; i++) {
      int by = 4 >> i;
      m.a.movImmediate(RDX, wide ? masks[i] : masks[i] & 0xffffffffL);
      m.a.mov(wide, RCX, RAX);
      m.a.shiftImmediate(SHR, wide, RCX, by);
      m.a.alu(AND, wide, RCX, RDX);
      m.a.alu(AND, wide, RAX, RDX);
      m.a.shiftImmediate(SHL, wide, RAX, by);
      m.a.alu(OR, wide, RAX, RCX);
    }
    m.done(a, RAX);
  }

  private static void multiply(X86Writer m, long d, int op) {
    int a = Effects.a(d);
    int b = Effects.b(d);
    int r = Effects.c(d);
    int addend = Effects.imm(d);
    switch (op) {
      case Op.SMULH, Op.UMULH -> {
        m.get(true, RAX, b);
        int by = m.in(r, RCX);
        if (op == Op.SMULH) {
          m.a.imulFull(true, by);
        } else {
          m.a.mul(true, by);
        }
        m.done(a, RDX);
        return;
      }
      case Op.SMADDL -> {
        m.a.movsx(true, 2, RAX, m.in(b, RAX));
        m.a.movsx(true, 2, RCX, m.in(r, RCX));
        m.a.imul(true, RAX, RCX);
      }
      case Op.UMADDL -> {
        m.get(false, RAX, b);
        m.get(false, RCX, r);
        m.a.imul(true, RAX, RCX);
      }
      default -> {
        boolean wide = op == Op.MADD64 || op == Op.MSUB64;
        boolean subtracts = op == Op.MSUB64 || op == Op.MSUB32;
        if (!subtracts && a != r && a != addend) {
          int to = move(m, wide, a, b);
          m.a.imul(wide, to, m.in(r, RCX));
          if (addend != X86Writer.ZERO) {
            m.alu(ADD, wide, to, addend);
          }
          m.done(a, to);
          return;
        }
        m.get(wide, RAX, b);
        m.a.imul(wide, RAX, m.in(r, RCX));
      }
    }
    boolean wide = op != Op.MADD32 && op != Op.MSUB32;
    if (op == Op.MSUB64 || op == Op.MSUB32) {
      m.get(wide, RCX, addend);
      m.a.alu(SUB, wide, RCX, RAX);
      m.done(a, RCX);
    } else {
      if (addend != X86Writer.ZERO) {
        m.alu(ADD, wide, RAX, addend);
      }
      m.done(a, RAX);
    }
  }
}
