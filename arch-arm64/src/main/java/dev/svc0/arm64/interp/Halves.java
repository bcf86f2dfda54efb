package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.isa.A64;

/**
 * Vector instructions of which each half of the result depends only on the same halves of the
 * operands: for a translator that keeps halves in variables. With a constant instruction word the
 * JVM leaves little of {@link #of}.
 */
public final class Halves {
  private static final long LOW_32 = 0xffffffffL;

  private Halves() {}

  /** Whether an instruction is of this kind, and not a reserved form. */
  public static boolean covers(int insn, int number) {
    boolean scalar = (insn >>> 28 & 1) != 0;
    boolean full = (insn >>> 30 & 1) != 0;
    int size = insn >>> 22 & 3;
    if (number >= A64.BIC_v && number <= A64.BIF_v) {
      return true;
    }
    if (scalar) {
      return false;
    }
    if (number >= A64.SHADD_v && number <= A64.SQRDMLSH_s) {
      return number != A64.ADDP_s
          && !SimdThreeSame.isPairwise(number)
          && SimdThreeSame.allowed(number, size, false, full);
    }
    if (number >= A64.SSHR_v && number <= A64.USHLL_v) {
      boolean same = !SimdShift.narrows(number) && !lengthens(number);
      return same && (insn >>> 19 & 15) != 0 && ((insn >>> 22 & 1) == 0 || full);
    }
    if (number >= A64.FCMGT0_v && number < A64.FMAXNMV) {
      boolean wide = (insn >>> 22 & 1) != 0;
      boolean estimates = number == A64.URECPE_v || number == A64.URSQRTE_v;
      return !SimdFloat.isPairwise(number) && (!wide || full && !estimates);
    }
    return number >= A64.REV64_v
        && number < A64.SADDLV
        && !narrowsOrLengthens(number)
        && SimdMisc.allowed(number, size, false, full);
  }

  private static boolean lengthens(int number) {
    return number == A64.SSHLL_v || number == A64.USHLL_v;
  }

  private static boolean narrowsOrLengthens(int number) {
    return switch (number) {
      case A64.XTN_v, A64.SQXTN_v, A64.SQXTUN_v, A64.UQXTN_v, A64.SHLL_v -> true;
      default -> false;
    };
  }

  /** Whether the first operand alone counts. */
  public static boolean hasOneOperand(int number) {
    return number >= A64.SSHR_v && number <= A64.USHLL_v
        || number >= A64.REV64_v && number < A64.SADDLV;
  }

  /**
   * Half of a result.
   *
   * @param a half of the register Rn
   * @param b of Rm
   * @param old of Rd, as it was
   */
  public static long of(long a, long b, long old, Cpu cpu, int insn, int number) {
    int size = insn >>> 22 & 3;
    return switch (number) {
      case A64.BIC_v -> a & ~b;
      case A64.ORN_v -> a | ~b;
      case A64.BSL_v -> (a ^ b) & old ^ b;
      case A64.BIT_v -> old ^ (old ^ a) & b;
      case A64.BIF_v -> old ^ (old ^ a) & ~b;
      case A64.NOT_v -> ~a;
      case A64.ADD_v -> Packed.add(a, b, size);
      case A64.SUB_v -> Packed.subtract(a, b, size);
      case A64.MUL_v, A64.MLA_v, A64.MLS_v ->
          size == 2 ? multiply(a, b, old, number) : other(a, b, old, cpu, insn, number);
      case A64.FADD_v, A64.FSUB_v, A64.FMUL_v, A64.FMLA_v, A64.FMLS_v ->
          Packed.floats(a, b, old, cpu, number, insn >>> 22 & 1);
      case A64.SHL_v, A64.USHR_v, A64.SSHR_v, A64.USRA_v, A64.SSRA_v ->
          Packed.shift(a, old, insn >>> 16 & 127, number);
      default -> other(a, b, old, cpu, insn, number);
    };
  }

  private static long multiply(long a, long b, long old, int number) {
    int low = (int) a * (int) b;
    int high = (int) (a >>> 32) * (int) (b >>> 32);
    if (number == A64.MLA_v) {
      low += (int) old;
      high += (int) (old >>> 32);
    } else if (number == A64.MLS_v) {
      low = (int) old - low;
      high = (int) (old >>> 32) - high;
    }
    return low & LOW_32 | (long) high << 32;
  }

  private static long other(long a, long b, long old, Cpu cpu, int insn, int number) {
    if (number >= A64.REV64_v) {
      return SimdMisc.half(cpu, number, insn >>> 22 & 3, a, old);
    }
    if (number >= A64.SHADD_v) {
      return SimdThreeSame.half(cpu, number, insn >>> 22 & 3, a, b, old);
    }
    if (number >= A64.FCMGT0_v) {
      return SimdFloat.half(cpu, number, 2 + (insn >>> 22 & 1), a, b, old);
    }
    int size = 31 - Integer.numberOfLeadingZeros(insn >>> 19 & 15);
    return SimdShift.half(cpu, number, size, (insn >>> 16 & 127) - (8 << size), a, old);
  }
}
