package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.CPU;
import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.J;
import static dev.svc0.arm64.jit.Emitter.L_CPU;

import dev.svc0.arm64.interp.Packed;
import dev.svc0.arm64.isa.A64;
import java.lang.constant.ClassDesc;
import java.util.function.IntConsumer;

/** Vector instructions that programs are hot in, on halves of registers as longs. */
final class EmitSimd {
  private static final ClassDesc ELEMENTS = Elements.class.describeConstable().orElseThrow();
  private static final ClassDesc PACKED = Packed.class.describeConstable().orElseThrow();
  private static final long LOW_32 = 0xffffffffL;

  private final Emitter m;
  private final int number;
  private final int insn;
  private final int d;
  private final int n;
  private final int r;

  private EmitSimd(Emitter m, int number, int insn) {
    this.m = m;
    this.number = number;
    this.insn = insn;
    this.d = 2 * (insn & 31);
    this.n = 2 * (insn >>> 5 & 31);
    this.r = 2 * (insn >>> 16 & 31);
  }

  private static int size(int insn) {
    return insn >>> 22 & 3;
  }

  private static boolean isFull(int insn) {
    return (insn >>> 30 & 1) != 0;
  }

  /** Size of the elements of a shift by an immediate; −1 when it is something else. */
  private static int shiftSize(int insn) {
    return 31 - Integer.numberOfLeadingZeros(insn >>> 19 & 15);
  }

  /** Whether an instruction is inlined here, and no reserved form. */
  static boolean covers(int number, int insn) {
    boolean full = isFull(insn);
    int size = size(insn);
    return switch (number) {
      case A64.BIC_v, A64.ORN_v, A64.BSL_v, A64.BIT_v, A64.BIF_v -> true;
      case A64.NOT_v -> size == 0;
      case A64.ADD_v, A64.SUB_v, A64.CMEQ_v, A64.CMGT_v, A64.CMGE_v, A64.CMHI_v, A64.CMHS_v ->
          size < 3 || full;
      case A64.CMEQ0_v, A64.ADDP_v -> size < 3 || full;
      case A64.MUL_v, A64.MLA_v, A64.MLS_v -> size == 2;
      case A64.UMAX_v, A64.UMIN_v, A64.UMAXP_v, A64.UMINP_v, A64.XTN_v -> size < 3;
      case A64.SHL_v, A64.USHR_v, A64.SSHR_v, A64.USRA_v, A64.SSRA_v ->
          shiftSize(insn) >= 0 && (shiftSize(insn) < 3 || full);
      case A64.SHRN_v, A64.USHLL_v, A64.SSHLL_v -> shiftSize(insn) >= 0 && shiftSize(insn) < 3;
      case A64.FADD_v, A64.FSUB_v, A64.FMUL_v, A64.FMLA_v, A64.FMLS_v -> (size & 1) == 0 || full;
      case A64.FDIV_v -> (size & 1) != 0 && full;
      case A64.EXT -> full || (insn >>> 14 & 1) == 0;
      case A64.ZIP1, A64.ZIP2, A64.UZP1, A64.UZP2, A64.TRN1, A64.TRN2 ->
          size == 2 || size == 3 && full;
      case A64.INS_elem -> (insn >>> 16 & 15) != 0;
      default -> false;
    };
  }

  /** Whether the second operand counts. */
  static boolean hasTwoOperands(int number) {
    return switch (number) {
      case A64.NOT_v, A64.CMEQ0_v, A64.XTN_v, A64.SHL_v, A64.USHR_v, A64.SSHR_v -> false;
      case A64.USRA_v, A64.SSRA_v, A64.SHRN_v, A64.USHLL_v, A64.SSHLL_v, A64.INS_elem -> false;
      default -> true;
    };
  }

  /** Whether what the destination held counts. */
  static boolean readsDestination(int number, int insn) {
    return switch (number) {
      case A64.BSL_v, A64.BIT_v, A64.BIF_v, A64.MLA_v, A64.MLS_v, A64.USRA_v, A64.SSRA_v -> true;
      case A64.FMLA_v, A64.FMLS_v, A64.INS_elem -> true;
      case A64.XTN_v, A64.SHRN_v -> isFull(insn);
      default -> false;
    };
  }

