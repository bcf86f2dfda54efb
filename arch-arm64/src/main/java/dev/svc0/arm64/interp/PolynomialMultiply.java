package dev.svc0.arm64.interp;

/** Multiplication of polynomials over {0, 1}. */
final class PolynomialMultiply {
  private PolynomialMultiply() {}

  /** The product of two bytes, 15 bits. */
  static long bytes(long a, long b) {
    long product = 0;
    for (int i = 0; i < 8; i++) {
      product ^= a << i & -(b >>> i & 1);
    }
    return product;
  }

  /** Low half of the product of two 64-bit values. */
  static long low(long a, long b) {
    long product = 0;
    for (int i = 0; i < 64; i++) {
      product ^= a << i & -(b >>> i & 1);
    }
    return product;
  }

  /** High half of the product of two 64-bit values. */
  static long high(long a, long b) {
    long product = 0;
    for (int i = 1; i < 64; i++) {
      product ^= a >>> 64 - i & -(b >>> i & 1);
    }
    return product;
  }
}
