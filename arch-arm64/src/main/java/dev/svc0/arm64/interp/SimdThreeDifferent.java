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

/** Operations whose operands and results differ in size, and those with one element as operand. */
final class SimdThreeDifferent {
  private SimdThreeDifferent() {}

  static void execute(Cpu cpu, int insn, int number) {
    int size = bits(insn, 22, 2);
    boolean scalar = bit(insn, 28) != 0;
    if (number >= A64.SMLAL_e) {
      byElement(cpu, insn, number, size, scalar);
    } else if (number == A64.PMULL) {
      polynomial(cpu, insn, size);
    } else if (size == 3 || size == 0 && isDoubling(number)) {
      throw Exceptions.undefined(cpu);
    } else if (scalar) {
      long a = Lanes.getSigned(cpu, rn(insn), size, 0);
      long b = Lanes.getSigned(cpu, rm(insn), size, 0);
      scalarLong(cpu, insn, number, size, a, b);
    } else {
      switch (number) {
        case A64.ADDHN_v, A64.SUBHN_v, A64.RADDHN_v, A64.RSUBHN_v ->
            narrow(cpu, insn, number, size);
        case A64.SADDW_v, A64.SSUBW_v, A64.UADDW_v, A64.USUBW_v -> wide(cpu, insn, number, size);
        default -> {
          long b = bit(insn, 30) != 0 ? high(cpu, rm(insn)) : low(cpu, rm(insn));
          longer(cpu, insn, number, size, b);
        }
      }
    }
  }

  private static boolean isDoubling(int number) {
    return switch (number) {
      case A64.SQDMLAL_v,
          A64.SQDMLAL_s,
          A64.SQDMLSL_v,
          A64.SQDMLSL_s,
          A64.SQDMULL_v,
          A64.SQDMULL_s ->
          true;
      default -> false;
    };
  }

  private static void scalarLong(Cpu cpu, int insn, int number, int size, long a, long b) {
    long old = Lanes.getSigned(cpu, rd(insn), size + 1, 0);
    long result = product(cpu, number, size, a, b, old);
    Fields.setVector(cpu, rd(insn), result & Lanes.mask(size + 1), 0);
  }

  private static void polynomial(Cpu cpu, int insn, int size) {
    boolean second = bit(insn, 30) != 0;
    long a = second ? high(cpu, rn(insn)) : low(cpu, rn(insn));
    long b = second ? high(cpu, rm(insn)) : low(cpu, rm(insn));
    if (size == 3) {
      Fields.setVector(cpu, rd(insn), PolynomialMultiply.low(a, b), PolynomialMultiply.high(a, b));
      return;
    }
    if (size != 0) {
      throw Exceptions.undefined(cpu);
    }
    long lowResult = 0;
    long highResult = 0;
    for (int at = 0; at < 32; at += 8) {
      long m = PolynomialMultiply.bytes(a >>> at & 255, b >>> at & 255);
      long n = PolynomialMultiply.bytes(a >>> at + 32 & 255, b >>> at + 32 & 255);
      lowResult |= m << 2 * at;
      highResult |= n << 2 * at;
    }
    Fields.setVector(cpu, rd(insn), lowResult, highResult);
  }

  private static boolean isUnsigned(int insn) {
    return bit(insn, 29) != 0;
  }

  /** Elements of the chosen half of Rn with those of b, results of twice the size. */
  private static void longer(Cpu cpu, int insn, int number, int size, long b) {
    long a = bit(insn, 30) != 0 ? high(cpu, rn(insn)) : low(cpu, rn(insn));
    int d = rd(insn) << 1;
    boolean unsigned = isUnsigned(insn);
    int width = 8 << size;
    for (int half = 0; half < 2; half++) {
      long old = cpu.v[d + half];
      long value = 0;
      for (int at = 0; at < 32; at += width) {
        int from = at + (half << 5);
        long m = unsigned ? Lanes.of(a, from, size) : Lanes.ofSigned(a, from, size);
        long n = unsigned ? Lanes.of(b, from, size) : Lanes.ofSigned(b, from, size);
        long o = Lanes.ofSigned(old, 2 * at, size + 1);
        value |= (product(cpu, number, size, m, n, o) & Lanes.mask(size + 1)) << 2 * at;
      }
      cpu.v[d + half] = value;
    }
  }

  /** One long element from extended operands. */
  private static long product(Cpu cpu, int number, int size, long a, long b, long old) {
    return switch (number) {
      case A64.SADDL_v, A64.UADDL_v -> a + b;
      case A64.SSUBL_v, A64.USUBL_v -> a - b;
      case A64.SABDL_v, A64.UABDL_v -> Math.abs(a - b);
      case A64.SABAL_v, A64.UABAL_v -> old + Math.abs(a - b);
      case A64.SMULL_v, A64.UMULL_v, A64.SMULL_e, A64.UMULL_e -> a * b;
      case A64.SMLAL_v, A64.UMLAL_v, A64.SMLAL_e, A64.UMLAL_e -> old + a * b;
      case A64.SMLSL_v, A64.UMLSL_v, A64.SMLSL_e, A64.UMLSL_e -> old - a * b;
      case A64.SQDMULL_v, A64.SQDMULL_s, A64.SQDMULL_e, A64.SQDMULL_es -> doubled(cpu, a, b, size);
      case A64.SQDMLAL_v, A64.SQDMLAL_s, A64.SQDMLAL_e, A64.SQDMLAL_es ->
          Saturate.add(cpu, old, doubled(cpu, a, b, size), size + 1);
      default -> Saturate.subtract(cpu, old, doubled(cpu, a, b, size), size + 1);
    };
  }

