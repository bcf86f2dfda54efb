package dev.svc0.arm64.interp;

/** A binary floating-point format of IEEE 754: values are the low bits of a {@code long}. */
enum FpFormat {
  HALF(5, 10),
  SINGLE(8, 23),
  DOUBLE(11, 52);

  final int fractionBits;
  final int maxExponent;
  final int bias;
  final long fractionMask;
  final long signBit;

  /** Bits of infinity. */
  final long infinity;

  /** The NaN that operations make when no operand is one. */
  final long defaultNan;

  /** The fraction's highest bit: set in a quiet NaN. */
  final long quietBit;

  FpFormat(int exponentBits, int fractionBits) {
    this.fractionBits = fractionBits;
    maxExponent = (1 << exponentBits) - 1;
    bias = maxExponent >>> 1;
    fractionMask = (1L << fractionBits) - 1;
    signBit = 1L << exponentBits + fractionBits;
    infinity = (long) maxExponent << fractionBits;
    quietBit = 1L << fractionBits - 1;
    defaultNan = infinity | quietBit;
  }

  /** The format of 1 &lt;&lt; size bytes: 1 half, 2 single, 3 double. */
  static FpFormat ofSize(int size) {
    return size == 3 ? DOUBLE : size == 2 ? SINGLE : HALF;
  }

  int rawExponent(long bits) {
    return (int) (bits >>> fractionBits) & maxExponent;
  }

  boolean negative(long bits) {
    return (bits & signBit) != 0;
  }

  long magnitude(long bits) {
    return bits & signBit - 1;
  }

  boolean isNan(long bits) {
    return magnitude(bits) > infinity;
  }

  boolean isSignalling(long bits) {
    return isNan(bits) && (bits & quietBit) == 0;
  }

  boolean isInfinite(long bits) {
    return magnitude(bits) == infinity;
  }

  boolean isZero(long bits) {
    return magnitude(bits) == 0;
  }

  boolean isSubnormal(long bits) {
    return rawExponent(bits) == 0 && !isZero(bits);
  }

  /** The significand of a finite number other than zero, its highest bit at position 62. */
  long significand(long bits) {
    long fraction = bits & fractionMask;
    if (rawExponent(bits) != 0) {
      return (fraction | 1L << fractionBits) << 62 - fractionBits;
    }
    return fraction << Long.numberOfLeadingZeros(fraction) - 1;
  }

  /** The exponent of a finite number other than zero: it is significand · 2^(exponent − 62). */
  int exponent(long bits) {
    int raw = rawExponent(bits);
    if (raw != 0) {
      return raw - bias;
    }
    int highest = 63 - Long.numberOfLeadingZeros(bits & fractionMask);
    return 1 - bias - (fractionBits - highest);
  }

  long signed(boolean negative, long magnitude) {
    return negative ? magnitude | signBit : magnitude;
  }
}
