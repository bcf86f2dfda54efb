package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/**
 * Fused multiply-add in 128-bit integers, and the steps of Newton's method that are built on it.
 */
final class SoftFma {
  private SoftFma() {}

  /** FPMulAdd: addend + left · right, rounded once. */
  static long multiplyAdd(Cpu cpu, FpFormat format, long addend, long left, long right) {
    long c = FpState.flushInput(cpu, format, addend);
    long a = FpState.flushInput(cpu, format, left);
    long b = FpState.flushInput(cpu, format, right);
    boolean zeroTimesInfinity =
        format.isZero(a) && format.isInfinite(b) || format.isInfinite(a) && format.isZero(b);
    if (format.isNan(a) || format.isNan(b) || format.isNan(c)) {
      boolean quietAddend = format.isNan(c) && !format.isSignalling(c);
      return quietAddend && zeroTimesInfinity
          ? FpState.invalid(cpu, format)
          : FpState.processNans(cpu, format, c, a, b);
    }
    boolean negative = format.negative(a) != format.negative(b);
    boolean infinite = format.isInfinite(a) || format.isInfinite(b);
    if (zeroTimesInfinity || infinite && format.isInfinite(c) && format.negative(c) != negative) {
      return FpState.invalid(cpu, format);
    }
    if (infinite || format.isInfinite(c)) {
      return format.signed(infinite ? negative : format.negative(c), format.infinity);
    }
    int mode = FpState.roundingMode(cpu);
    return finite(cpu, format, c, a, b, 0, mode);
  }

  /** Finite operands; the result is scaled by 2^scale before it is rounded. */
  private static long finite(
      Cpu cpu, FpFormat format, long c, long a, long b, int scale, int mode) {
    boolean negative = format.negative(a) != format.negative(b);
    boolean addendNegative = format.negative(c);
    if (format.isZero(a) || format.isZero(b)) {
      if (format.isZero(c)) {
        boolean sign = negative == addendNegative ? negative : mode == FpState.ROUND_DOWN;
        return format.signed(sign, 0);
      }
      int exponent = format.exponent(c) + scale;
      return SoftFloat.round(cpu, format, addendNegative, exponent, format.significand(c), mode);
    }
    long m = format.significand(a);
    long n = format.significand(b);
    long high = Math.multiplyHigh(m, n);
    long low = m * n;
    int exponent = format.exponent(a) + format.exponent(b);
    if (format.isZero(c)) {
      long jammed = high | (low == 0 ? 0 : 1);
      return SoftFloat.round(cpu, format, negative, exponent + 2 + scale, jammed, mode);
    }
    // Both as high:low · 2^(exponent − 124), below 2^126.
    long addend = format.significand(c);
    long addendHigh = addend >>> 2;
    long addendLow = addend << 62;
    int addendExponent = format.exponent(c);
    if (exponent >= addendExponent) {
      int shift = exponent - addendExponent;
      addendLow = shiftLow(addendHigh, addendLow, shift);
      addendHigh = shift >= 64 ? 0 : addendHigh >>> shift;
    } else {
      int shift = addendExponent - exponent;
      low = shiftLow(high, low, shift);
      high = shift >= 64 ? 0 : high >>> shift;
      exponent = addendExponent;
    }
    if (negative == addendNegative) {
      long sum = low + addendLow;
      high += addendHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
      low = sum;
    } else {
      long difference = low - addendLow;
      high -= addendHigh + (Long.compareUnsigned(low, addendLow) < 0 ? 1 : 0);
      low = difference;
      if (high < 0) {
        negative = !negative;
        high = ~high + (low == 0 ? 1 : 0);
        low = -low;
      }
      if (high == 0 && low == 0) {
        return format.signed(mode == FpState.ROUND_DOWN, 0);
      }
    }
    return roundWide(cpu, format, negative, exponent + scale, high, low, mode);
  }

  /** Low half of high:low shifted right; what falls out is kept as the lowest bit. */
  private static long shiftLow(long high, long low, int shift) {
    if (shift == 0) {
      return low;
    }
    if (shift < 64) {
      return high << 64 - shift | low >>> shift | (low << 64 - shift == 0 ? 0 : 1);
    }
    return SoftFloat.shiftRightJam(high, shift - 64) | (low == 0 ? 0 : 1);
  }

  /** Rounds high:low · 2^(exponent − 124). */
  private static long roundWide(
      Cpu cpu, FpFormat format, boolean negative, int exponent, long high, long low, int mode) {
    int up = high == 0 ? 64 : Long.numberOfLeadingZeros(high) - 1;
    long significand = high;
    long rest = low;
    if (up == 64) {
      significand = low >>> 1;
      rest = low & 1;
      up = 63;
    } else if (up > 0) {
      significand = high << up | low >>> 64 - up;
      rest = low << up;
    }
    long jammed = significand | (rest == 0 ? 0 : 1);
    return SoftFloat.round(cpu, format, negative, exponent + 2 - up, jammed, mode);
  }

  /** FPRecipStepFused: 2 − a · b. */
  static long reciprocalStep(Cpu cpu, FpFormat format, long left, long right) {
    return step(cpu, format, left, right, 2, 0);
  }

  /** FPRSqrtStepFused: (3 − a · b) / 2. */
  static long reciprocalRootStep(Cpu cpu, FpFormat format, long left, long right) {
    return step(cpu, format, left, right, 3, -1);
  }

  private static long step(Cpu cpu, FpFormat format, long left, long right, int from, int scale) {
    long a = FpState.flushInput(cpu, format, left ^ format.signBit);
    long b = FpState.flushInput(cpu, format, right);
    if (format.isNan(a) || format.isNan(b)) {
      return FpState.processNans(cpu, format, a, b);
    }
    long one = (long) format.bias << format.fractionBits;
    long constant = from == 2 ? one + (1L << format.fractionBits) : one + 3 * format.quietBit;
    boolean infinite = format.isInfinite(a) || format.isInfinite(b);
    boolean zero = format.isZero(a) || format.isZero(b);
    if (infinite && zero) {
      return from == 2 ? constant : one + format.quietBit;
    }
    if (infinite) {
      return format.signed(format.negative(a) != format.negative(b), format.infinity);
    }
    return finite(cpu, format, constant, a, b, scale, FpState.roundingMode(cpu));
  }
}