  static void emit(Emitter m, int number, int insn) {
    new EmitSimd(m, number, insn).emit();
  }

  private void emit() {
    switch (number) {
      case A64.BIC_v, A64.ORN_v, A64.BSL_v, A64.BIT_v, A64.BIF_v, A64.NOT_v -> result(this::logic);
      case A64.ADD_v, A64.SUB_v -> result(this::sum);
      case A64.MUL_v, A64.MLA_v, A64.MLS_v -> result(this::product);
      case A64.CMEQ_v, A64.CMGT_v, A64.CMGE_v, A64.CMHI_v, A64.CMHS_v, A64.CMEQ0_v ->
          result(this::comparison);
      case A64.UMAX_v, A64.UMIN_v -> result(this::comparison);
      case A64.SHL_v, A64.USHR_v, A64.SSHR_v, A64.USRA_v, A64.SSRA_v -> result(this::shift);
      case A64.UMAXP_v, A64.UMINP_v, A64.ADDP_v -> pairwise();
      case A64.XTN_v -> narrow(size(insn), 0);
      case A64.SHRN_v -> narrow(shiftSize(insn), (16 << shiftSize(insn)) - (insn >>> 16 & 127));
      case A64.USHLL_v, A64.SSHLL_v -> both(this::widened);
      case A64.EXT -> result(this::extracted);
      case A64.INS_elem -> insert();
      case A64.FDIV_v, A64.FADD_v, A64.FSUB_v, A64.FMUL_v, A64.FMLA_v, A64.FMLS_v ->
          result(this::floating);
      default -> permute();
    }
  }

  /** Writes both halves, of which a short vector has one. */
  private void result(IntConsumer half) {
    half.accept(0);
    if (isFull(insn)) {
      half.accept(1);
    } else {
      m.c.lconst_0();
    }
    m.setHalf(d + 1);
    m.setHalf(d);
  }

  /** The same when both halves are written in any case. */
  private void both(IntConsumer half) {
    half.accept(0);
    half.accept(1);
    m.setHalf(d + 1);
    m.setHalf(d);
  }

  private void not() {
    m.constant(-1L);
    m.c.lxor();
  }

  private void logic(int half) {
    switch (number) {
      case A64.NOT_v -> {
        m.getHalf(n + half);
        not();
      }
      case A64.BIC_v, A64.ORN_v -> {
        m.getHalf(n + half);
        m.getHalf(r + half);
        not();
        if (number == A64.BIC_v) {
          m.c.land();
        } else {
          m.c.lor();
        }
      }
      case A64.BSL_v -> choose(n, r, d, half);
      case A64.BIT_v -> choose(n, d, r, half);
      default -> choose(d, n, r, half);
    }
  }

  /** Bits of one register where a mask is set, of another where it is clear. */
  private void choose(int set, int clear, int mask, int half) {
    m.getHalf(set + half);
    m.getHalf(clear + half);
    m.c.lxor();
    m.getHalf(mask + half);
    m.c.land();
    m.getHalf(clear + half);
    m.c.lxor();
  }

  private static long high(int size) {
    return Elements.repeat(1L << (8 << size) - 1, size);
  }

  /** Of two values on the stack. */
  private void add(String name, int size) {
    if (size == 3) {
      if (name.equals("add")) {
        m.c.ladd();
      } else {
        m.c.lsub();
      }
      return;
    }
    m.constant(high(size));
    m.call(ELEMENTS, name, J, J, J, J);
  }

  private void sum(int half) {
    m.getHalf(n + half);
    m.getHalf(r + half);
    add(number == A64.ADD_v ? "add" : "subtract", size(insn));
  }

  private void product(int half) {
    if (number != A64.MUL_v) {
      m.getHalf(d + half);
    }
    m.getHalf(n + half);
    m.getHalf(r + half);
    m.call(ELEMENTS, "multiply32", J, J, J);
    if (number != A64.MUL_v) {
      add(number == A64.MLA_v ? "add" : "subtract", 2);
    }
  }

  private void comparison(int half) {
    m.getHalf(n + half);
    if (number == A64.CMEQ0_v) {
      m.c.lconst_0();
    } else {
      m.getHalf(r + half);
    }
    compare(
        switch (number) {
          case A64.CMEQ_v, A64.CMEQ0_v -> "equal";
          case A64.CMGT_v -> "greater";
          case A64.CMGE_v -> "notLess";
          case A64.CMHI_v -> "above";
          case A64.CMHS_v -> "notBelow";
          case A64.UMAX_v -> "maxUnsigned";
          default -> "minUnsigned";
        },
        size(insn));
  }

