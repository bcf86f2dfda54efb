package dev.svc0.arm64.interp;

/** Operations on all elements of a 64-bit half at once. */
final class Swar {
  /** The highest bit of each element, by size. */
  private static final long[] SIGNS = {
    0x8080808080808080L, 0x8000800080008000L, 0x8000000080000000L, 0x8000000000000000L
  };

  private Swar() {}

  static long add(long a, long b, int size) {
    long signs = SIGNS[size];
    return (a & ~signs) + (b & ~signs) ^ (a ^ b) & signs;
  }

  static long subtract(long a, long b, int size) {
    long signs = SIGNS[size];
    return (a | signs) - (b & ~signs) ^ (a ^ ~b) & signs;
  }

  /** All ones in each element that is zero. */
  static long equalZero(long a, int size) {
    long signs = SIGNS[size];
    long nonZero = ((a & ~signs) + ~signs | a) & signs;
    long zero = ~nonZero & signs;
    // From the highest bit to the whole element.
    return zero | zero - (zero >>> (8 << size) - 1);
  }
}
