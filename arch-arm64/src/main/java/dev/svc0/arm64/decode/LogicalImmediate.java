package dev.svc0.arm64.decode;

/** The values that logical immediates can have. <i>Source:</i> Arm ARM, DecodeBitMasks. */
public final class LogicalImmediate {
  /** Added to a key: only the low 32 bits of the mask count. */
  public static final int WORD = 1 << 13;

  private static final long[] MASKS = table();

  private LogicalImmediate() {}

  /**
   * The mask of an encoding.
   *
   * @param key N, immr and imms, 13 bits, and {@link #WORD} if only the low half is wanted
   * @return the mask, or 0 when the encoding is reserved
   */
  public static long mask(int key) {
    return MASKS[key];
  }

  /** All masks by their key; not to be changed. */
  public static long[] masks() {
    return MASKS;
  }

  private static long[] table() {
    long[] table = new long[WORD << 1];
    for (int n = 0; n < 2; n++) {
      for (int imms = 0; imms < 64; imms++) {
        int length = 31 - Integer.numberOfLeadingZeros(n << 6 | ~imms & 63);
        int size = 1 << Math.max(length, 0);
        int ones = (imms & size - 1) + 1;
        if (length >= 1 && ones != size) {
          fill(table, n << 12 | imms, (1L << ones) - 1, size);
        }
      }
    }
    return table;
  }

  private static void fill(long[] table, int key, long element, int size) {
    for (int immr = 0; immr < 64; immr++) {
      int rotation = immr & size - 1;
      long rotated = element;
      if (rotation != 0) {
        rotated = element >>> rotation | element << size - rotation;
      }
      if (size < 64) {
        rotated &= (1L << size) - 1;
      }
      for (int width = size; width < 64; width <<= 1) {
        rotated |= rotated << width;
      }
      table[key | immr << 6] = rotated;
      table[key | immr << 6 | WORD] = rotated & 0xffffffffL;
    }
  }
}
