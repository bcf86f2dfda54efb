package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/** Ordering of floating-point numbers: compares, minimum and maximum. */
final class FpCompareOps {
  /** Flags N, Z, C, V of an unordered compare. */
  static final int UNORDERED = 3;

  private static final int LESS = 8;
  private static final int EQUAL = 6;
  private static final int GREATER = 2;

  private FpCompareOps() {}

  /**
   * FPCompare.
   *
   * @return flags N, Z, C, V
   */
  static int compare(Cpu cpu, FpFormat format, long left, long right, boolean signalAll) {
    long a = FpState.flushInput(cpu, format, left);
    long b = FpState.flushInput(cpu, format, right);
    if (format.isNan(a) || format.isNan(b)) {
      if (signalAll || format.isSignalling(a) || format.isSignalling(b)) {
        FpState.raise(cpu, FpState.INVALID);
      }
      return UNORDERED;
    }
    long m = ordered(format, a);
    long n = ordered(format, b);
    return m == n ? EQUAL : m < n ? LESS : GREATER;
  }

  /** An integer in the order of the numbers; both zeros are 0. */
  private static long ordered(FpFormat format, long bits) {
    long magnitude = format.magnitude(bits);
    return format.negative(bits) ? -magnitude : magnitude;
  }

  static boolean equal(Cpu cpu, FpFormat format, long a, long b) {
    return compare(cpu, format, a, b, false) == EQUAL;
  }

  static boolean greaterOrEqual(Cpu cpu, FpFormat format, long a, long b) {
    int flags = compare(cpu, format, a, b, true);
    return flags == GREATER || flags == EQUAL;
  }

  static boolean greater(Cpu cpu, FpFormat format, long a, long b) {
    return compare(cpu, format, a, b, true) == GREATER;
  }

  /** FPMax or FPMin. A NaN wins. */
  static long extreme(Cpu cpu, FpFormat format, long left, long right, boolean maximum) {
    long a = FpState.flushInput(cpu, format, left);
    long b = FpState.flushInput(cpu, format, right);
    if (format.isNan(a) || format.isNan(b)) {
      return FpState.processNans(cpu, format, a, b);
    }
    if (format.isZero(a) && format.isZero(b)) {
      return maximum ? a & b : a | b;
    }
    return ordered(format, a) > ordered(format, b) == maximum ? a : b;
  }

  /** FPMaxNum or FPMinNum. A number wins against a quiet NaN. */
  static long extremeNumber(Cpu cpu, FpFormat format, long left, long right, boolean maximum) {
    boolean quietLeft = format.isNan(left) && !format.isSignalling(left);
    boolean quietRight = format.isNan(right) && !format.isSignalling(right);
    long least = format.signed(maximum, format.infinity);
    long a = quietLeft && !quietRight ? least : left;
    long b = quietRight && !quietLeft ? least : right;
    return extreme(cpu, format, a, b, maximum);
  }
}
