package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.CPU;
import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.J;
import static dev.svc0.arm64.jit.Emitter.L_CPU;
import static dev.svc0.arm64.jit.Emitter.L_T;

import dev.svc0.arm64.interp.Halves;
import dev.svc0.arm64.interp.SimdCopy;
import dev.svc0.arm64.isa.A64;
import java.lang.constant.ClassDesc;

/**
 * The instructions without an operation of their own that are inlined all the same: which they are,
 * what they read and write, and what is emitted. They do not touch the flags.
 */
final class Intrinsics {
  private static final ClassDesc HALVES = Halves.class.describeConstable().orElseThrow();
  private static final ClassDesc FP = ClassDesc.of("dev.svc0.arm64.interp.Fp");
  private static final int FIRST_VECTOR = 32;
  private static final int ZERO = 32;
  private static final int SINK = 33;

  private Intrinsics() {}

  /** Whether an instruction is one of them. */
  static boolean covers(int number, int insn) {
    boolean wide = insn < 0;
    return switch (number) {
      case A64.BFM ->
          (insn & 31) != 31
              && (insn >>> 22 & 1) == (wide ? 1 : 0)
              && (wide || ((insn >>> 16 | insn >>> 10) & 32) == 0);
      case A64.MODIMM -> (insn >>> 12 & 15) != 15 || (insn >>> 29 & 3) != 1;
      case A64.DUP_gpr -> isElement(insn) && (size(insn) != 3 || isFull(insn));
      case A64.DUP_elem -> isElement(insn) && (size(insn) != 3 || isFull(insn));
      case A64.UMOV -> isElement(insn) && isFull(insn) == (size(insn) == 3);
      case A64.INS_gpr -> isElement(insn);
      case A64.FABS_s, A64.FNEG_s, A64.FMOV_s, A64.FSQRT_s -> (insn >>> 23 & 1) == 0;
      case A64.FMOV_w_s, A64.FMOV_s_w -> true;
      case A64.SCVTF_gpr, A64.FCVTZS_gpr -> (insn >>> 23 & 1) == 0;
      case A64.PRFM_uimm, A64.PRFM_unscaled, A64.PRFM_lit -> true;
      case A64.CRC32, A64.CRC32C -> wide == ((insn >>> 10 & 3) == 3);
      default ->
          EmitSimd.covers(number, insn)
              || EmitStructures.covers(number, insn)
              || number >= A64.SSHR_v && Halves.covers(insn, number);
    };
  }

  /** Whether an instruction accesses memory, so that it may leave the unit. */
  static boolean accesses(int number, int insn) {
    return EmitStructures.covers(number, insn);
  }

  private static boolean isElement(int insn) {
    return (insn >>> 16 & 15) != 0;
  }

  private static int size(int insn) {
    return Integer.numberOfTrailingZeros(insn >>> 16 & 31);
  }

  private static boolean isFull(int insn) {
    return (insn >>> 30 & 1) != 0;
  }

  private static long x(int register) {
    return register == 31 ? 0 : 1L << register;
  }

  private static long v(int register) {
    return 1L << FIRST_VECTOR + register;
  }

  static long reads(int number, int insn) {
    int n = insn >>> 5 & 31;
    int d = insn & 31;
    int m = insn >>> 16 & 31;
    if (EmitStructures.covers(number, insn)) {
      return EmitStructures.reads(number, insn);
    }
    if (EmitSimd.covers(number, insn)) {
      long second = EmitSimd.hasTwoOperands(number) ? v(m) : 0;
      return v(n) | second | (EmitSimd.readsDestination(number, insn) ? v(d) : 0);
    }
    return switch (number) {
      case A64.CRC32, A64.CRC32C -> x(n) | x(m);
      case A64.BFM -> x(n) | x(d);
      case A64.MODIMM -> modifies(insn) ? v(d) : 0;
      case A64.DUP_gpr, A64.FMOV_s_w, A64.SCVTF_gpr -> x(n);
      case A64.INS_gpr -> x(n) | v(d);
      case A64.PRFM_uimm, A64.PRFM_unscaled, A64.PRFM_lit -> 0;
      case A64.DUP_elem, A64.UMOV, A64.FABS_s, A64.FNEG_s, A64.FMOV_s -> v(n);
      case A64.FSQRT_s, A64.FMOV_w_s, A64.FCVTZS_gpr -> v(n);
      default -> v(n) | v(d) | (Halves.hasOneOperand(number) ? 0 : v(m));
    };
  }

