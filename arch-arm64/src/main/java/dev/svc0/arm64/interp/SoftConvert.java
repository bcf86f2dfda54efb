package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.FpState.INEXACT;
import static dev.svc0.arm64.interp.FpState.INVALID;

import dev.svc0.arm64.cpu.Cpu;

/** Conversions between formats, to integers and fixed point and back, and rounding to integers. */
final class SoftConvert {
  private SoftConvert() {}

  /** FPRoundInt, or FPRoundIntExact when exact. */
  static long roundToInteger(
      Cpu cpu, FpFormat format, long operand, int mode, boolean signalInexact) {
    long a = FpState.flushInput(cpu, format, operand);
    if (format.isNan(a)) {
      return FpState.processNan(cpu, format, a);
    }
    if (format.isInfinite(a) || format.isZero(a)) {
      return a;
    }
    int exponent = format.exponent(a);
    if (exponent >= format.fractionBits) {
      return a;
    }
    boolean negative = format.negative(a);
    long significand = format.significand(a);
    long whole = wholePart(significand, exponent, mode, negative);
    if (signalInexact && !isWhole(significand, exponent)) {
      FpState.raise(cpu, INEXACT);
    }
    if (whole == 0) {
      return format.signed(negative, 0);
    }
    int up = Long.numberOfLeadingZeros(whole) - 1;
    long fraction = whole << up >>> 62 - format.fractionBits & format.fractionMask;
    long biased = 62 - up + format.bias;
    return format.signed(negative, biased << format.fractionBits | fraction);
  }

  /** significand · 2^(exponent − 62) rounded to an integer; exponent below 63. */
  private static long wholePart(long significand, int exponent, int mode, boolean negative) {
    if (exponent == 62) {
      return significand;
    }
    int drop = Math.min(62 - exponent, 63);
    long value = 62 - exponent > 63 ? 1 : significand;
    long kept = value >>> drop;
    long rest = value & (1L << drop) - 1;
    if (rest == 0) {
      return kept;
    }
    long half = 1L << drop - 1;
    boolean up =
        switch (mode) {
          case FpState.ROUND_NEAREST -> rest > half || rest == half && (kept & 1) != 0;
          case FpState.ROUND_UP -> !negative;
          case FpState.ROUND_DOWN -> negative;
          case FpState.ROUND_AWAY -> rest >= half;
          default -> false;
        };
    return up ? kept + 1 : kept;
  }

  private static boolean isWhole(long significand, int exponent) {
    return exponent >= 62 || exponent >= 0 && significand << exponent + 2 == 0;
  }

  /**
   * FPToFixed: operand · 2^fractionBits as an integer of the given width, saturated.
   *
   * @return the result in the low bits, the rest zero
   */
  static long toFixed(
      Cpu cpu,
      FpFormat format,
      long operand,
      int fractionBits,
      boolean unsigned,
      int mode,
      int width) {
    long a = FpState.flushInput(cpu, format, operand);
    long mask = width == 64 ? -1 : (1L << width) - 1;
    if (format.isNan(a)) {
      FpState.raise(cpu, INVALID);
      return 0;
    }
    if (format.isZero(a)) {
      return 0;
    }
    boolean negative = format.negative(a);
    int exponent = format.isInfinite(a) ? 1000 : format.exponent(a) + fractionBits;
    if (exponent > 63) {
      return saturate(cpu, unsigned, negative, width);
    }
    long significand = format.significand(a);
    long whole =
        exponent == 63 ? significand << 1 : wholePart(significand, exponent, mode, negative);
    if (exceeds(whole, unsigned, negative, width)) {
      return saturate(cpu, unsigned, negative, width);
    }
    if (!isWhole(significand, exponent)) {
      FpState.raise(cpu, INEXACT);
    }
    return (negative ? -whole : whole) & mask;
  }

