package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.CMP;
import static dev.svc0.arm64.jit.X86Assembler.NE;
import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.RAX;

import dev.svc0.arm64.isa.A64;

/**
 * Floating point on vectors, while FPCR has its default; see {@link X86Float}. In a short vector
 * the low half is there twice, so that the upper one notes no exceptions of its own.
 */
final class X86SimdFloat extends X86Instruction {
  private static final int ALL_LANES = 0xffff;
  private static final int TWO_LANES = 0xff;
  private static final int EQUAL = 0;
  private static final int LESS = 1;
  private static final int NOT_GREATER = 2;
  private static final int UNORDERED = 3;
  private static final int CMPP = 0x0fc2;
  private static final int MOVMSKP = 0x0f50;
  private static final int PMOVMSKB = 0x0fd7;

  /** 2 for singles, 3 for doubles. */
  private final int size;

  X86SimdFloat(X86Writer m, int number, int insn) {
    super(m, number, insn);
    this.size = 2 + field(22, 1);
  }

  private boolean isDouble() {
    return size == 3;
  }

  private void floats(int opcode, int to, int from) {
    a.sse(isDouble() ? 0x66 : 0, opcode, to, from);
  }

  private void bits(int opcode, int to, long half) {
    a.sseConstant(0, opcode, to, half, half);
  }

  private long sign() {
    return isDouble() ? Long.MIN_VALUE : 0x8000000080000000L;
  }

  private boolean exists() {
    return isScalar || !isDouble() || isFull;
  }

  boolean emit() {
    if (number == A64.FCVTL || number == A64.FCVTN) {
      return isDouble() && precision(); // not of halves
    }
    if (!exists()) {
      return false;
    }
    return switch (number) {
      case A64.FADD_v -> arithmetic(X86Float.ADDS);
      case A64.FSUB_v, A64.FABD_v, A64.FABD_s -> arithmetic(X86Float.SUBS);
      case A64.FMUL_v -> arithmetic(X86Float.MULS);
      case A64.FDIV_v -> arithmetic(X86Float.DIVS);
      case A64.FMLA_v, A64.FMLS_v -> HostFeatures.FMA && multiplyAdd();
      case A64.FMAX_v, A64.FMAXNM_v -> extreme(true);
      case A64.FMIN_v, A64.FMINNM_v -> extreme(false);
      case A64.FABS_v, A64.FNEG_v -> moveSign();
      case A64.FSQRT_v -> squareRoot();
      case A64.FADDP_v -> addPairs();
      case A64.FADDP_s -> addPair();
      case A64.FMLA_e, A64.FMLS_e, A64.FMUL_e, A64.FMLA_es, A64.FMLS_es, A64.FMUL_es -> byElement();
      case A64.SCVTF_v, A64.SCVTF_si, A64.UCVTF_si, A64.FCVTZS_v, A64.FCVTZS_si -> convert();
      case A64.FCVTZU_si -> new X86Float(m, number, insn).toUnsignedElement();
      default -> compare();
    };
  }

  /** The operand, whose unused part is a copy of the used one, so that it is as harmless. */
  private void loadOperand(int x, int register) {
    if (isScalar) {
      a.sseMemory(isDouble() ? 0xf2 : 0xf3, 0x0f10, x, vectors(), NONE, 16 * register);
      packed(PSHUFD, x, x, isDouble() ? 0x44 : 0);
    } else if (isFull) {
      load(x, register);
    } else {
      loadTwice(x, register);
    }
  }

  private void finish() {
    if (isScalar && !isDouble()) {
      zero(1);
      a.sse(0xf3, 0x0f10, 1, 0);
      store(d, 1);
    } else {
      result(0);
    }
  }

  private boolean arithmetic(int opcode) {
    needDefaultControl();
    loadOperand(0, n);
    loadOperand(1, r);
    floats(opcode, 0, 1);
    check(size, ALL_LANES);
    if (number == A64.FABD_v || number == A64.FABD_s) {
      bits(X86Float.ANDP, 0, ~sign());
    }
    finish();
    return true;
  }

  private boolean multiplyAdd() {
    needDefaultControl();
    loadOperand(1, n);
    loadOperand(2, r);
    fuse(number == A64.FMLS_v);
    return true;
  }

  /** Adds the product of 1 and 2 to the destination, or subtracts it. */
  private void fuse(boolean subtracts) {
    loadOperand(0, d);
    a.vex(0x66, 2, isDouble(), subtracts ? 0xbc : 0xb8, 0, 1, 2);
    check(size, ALL_LANES);
    finish();
  }

