package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/**
 * Floating-point operations on single (size 2) and double (size 3) values given as bits.
 *
 * <p>With the default FPCR and an ordinary result the host's arithmetic gives the same number;
 * whether it was exact is found with error-free transformations, or does not matter because the
 * inexact flag is already up. Everything else goes through {@link SoftFloat}.
 */
public final class Fp {
  /** Above this the error of a product is itself a number. */
  static final double SMALL = 0x1p-900;

  /** Below this a sum is no infinity. */
  public static final double LARGE = 0x1p900;

  static final float SMALL_FLOAT = 0x1p-120f;

  /** Below this a sum of singles is no infinity. */
  public static final float LARGE_FLOAT = 0x1p120f;

  private Fp() {}

  /** Whether a result is neither zero, nor tiny, nor huge, nor a NaN. */
  public static boolean ordinary(double value) {
    double magnitude = Math.abs(value);
    return magnitude > SMALL && magnitude < LARGE;
  }

  /** The same for singles. */
  public static boolean ordinary(float value) {
    float magnitude = Math.abs(value);
    return magnitude > SMALL_FLOAT && magnitude < LARGE_FLOAT;
  }

  /**
   * Whether the host's arithmetic does all that an operation with an ordinary result does: the
   * default modes, and the inexact flag is up already.
   */
  public static boolean isPlain(Cpu cpu) {
    return FpState.isDefault(cpu) && (cpu.fpsr & FpState.INEXACT) != 0;
  }

  private static long result(Cpu cpu, double value, boolean exact) {
    if (!exact) {
      cpu.fpsr |= FpState.INEXACT;
    }
    return Double.doubleToRawLongBits(value);
  }

  private static long result(Cpu cpu, float value, boolean exact) {
    if (!exact) {
      cpu.fpsr |= FpState.INEXACT;
    }
    return Float.floatToRawIntBits(value) & 0xffffffffL;
  }