  static long writes(int number, int insn) {
    int d = insn & 31;
    if (EmitStructures.covers(number, insn)) {
      return EmitStructures.writes(number, insn);
    }
    return switch (number) {
      case A64.CRC32, A64.CRC32C -> x(d);
      case A64.BFM, A64.UMOV, A64.FMOV_w_s, A64.FCVTZS_gpr -> x(d);
      case A64.PRFM_uimm, A64.PRFM_unscaled, A64.PRFM_lit -> 0;
      default -> v(d);
    };
  }

  private static boolean modifies(int insn) {
    int cmode = insn >>> 12 & 15;
    return cmode < 12 && (cmode & 1) != 0;
  }

  static void emit(Emitter m, int number, int insn) {
    if (EmitStructures.covers(number, insn)) {
      EmitStructures.emit(m, number, insn);
    } else if (EmitSimd.covers(number, insn)) {
      EmitSimd.emit(m, number, insn);
    } else {
      emitOther(m, number, insn);
    }
  }

  private static void emitOther(Emitter m, int number, int insn) {
    int n = insn >>> 5 & 31;
    int d = insn & 31;
    switch (number) {
      case A64.CRC32, A64.CRC32C -> {
        m.getInt(n == 31 ? ZERO : n);
        m.get((insn >>> 16 & 31) == 31 ? ZERO : insn >>> 16 & 31);
        m.constant(1 << (insn >>> 10 & 3));
        m.helper(number == A64.CRC32 ? "crc32" : "crc32c", I, I, J, I);
        m.setInt(d == 31 ? SINK : d);
      }
      case A64.BFM -> insert(m, insn, n, d);
      case A64.MODIMM -> immediate(m, insn, d);
      case A64.DUP_gpr, A64.DUP_elem -> duplicate(m, number, insn, n, d);
      case A64.UMOV -> {
        element(m, insn, n);
        m.set(d == 31 ? SINK : d);
      }
      case A64.INS_gpr -> insertElement(m, insn, n, d);
      case A64.PRFM_uimm, A64.PRFM_unscaled, A64.PRFM_lit -> {
        // a hint
      }
      case A64.FMOV_w_s -> {
        EmitVector.scalar(m, 2 * n, 2);
        m.set(d == 31 ? SINK : d);
      }
      case A64.FMOV_s_w -> {
        general(m, n, false);
        m.setScalar(2 * d);
      }
      case A64.FABS_s, A64.FNEG_s, A64.FMOV_s -> sign(m, number, insn, n, d);
      case A64.FSQRT_s, A64.SCVTF_gpr, A64.FCVTZS_gpr -> convert(m, number, insn, n, d);
      default -> halves(m, number, insn, n, d);
    }
  }

  private static void general(Emitter m, int register, boolean wide) {
    m.get(register == 31 ? ZERO : register);
    if (!wide) {
      m.constant(0xffffffffL);
      m.c.land();
    }
  }

  /** BFI and BFXIL: bits of the source replace bits of the destination. */
  private static void insert(Emitter m, int insn, int n, int d) {
    int immr = insn >>> 16 & 63;
    int imms = insn >>> 10 & 63;
    int bits = insn < 0 ? 64 : 32;
    boolean extracts = imms >= immr;
    int width = extracts ? imms - immr + 1 : imms + 1;
    int to = extracts ? 0 : bits - immr;
    long mask = -1L >>> 64 - width;
    general(m, n, true);
    if (extracts && immr != 0) {
      m.c.bipush(immr).lushr();
    }
    m.constant(mask);
    m.c.land();
    if (to != 0) {
      m.c.bipush(to).lshl();
    }
    m.get(d);
    m.constant(~(mask << to) & (bits == 64 ? -1L : 0xffffffffL));
    m.c.land().lor();
    m.set(d);
  }

