package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/** FPCR and FPSR: control bits, cumulative flags, and what they do to operands and NaNs. */
final class FpState {
  static final int INVALID = 1;
  static final int DIVIDE_BY_ZERO = 2;
  static final int OVERFLOW = 4;
  static final int UNDERFLOW = 8;
  static final int INEXACT = 16;
  static final int INPUT_DENORMAL = 128;
  static final int SATURATED = 1 << 27;

  static final int ROUND_NEAREST = 0;
  static final int ROUND_UP = 1;
  static final int ROUND_DOWN = 2;
  static final int ROUND_ZERO = 3;
  static final int ROUND_AWAY = 4;
  static final int ROUND_ODD = 5;

  private static final int ROUNDING_SHIFT = 22;
  private static final int FLUSH_TO_ZERO = 1 << 24;
  private static final int DEFAULT_NAN = 1 << 25;
  private static final int ALTERNATIVE_HALF = 1 << 26;

  private FpState() {}

  static int roundingMode(Cpu cpu) {
    return cpu.fpcr >>> ROUNDING_SHIFT & 3;
  }

  static boolean flushesToZero(Cpu cpu) {
    return (cpu.fpcr & FLUSH_TO_ZERO) != 0;
  }

  static boolean defaultNan(Cpu cpu) {
    return (cpu.fpcr & DEFAULT_NAN) != 0;
  }

  static boolean alternativeHalf(Cpu cpu) {
    return (cpu.fpcr & ALTERNATIVE_HALF) != 0;
  }

  /** Round to nearest, subnormals kept, NaNs propagated: what the host does as well. */
  static boolean isDefault(Cpu cpu) {
    return (cpu.fpcr & (3 << ROUNDING_SHIFT | FLUSH_TO_ZERO)) == 0;
  }

  static void raise(Cpu cpu, int flags) {
    cpu.fpsr |= flags;
  }

  /**
   * An operand as FPUnpack sees it: a subnormal single or double becomes zero if FPCR.FZ says so.
   */
  static long flushInput(Cpu cpu, FpFormat format, long bits) {
    if (flushesToZero(cpu) && format != FpFormat.HALF && format.isSubnormal(bits)) {
      raise(cpu, INPUT_DENORMAL);
      return bits & format.signBit;
    }
    return bits;
  }

  /** FPProcessNaN: the quiet form of a NaN operand. */
  static long processNan(Cpu cpu, FpFormat format, long nan) {
    if ((nan & format.quietBit) == 0) {
      raise(cpu, INVALID);
    }
    return defaultNan(cpu) ? format.defaultNan : nan | format.quietBit;
  }

  /** FPProcessNaNs for operands of which at least one is a NaN. */
  static long processNans(Cpu cpu, FpFormat format, long a, long b) {
    if (format.isSignalling(a)) {
      return processNan(cpu, format, a);
    }
    if (format.isSignalling(b)) {
      return processNan(cpu, format, b);
    }
    return processNan(cpu, format, format.isNan(a) ? a : b);
  }

  /** FPProcessNaNs3 for operands of which at least one is a NaN. */
  static long processNans(Cpu cpu, FpFormat format, long a, long b, long c) {
    if (format.isSignalling(a)) {
      return processNan(cpu, format, a);
    }
    if (format.isSignalling(b) || !format.isSignalling(c) && !format.isNan(a)) {
      return format.isNan(b) ? processNans(cpu, format, b, c) : processNan(cpu, format, c);
    }
    return processNan(cpu, format, format.isSignalling(c) ? c : a);
  }

  /** The result of an invalid operation. */
  static long invalid(Cpu cpu, FpFormat format) {
    raise(cpu, INVALID);
    return format.defaultNan;
  }
}
