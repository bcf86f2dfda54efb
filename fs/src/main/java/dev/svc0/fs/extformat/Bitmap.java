package dev.svc0.fs.extformat;

import dev.svc0.runtime.mm.HostMemory;

/** Bits of a bitmap block in host memory, bit 0 the lowest of the first byte. */
public final class Bitmap {
  private Bitmap() {}

  /** Whether a bit is set. */
  public static boolean test(long address, int bit) {
    return (HostMemory.getByte(address + (bit >>> 3)) >>> (bit & 7) & 1) != 0;
  }

  /** Sets a bit; whether it was set before. */
  public static boolean testAndSet(long address, int bit) {
    long at = address + (bit >>> 3);
    int old = HostMemory.getByte(at);
    HostMemory.putByte(at, (byte) (old | 1 << (bit & 7)));
    return (old >>> (bit & 7) & 1) != 0;
  }

  /** Clears a bit; whether it was set before. */
  public static boolean testAndClear(long address, int bit) {
    long at = address + (bit >>> 3);
    int old = HostMemory.getByte(at);
    HostMemory.putByte(at, (byte) (old & ~(1 << (bit & 7))));
    return (old >>> (bit & 7) & 1) != 0;
  }

  /** The first clear bit in [from, end), or {@code end}. */
  public static int findNextZero(long address, int from, int end) {
    int bit = from;
    while (bit < end) {
      int word = bit & ~63;
      long clear;
      if (word + 64 <= (end + 7 & ~7)) {
        clear = ~HostMemory.getLong(address + (word >>> 3)) >>> (bit & 63);
      } else {
        clear = test(address, bit) ? 0 : 1;
        if (clear == 0) {
          bit++;
          continue;
        }
      }
      if (clear != 0) {
        return Math.min(end, bit + Long.numberOfTrailingZeros(clear));
      }
      bit = word + 64;
    }
    return end;
  }

  /** The first byte in [from, end), both in bits, that is wholly clear: its first bit, or −1. */
  public static int findZeroByte(long address, int from, int end) {
    for (int bit = from + 7 & ~7; bit + 8 <= end; bit += 8) {
      if (HostMemory.getByte(address + (bit >>> 3)) == 0) {
        return bit;
      }
    }
    return -1;
  }

  /** How many of the first bits are clear. */
  public static int countZero(long address, int bits) {
    int set = 0;
    int bit = 0;
    for (; bit + 64 <= bits; bit += 64) {
      set += Long.bitCount(HostMemory.getLong(address + (bit >>> 3)));
    }
    for (; bit < bits; bit++) {
      set += test(address, bit) ? 1 : 0;
    }
    return bits - set;
  }
}