  private static long doubled(Cpu cpu, long a, long b, int size) {
    return Saturate.shiftLeft(cpu, a * b, 1, size + 1);
  }

  private static void wide(Cpu cpu, int insn, int number, int size) {
    long b = bit(insn, 30) != 0 ? high(cpu, rm(insn)) : low(cpu, rm(insn));
    boolean unsigned = isUnsigned(insn);
    boolean subtract = number == A64.SSUBW_v || number == A64.USUBW_v;
    int n = rn(insn) << 1;
    int width = 8 << size;
    long first = cpu.v[n];
    long second = cpu.v[n + 1];
    for (int half = 0; half < 2; half++) {
      long a = half == 0 ? first : second;
      long value = 0;
      for (int at = 0; at < 32; at += width) {
        int from = at + (half << 5);
        long m = unsigned ? Lanes.of(b, from, size) : Lanes.ofSigned(b, from, size);
        long o = Lanes.of(a, 2 * at, size + 1);
        value |= ((subtract ? o - m : o + m) & Lanes.mask(size + 1)) << 2 * at;
      }
      cpu.v[(rd(insn) << 1) + half] = value;
    }
  }

  private static void narrow(Cpu cpu, int insn, int number, int size) {
    boolean subtract = number == A64.SUBHN_v || number == A64.RSUBHN_v;
    boolean rounds = isUnsigned(insn);
    int width = 8 << size;
    long result = 0;
    for (int i = 0; i < 8 >>> size; i++) {
      long a = Lanes.get(cpu, rn(insn), size + 1, i);
      long b = Lanes.get(cpu, rm(insn), size + 1, i);
      long sum = (subtract ? a - b : a + b) + (rounds ? 1L << width - 1 : 0);
      result |= (sum >>> width & Lanes.mask(size)) << i * width;
    }
    SimdShift.setNarrow(cpu, insn, rd(insn), result, false);
  }

  private static void byElement(Cpu cpu, int insn, int number, int size, boolean scalar) {
    if (size != 1 && size != 2) {
      throw Exceptions.undefined(cpu);
    }
    int h = bit(insn, 11);
    int l = bit(insn, 21);
    int m = bit(insn, 20);
    int index = size == 1 ? h << 2 | l << 1 | m : h << 1 | l;
    int register = bits(insn, 16, 4) | (size == 1 ? 0 : m << 4);
    long element = Lanes.get(cpu, register, size, index);
    if (isLong(number)) {
      if (scalar) {
        long a = Lanes.getSigned(cpu, rn(insn), size, 0);
        scalarLong(cpu, insn, number, size, a, Lanes.signExtend(element, size));
      } else {
        longer(cpu, insn, number, size, Alu.replicate(element, 8 << size));
      }
      return;
    }
    int d = rd(insn);
    int n = rn(insn);
    if (scalar) {
      long old = Lanes.get(cpu, d, size, 0);
      long result = same(cpu, number, size, Lanes.get(cpu, n, size, 0), element, old);
      Fields.setVector(cpu, d, result & Lanes.mask(size), 0);
      return;
    }
    long lowResult = sameHalf(cpu, number, size, low(cpu, n), element, low(cpu, d));
    boolean full = bit(insn, 30) != 0;
    long highResult = full ? sameHalf(cpu, number, size, high(cpu, n), element, high(cpu, d)) : 0;
    Fields.setVector(cpu, d, lowResult, highResult);
  }

  private static boolean isLong(int number) {
    return switch (number) {
      case A64.MUL_e,
          A64.MLA_e,
          A64.MLS_e,
          A64.SQDMULH_e,
          A64.SQDMULH_es,
          A64.SQRDMULH_e,
          A64.SQRDMULH_es,
          A64.SQRDMLAH_e,
          A64.SQRDMLAH_es,
          A64.SQRDMLSH_e,
          A64.SQRDMLSH_es ->
          false;
      default -> true;
    };
  }

  private static long sameHalf(Cpu cpu, int number, int size, long a, long element, long old) {
    long mask = Lanes.mask(size);
    long result = 0;
    for (int at = 0; at < 64; at += 8 << size) {
      result |= (same(cpu, number, size, a >>> at & mask, element, old >>> at & mask) & mask) << at;
    }
    return result;
  }

  private static long same(Cpu cpu, int number, int size, long a, long b, long old) {
    long sa = Lanes.signExtend(a, size);
    long sb = Lanes.signExtend(b, size);
    return switch (number) {
      case A64.MUL_e -> a * b;
      case A64.MLA_e -> old + a * b;
      case A64.MLS_e -> old - a * b;
      case A64.SQDMULH_e, A64.SQDMULH_es -> SimdThreeSame.doublingHigh(cpu, sa, sb, size, false);
      case A64.SQRDMULH_e, A64.SQRDMULH_es -> SimdThreeSame.doublingHigh(cpu, sa, sb, size, true);
      default -> {
        boolean subtract = number == A64.SQRDMLSH_e || number == A64.SQRDMLSH_es;
        long accumulator = Lanes.signExtend(old, size);
        yield SimdThreeSame.roundingAccumulate(cpu, accumulator, sa, sb, size, subtract);
      }
    };
  }
}
