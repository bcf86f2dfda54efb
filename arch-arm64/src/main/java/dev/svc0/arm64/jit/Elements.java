package dev.svc0.arm64.jit;

/**
 * Operations on all elements of a 64-bit half at once. Small, so that the compiler always inlines
 * them. {@code high} has the highest bit of each element set; {@code bits} is an element's width.
 */
final class Elements {
  private static final long LOW_32 = 0xffffffffL;

  private Elements() {}

  /** A value of 1 &lt;&lt; size bytes in every element of that size. */
  static long repeat(long element, int size) {
    return size == 3 ? element : element * Long.divideUnsigned(-1L, -1L >>> 64 - (8 << size));
  }

  static long add(long a, long b, long high) {
    return (a & ~high) + (b & ~high) ^ (a ^ b) & high;
  }

  static long subtract(long a, long b, long high) {
    return (a | high) - (b & ~high) ^ (a ^ ~b) & high;
  }

  /** Of 32-bit elements. */
  static long multiply32(long a, long b) {
    return a * b & LOW_32 | (a >>> 32) * (b >>> 32) << 32;
  }

  /** All bits of the elements whose highest bit is set. */
  private static long spread(long top, int bits) {
    return (top << 1) - (top >>> bits - 1);
  }

  static long equal(long a, long b, long high, int bits) {
    long t = a ^ b;
    return spread(~((t & ~high) + ~high | t) & high, bits);
  }

  /** a &gt;= b, unsigned. */
  static long notBelow(long a, long b, long high, int bits) {
    long same = ~(a ^ b) & (a | high) - (b & ~high);
    return spread((a & ~b | same) & high, bits);
  }

  /** a &gt; b, unsigned. */
  static long above(long a, long b, long high, int bits) {
    return ~notBelow(b, a, high, bits);
  }

  /** a &gt;= b, signed. */
  static long notLess(long a, long b, long high, int bits) {
    return notBelow(a ^ high, b ^ high, high, bits);
  }

  /** a &gt; b, signed. */
  static long greater(long a, long b, long high, int bits) {
    return ~notBelow(b ^ high, a ^ high, high, bits);
  }

  static long maxUnsigned(long a, long b, long high, int bits) {
    long first = notBelow(a, b, high, bits);
    return a & first | b & ~first;
  }

  static long minUnsigned(long a, long b, long high, int bits) {
    long second = notBelow(a, b, high, bits);
    return b & second | a & ~second;
  }

  /** Right shift that keeps the sign, given what a logical one leaves. */
  static long signed(long shifted, long sign, long high) {
    return subtract(shifted ^ sign, sign, high);
  }

  /** The even ones of eight bytes, in the lower half. */
  static long even8(long x) {
    long pairs = x & 0x00ff00ff00ff00ffL;
    long quads = (pairs | pairs >>> 8) & 0x0000ffff0000ffffL;
    return (quads | quads >>> 16) & LOW_32;
  }

  /** The even ones of four halfwords, in the lower half. */
  static long even16(long x) {
    long pairs = x & 0x0000ffff0000ffffL;
    return (pairs | pairs >>> 16) & LOW_32;
  }

  static long even32(long x) {
    return x & LOW_32;
  }

  /** The inverse of {@link #even8}: zeros in between. */
  static long widen8(long x) {
    long quads = (x | x << 16) & 0x0000ffff0000ffffL;
    return (quads | quads << 8) & 0x00ff00ff00ff00ffL;
  }

  static long widen16(long x) {
    return (x | x << 16) & 0x0000ffff0000ffffL;
  }

  static long widen32(long x) {
    return x & LOW_32;
  }
}
