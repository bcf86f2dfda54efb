package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.high;
import static dev.svc0.arm64.interp.Fields.low;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/** Floating-point arithmetic on vectors of singles or doubles, and its scalar forms. */
final class SimdFloat {
  private SimdFloat() {}

  static void execute(Cpu cpu, int insn, int number) {
    boolean scalar = bit(insn, 28) != 0;
    boolean full = bit(insn, 30) != 0;
    int size = 2 + bit(insn, 22);
    if (number >= A64.FMLA_e) {
      byElement(cpu, insn, number, size, scalar, full);
      return;
    }
    if (number >= A64.FMAXNMP_s) {
      long a = Lanes.get(cpu, rn(insn), size, 0);
      long b = Lanes.get(cpu, rn(insn), size, 1);
      Fields.setVector(cpu, rd(insn), pair(cpu, number, size, a, b), 0);
      return;
    }
    if (number >= A64.FMAXNMV) {
      acrossLanes(cpu, insn, number);
      return;
    }
    if (size == 3 && !full && !scalar) {
      throw Exceptions.undefined(cpu);
    }
    if (isPairwise(number)) {
      pairwise(cpu, insn, number, size, full);
      return;
    }
    int n = rn(insn);
    int m = rm(insn);
    int d = rd(insn);
    if (scalar) {
      long mask = Lanes.mask(size);
      long b = low(cpu, m) & mask;
      Fields.setVector(cpu, d, element(cpu, number, size, low(cpu, n) & mask, b, 0), 0);
      return;
    }
    long nHigh = high(cpu, n);
    long mHigh = high(cpu, m);
    long dHigh = high(cpu, d);
    long lowResult = half(cpu, number, size, low(cpu, n), low(cpu, m), low(cpu, d));
    long highResult = full ? half(cpu, number, size, nHigh, mHigh, dHigh) : 0;
    Fields.setVector(cpu, d, lowResult, highResult);
  }

  static long half(Cpu cpu, int number, int size, long a, long b, long old) {
    if (size == 3) {
      return element(cpu, number, 3, a, b, old);
    }
    long mask = 0xffffffffL;
    return element(cpu, number, 2, a & mask, b & mask, old & mask)
        | element(cpu, number, 2, a >>> 32, b >>> 32, old >>> 32) << 32;
  }

  private static long element(Cpu cpu, int number, int size, long a, long b, long old) {
    FpFormat format = FpFormat.ofSize(size);
    return switch (number) {
      case A64.FADD_v -> Fp.add(cpu, a, b, size);
      case A64.FSUB_v -> Fp.subtract(cpu, a, b, size);
      case A64.FMUL_v -> Fp.multiply(cpu, a, b, size);
      case A64.FDIV_v -> Fp.divide(cpu, a, b, size);
      case A64.FMULX_v, A64.FMULX_s -> SoftFloat.multiplyExtended(cpu, format, a, b);
      case A64.FMLA_v -> Fp.multiplyAdd(cpu, old, a, b, size);
      case A64.FMLS_v -> Fp.multiplyAdd(cpu, old, Fp.negate(a, size), b, size);
      case A64.FABD_v, A64.FABD_s -> Fp.subtract(cpu, a, b, size) & ~format.signBit;
      case A64.FMAX_v -> FpCompareOps.extreme(cpu, format, a, b, true);
      case A64.FMIN_v -> FpCompareOps.extreme(cpu, format, a, b, false);
      case A64.FMAXNM_v -> FpCompareOps.extremeNumber(cpu, format, a, b, true);
      case A64.FMINNM_v -> FpCompareOps.extremeNumber(cpu, format, a, b, false);
      case A64.FRECPS_v, A64.FRECPS_s -> SoftFma.reciprocalStep(cpu, format, a, b);
      case A64.FRSQRTS_v, A64.FRSQRTS_s -> SoftFma.reciprocalRootStep(cpu, format, a, b);
      case A64.FABS_v -> a & ~format.signBit;
      case A64.FNEG_v -> a ^ format.signBit;
      case A64.FSQRT_v -> Fp.squareRoot(cpu, a, size);
      case A64.FRECPE_v, A64.FRECPE_s -> FpEstimate.reciprocal(cpu, format, a);
      case A64.FRSQRTE_v, A64.FRSQRTE_s -> FpEstimate.reciprocalRoot(cpu, format, a);
      case A64.FRECPX_s -> FpEstimate.reciprocalExponent(cpu, format, a);
      case A64.URECPE_v, A64.URSQRTE_v -> unsignedEstimate(cpu, number, size, a);
      default -> holds(cpu, format, number, a, b) ? Lanes.mask(size) : 0;
    };
  }

  private static long unsignedEstimate(Cpu cpu, int number, int size, long a) {
    if (size != 2) {
      throw Exceptions.undefined(cpu);
    }
    return number == A64.URECPE_v
        ? FpEstimate.unsignedReciprocal(a)
        : FpEstimate.unsignedReciprocalRoot(a);
  }

