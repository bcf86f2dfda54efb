package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.high;
import static dev.svc0.arm64.interp.Fields.low;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/** Shifts of elements by an immediate: same size, narrowing, widening. */
final class SimdShift {
  private SimdShift() {}

  static void execute(Cpu cpu, int insn, int number) {
    int immh = bits(insn, 19, 4);
    if (immh == 0) {
      throw Exceptions.undefined(cpu);
    }
    int size = 31 - Integer.numberOfLeadingZeros(immh);
    int position = bits(insn, 16, 7) - (8 << size);
    boolean scalar = bit(insn, 28) != 0;
    boolean full = bit(insn, 30) != 0;
    if (narrows(number)) {
      if (size == 3) {
        throw Exceptions.undefined(cpu);
      }
      narrow(cpu, insn, number, size, (8 << size) - position, scalar);
    } else if (number == A64.SSHLL_v || number == A64.USHLL_v) {
      if (size == 3) {
        throw Exceptions.undefined(cpu);
      }
      widen(cpu, insn, number, size, position);
    } else {
      boolean any =
          number == A64.SQSHL_imm_s || number == A64.UQSHL_imm_s || number == A64.SQSHLU_s;
      if (scalar ? size != 3 && !any : size == 3 && !full) {
        throw Exceptions.undefined(cpu);
      }
      same(cpu, insn, number, size, position, scalar, full);
    }
  }

  static boolean narrows(int number) {
    return switch (number) {
      case A64.SHRN_v,
          A64.RSHRN_v,
          A64.SQSHRN_v,
          A64.SQSHRN_s,
          A64.SQRSHRN_v,
          A64.SQRSHRN_s,
          A64.SQSHRUN_v,
          A64.SQSHRUN_s,
          A64.SQRSHRUN_v,
          A64.SQRSHRUN_s,
          A64.UQSHRN_v,
          A64.UQSHRN_s,
          A64.UQRSHRN_v,
          A64.UQRSHRN_s ->
          true;
      default -> false;
    };
  }

  private static void same(
      Cpu cpu, int insn, int number, int size, int position, boolean scalar, boolean full) {
    int n = rn(insn);
    int d = rd(insn);
    if (scalar) {
      long result = element(cpu, number, size, position, low(cpu, n), low(cpu, d), 0);
      Fields.setVector(cpu, d, result & Lanes.mask(size), 0);
      return;
    }
    long lowResult = half(cpu, number, size, position, low(cpu, n), low(cpu, d));
    long highResult = full ? half(cpu, number, size, position, high(cpu, n), high(cpu, d)) : 0;
    Fields.setVector(cpu, d, lowResult, highResult);
  }

  static long half(Cpu cpu, int number, int size, int position, long a, long old) {
    long result = 0;
    for (int at = 0; at < 64; at += 8 << size) {
      result |= (element(cpu, number, size, position, a, old, at) & Lanes.mask(size)) << at;
    }
    return result;
  }

  /** One element at a bit position of a half. */
  private static long element(
      Cpu cpu, int number, int size, int position, long a, long old, int at) {
    int width = 8 << size;
    int right = width - position;
    long s = Lanes.ofSigned(a, at, size);
    long u = Lanes.of(a, at, size);
    long o = Lanes.of(old, at, size);
    return switch (number) {
      case A64.SSHR_v, A64.SSHR_s -> shiftRight(s, right);
      case A64.USHR_v, A64.USHR_s -> shiftRightUnsigned(u, right);
      case A64.SSRA_v, A64.SSRA_s -> o + shiftRight(s, right);
      case A64.USRA_v, A64.USRA_s -> o + shiftRightUnsigned(u, right);
      case A64.SRSHR_v, A64.SRSHR_s -> roundRight(s, right);
      case A64.URSHR_v, A64.URSHR_s -> roundRightUnsigned(u, right);
      case A64.SRSRA_v, A64.SRSRA_s -> o + roundRight(s, right);
      case A64.URSRA_v, A64.URSRA_s -> o + roundRightUnsigned(u, right);
      case A64.SRI_v, A64.SRI_s -> {
        long kept = shiftRightUnsigned(Lanes.mask(size), right);
        yield o & ~kept | shiftRightUnsigned(u, right);
      }
      case A64.SLI_v, A64.SLI_s -> o & ~(-1L << position) | u << position;
      case A64.SHL_v, A64.SHL_s -> u << position;
      case A64.SQSHL_imm_v, A64.SQSHL_imm_s -> Saturate.shiftLeft(cpu, s, position, size);
      case A64.UQSHL_imm_v, A64.UQSHL_imm_s -> Saturate.shiftLeftUnsigned(cpu, u, position, size);
      case A64.SQSHLU_v, A64.SQSHLU_s -> {
        if (s < 0) {
          FpState.raise(cpu, FpState.SATURATED);
          yield 0;
        }
        yield Saturate.shiftLeftUnsigned(cpu, s, position, size);
      }
      default -> throw new IllegalStateException("shift " + number);
    };
  }

