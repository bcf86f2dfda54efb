package dev.svc0.arm64.interp;

/** Substitution boxes and column mixing of AES, computed from the field GF(2^8). */
final class AesTables {
  /** SubBytes. */
  static final byte[] SBOX = new byte[256];

  /** InvSubBytes. */
  static final byte[] INVERSE_SBOX = new byte[256];

  private static final long HIGH_BITS = 0x8080808080808080L;

  static {
    int p = 1;
    int q = 1;
    do {
      // p runs through the field by multiplication with 3, q stays its inverse.
      p = p ^ p << 1 ^ (p & 0x80) / 0x80 * 0x11b;
      q ^= q << 1;
      q ^= q << 2;
      q ^= q << 4;
      q &= 255;
      q ^= (q & 0x80) != 0 ? 0x09 : 0;
      put(p, q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4) ^ 0x63);
    } while (p != 1);
    put(0, 0x63);
  }

  private AesTables() {}

  private static int rotate(int value, int amount) {
    return (value << amount | value >>> 8 - amount) & 255;
  }

  private static void put(int from, int to) {
    SBOX[from] = (byte) to;
    INVERSE_SBOX[to] = (byte) from;
  }

  /** Doubles each byte in the field. */
  private static long twice(long bytes) {
    long carries = (bytes & HIGH_BITS) >>> 7;
    return (bytes & ~HIGH_BITS) << 1 ^ carries * 0x1b;
  }

  /** Rotates each column of four bytes: byte i takes byte i + 1. */
  private static long next(long columns, int bytes) {
    int shift = bytes << 3;
    long low = Integer.rotateRight((int) columns, shift) & 0xffffffffL;
    return low | (long) Integer.rotateRight((int) (columns >>> 32), shift) << 32;
  }

  /** MixColumns on two columns. */
  static long mixColumns(long a) {
    long doubled = twice(a);
    return doubled ^ next(doubled ^ a, 1) ^ next(a, 2) ^ next(a, 3);
  }

  /** InvMixColumns on two columns: MixColumns after adding 4·(a + next(a, 2)). */
  static long inverseMixColumns(long a) {
    return mixColumns(a ^ twice(twice(a ^ next(a, 2))));
  }
}