  private static boolean holds(Cpu cpu, FpFormat format, int number, long a, long b) {
    long absA = a & ~format.signBit;
    long absB = b & ~format.signBit;
    return switch (number) {
      case A64.FCMEQ_v, A64.FCMEQ_s -> FpCompareOps.equal(cpu, format, a, b);
      case A64.FCMGE_v, A64.FCMGE_s -> FpCompareOps.greaterOrEqual(cpu, format, a, b);
      case A64.FCMGT_v, A64.FCMGT_s -> FpCompareOps.greater(cpu, format, a, b);
      case A64.FACGE_v, A64.FACGE_s -> FpCompareOps.greaterOrEqual(cpu, format, absA, absB);
      case A64.FACGT_v, A64.FACGT_s -> FpCompareOps.greater(cpu, format, absA, absB);
      case A64.FCMEQ0_v, A64.FCMEQ0_s -> FpCompareOps.equal(cpu, format, a, 0);
      case A64.FCMGE0_v, A64.FCMGE0_s -> FpCompareOps.greaterOrEqual(cpu, format, a, 0);
      case A64.FCMGT0_v, A64.FCMGT0_s -> FpCompareOps.greater(cpu, format, a, 0);
      case A64.FCMLE0_v, A64.FCMLE0_s -> FpCompareOps.greaterOrEqual(cpu, format, 0, a);
      case A64.FCMLT0_v, A64.FCMLT0_s -> FpCompareOps.greater(cpu, format, 0, a);
      default -> throw new IllegalStateException("compare " + number);
    };
  }

  static boolean isPairwise(int number) {
    return switch (number) {
      case A64.FADDP_v, A64.FMAXP_v, A64.FMINP_v, A64.FMAXNMP_v, A64.FMINNMP_v -> true;
      default -> false;
    };
  }

  private static long pair(Cpu cpu, int number, int size, long a, long b) {
    FpFormat format = FpFormat.ofSize(size);
    return switch (number) {
      case A64.FADDP_v, A64.FADDP_s -> Fp.add(cpu, a, b, size);
      case A64.FMAXP_v, A64.FMAXP_s, A64.FMAXV -> FpCompareOps.extreme(cpu, format, a, b, true);
      case A64.FMINP_v, A64.FMINP_s, A64.FMINV -> FpCompareOps.extreme(cpu, format, a, b, false);
      case A64.FMAXNMP_v, A64.FMAXNMP_s, A64.FMAXNMV ->
          FpCompareOps.extremeNumber(cpu, format, a, b, true);
      default -> FpCompareOps.extremeNumber(cpu, format, a, b, false);
    };
  }

  private static void pairwise(Cpu cpu, int insn, int number, int size, boolean full) {
    int n = rn(insn);
    int m = rm(insn);
    if (size == 3) {
      long first = pair(cpu, number, 3, low(cpu, n), high(cpu, n));
      long second = pair(cpu, number, 3, low(cpu, m), high(cpu, m));
      Fields.setVector(cpu, rd(insn), first, second);
    } else if (full) {
      long first = pairs(cpu, number, low(cpu, n), high(cpu, n));
      long second = pairs(cpu, number, low(cpu, m), high(cpu, m));
      Fields.setVector(cpu, rd(insn), first, second);
    } else {
      Fields.setVector(cpu, rd(insn), pairs(cpu, number, low(cpu, n), low(cpu, m)), 0);
    }
  }

  /** The pairs of two halves of two singles each. */
  private static long pairs(Cpu cpu, int number, long first, long second) {
    return pair(cpu, number, 2, first & 0xffffffffL, first >>> 32)
        | pair(cpu, number, 2, second & 0xffffffffL, second >>> 32) << 32;
  }

  /** Reduces four singles, two and two. */
  private static void acrossLanes(Cpu cpu, int insn, int number) {
    if (bit(insn, 22) != 0) {
      throw Exceptions.undefined(cpu);
    }
    long nLow = low(cpu, rn(insn));
    long nHigh = high(cpu, rn(insn));
    long first = pair(cpu, number, 2, nLow & 0xffffffffL, nLow >>> 32);
    long second = pair(cpu, number, 2, nHigh & 0xffffffffL, nHigh >>> 32);
    Fields.setVector(cpu, rd(insn), pair(cpu, number, 2, first, second), 0);
  }

  private static void byElement(
      Cpu cpu, int insn, int number, int size, boolean scalar, boolean full) {
    int h = bit(insn, 11);
    int l = bit(insn, 21);
    if (size == 3 && (l != 0 || !full && !scalar)) {
      throw Exceptions.undefined(cpu);
    }
    long element = Lanes.get(cpu, bits(insn, 16, 5), size, size == 3 ? h : h << 1 | l);
    int n = rn(insn);
    int d = rd(insn);
    int operation = plain(number);
    if (scalar) {
      long mask = Lanes.mask(size);
      long a = low(cpu, n) & mask;
      long result = element(cpu, operation, size, a, element, low(cpu, d) & mask);
      Fields.setVector(cpu, d, result, 0);
      return;
    }
    long b = size == 3 ? element : element | element << 32;
    long nHigh = high(cpu, n);
    long dHigh = high(cpu, d);
    long lowResult = half(cpu, operation, size, low(cpu, n), b, low(cpu, d));
    long highResult = full ? half(cpu, operation, size, nHigh, b, dHigh) : 0;
    Fields.setVector(cpu, d, lowResult, highResult);
  }

  private static int plain(int byElement) {
    return switch (byElement) {
      case A64.FMLA_e, A64.FMLA_es -> A64.FMLA_v;
      case A64.FMLS_e, A64.FMLS_es -> A64.FMLS_v;
      case A64.FMUL_e, A64.FMUL_es -> A64.FMUL_v;
      default -> A64.FMULX_v;
    };
  }
}
