package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.ra;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/** Scalar floating-point arithmetic. <i>Source:</i> Arm ARM, C4.1.96. */
final class FpArithmetic {
  private FpArithmetic() {}

  /** Size of ftype: 2 single, 3 double. Half-precision arithmetic is not implemented. */
  static int size(Cpu cpu, int insn) {
    if (bit(insn, 23) != 0) {
      throw Exceptions.undefined(cpu);
    }
    return 2 + bit(insn, 22);
  }

  /** A scalar operand: the low bits of a vector register. */
  static long scalar(Cpu cpu, int register, int size) {
    long low = Fields.low(cpu, register);
    return size == 3 ? low : low & (1L << (8 << size)) - 1;
  }

  static void execute(Cpu cpu, int insn, int number) {
    int size = size(cpu, insn);
    long a = scalar(cpu, rn(insn), size);
    long result;
    if (number <= A64.FNMUL_s && number != A64.FSQRT_s) {
      result = twoSources(cpu, number, a, scalar(cpu, rm(insn), size), size);
    } else if (number >= A64.FMADD && number <= A64.FNMSUB) {
      long b = scalar(cpu, rm(insn), size);
      result = threeSources(cpu, number, scalar(cpu, ra(insn), size), a, b, size);
    } else if (number == A64.FSQRT_s) {
      result = Fp.squareRoot(cpu, a, size);
    } else {
      boolean exact = number == A64.FRINTX_s;
      int mode = roundingMode(cpu, number);
      result = SoftConvert.roundToInteger(cpu, FpFormat.ofSize(size), a, mode, exact);
    }
    Fields.setVector(cpu, rd(insn), result, 0);
  }

  private static int roundingMode(Cpu cpu, int number) {
    return switch (number) {
      case A64.FRINTN_s -> FpState.ROUND_NEAREST;
      case A64.FRINTP_s -> FpState.ROUND_UP;
      case A64.FRINTM_s -> FpState.ROUND_DOWN;
      case A64.FRINTZ_s -> FpState.ROUND_ZERO;
      case A64.FRINTA_s -> FpState.ROUND_AWAY;
      default -> FpState.roundingMode(cpu);
    };
  }

  private static long twoSources(Cpu cpu, int number, long a, long b, int size) {
    FpFormat format = FpFormat.ofSize(size);
    return switch (number) {
      case A64.FADD_s -> Fp.add(cpu, a, b, size);
      case A64.FSUB_s -> Fp.subtract(cpu, a, b, size);
      case A64.FMUL_s -> Fp.multiply(cpu, a, b, size);
      case A64.FDIV_s -> Fp.divide(cpu, a, b, size);
      case A64.FMAX_s -> FpCompareOps.extreme(cpu, format, a, b, true);
      case A64.FMIN_s -> FpCompareOps.extreme(cpu, format, a, b, false);
      case A64.FMAXNM_s -> FpCompareOps.extremeNumber(cpu, format, a, b, true);
      case A64.FMINNM_s -> FpCompareOps.extremeNumber(cpu, format, a, b, false);
      default -> Fp.negate(Fp.multiply(cpu, a, b, size), size);
    };
  }

  private static long threeSources(Cpu cpu, int number, long c, long a, long b, int size) {
    boolean negateProduct = number == A64.FMSUB || number == A64.FNMADD;
    boolean negateAddend = number == A64.FNMADD || number == A64.FNMSUB;
    long left = negateProduct ? Fp.negate(a, size) : a;
    long addend = negateAddend ? Fp.negate(c, size) : c;
    return Fp.multiplyAdd(cpu, addend, left, b, size);
  }
}
