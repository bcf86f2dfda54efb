package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.ADD;
import static dev.svc0.arm64.jit.X86Assembler.AND;
import static dev.svc0.arm64.jit.X86Assembler.CMP;
import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.OR;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.SHR;

import dev.svc0.arm64.decode.Op;
import dev.svc0.arm64.interp.SimdCopy;
import dev.svc0.arm64.isa.A64;
import dev.svc0.arm64.jit.X86Flags.HostFlags;

/**
 * Floating point on scalars, while FPCR has its default: then the host computes the same numbers
 * and notes the same exceptions. A result that is a NaN, and a tiny one, are left to the
 * interpreter: the host chooses NaNs otherwise, and finds a number tiny after rounding, not before.
 */
final class X86Float extends X86Instruction {
  static final int ADDS = 0x0f58;
  static final int MULS = 0x0f59;
  static final int SUBS = 0x0f5c;
  static final int MINS = 0x0f5d;
  static final int DIVS = 0x0f5e;
  static final int MAXS = 0x0f5f;
  static final int SQRTS = 0x0f51;
  static final int ANDP = 0x0f54;
  static final int ORP = 0x0f56;
  static final int XORP = 0x0f57;
  private static final int UCOMIS = 0x0f2e;
  private static final int COMIS = 0x0f2f;
  private static final int CVTSI2S = 0x0f2a;
  private static final int CVTTS2SI = 0x0f2c;
  private static final int CVTS2S = 0x0f5a;

  // Rounding, as the host's instructions name it; with the flag no result is inexact.
  private static final int NEAREST = 0;
  private static final int DOWN = 1;
  private static final int UP = 2;
  private static final int TO_ZERO = 3;
  private static final int AWAY = 4;
  private static final int QUIET = 8;

  private static final int ALWAYS = 14;

  /**
   * A byte that a subtraction of 1 overflows from: what gives the flags of an unordered compare.
   */
  private static final int UNORDERED = 0x80;

  /** 2 for a single, 3 for a double. */
  private final int size;

  X86Float(X86Writer m, int number, int insn) {
    super(m, number, insn);
    this.size = 2 + field(22, 1);
  }

  /** For an operation that has the size. */
  private X86Float(X86Writer m, int size) {
    super(m, 0, 0);
    this.size = size;
  }

  private boolean isDouble() {
    return size == 3;
  }

  /** The prefix of an instruction on scalars. */
  private int prefix() {
    return isDouble() ? 0xf2 : 0xf3;
  }

  private void scalar(int opcode, int to, int from) {
    a.sse(prefix(), opcode, to, from);
  }

  /** Loads a scalar; the rest of the register becomes zero. */
  private void loadScalar(int x, int register) {
    a.sseMemory(prefix(), 0x0f10, x, vectors(), NONE, 16 * register);
  }

  /** The second operand is a register in memory. */
  private void scalarWith(int opcode, int to, int register) {
    a.sseMemory(prefix(), opcode, to, vectors(), NONE, 16 * register);
  }

  /** An instruction on packed numbers, of which the lowest counts, with a constant. */
  private void withConstant(int opcode, int x, double value) {
    a.sseConstant(isDouble() ? 0x66 : 0, opcode, x, bits(value), 0);
  }

  private long bits(double value) {
    return isDouble()
        ? Double.doubleToRawLongBits(value)
        : Float.floatToRawIntBits((float) value) & 0xffffffffL;
  }

  private void withBits(int opcode, int x, long bits) {
    a.sseConstant(0, opcode, x, bits, 0);
  }

  private long sign() {
    return isDouble() ? Long.MIN_VALUE : 1L << 31;
  }

  // ---- operations ----