  private static void immediate(Emitter m, int insn, int d) {
    int op = insn >>> 29 & 1;
    int cmode = insn >>> 12 & 15;
    long value = SimdCopy.expand(op, cmode, insn >>> 11 & 0xe0 | insn >>> 5 & 31);
    for (int half = 0; half < 2; half++) {
      if (half == 1 && !isFull(insn)) {
        m.c.lconst_0();
      } else if (modifies(insn)) {
        m.getHalf(2 * d + half);
        m.constant(op == 0 ? value : ~value);
        if (op == 0) {
          m.c.lor();
        } else {
          m.c.land();
        }
      } else {
        m.constant(op == 1 && cmode < 14 ? ~value : value);
      }
      m.setHalf(2 * d + half);
    }
  }

  /** Pushes an element of a vector register, zero-extended. */
  private static void element(Emitter m, int insn, int n) {
    int size = size(insn);
    int bit = (insn >>> 16 & 31) >>> size + 1 << size + 3;
    m.getHalf(2 * n + (bit >>> 6));
    if ((bit & 63) != 0) {
      m.c.bipush(bit & 63).lushr();
    }
    mask(m, size);
  }

  private static void mask(Emitter m, int size) {
    if (size < 3) {
      m.constant(-1L >>> 64 - (8 << size));
      m.c.land();
    }
  }

  private static void duplicate(Emitter m, int number, int insn, int n, int d) {
    int size = size(insn);
    if (number == A64.DUP_gpr) {
      general(m, n, true);
      mask(m, size);
    } else {
      element(m, insn, n);
    }
    if (size < 3) {
      m.constant(Long.divideUnsigned(-1L, -1L >>> 64 - (8 << size)));
      m.c.lmul();
    }
    m.c.lstore(L_T).lload(L_T);
    m.setHalf(2 * d);
    if (isFull(insn)) {
      m.c.lload(L_T);
    } else {
      m.c.lconst_0();
    }
    m.setHalf(2 * d + 1);
  }

  private static void insertElement(Emitter m, int insn, int n, int d) {
    int size = size(insn);
    int bit = (insn >>> 16 & 31) >>> size + 1 << size + 3;
    int half = 2 * d + (bit >>> 6);
    long mask = -1L >>> 64 - (8 << size);
    m.getHalf(half);
    m.constant(~(mask << bit));
    m.c.land();
    general(m, n, true);
    m.constant(mask);
    m.c.land();
    m.c.bipush(bit & 63).lshl().lor();
    m.setHalf(half);
  }

  private static void sign(Emitter m, int number, int insn, int n, int d) {
    int size = 2 + (insn >>> 22 & 1);
    long sign = size == 3 ? Long.MIN_VALUE : 1L << 31;
    EmitVector.scalar(m, 2 * n, size);
    if (number == A64.FABS_s) {
      m.constant(~sign);
      m.c.land();
    } else if (number == A64.FNEG_s) {
      m.constant(sign);
      m.c.lxor();
    }
    m.setScalar(2 * d);
  }

  private static void convert(Emitter m, int number, int insn, int n, int d) {
    int size = 2 + (insn >>> 22 & 1);
    boolean wide = insn < 0;
    m.c.aload(L_CPU);
    if (number == A64.SCVTF_gpr) {
      general(m, n, true);
      if (!wide) {
        m.c.l2i().i2l();
      }
      m.constant(size);
      m.call(FP, "fromLong", J, CPU, J, I);
      m.setScalar(2 * d);
      return;
    }
    EmitVector.scalar(m, 2 * n, size);
    m.constant(size);
    if (number == A64.FSQRT_s) {
      m.call(FP, "squareRoot", J, CPU, J, I);
      m.setScalar(2 * d);
    } else {
      m.constant(wide ? 64 : 32);
      m.call(FP, "toSigned", J, CPU, J, I, I);
      m.set(d == 31 ? SINK : d);
    }
  }

  private static void halves(Emitter m, int number, int insn, int n, int d) {
    for (int half = 0; half < 2; half++) {
      if (half == 1 && !isFull(insn)) {
        m.c.lconst_0();
      } else {
        m.getHalf(2 * n + half);
        if (Halves.hasOneOperand(number)) {
          m.c.lconst_0();
        } else {
          m.getHalf(2 * (insn >>> 16 & 31) + half);
        }
        m.getHalf(2 * d + half);
        m.c.aload(L_CPU);
        m.constant(insn);
        m.constant(number);
        m.call(HALVES, "of", J, J, J, J, CPU, I, I);
      }
      m.setHalf(2 * d + half);
    }
  }
}