  private void compare(String name, int size) {
    m.constant(high(size));
    m.constant(8 << size);
    m.call(ELEMENTS, name, J, J, J, J, I);
  }

  private void shift(int half) {
    int size = shiftSize(insn);
    int bits = 8 << size;
    int immediate = insn >>> 16 & 127;
    int right = 2 * bits - immediate;
    boolean adds = number == A64.USRA_v || number == A64.SSRA_v;
    if (adds) {
      m.getHalf(d + half);
    }
    m.getHalf(n + half);
    switch (number) {
      case A64.SHL_v -> left(immediate - bits, size);
      case A64.USHR_v, A64.USRA_v -> right(right, size);
      default -> {
        int amount = Math.min(right, bits - 1);
        if (size == 3) {
          m.constant(amount);
          m.c.lshr();
        } else {
          right(amount, size);
          m.constant(Elements.repeat(1L << bits - 1 - amount, size));
          m.constant(high(size));
          m.call(ELEMENTS, "signed", J, J, J, J);
        }
      }
    }
    if (adds) {
      add("add", size);
    }
  }

  private void left(int amount, int size) {
    long element = -1L >>> 64 - (8 << size);
    m.constant(amount);
    m.c.lshl();
    if (size < 3) {
      m.constant(Elements.repeat(element << amount & element, size));
      m.c.land();
    }
  }

  private void right(int amount, int size) {
    int bits = 8 << size;
    if (amount == bits) {
      m.c.pop2().lconst_0();
      return;
    }
    m.constant(amount);
    m.c.lushr();
    if (size < 3) {
      m.constant(Elements.repeat((-1L >>> 64 - bits) >>> amount, size));
      m.c.land();
    }
  }

  private void even(int size) {
    m.call(ELEMENTS, "even" + (8 << size), J, J);
  }

  /** Pushes every second element of two halves, from the first or the second on. */
  private void every(int first, int second, int size, int start) {
    pick(first, size, start);
    pick(second, size, start);
    m.c.bipush(32).lshl().lor();
  }

  private void pick(int half, int size, int start) {
    m.getHalf(half);
    if (start != 0) {
      m.constant(8 << size);
      m.c.lushr();
    }
    even(size);
  }

  private void pairwise() {
    int size = size(insn);
    if (!isFull(insn)) {
      pairs(n, r, size);
      m.c.lconst_0();
    } else {
      pairs(n, n + 1, size);
      pairs(r, r + 1, size);
    }
    m.setHalf(d + 1);
    m.setHalf(d);
  }

  private void pairs(int first, int second, int size) {
    if (size == 3) {
      m.getHalf(first);
      m.getHalf(second);
      m.c.ladd();
      return;
    }
    every(first, second, size, 0);
    every(first, second, size, 1);
    if (number == A64.ADDP_v) {
      add("add", size);
    } else {
      compare(number == A64.UMAXP_v ? "maxUnsigned" : "minUnsigned", size);
    }
  }

  /** Elements of half the width; the second form leaves the lower half as it is. */
  private void narrow(int size, int amount) {
    for (int half = 0; half < 2; half++) {
      m.getHalf(n + half);
      if (amount != 0) {
        m.constant(amount);
        m.c.lushr();
      }
      even(size);
    }
    m.c.bipush(32).lshl().lor();
    if (isFull(insn)) {
      m.setHalf(d + 1);
    } else {
      m.setScalar(d);
    }
  }

  /** Elements of twice the width, from the lower half, or from the upper one in the second form. */
  private void widened(int half) {
    int size = shiftSize(insn);
    int amount = (insn >>> 16 & 127) - (8 << size);
    m.getHalf(isFull(insn) ? n + 1 : n);
    if (half == 0) {
      m.constant(LOW_32);
      m.c.land();
    } else {
      m.c.bipush(32).lushr();
    }
    m.call(ELEMENTS, "widen" + (8 << size), J, J);
    if (number == A64.SSHLL_v) {
      m.constant(Elements.repeat(1L << (8 << size) - 1, size + 1));
      m.constant(high(size + 1));
      m.call(ELEMENTS, "signed", J, J, J, J);
    }
    if (amount != 0) {
      left(amount, size + 1);
    }
  }

