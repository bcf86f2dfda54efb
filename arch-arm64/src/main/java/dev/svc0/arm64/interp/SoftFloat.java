package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.FpState.INEXACT;
import static dev.svc0.arm64.interp.FpState.OVERFLOW;
import static dev.svc0.arm64.interp.FpState.UNDERFLOW;

import dev.svc0.arm64.cpu.Cpu;

/**
 * Floating-point arithmetic in integers: every format, rounding mode and flag.
 *
 * <p>Intermediate results are a sign, an exponent and 63 bits, the lowest of which also stands for
 * all bits below it; {@link #round} makes a number of them. <i>Source:</i> Arm ARM, shared
 * pseudocode for floating point; underflow is detected before rounding.
 */
final class SoftFloat {
  private SoftFloat() {}

  /** Shifts right; what falls out is kept as the lowest bit. */
  static long shiftRightJam(long value, int amount) {
    if (amount == 0) {
      return value;
    }
    if (amount >= 64) {
      return value == 0 ? 0 : 1;
    }
    return value >>> amount | (value << 64 - amount == 0 ? 0 : 1);
  }

  /** Rounds ± significand · 2^(exponent − 62) by FPCR; the significand may have any position. */
  static long round(Cpu cpu, FpFormat format, boolean negative, int exponent, long significand) {
    return round(cpu, format, negative, exponent, significand, FpState.roundingMode(cpu));
  }

  static long round(
      Cpu cpu, FpFormat format, boolean negative, int exponent, long significand, int mode) {
    if (significand == 0) {
      return format.signed(negative, 0);
    }
    int up = Long.numberOfLeadingZeros(significand) - 1;
    long normal = up < 0 ? shiftRightJam(significand, 1) : significand << up;
    int biased = exponent - up + format.bias;
    boolean tiny = biased <= 0;
    if (tiny) {
      if (FpState.flushesToZero(cpu) && format != FpFormat.HALF) {
        FpState.raise(cpu, UNDERFLOW);
        return format.signed(negative, 0);
      }
      normal = shiftRightJam(normal, 1 - biased);
      biased = 1;
    }
    int drop = 62 - format.fractionBits;
    long rest = normal & (1L << drop) - 1;
    long kept = roundAway(mode, negative, normal >>> drop, rest, 1L << drop - 1);
    if (rest != 0) {
      FpState.raise(cpu, tiny ? UNDERFLOW | INEXACT : INEXACT);
    }
    long magnitude = ((long) (biased - 1) << format.fractionBits) + kept;
    if (biased >= format.maxExponent || magnitude >= format.infinity) {
      FpState.raise(cpu, OVERFLOW | INEXACT);
      magnitude = overflow(format, mode, negative);
    }
    return format.signed(negative, magnitude);
  }

  private static long roundAway(int mode, boolean negative, long kept, long rest, long half) {
    if (rest == 0) {
      return kept;
    }
    return switch (mode) {
      case FpState.ROUND_NEAREST ->
          rest > half || rest == half && (kept & 1) != 0 ? kept + 1 : kept;
      case FpState.ROUND_UP -> negative ? kept : kept + 1;
      case FpState.ROUND_DOWN -> negative ? kept + 1 : kept;
      case FpState.ROUND_AWAY -> rest >= half ? kept + 1 : kept;
      case FpState.ROUND_ODD -> kept | 1;
      default -> kept;
    };
  }

  private static long overflow(FpFormat format, int mode, boolean negative) {
    boolean infinite =
        switch (mode) {
          case FpState.ROUND_NEAREST, FpState.ROUND_AWAY -> true;
          case FpState.ROUND_UP -> !negative;
          case FpState.ROUND_DOWN -> negative;
          default -> false;
        };
    return infinite ? format.infinity : format.infinity - 1;
  }

  /** FPAdd. */
  static long add(Cpu cpu, FpFormat format, long left, long right) {
    long a = FpState.flushInput(cpu, format, left);
    long b = FpState.flushInput(cpu, format, right);
    if (format.isNan(a) || format.isNan(b)) {
      return FpState.processNans(cpu, format, a, b);
    }
    if (format.isInfinite(a) && format.isInfinite(b)) {
      return a == b ? a : FpState.invalid(cpu, format);
    }
    if (format.isInfinite(a) || format.isInfinite(b)) {
      return format.isInfinite(a) ? a : b;
    }
    if (format.isZero(a) || format.isZero(b)) {
      return addZero(cpu, format, a, b);
    }
    boolean swap = format.magnitude(a) < format.magnitude(b);
    long large = swap ? b : a;
    long small = swap ? a : b;
    int exponent = format.exponent(large);
    long m = format.significand(large) >>> 1;
    long n = shiftRightJam(format.significand(small) >>> 1, exponent - format.exponent(small));
    boolean negative = format.negative(large);
    long sum = format.negative(small) == negative ? m + n : m - n;
    if (sum == 0) {
      return zero(cpu, format);
    }
    return round(cpu, format, negative, exponent + 1, sum);
  }

