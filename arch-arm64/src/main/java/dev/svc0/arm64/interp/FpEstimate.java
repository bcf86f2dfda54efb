package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/**
 * The 8-bit estimates of reciprocals and reciprocal square roots that Newton's method starts from.
 */
final class FpEstimate {
  private FpEstimate() {}

  /** RecipEstimate: 256 to 511 in, 256 to 511 out. */
  private static int reciprocal(int a) {
    return ((1 << 19) / (a * 2 + 1) + 1) / 2;
  }

  /** RecipSqrtEstimate: 128 to 511 in, 256 to 511 out. */
  private static int reciprocalRoot(int a) {
    int odd = a < 256 ? a * 2 + 1 : ((a >>> 1 << 1) + 1) * 2;
    int b = 512;
    while (odd * (b + 1) * (b + 1) < 1 << 28) {
      b++;
    }
    return (b + 1) / 2;
  }

  /** FPRecipEstimate. */
  static long reciprocal(Cpu cpu, FpFormat format, long operand) {
    long a = FpState.flushInput(cpu, format, operand);
    if (format.isNan(a)) {
      return FpState.processNan(cpu, format, a);
    }
    boolean negative = format.negative(a);
    if (format.isInfinite(a)) {
      return format.signed(negative, 0);
    }
    if (format.isZero(a)) {
      FpState.raise(cpu, FpState.DIVIDE_BY_ZERO);
      return format.signed(negative, format.infinity);
    }
    int exponent = format.exponent(a);
    if (exponent < -format.bias - 1) {
      return reciprocalOverflow(cpu, format, negative);
    }
    if (exponent >= format.bias - 1 && FpState.flushesToZero(cpu)) {
      FpState.raise(cpu, FpState.UNDERFLOW);
      return format.signed(negative, 0);
    }
    int estimate = reciprocal((int) (format.significand(a) >>> 54));
    int biased = format.bias - 1 - exponent;
    long fraction = (estimate & 255L) << format.fractionBits - 8;
    if (biased == 0) {
      fraction = fraction >>> 1 | format.quietBit;
    } else if (biased == -1) {
      fraction = fraction >>> 2 | format.quietBit >>> 1;
      biased = 0;
    }
    return format.signed(negative, (long) biased << format.fractionBits | fraction);
  }

  private static long reciprocalOverflow(Cpu cpu, FpFormat format, boolean negative) {
    FpState.raise(cpu, FpState.OVERFLOW | FpState.INEXACT);
    boolean infinite =
        switch (FpState.roundingMode(cpu)) {
          case FpState.ROUND_NEAREST -> true;
          case FpState.ROUND_UP -> !negative;
          case FpState.ROUND_DOWN -> negative;
          default -> false;
        };
    return format.signed(negative, infinite ? format.infinity : format.infinity - 1);
  }

  /** FPRSqrtEstimate. */
  static long reciprocalRoot(Cpu cpu, FpFormat format, long operand) {
    long a = FpState.flushInput(cpu, format, operand);
    if (format.isNan(a)) {
      return FpState.processNan(cpu, format, a);
    }
    if (format.isZero(a)) {
      FpState.raise(cpu, FpState.DIVIDE_BY_ZERO);
      return format.signed(format.negative(a), format.infinity);
    }
    if (format.negative(a)) {
      return FpState.invalid(cpu, format);
    }
    if (format.isInfinite(a)) {
      return 0;
    }
    int exponent = format.exponent(a);
    long significand = format.significand(a);
    // An odd biased exponent takes 7 bits after the leading one, an even one 8.
    boolean even = (exponent + format.bias & 1) == 0;
    int scaled = (int) (significand >>> (even ? 54 : 55));
    int estimate = reciprocalRoot(scaled);
    long biased = (3L * format.bias - 1 - (exponent + format.bias)) >> 1;
    return biased << format.fractionBits | (estimate & 255L) << format.fractionBits - 8;
  }

  /** FPRecpX. */
  static long reciprocalExponent(Cpu cpu, FpFormat format, long operand) {
    long a = FpState.flushInput(cpu, format, operand);
    if (format.isNan(a)) {
      return FpState.processNan(cpu, format, a);
    }
    int raw = format.rawExponent(a);
    int inverted = raw == 0 ? format.maxExponent - 1 : ~raw & format.maxExponent;
    return a & format.signBit | (long) inverted << format.fractionBits;
  }

  /** UnsignedRecipEstimate on 32 bits. */
  static long unsignedReciprocal(long a) {
    return a < 0x80000000L ? 0xffffffffL : (long) reciprocal((int) (a >>> 23)) << 23;
  }

  /** UnsignedRSqrtEstimate on 32 bits. */
  static long unsignedReciprocalRoot(long a) {
    return a < 0x40000000L ? 0xffffffffL : (long) reciprocalRoot((int) (a >>> 23)) << 23;
  }
}
