package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.isa.A64;

/** The frequent operations on all elements of a 64-bit half, for constant sizes. */
public final class Packed {
  private static final long LOW_32 = 0xffffffffL;

  private Packed() {}

  static long add(long a, long b, int size) {
    return switch (size) {
      case 3 -> a + b;
      case 2 -> a + b & LOW_32 | (a >>> 32) + (b >>> 32) << 32;
      default -> Swar.add(a, b, size);
    };
  }

  static long subtract(long a, long b, int size) {
    return switch (size) {
      case 3 -> a - b;
      case 2 -> a - b & LOW_32 | (a >>> 32) - (b >>> 32) << 32;
      default -> Swar.subtract(a, b, size);
    };
  }

  /** Shifts by an immediate, immh:immb, with or without accumulation. */
  static long shift(long a, long old, int immediate, int number) {
    int size = 31 - Integer.numberOfLeadingZeros(immediate >>> 3);
    int bits = 8 << size;
    int left = immediate - bits;
    int right = 2 * bits - immediate;
    long shifted =
        switch (number) {
          case A64.SHL_v -> a << left & repeat(Lanes.mask(size) << left & Lanes.mask(size), size);
          case A64.USHR_v, A64.USRA_v -> right == bits ? 0 : logical(a, right, size);
          default -> arithmetic(a, Math.min(right, bits - 1), size);
        };
    return number == A64.USRA_v || number == A64.SSRA_v ? add(old, shifted, size) : shifted;
  }

  private static long repeat(long element, int size) {
    return switch (size) {
      case 0 -> element * 0x0101010101010101L;
      case 1 -> element * 0x0001000100010001L;
      case 2 -> element * 0x0000000100000001L;
      default -> element;
    };
  }

  private static long logical(long a, int right, int size) {
    return a >>> right & repeat(Lanes.mask(size) >>> right, size);
  }

  /** Right shifts that keep the sign: what a logical shift leaves, with the sign bits filled in. */
  private static long arithmetic(long a, int right, int size) {
    if (size == 3) {
      return a >> right;
    }
    if (size == 2) {
      return (int) a >> right & LOW_32 | (long) ((int) (a >>> 32) >> right) << 32;
    }
    long sign = repeat(1L << (8 << size) - 1 - right, size);
    long shifted = logical(a, right, size);
    return Swar.subtract(shifted ^ sign, sign, size);
  }

  private static boolean isFine(float value) {
    return Math.abs(value) < Fp.LARGE_FLOAT;
  }

  /** Two singles, or one double. */
  public static long floats(long a, long b, long old, Cpu cpu, int number, int isDouble) {
    if (isDouble == 0 && Fp.isPlain(cpu)) {
      float a0 = Float.intBitsToFloat((int) a);
      float a1 = Float.intBitsToFloat((int) (a >>> 32));
      float b0 = Float.intBitsToFloat((int) b);
      float b1 = Float.intBitsToFloat((int) (b >>> 32));
      float r0;
      float r1;
      boolean fine;
      if (number == A64.FADD_v || number == A64.FSUB_v) {
        r0 = number == A64.FADD_v ? a0 + b0 : a0 - b0;
        r1 = number == A64.FADD_v ? a1 + b1 : a1 - b1;
        fine = isFine(r0) && isFine(r1);
      } else {
        float c0 = Float.intBitsToFloat((int) old);
        float c1 = Float.intBitsToFloat((int) (old >>> 32));
        r0 = number == A64.FMUL_v ? a0 * b0 : Math.fma(number == A64.FMLS_v ? -a0 : a0, b0, c0);
        r1 = number == A64.FMUL_v ? a1 * b1 : Math.fma(number == A64.FMLS_v ? -a1 : a1, b1, c1);
        fine = Fp.ordinary(r0) && Fp.ordinary(r1);
      }
      if (fine) {
        return Float.floatToRawIntBits(r0) & LOW_32 | (long) Float.floatToRawIntBits(r1) << 32;
      }
    }
    return SimdFloat.half(cpu, number, 2 + isDouble, a, b, old);
  }
}
