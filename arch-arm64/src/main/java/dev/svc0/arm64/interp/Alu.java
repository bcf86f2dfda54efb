package dev.svc0.arm64.interp;

/** Integer arithmetic of the manual's shared pseudocode. Flags are N, Z, C, V in bits 3 to 0. */
public final class Alu {
  /** For each condition, a bit for each value of the flags: set where the condition holds. */
  private static final int[] CONDITIONS = table();

  private Alu() {}

  /** For each condition, a bit for each value of the flags; not to be changed. */
  static int[] conditions() {
    return CONDITIONS;
  }

  private static int[] table() {
    int[] table = new int[16];
    for (int condition = 0; condition < 16; condition++) {
      for (int flags = 0; flags < 16; flags++) {
        table[condition] |= (evaluate(condition, flags) ? 1 : 0) << flags;
      }
    }
    return table;
  }

  private static boolean evaluate(int condition, int flags) {
    boolean n = (flags & 8) != 0;
    boolean z = (flags & 4) != 0;
    boolean c = (flags & 2) != 0;
    boolean v = (flags & 1) != 0;
    boolean base =
        switch (condition >>> 1) {
          case 0 -> z;
          case 1 -> c;
          case 2 -> n;
          case 3 -> v;
          case 4 -> c && !z;
          case 5 -> n == v;
          case 6 -> n == v && !z;
          default -> true;
        };
    return base != ((condition & 1) != 0 && condition != 15);
  }

  /** ConditionHolds. */
  public static boolean holds(int condition, int flags) {
    return (CONDITIONS[condition] >>> flags & 1) != 0;
  }

  /** Flags of a + b = r, 64 bits. */
  public static int addFlags64(long a, long b, long r) {
    return (int) (r >>> 63) << 3
        | (r == 0 ? 4 : 0)
        | (int) ((a & b | (a | b) & ~r) >>> 63) << 1
        | (int) (((a ^ r) & (b ^ r)) >>> 63);
  }

  /** Flags of a + b = r, 32 bits. */
  public static int addFlags32(int a, int b, int r) {
    return (r >>> 31) << 3
        | (r == 0 ? 4 : 0)
        | ((a & b | (a | b) & ~r) >>> 31) << 1
        | ((a ^ r) & (b ^ r)) >>> 31;
  }

  /** Flags of a − b = r, 64 bits: C means no borrow. */
  public static int subFlags64(long a, long b, long r) {
    return (int) (r >>> 63) << 3
        | (r == 0 ? 4 : 0)
        | (int) ((a & ~b | (a | ~b) & ~r) >>> 63) << 1
        | (int) (((a ^ b) & (a ^ r)) >>> 63);
  }

  /** Flags of a − b = r, 32 bits. */
  public static int subFlags32(int a, int b, int r) {
    return (r >>> 31) << 3
        | (r == 0 ? 4 : 0)
        | ((a & ~b | (a | ~b) & ~r) >>> 31) << 1
        | ((a ^ b) & (a ^ r)) >>> 31;
  }

  /** Flags of a logical result, 64 bits. */
  public static int logicFlags64(long r) {
    return (int) (r >>> 63) << 3 | (r == 0 ? 4 : 0);
  }

  /** Flags of a logical result, 32 bits. */
  public static int logicFlags32(int r) {
    return (r >>> 31) << 3 | (r == 0 ? 4 : 0);
  }

  /** ShiftReg: LSL, LSR, ASR, ROR. */
  public static long shift64(long value, int type, int amount) {
    return switch (type) {
      case 0 -> value << amount;
      case 1 -> value >>> amount;
      case 2 -> value >> amount;
      default -> Long.rotateRight(value, amount);
    };
  }

  /** ShiftReg, 32 bits; the result is zero-extended. */
  public static long shift32(long value, int type, int amount) {
    int word = (int) value;
    int result =
        switch (type) {
          case 0 -> word << amount;
          case 1 -> word >>> amount;
          case 2 -> word >> amount;
          default -> Integer.rotateRight(word, amount);
        };
    return result & 0xffffffffL;
  }

  /** ExtendReg: UXTB, UXTH, UXTW, UXTX, SXTB, SXTH, SXTW, SXTX, then a left shift. */
  public static long extend(long value, int option, int amount) {
    long extended =
        switch (option) {
          case 0 -> value & 0xff;
          case 1 -> value & 0xffff;
          case 2 -> value & 0xffffffffL;
          case 4 -> (byte) value;
          case 5 -> (short) value;
          case 6 -> (int) value;
          default -> value;
        };
    return extended << amount;
  }

  /** The element of the given number of bits, repeated over 64. */
  public static long replicate(long element, int size) {
    long result = element;
    for (int width = size; width < 64; width <<= 1) {
      result |= result << width;
    }
    return result;
  }

  /** UDIV: division by zero gives zero. */
  public static long udiv64(long a, long b) {
    return b == 0 ? 0 : Long.divideUnsigned(a, b);
  }

  /** UDIV, 32 bits. */
  public static long udiv32(long a, long b) {
    return (int) b == 0 ? 0 : (a & 0xffffffffL) / (b & 0xffffffffL);
  }

  /** SDIV: division by zero gives zero, the smallest by −1 gives itself. */
  public static long sdiv64(long a, long b) {
    return b == 0 ? 0 : a / b;
  }

  /** SDIV, 32 bits. */
  public static long sdiv32(long a, long b) {
    return (int) b == 0 ? 0 : (int) a / (int) b & 0xffffffffL;
  }

  /** REV16 on 64 bits. */
  public static long rev16(long value) {
    return (value & 0x00ff00ff00ff00ffL) << 8 | value >>> 8 & 0x00ff00ff00ff00ffL;
  }

  /** REV32 on 64 bits. */
  public static long rev32(long value) {
    return Long.rotateLeft(Long.reverseBytes(value), 32);
  }

  /**
   * CRC32 over bytes of data, one table step a byte.
   *
   * @param table of the polynomial
   */
  public static int crc32(int accumulator, long data, int bytes, int[] table) {
    int crc = accumulator;
    for (int i = 0; i < bytes; i++) {
      crc = crc >>> 8 ^ table[(crc ^ (int) (data >>> (i << 3))) & 0xff];
    }
    return crc;
  }

  /** The table of a reversed CRC polynomial. */
  public static int[] crcTable(int polynomial) {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ polynomial & -(crc & 1);
      }
      table[i] = crc;
    }
    return table;
  }
}