  private static long addZero(Cpu cpu, FpFormat format, long a, long b) {
    if (format.isZero(a) && format.isZero(b)) {
      return a == b ? a : zero(cpu, format);
    }
    long other = format.isZero(a) ? b : a;
    return round(
        cpu, format, format.negative(other), format.exponent(other), format.significand(other));
  }

  /** The zero that an exact difference gives. */
  private static long zero(Cpu cpu, FpFormat format) {
    return format.signed(FpState.roundingMode(cpu) == FpState.ROUND_DOWN, 0);
  }

  /** FPSub. */
  static long subtract(Cpu cpu, FpFormat format, long a, long b) {
    if (!format.isNan(FpState.flushInput(cpu, format, b))) {
      return add(cpu, format, a, b ^ format.signBit);
    }
    long left = FpState.flushInput(cpu, format, a);
    return FpState.processNans(cpu, format, left, b);
  }

  /** FPMul. */
  static long multiply(Cpu cpu, FpFormat format, long left, long right) {
    return multiply(cpu, format, left, right, false);
  }

  /** FPMulX: zero times infinity is two. */
  static long multiplyExtended(Cpu cpu, FpFormat format, long left, long right) {
    return multiply(cpu, format, left, right, true);
  }

  private static long multiply(Cpu cpu, FpFormat format, long left, long right, boolean extended) {
    long a = FpState.flushInput(cpu, format, left);
    long b = FpState.flushInput(cpu, format, right);
    if (format.isNan(a) || format.isNan(b)) {
      return FpState.processNans(cpu, format, a, b);
    }
    boolean negative = format.negative(a) != format.negative(b);
    boolean zero = format.isZero(a) || format.isZero(b);
    if (format.isInfinite(a) || format.isInfinite(b)) {
      if (zero && extended) {
        return format.signed(negative, (long) (format.bias + 1) << format.fractionBits);
      }
      return zero ? FpState.invalid(cpu, format) : format.signed(negative, format.infinity);
    }
    if (zero) {
      return format.signed(negative, 0);
    }
    long m = format.significand(a);
    long n = format.significand(b);
    long product = Math.multiplyHigh(m, n) | (m * n == 0 ? 0 : 1);
    return round(cpu, format, negative, format.exponent(a) + format.exponent(b) + 2, product);
  }

  /** FPDiv. */
  static long divide(Cpu cpu, FpFormat format, long left, long right) {
    long a = FpState.flushInput(cpu, format, left);
    long b = FpState.flushInput(cpu, format, right);
    if (format.isNan(a) || format.isNan(b)) {
      return FpState.processNans(cpu, format, a, b);
    }
    boolean negative = format.negative(a) != format.negative(b);
    if (format.isInfinite(a) && format.isInfinite(b) || format.isZero(a) && format.isZero(b)) {
      return FpState.invalid(cpu, format);
    }
    if (format.isInfinite(a) || format.isZero(b)) {
      if (!format.isInfinite(a)) {
        FpState.raise(cpu, FpState.DIVIDE_BY_ZERO);
      }
      return format.signed(negative, format.infinity);
    }
    if (format.isZero(a) || format.isInfinite(b)) {
      return format.signed(negative, 0);
    }
    long quotient = quotient(format.significand(a), format.significand(b));
    return round(cpu, format, negative, format.exponent(a) - format.exponent(b), quotient);
  }

  /** a · 2^62 / b for a and b with bit 62 set, inexactness in the lowest bit. */
  private static long quotient(long a, long b) {
    long quotient = 0;
    long rest = a;
    for (int i = 0; i < 63; i++) {
      quotient <<= 1;
      if (Long.compareUnsigned(rest, b) >= 0) {
        rest -= b;
        quotient |= 1;
      }
      rest <<= 1;
    }
    return rest == 0 ? quotient : quotient | 1;
  }

  /** FPSqrt. */
  static long squareRoot(Cpu cpu, FpFormat format, long operand) {
    long a = FpState.flushInput(cpu, format, operand);
    if (format.isNan(a)) {
      return FpState.processNan(cpu, format, a);
    }
    if (format.isZero(a)) {
      return a;
    }
    if (format.negative(a)) {
      return FpState.invalid(cpu, format);
    }
    if (format.isInfinite(a)) {
      return a;
    }
    int exponent = format.exponent(a);
    // An even exponent, so that its half is one; two digits of the root at a time.
    long radicand = (exponent & 1) == 0 ? format.significand(a) : format.significand(a) << 1;
    long root = 0;
    long rest = 0;
    for (int i = 0; i < 60; i++) {
      rest = rest << 2 | radicand >>> 62;
      radicand <<= 2;
      long trial = root << 2 | 1;
      root <<= 1;
      if (rest >= trial) {
        rest -= trial;
        root |= 1;
      }
    }
    long jammed = rest == 0 && radicand == 0 ? root : root | 1;
    return round(cpu, format, false, (exponent >> 1) + 3, jammed);
  }
}