  /** Arithmetic shift by 1 to 64. */
  static long shiftRight(long value, int amount) {
    return value >> Math.min(amount, 63);
  }

  /** Logical shift by 1 to 64. */
  static long shiftRightUnsigned(long value, int amount) {
    return amount >= 64 ? 0 : value >>> amount;
  }

  /** Arithmetic shift by 1 to 64 with rounding to nearest, halves up. */
  static long roundRight(long value, int amount) {
    if (amount > 64) {
      return 0;
    }
    return shiftRight(value, amount) + (value >>> amount - 1 & 1);
  }

  /** Logical shift by 1 to 64 with rounding to nearest, halves up. */
  static long roundRightUnsigned(long value, int amount) {
    if (amount > 64) {
      return 0;
    }
    return shiftRightUnsigned(value, amount) + (value >>> amount - 1 & 1);
  }

  private static void narrow(Cpu cpu, int insn, int number, int size, int right, boolean scalar) {
    int n = rn(insn);
    int d = rd(insn);
    long result = 0;
    int count = scalar ? 1 : 8 >>> size;
    for (int i = 0; i < count; i++) {
      long wide = Lanes.get(cpu, n, size + 1, i);
      long narrowed = narrowed(cpu, number, size, right, wide) & Lanes.mask(size);
      result |= narrowed << (i << size + 3);
    }
    setNarrow(cpu, insn, d, result, scalar);
  }

  /** The second form of a narrowing instruction writes the upper half and keeps the lower. */
  static void setNarrow(Cpu cpu, int insn, int d, long result, boolean scalar) {
    if (!scalar && bit(insn, 30) != 0) {
      cpu.v[(d << 1) + 1] = result;
    } else {
      Fields.setVector(cpu, d, result, 0);
    }
  }

  private static long narrowed(Cpu cpu, int number, int size, int right, long wide) {
    long s = Lanes.signExtend(wide, size + 1);
    return switch (number) {
      case A64.SHRN_v -> wide >>> right;
      case A64.RSHRN_v -> roundRightUnsigned(wide, right);
      case A64.SQSHRN_v, A64.SQSHRN_s -> Saturate.signed(cpu, s >> right, size);
      case A64.SQRSHRN_v, A64.SQRSHRN_s -> Saturate.signed(cpu, roundRight(s, right), size);
      case A64.SQSHRUN_v, A64.SQSHRUN_s -> Saturate.toUnsigned(cpu, s >> right, size);
      case A64.SQRSHRUN_v, A64.SQRSHRUN_s -> Saturate.toUnsigned(cpu, roundRight(s, right), size);
      case A64.UQSHRN_v, A64.UQSHRN_s -> Saturate.unsigned(cpu, wide >>> right, size);
      default -> Saturate.unsigned(cpu, roundRightUnsigned(wide, right), size);
    };
  }

  private static void widen(Cpu cpu, int insn, int number, int size, int left) {
    long source = bit(insn, 30) != 0 ? high(cpu, rn(insn)) : low(cpu, rn(insn));
    int width = 8 << size;
    long[] result = cpu.v;
    int d = rd(insn) << 1;
    for (int half = 0; half < 2; half++) {
      long value = 0;
      for (int at = 0; at < 32; at += width) {
        int from = at + (half << 5);
        long element =
            number == A64.SSHLL_v
                ? Lanes.ofSigned(source, from, size)
                : Lanes.of(source, from, size);
        value |= (element << left & Lanes.mask(size + 1)) << 2 * at;
      }
      result[d + half] = value;
    }
  }
}