  private boolean byElement() {
    int h = field(11, 1);
    int l = field(21, 1);
    boolean fuses =
        switch (number) {
          case A64.FMUL_e, A64.FMUL_es -> false;
          default -> true;
        };
    if (isDouble() && l != 0 || fuses && !HostFeatures.FMA) {
      return false;
    }
    needDefaultControl();
    loadElement(RAX, r, size, isDouble() ? h : h << 1 | l);
    a.sseWide(0x66, 0x0f6e, 2, RAX);
    broadcast(2, size, 3);
    loadOperand(1, n);
    if (fuses) {
      fuse(number == A64.FMLS_e || number == A64.FMLS_es);
      return true;
    }
    move(0, 1);
    floats(X86Float.MULS, 0, 2);
    check(size, ALL_LANES);
    finish();
    return true;
  }

  private boolean moveSign() {
    load(0, n);
    if (number == A64.FABS_v) {
      bits(X86Float.ANDP, 0, ~sign());
    } else {
      bits(X86Float.XORP, 0, sign());
    }
    result(0);
    return true;
  }

  private boolean squareRoot() {
    needDefaultControl();
    loadOperand(0, n);
    floats(X86Float.SQRTS, 0, 0);
    check(size, ALL_LANES);
    finish();
    return true;
  }

  private boolean addPairs() {
    needDefaultControl();
    new X86SimdMove(m, number, insn).loadPairs(size);
    floats(X86Float.ADDS, 0, 1);
    check(size, ALL_LANES);
    finish();
    return true;
  }

  private boolean addPair() {
    needDefaultControl();
    load(0, n);
    packed(PSHUFD, 1, 0, isDouble() ? 0xee : 0x55);
    packed(PSHUFD, 0, 0, isDouble() ? 0x44 : 0);
    floats(X86Float.ADDS, 0, 1);
    check(size, ALL_LANES);
    finish();
    return true;
  }

  // ---- special results ----

  /** Leaves when an element of 0 is a NaN or tiny. 1 to 3 are lost. */
  private void check(int size, int lanes) {
    int odd = a.newLabel();
    int done = a.newLabel();
    int out = m.leave();
    boolean isDouble = size == 3;
    long least = isDouble ? 0x0020000000000000L : 0x0100000001000000L;
    long most = isDouble ? 0x7fefffffffffffffL : 0x7f7fffff7f7fffffL;
    outside(size, least, most);
    jumpIfAny(lanes, odd);
    a.bind(done);
    m.later.add(() -> {
      a.bind(odd);
      long normal = isDouble ? 0x0010000000000001L : 0x0080000100800001L;
      long infinity = isDouble ? 0x7ff0000000000000L : 0x7f8000007f800000L;
      outside(size, normal, infinity);
      zero(3);
      packed(PCMPEQ[size], 3, 2);
      packed(PANDN, 3, 1);
      move(1, 3);
      jumpIfAny(lanes, out);
      a.jump(done);
    });
  }

  /** Has 1 be ones where an element of 0, without its sign, is below or above; 2 are those. */
  private void outside(int size, long least, long most) {
    long magnitude = size == 3 ? Long.MAX_VALUE : 0x7fffffff7fffffffL;
    move(2, 0);
    bits(X86Float.ANDP, 2, magnitude);
    move(3, 2);
    a.sseConstant(0x66, PCMPGT[size], 3, most, most);
    a.sseConstant(0x66, 0x0f6f, 1, least, least);
    packed(PCMPGT[size], 1, 2);
    packed(POR, 1, 3);
  }

  private void jumpIfAny(int lanes, int label) {
    packed(PMOVMSKB, RAX, 1);
    a.testImmediate(false, RAX, lanes);
    a.jump(NE, label);
  }

  private void leaveIfAny(int x) {
    floats(MOVMSKP, RAX, x);
    a.test(false, RAX, RAX);
    a.jump(NE, m.leave());
  }

  /** Equal numbers differ at most in the signs of zeros, of which the host does not choose. */
  private boolean extreme(boolean isMaximum) {
    needDefaultControl();
    loadOperand(0, n);
    loadOperand(1, r);
    move(2, 0);
    compare(2, 1, UNORDERED);
    leaveIfAny(2);
    move(2, 0);
    compare(2, 1, EQUAL);
    move(3, 0);
    a.sse(0, isMaximum ? X86Float.ANDP : X86Float.ORP, 3, 1);
    floats(isMaximum ? X86Float.MAXS : X86Float.MINS, 0, 1);
    packed(PAND, 3, 2);
    packed(PANDN, 2, 0);
    packed(POR, 2, 3);
    move(0, 2);
    finish();
    return true;
  }

  // ---- comparisons ----

  private void compare(int to, int from, int how) {
    a.sse(isDouble() ? 0x66 : 0, CMPP, to, from, how);
  }