  private static boolean exceeds(long whole, boolean unsigned, boolean negative, int width) {
    if (unsigned) {
      return negative ? whole != 0 : width < 64 && whole >>> width != 0;
    }
    long limit = 1L << width - 1;
    return negative
        ? Long.compareUnsigned(whole, limit) > 0
        : Long.compareUnsigned(whole, limit) >= 0;
  }

  private static long saturate(Cpu cpu, boolean unsigned, boolean negative, int width) {
    FpState.raise(cpu, INVALID);
    long all = width == 64 ? -1 : (1L << width) - 1;
    if (unsigned) {
      return negative ? 0 : all;
    }
    return negative ? 1L << width - 1 : all >>> 1;
  }

  /** FixedToFP: value · 2^−fractionBits. */
  static long fromFixed(
      Cpu cpu, FpFormat format, long value, int fractionBits, boolean unsigned, int mode) {
    if (value == 0) {
      return 0;
    }
    boolean negative = !unsigned && value < 0;
    long magnitude = negative ? -value : value;
    if (magnitude < 0) {
      magnitude = SoftFloat.shiftRightJam(magnitude, 1);
      return SoftFloat.round(cpu, format, negative, 63 - fractionBits, magnitude, mode);
    }
    return SoftFloat.round(cpu, format, negative, 62 - fractionBits, magnitude, mode);
  }

  /** FPConvert between two different formats. */
  static long convert(Cpu cpu, FpFormat from, FpFormat to, long operand, int mode) {
    long a = FpState.flushInput(cpu, from, operand);
    boolean negative = from.negative(a);
    boolean alternativeTo = to == FpFormat.HALF && FpState.alternativeHalf(cpu);
    boolean alternativeFrom = from == FpFormat.HALF && FpState.alternativeHalf(cpu);
    if (!alternativeFrom && from.isNan(a)) {
      return convertNan(cpu, from, to, a, alternativeTo);
    }
    if (!alternativeFrom && from.isInfinite(a)) {
      if (alternativeTo) {
        FpState.raise(cpu, INVALID);
        return to.signed(negative, to.signBit - 1);
      }
      return to.signed(negative, to.infinity);
    }
    if (from.isZero(a)) {
      return to.signed(negative, 0);
    }
    int exponent = from.exponent(a);
    long significand = from.significand(a);
    return alternativeTo
        ? roundAlternative(cpu, negative, exponent, significand, mode)
        : SoftFloat.round(cpu, to, negative, exponent, significand, mode);
  }

  private static long convertNan(
      Cpu cpu, FpFormat from, FpFormat to, long nan, boolean alternativeTo) {
    boolean negative = from.negative(nan);
    if (from.isSignalling(nan) || alternativeTo) {
      FpState.raise(cpu, INVALID);
    }
    if (alternativeTo) {
      return to.signed(negative, 0);
    }
    if (FpState.defaultNan(cpu)) {
      return to.defaultNan;
    }
    int shift = to.fractionBits - from.fractionBits;
    long fraction = nan & from.fractionMask;
    long moved = shift >= 0 ? fraction << shift : fraction >>> -shift;
    return to.signed(negative, to.infinity | to.quietBit | moved);
  }

  /** The alternative half format has no infinities: one more exponent, and overflow is invalid. */
  private static long roundAlternative(
      Cpu cpu, boolean negative, int exponent, long significand, int mode) {
    FpFormat half = FpFormat.HALF;
    int before = cpu.fpsr;
    // One exponent lower the value has the same rounding; put it back afterwards.
    boolean large = exponent >= half.bias;
    int lowered = large ? exponent - 8 : exponent;
    long bits = SoftFloat.round(cpu, half, negative, lowered, significand, mode);
    long magnitude = half.magnitude(bits) + (large ? 8L << half.fractionBits : 0);
    if (exponent > half.bias + 1 || magnitude >= half.signBit) {
      cpu.fpsr = before | INVALID;
      return half.signed(negative, half.signBit - 1);
    }
    return half.signed(negative, magnitude);
  }
}