  /** Writes an operation from FADD to FCMP; false when it is not written here. */
  static boolean operation(X86Writer m, long d) {
    int op = Effects.op(d);
    X86Float f = new X86Float(m, Effects.e(d) & 3);
    int b = Effects.b(d) >>> 1;
    int c = Effects.c(d) >>> 1;
    switch (op) {
      case Op.FADD, Op.FSUB, Op.FMUL, Op.FDIV -> {
        int opcode = new int[] {ADDS, SUBS, MULS, DIVS}[op - Op.FADD];
        f.arithmetic(opcode, Effects.a(d) >>> 1, b, c);
      }
      case Op.FMADD -> {
        return HostFeatures.FMA && f.multiplyAdd(d);
      }
      case Op.FCMP -> f.compare(b, Effects.imm(d) != 0 ? -1 : c, (Effects.e(d) & 4) != 0);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void arithmetic(int opcode, int to, int b, int c) {
    needDefaultControl();
    loadScalar(0, b);
    scalarWith(opcode, 0, c);
    check();
    store(to, 0);
  }

  private boolean multiplyAdd(long d) {
    boolean negatesProduct = (Effects.e(d) & 4) != 0;
    boolean negatesAddend = (Effects.e(d) & 8) != 0;
    int opcode = negatesProduct ? negatesAddend ? 0xaf : 0xad : negatesAddend ? 0xab : 0xa9;
    needDefaultControl();
    loadScalar(0, Effects.b(d) >>> 1);
    loadScalar(1, Effects.c(d) >>> 1);
    loadScalar(2, Effects.imm(d) >>> 1);
    a.vex(0x66, 2, isDouble(), opcode, 0, 1, 2);
    check();
    store(Effects.a(d) >>> 1, 0);
    return true;
  }

  /** Leaves when the scalar in 0 is a NaN or tiny. */
  private void check() {
    int odd = a.newLabel();
    int done = a.newLabel();
    int out = m.leave();
    // Twice the upper 32 bits, which loses the sign: not if the exponent is 0, 1 or the highest.
    int least = isDouble() ? 0x00400000 : 0x02000000;
    int beyond = isDouble() ? 0xffe00000 : 0xff000000;
    if (isDouble()) {
      a.sseWide(0x66, 0x0f7e, 0, RAX);
      a.shiftImmediate(SHR, true, RAX, 32);
    } else {
      a.sse(0x66, 0x0f7e, 0, RAX);
    }
    a.lea(false, RAX, RAX, RAX, 1, -least);
    a.aluImmediate(CMP, false, RAX, beyond - least);
    a.jump(X86Assembler.AE, odd);
    a.bind(done);
    m.later.add(() -> {
      a.bind(odd);
      checkOdd(done, out);
    });
  }

  /** Zeros and infinities are as good as others. */
  private void checkOdd(int done, int out) {
    a.sseWide(0x66, 0x0f7e, 0, RAX);
    a.alu(ADD, isDouble(), RAX, RAX);
    a.jump(X86Assembler.E, done);
    a.movImmediate(RCX, isDouble() ? 0x0020000000000000L : 0x01000000L);
    a.alu(CMP, isDouble(), RAX, RCX);
    a.jump(X86Assembler.BE, out);
    a.movImmediate(RCX, isDouble() ? 0xffe0000000000000L : 0xff000000L);
    a.alu(CMP, isDouble(), RAX, RCX);
    a.jump(X86Assembler.BE, done);
    a.jump(out);
  }

  /** Compares with a register, or with zero if it is −1. */
  private void compare(int b, int c, boolean signalsAll) {
    needDefaultControl();
    compareHost(b, c, signalsAll);
    m.flags.are(HostFlags.BORROW);
  }

  /**
   * Has the host's flags be those of an integer comparison: of 1 and 0 when the first operand is
   * greater, of 0 and 1 when it is less.
   */
  private void compareHost(int b, int c, boolean signalsAll) {
    int unordered = a.newLabel();
    int ordered = a.newLabel();
    loadScalar(0, b);
    if (c < 0) {
      zero(1);
    } else {
      loadScalar(1, c);
    }
    a.sse(isDouble() ? 0x66 : 0, signalsAll ? COMIS : UCOMIS, 0, 1);
    a.jump(X86Assembler.P, unordered);
    a.set(X86Assembler.A, RAX);
    a.set(X86Assembler.B, RCX);
    a.bind(ordered);
    a.cmp8(RAX, RCX);
    m.later.add(() -> {
      a.bind(unordered);
      a.movImmediate(RAX, UNORDERED);
      a.movImmediate(RCX, 1);
      a.jump(ordered);
    });
  }

  // ---- others ----

  boolean emit() {
    boolean exists = field(23, 1) == 0;
    return switch (number) {
      case A64.FMOV_w_s -> {
        int to = m.out(target(d), RAX);
        a.load(false, to, vectors(), 16 * n);
        m.done(target(d), to);
        yield true;
      }
      case A64.FMOV_s_w -> fromGeneral();
      case A64.FMOV_x_vhi -> {
        int to = m.out(target(d), RAX);
        a.load(true, to, vectors(), 16 * n + 8);
        m.done(target(d), to);
        yield true;
      }
      case A64.FMOV_vhi_x -> {
        int from = m.in(source(n), RAX);
        load(0, d);
        X86SimdMove.insert(a, 3, 0, from, 1);
        store(d, 0);
        yield true;
      }
      case A64.FCVT -> precision();
      default -> exists && ofSize();
    };
  }

  private boolean fromGeneral() {
    m.get(false, RAX, source(n));
    resultOf(RAX);
    return true;
  }

  /** Instructions that name the size. */
  private boolean ofSize() {
    return switch (number) {
      case A64.FMOV_s, A64.FABS_s, A64.FNEG_s -> moveSign();
      case A64.FMOV_imm_s -> {
        long value = SimdCopy.expand(isDouble() ? 1 : 0, 15, field(13, 8));
        a.movImmediate(RAX, isDouble() ? value : value & 0xffffffffL);
        resultOf(RAX);
        yield true;
      }
      case A64.FCSEL -> select();
      case A64.FSQRT_s -> squareRoot();
      case A64.FNMUL_s -> negatedProduct();
      case A64.FMAX_s, A64.FMIN_s, A64.FMAXNM_s, A64.FMINNM_s -> extreme();
      case A64.FRINTN_s, A64.FRINTI_s -> round(NEAREST | QUIET);
      case A64.FRINTX_s -> round(NEAREST);
      case A64.FRINTP_s -> round(UP | QUIET);
      case A64.FRINTM_s -> round(DOWN | QUIET);
      case A64.FRINTZ_s -> round(TO_ZERO | QUIET);
      case A64.FRINTA_s -> roundAway();
      case A64.FCCMP, A64.FCCMPE -> conditionalCompare();
      case A64.SCVTF_gpr -> fromSigned();
      case A64.UCVTF_gpr -> fromUnsigned();
      default -> number <= A64.FCVTZU_gpr && toInteger();
    };
  }

  private boolean moveSign() {
    loadScalar(0, n);
    if (number == A64.FABS_s) {
      withBits(ANDP, 0, ~sign());
    } else if (number == A64.FNEG_s) {
      withBits(XORP, 0, sign());
    }
    store(d, 0);
    return true;
  }

  private boolean select() {
    int condition = field(12, 4);
    int host = condition < ALWAYS ? m.flags.condition(condition) : -1;
    a.load(isDouble(), RAX, vectors(), 16 * n);
    if (host >= 0) {
      a.load(isDouble(), RCX, vectors(), 16 * r);
      a.cmov(isDouble(), host ^ 1, RAX, RCX);
    }
    resultOf(RAX);
    return true;
  }

  private boolean squareRoot() {
    needDefaultControl();
    zero(0);
    scalarWith(SQRTS, 0, n);
    check();
    store(d, 0);
    return true;
  }

  private boolean negatedProduct() {
    needDefaultControl();
    loadScalar(0, n);
    scalarWith(MULS, 0, r);
    check();
    withBits(XORP, 0, sign());
    store(d, 0);
    return true;
  }

  /** Equal numbers differ at most in the signs of zeros, of which the host does not choose. */
  private boolean extreme() {
    boolean isMaximum = number == A64.FMAX_s || number == A64.FMAXNM_s;
    int equal = a.newLabel();
    int done = a.newLabel();
    needDefaultControl();
    loadScalar(0, n);
    loadScalar(1, r);
    a.sse(isDouble() ? 0x66 : 0, UCOMIS, 0, 1);
    a.jump(X86Assembler.P, m.leave());
    a.jump(X86Assembler.E, equal);
    scalar(isMaximum ? MAXS : MINS, 0, 1);
    a.bind(done);
    store(d, 0);
    m.later.add(() -> {
      a.bind(equal);
      a.sse(0, isMaximum ? ANDP : ORP, 0, 1);
      a.jump(done);
    });
    return true;
  }

  // ---- rounding ----

  private void round(int to, int from, int how) {
    a.sse(0x66, isDouble() ? 0x0f3a0b : 0x0f3a0a, to, from, how);
  }

  private void leaveIfNan(int x) {
    a.sse(isDouble() ? 0x66 : 0, UCOMIS, x, x);
    a.jump(X86Assembler.P, m.leave());
  }

  private boolean round(int how) {
    needDefaultControl();
    loadScalar(0, n);
    leaveIfNan(0);
    round(0, 0, how);
    store(d, 0);
    return true;
  }

  private boolean roundAway() {
    needDefaultControl();
    loadScalar(0, n);
    move(1, 0);
    withBits(ANDP, 1, ~sign());
    // What is larger has no fraction.
    withConstant(UCOMIS, 1, isDouble() ? 0x1p52 : 0x1p23);
    a.jump(X86Assembler.AE, m.leave());
    a.jump(X86Assembler.P, m.leave());
    roundAway(0);
    store(d, 0);
    return true;
  }

  /** Rounds to nearest, halves away from zero, exactly. 1 to 3 are lost. */
  private void roundAway(int x) {
    move(2, x);
    round(1, x, TO_ZERO | QUIET);
    scalar(SUBS, 2, 1);
    withBits(ANDP, 2, ~sign());
    a.sseConstant(prefix(), 0x0f10, 3, bits(0.5), 0);
    a.sse(prefix(), 0x0fc2, 3, 2, 2); // 0.5 <= the fraction
    withConstant(ANDP, 3, 1.0);
    withBits(ANDP, x, sign());
    a.sse(0, ORP, 3, x);
    scalar(ADDS, 1, 3);
    a.sse(0, ORP, x, 1); // −0 stays
  }

  // ---- conversions ----

  private boolean precision() {
    int from = field(22, 2);
    int to = field(15, 2);
    if (from > 1 || to > 1 || from == to) {
      return false; // of halves
    }
    needDefaultControl();
    loadScalar(1, n);
    zero(0);
    scalar(CVTS2S, 0, 1);
    X86Float result = new X86Float(m, 2 + to);
    if (to == 1) {
      result.leaveIfNan(0);
    } else {
      result.check();
    }
    store(d, 0);
    return true;
  }

  private boolean fromSigned() {
    boolean wide = insn < 0;
    if (wide || !isDouble()) {
      needDefaultControl();
    }
    zero(0);
    a.registers(prefix(), wide, CVTSI2S, 0, m.in(source(n), RAX));
    store(d, 0);
    return true;
  }

  private boolean fromUnsigned() {
    boolean wide = insn < 0;
    needDefaultControl();
    m.get(wide, RAX, source(n));
    zero(0);
    if (wide) {
      convertUnsigned();
    } else {
      a.registers(prefix(), true, CVTSI2S, 0, RAX);
    }
    store(d, 0);
    return true;
  }

  /** 0 = RAX. A number too large for the host's conversion is halved, keeping a last bit. */
  private void convertUnsigned() {
    int large = a.newLabel();
    int done = a.newLabel();
    a.test(true, RAX, RAX);
    a.jump(X86Assembler.S, large);
    a.registers(prefix(), true, CVTSI2S, 0, RAX);
    a.bind(done);
    m.later.add(() -> {
      a.bind(large);
      a.mov(true, RCX, RAX);
      a.shiftImmediate(SHR, true, RCX, 1);
      a.aluImmediate(AND, false, RAX, 1);
      a.alu(OR, true, RCX, RAX);
      a.registers(prefix(), true, CVTSI2S, 0, RCX);
      scalar(ADDS, 0, 0);
      a.jump(done);
    });
  }

  private boolean toInteger() {
    int how =
        switch (number) {
          case A64.FCVTNS_gpr, A64.FCVTNU_gpr -> NEAREST;
          case A64.FCVTAS_gpr, A64.FCVTAU_gpr -> AWAY;
          case A64.FCVTPS_gpr, A64.FCVTPU_gpr -> UP;
          case A64.FCVTMS_gpr, A64.FCVTMU_gpr -> DOWN;
          case A64.FCVTZS_gpr, A64.FCVTZU_gpr -> TO_ZERO;
          default -> -1;
        };
    if (how < 0) {
      return false; // fixed point
    }
    needDefaultControl();
    loadScalar(0, n);
    convert(how, field(16, 1) != 0, insn < 0);
    m.done(target(d), RAX);
    return true;
  }

  /** FCVTZU of a scalar that stays in a vector register. */
  boolean toUnsignedElement() {
    needDefaultControl();
    loadScalar(0, n);
    convert(TO_ZERO, true, isDouble());
    resultOf(RAX);
    return true;
  }

  /**
   * RAX = the number in 0 as an integer. Leaves if that is none; nothing may be noted as inexact
   * before it is known to be one.
   */
  private void convert(int how, boolean isUnsigned, boolean wide) {
    move(5, 0);
    if (how == AWAY) {
      roundAway(0);
    } else if (how != TO_ZERO) {
      round(0, 0, how | QUIET);
    }
    if (isUnsigned) {
      a.sseConstant(prefix(), 0x0f10, 4, bits(wide ? 0x1p63 : 0x1p32), 0);
      a.sse(isDouble() ? 0x66 : 0, UCOMIS, 4, 0);
      a.jump(X86Assembler.BE, m.leave());
      withConstant(UCOMIS, 0, -1.0);
      a.jump(X86Assembler.BE, m.leave());
    }
    boolean wideConversion = wide || isUnsigned;
    a.registers(prefix(), wideConversion, CVTTS2SI, RAX, 0);
    if (!isUnsigned) {
      a.aluImmediate(CMP, wide, RAX, 1);
      a.jump(X86Assembler.O, m.leave());
    }
    if (how != TO_ZERO) {
      round(5, 5, NEAREST); // inexact if it is no integer
    }
  }

  private boolean conditionalCompare() {
    int condition = field(12, 4);
    int otherwise = a.newLabel();
    if (condition < ALWAYS) {
      a.jump(m.flags.condition(condition) ^ 1, otherwise);
    }
    needDefaultControl();
    compareHost(n, r, number == A64.FCCMPE);
    if (condition < ALWAYS) {
      m.flags.areEither(otherwise, field(0, 4));
    } else {
      m.flags.are(HostFlags.BORROW);
    }
    return true;
  }
}