  /**
   * A single is worked out in double, where its sum, product and quotient can be compared with it.
   */
  private static float single(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  public static long add(Cpu cpu, long a, long b, int size) {
    if (FpState.isDefault(cpu)) {
      if (size == 3) {
        double m = Double.longBitsToDouble(a);
        double n = Double.longBitsToDouble(b);
        double r = m + n;
        if (ordinary(r)) {
          double part = r - m;
          return result(cpu, r, m - (r - part) + (n - part) == 0);
        }
      } else {
        double wide = (double) single(a) + single(b);
        float r = single(a) + single(b);
        if (ordinary(r) && exactSum(a, b)) {
          return result(cpu, r, wide == r);
        }
      }
    }
    return SoftFloat.add(cpu, FpFormat.ofSize(size), a, b);
  }

  /** Whether the sum of two singles is exact in double: their exponents are close enough. */
  private static boolean exactSum(long a, long b) {
    int difference = ((int) a >>> 23 & 255) - ((int) b >>> 23 & 255);
    return difference < 28 && difference > -28;
  }

  public static long subtract(Cpu cpu, long a, long b, int size) {
    if (FpState.isDefault(cpu)) {
      if (size == 3) {
        double m = Double.longBitsToDouble(a);
        double n = -Double.longBitsToDouble(b);
        double r = m + n;
        if (ordinary(r)) {
          double part = r - m;
          return result(cpu, r, m - (r - part) + (n - part) == 0);
        }
      } else {
        double wide = (double) single(a) - single(b);
        float r = single(a) - single(b);
        if (ordinary(r) && exactSum(a, b)) {
          return result(cpu, r, wide == r);
        }
      }
    }
    return SoftFloat.subtract(cpu, FpFormat.ofSize(size), a, b);
  }

  public static long multiply(Cpu cpu, long a, long b, int size) {
    if (FpState.isDefault(cpu)) {
      if (size == 3) {
        double m = Double.longBitsToDouble(a);
        double n = Double.longBitsToDouble(b);
        double r = m * n;
        if (ordinary(r)) {
          boolean known = (cpu.fpsr & FpState.INEXACT) != 0;
          return result(cpu, r, known || Math.fma(m, n, -r) == 0);
        }
      } else {
        double wide = (double) single(a) * single(b);
        float r = (float) wide;
        if (ordinary(r)) {
          return result(cpu, r, wide == r);
        }
      }
    }
    return SoftFloat.multiply(cpu, FpFormat.ofSize(size), a, b);
  }

  public static long divide(Cpu cpu, long a, long b, int size) {
    if (FpState.isDefault(cpu)) {
      if (size == 3) {
        double m = Double.longBitsToDouble(a);
        double n = Double.longBitsToDouble(b);
        double r = m / n;
        if (ordinary(r) && ordinary(m) && ordinary(n)) {
          boolean known = (cpu.fpsr & FpState.INEXACT) != 0;
          return result(cpu, r, known || Math.fma(r, n, -m) == 0);
        }
      } else {
        float r = single(a) / single(b);
        if (ordinary(r)) {
          return result(cpu, r, (double) r * single(b) == single(a));
        }
      }
    }
    return SoftFloat.divide(cpu, FpFormat.ofSize(size), a, b);
  }

  public static long squareRoot(Cpu cpu, long a, int size) {
    if (FpState.isDefault(cpu)) {
      if (size == 3) {
        double m = Double.longBitsToDouble(a);
        double r = Math.sqrt(m);
        if (ordinary(m)) {
          if (m > 0) {
            boolean known = (cpu.fpsr & FpState.INEXACT) != 0;
            return result(cpu, r, known || Math.fma(r, r, -m) == 0);
          }
        }
      } else if (ordinary(single(a)) && single(a) > 0) {
        float r = (float) Math.sqrt(single(a));
        return result(cpu, r, (double) r * r == single(a));
      }
    }
    return SoftFloat.squareRoot(cpu, FpFormat.ofSize(size), a);
  }

  /** c + a · b, rounded once. */
  public static long multiplyAdd(Cpu cpu, long c, long a, long b, int size) {
    if (FpState.isDefault(cpu)) {
      boolean inexact = (cpu.fpsr & FpState.INEXACT) != 0;
      if (size == 3) {
        double k = Double.longBitsToDouble(c);
        double m = Double.longBitsToDouble(a);
        double n = Double.longBitsToDouble(b);
        double r = Math.fma(m, n, k);
        if (ordinary(r) && (inexact || isExact(k, m, n))) {
          return Double.doubleToRawLongBits(r);
        }
      } else {
        float r = Math.fma(single(a), single(b), single(c));
        if (ordinary(r) && inexact) {
          return Float.floatToRawIntBits(r) & 0xffffffffL;
        }
      }
    }
    return SoftFma.multiplyAdd(cpu, FpFormat.ofSize(size), c, a, b);
  }

  /**
   * Whether both the product and its sum with the addend are numbers. False if that is not clear.
   */
  private static boolean isExact(double addend, double m, double n) {
    double product = m * n;
    double sum = product + addend;
    double part = sum - product;
    return ordinary(product)
        && Math.fma(m, n, -product) == 0
        && product - (sum - part) + (addend - part) == 0;
  }

  /**
   * FPCompare.
   *
   * @return flags N, Z, C, V
   */
  public static int compare(Cpu cpu, long a, long b, int size, boolean signalAll) {
    if (!FpState.flushesToZero(cpu)) {
      double m = size == 3 ? Double.longBitsToDouble(a) : single(a);
      double n = size == 3 ? Double.longBitsToDouble(b) : single(b);
      if (m < n) {
        return 8;
      }
      if (m > n) {
        return 2;
      }
      if (m == n) {
        return 6;
      }
    }
    return FpCompareOps.compare(cpu, FpFormat.ofSize(size), a, b, signalAll);
  }

  /** A 64-bit signed integer as double or single. */
  public static long fromLong(Cpu cpu, long value, int size, int mode) {
    if (size == 3 && mode == FpState.ROUND_NEAREST) {
      double r = value;
      if (value != Long.MAX_VALUE && (long) r == value) {
        return Double.doubleToRawLongBits(r);
      }
    }
    return SoftConvert.fromFixed(cpu, FpFormat.ofSize(size), value, 0, false, mode);
  }

  /** The same in the rounding mode that FPCR asks for. */
  public static long fromLong(Cpu cpu, long value, int size) {
    return fromLong(cpu, value, size, FpState.roundingMode(cpu));
  }

  /** A double or single as a signed integer, rounded to zero. */
  public static long toSigned(Cpu cpu, long a, int size, int width) {
    double m = size == 3 ? Double.longBitsToDouble(a) : single(a);
    if (Math.abs(m) < 0x1p31 && FpState.isDefault(cpu)) {
      int r = (int) m;
      if (r != m) {
        cpu.fpsr |= FpState.INEXACT;
      }
      return width == 64 ? r : r & 0xffffffffL;
    }
    return SoftConvert.toFixed(cpu, FpFormat.ofSize(size), a, 0, false, FpState.ROUND_ZERO, width);
  }

  /** FPNeg on bits. */
  static long negate(long a, int size) {
    return a ^ FpFormat.ofSize(size).signBit;
  }
}