  private void extracted(int half) {
    int bit = (insn >>> 11 & 15) << 3;
    int[] sources = isFull(insn) ? new int[] {n, n + 1, r, r + 1} : new int[] {n, r, r, r};
    int first = half + (bit >>> 6);
    m.getHalf(sources[first]);
    if ((bit & 63) != 0) {
      m.constant(bit & 63);
      m.c.lushr();
      m.getHalf(sources[first + 1]);
      m.constant(64 - (bit & 63));
      m.c.lshl().lor();
    }
  }

  private void insert() {
    int size = Integer.numberOfTrailingZeros(insn >>> 16 & 31);
    int to = (insn >>> 16 & 31) >>> size + 1 << size + 3;
    int from = (insn >>> 11 & 15) >>> size << size + 3;
    long mask = -1L >>> 64 - (8 << size);
    m.getHalf(n + (from >>> 6));
    if (size < 3) {
      m.constant(from & 63);
      m.c.lushr();
      m.constant(mask);
      m.c.land();
      m.constant(to & 63);
      m.c.lshl();
      m.getHalf(d + (to >>> 6));
      m.constant(~(mask << to));
      m.c.land().lor();
    }
    m.setHalf(d + (to >>> 6));
  }

  /** ZIP, UZP and TRN of elements of 32 and 64 bits. */
  private void permute() {
    boolean second = number == A64.ZIP2 || number == A64.UZP2 || number == A64.TRN2;
    if (size(insn) == 3) {
      m.getHalf(second ? n + 1 : n);
      m.getHalf(second ? r + 1 : r);
    } else {
      int elements = isFull(insn) ? 4 : 2;
      for (int half = 0; half < 2; half++) {
        if (half == 1 && elements == 2) {
          m.c.lconst_0();
        } else {
          word(2 * half, elements, second);
          word(2 * half + 1, elements, second);
          m.c.bipush(32).lshl().lor();
        }
      }
    }
    m.setHalf(d + 1);
    m.setHalf(d);
  }

  /** Pushes a 32-bit element of the result. */
  private void word(int index, int elements, boolean second) {
    int part = second ? 1 : 0;
    boolean fromSecond;
    int at;
    switch (number) {
      case A64.ZIP1, A64.ZIP2 -> {
        fromSecond = (index & 1) != 0;
        at = part * elements / 2 + index / 2;
      }
      case A64.UZP1, A64.UZP2 -> {
        fromSecond = index >= elements / 2;
        at = 2 * (index % (elements / 2)) + part;
      }
      default -> {
        fromSecond = (index & 1) != 0;
        at = (index & ~1) + part;
      }
    }
    m.getHalf((fromSecond ? r : n) + (at >>> 1));
    if ((at & 1) != 0) {
      m.c.bipush(32).lushr();
    } else {
      m.constant(LOW_32);
      m.c.land();
    }
  }

  private void floating(int half) {
    boolean isDouble = (size(insn) & 1) != 0;
    if (!isDouble) {
      m.getHalf(n + half);
      m.getHalf(r + half);
      if (readsDestination(number, insn)) {
        m.getHalf(d + half);
      } else {
        m.c.lconst_0();
      }
      m.c.aload(L_CPU);
      m.constant(number);
      m.c.iconst_0();
      m.call(PACKED, "floats", J, J, J, J, CPU, I, I);
      return;
    }
    boolean fused = number == A64.FMLA_v || number == A64.FMLS_v;
    if (fused) {
      m.getHalf(d + half);
    }
    m.getHalf(n + half);
    if (number == A64.FMLS_v) {
      m.constant(Long.MIN_VALUE);
      m.c.lxor();
    }
    m.getHalf(r + half);
    m.c.aload(L_CPU);
    if (fused) {
      m.helper("multiplyAdd64", J, J, J, J, CPU);
      return;
    }
    m.helper(
        switch (number) {
          case A64.FADD_v -> "add64";
          case A64.FSUB_v -> "subtract64";
          case A64.FMUL_v -> "multiply64";
          default -> "divide64";
        },
        J,
        J,
        J,
        CPU);
  }
}