  private boolean compare() {
    boolean withZero = number <= A64.FCMLE0_s;
    boolean ofMagnitudes =
        switch (number) {
          case A64.FACGE_v, A64.FACGE_s, A64.FACGT_v, A64.FACGT_s -> true;
          default -> false;
        };
    int how = comparison();
    if (how < 0) {
      return false;
    }
    needDefaultControl();
    loadOperand(0, n);
    if (withZero) {
      zero(1);
    } else {
      loadOperand(1, r);
    }
    if (ofMagnitudes) {
      bits(X86Float.ANDP, 0, ~sign());
      bits(X86Float.ANDP, 1, ~sign());
    }
    boolean isReversed = isReversed();
    compare(isReversed ? 1 : 0, isReversed ? 0 : 1, how);
    if (isReversed) {
      move(0, 1);
    }
    finish();
    return true;
  }

  /** The host's comparison, of operands in the order of {@link #isReversed}; −1 for others. */
  private int comparison() {
    return switch (number) {
      case A64.FCMEQ_v, A64.FCMEQ_s, A64.FCMEQ0_v, A64.FCMEQ0_s -> EQUAL;
      case A64.FCMGE_v, A64.FCMGE_s, A64.FCMGE0_v, A64.FCMGE0_s -> NOT_GREATER;
      case A64.FACGE_v, A64.FACGE_s, A64.FCMLE0_v, A64.FCMLE0_s -> NOT_GREATER;
      case A64.FCMGT_v, A64.FCMGT_s, A64.FCMGT0_v, A64.FCMGT0_s -> LESS;
      case A64.FACGT_v, A64.FACGT_s, A64.FCMLT0_v, A64.FCMLT0_s -> LESS;
      default -> -1;
    };
  }

  private boolean isReversed() {
    return switch (number) {
      case A64.FCMEQ_v, A64.FCMEQ_s, A64.FCMEQ0_v, A64.FCMEQ0_s -> false;
      case A64.FCMLE0_v, A64.FCMLE0_s, A64.FCMLT0_v, A64.FCMLT0_s -> false;
      default -> true;
    };
  }

  // ---- conversions ----

  private boolean convert() {
    boolean isVector = number == A64.SCVTF_v || number == A64.FCVTZS_v;
    if (isVector && isDouble()) {
      return number == A64.SCVTF_v && toDoubles();
    }
    needDefaultControl();
    if (isVector) {
      loadOperand(0, n);
      if (number == A64.SCVTF_v) {
        a.sse(0, 0x0f5b, 0, 0);
      } else {
        integers();
      }
      result(0);
      return true;
    }
    int prefix = isDouble() ? 0xf2 : 0xf3;
    if (number == A64.FCVTZS_si) {
      a.memory(prefix, isDouble(), 0x0f2c, RAX, vectors(), NONE, 1, 16 * n);
      a.aluImmediate(CMP, isDouble(), RAX, 1);
      a.jump(X86Assembler.O, m.leave());
      resultOf(RAX);
      return true;
    }
    boolean isUnsigned = number == A64.UCVTF_si;
    a.load(isDouble(), RAX, vectors(), 16 * n);
    if (isUnsigned && isDouble()) {
      a.test(true, RAX, RAX);
      a.jump(X86Assembler.S, m.leave());
    }
    zero(0);
    a.registers(prefix, isDouble() || isUnsigned, 0x0f2a, 0, RAX);
    store(d, 0);
    return true;
  }

  /** Two integers of 64 bits. */
  private boolean toDoubles() {
    needDefaultControl();
    zero(0);
    zero(1);
    a.memory(0xf2, true, 0x0f2a, 0, vectors(), NONE, 1, 16 * n);
    a.memory(0xf2, true, 0x0f2a, 1, vectors(), NONE, 1, 16 * n + 8);
    packed(UNPACK_LOW[3], 0, 1);
    store(d, 0);
    return true;
  }

  /** Leaves if an element is no integer of 32 bits, or the least one. */
  private void integers() {
    a.sse(0xf3, 0x0f5b, 0, 0);
    move(1, 0);
    packedConstant(PCMPEQ[2], 1, 0x8000000080000000L);
    leaveIfAny(1);
  }

  /** Between two singles and two doubles. */
  private boolean precision() {
    needDefaultControl();
    if (number == A64.FCVTL) {
      a.sseMemory(0, 0x0f5a, 0, vectors(), NONE, 16 * n + (isFull ? 8 : 0));
      move(1, 0);
      compare(1, 1, UNORDERED);
      leaveIfAny(1);
      store(d, 0);
    } else {
      load(0, n);
      a.sse(0x66, 0x0f5a, 0, 0);
      check(2, TWO_LANES);
      storeHalf(0);
    }
    return true;
  }
}
