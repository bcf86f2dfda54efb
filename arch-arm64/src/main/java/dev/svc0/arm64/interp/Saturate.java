package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/** Saturating integer arithmetic on elements; a result that does not fit raises FPSR.QC. */
final class Saturate {
  private Saturate() {}

  private static long minimum(int size) {
    return -1L << (8 << size) - 1;
  }

  private static long maximum(int size) {
    return ~minimum(size);
  }

  private static long saturated(Cpu cpu, long value) {
    FpState.raise(cpu, FpState.SATURATED);
    return value;
  }

  /** A signed value that must fit the size as signed. */
  static long signed(Cpu cpu, long value, int size) {
    if (value < minimum(size)) {
      return saturated(cpu, minimum(size));
    }
    return value > maximum(size) ? saturated(cpu, maximum(size)) : value;
  }

  /** A signed value that must fit the size as unsigned. */
  static long toUnsigned(Cpu cpu, long value, int size) {
    if (value < 0) {
      return saturated(cpu, 0);
    }
    return size < 3 && value > Lanes.mask(size) ? saturated(cpu, Lanes.mask(size)) : value;
  }

  /** An unsigned value that must fit the size as unsigned. */
  static long unsigned(Cpu cpu, long value, int size) {
    return Long.compareUnsigned(value, Lanes.mask(size)) > 0
        ? saturated(cpu, Lanes.mask(size))
        : value;
  }

  /** Left shift of a signed element by less than 64. */
  static long shiftLeft(Cpu cpu, long value, int amount, int size) {
    return shiftLeft(cpu, value, amount, size, false);
  }

  /** The same for a value other than zero; lost says that the amount is 64 or more. */
  static long shiftLeft(Cpu cpu, long value, int amount, int size, boolean lost) {
    long shifted = value << amount;
    if (lost || shifted >> amount != value) {
      return saturated(cpu, value < 0 ? minimum(size) : maximum(size));
    }
    return signed(cpu, shifted, size);
  }

  /** Left shift of an unsigned element by less than 64. */
  static long shiftLeftUnsigned(Cpu cpu, long value, int amount, int size) {
    return shiftLeftUnsigned(cpu, value, amount, size, false);
  }

  /** The same for a value other than zero; lost says that the amount is 64 or more. */
  static long shiftLeftUnsigned(Cpu cpu, long value, int amount, int size, boolean lost) {
    long shifted = value << amount;
    if (lost || shifted >>> amount != value) {
      return saturated(cpu, Lanes.mask(size));
    }
    return unsigned(cpu, shifted, size);
  }

  static long add(Cpu cpu, long a, long b, int size) {
    long r = a + b;
    if (size == 3 && ((a ^ r) & (b ^ r)) < 0) {
      return saturated(cpu, a < 0 ? minimum(3) : maximum(3));
    }
    return signed(cpu, r, size);
  }

  static long subtract(Cpu cpu, long a, long b, int size) {
    long r = a - b;
    if (size == 3 && ((a ^ b) & (a ^ r)) < 0) {
      return saturated(cpu, a < 0 ? minimum(3) : maximum(3));
    }
    return signed(cpu, r, size);
  }

  static long addUnsigned(Cpu cpu, long a, long b, int size) {
    long r = a + b;
    if (Long.compareUnsigned(r, a) < 0) {
      return saturated(cpu, Lanes.mask(size));
    }
    return unsigned(cpu, r, size);
  }

  static long subtractUnsigned(Cpu cpu, long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? saturated(cpu, 0) : a - b;
  }

  /** SUQADD: a signed element plus an unsigned one, saturated as signed. */
  static long addUnsignedToSigned(Cpu cpu, long a, long b, int size) {
    if (size < 3) {
      return signed(cpu, a + b, size);
    }
    // maximum − a is not negative as an unsigned number whatever the sign of a.
    return Long.compareUnsigned(b, maximum(3) - a) > 0 ? saturated(cpu, maximum(3)) : a + b;
  }

  /** USQADD: an unsigned element plus a signed one, saturated as unsigned. */
  static long addSignedToUnsigned(Cpu cpu, long a, long b, int size) {
    long r = a + b;
    if (size < 3) {
      return toUnsigned(cpu, r, size);
    }
    if (b >= 0) {
      return Long.compareUnsigned(r, a) < 0 ? saturated(cpu, -1) : r;
    }
    return Long.compareUnsigned(a, -b) < 0 ? saturated(cpu, 0) : r;
  }
}
