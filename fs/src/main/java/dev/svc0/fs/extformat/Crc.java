package dev.svc0.fs.extformat;

import dev.svc0.runtime.mm.HostMemory;

/**
 * The checksums of ext4 and its journal as the kernel chains them: no inversion at the end, so that
 * the result of one call is the seed of the next.
 */
public final class Crc {
  /** What a chain of CRC-32C begins with. */
  public static final int CRC32C_START = -1;

  private static final int[][] CRC32C_BY_8 = tables32();
  private static final int[] CRC32C = CRC32C_BY_8[0];
  private static final int[] CRC16 = table16();
  private static final int[] CRC32_BE = table32Be();

  private Crc() {}

  private static int[] table32() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = value >>> 1 ^ ((value & 1) != 0 ? 0x82F63B78 : 0);
      }
      table[i] = value;
    }
    return table;
  }

  /** Eight tables: byte i of a 64-bit word, followed by the seven after it. */
  private static int[][] tables32() {
    int[][] tables = new int[8][256];
    tables[0] = table32();
    for (int i = 0; i < 256; i++) {
      for (int slice = 1; slice < 8; slice++) {
        int before = tables[slice - 1][i];
        tables[slice][i] = before >>> 8 ^ tables[0][before & 0xff];
      }
    }
    return tables;
  }

  private static int[] table32Be() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        value = value << 1 ^ (value < 0 ? 0x04C11DB7 : 0);
      }
      table[i] = value;
    }
    return table;
  }

  private static int[] table16() {
    int[] table = new int[256];
    for (int i = 0; i < 256; i++) {
      int value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = value >>> 1 ^ ((value & 1) != 0 ? 0xA001 : 0);
      }
      table[i] = value;
    }
    return table;
  }

  /** CRC-32C of bytes in host memory. */
  public static int crc32c(int seed, long address, int bytes) {
    int crc = seed;
    int i = 0;
    for (; i + 8 <= bytes; i += 8) {
      long word = HostMemory.getLong(address + i) ^ crc & 0xffff_ffffL;
      crc =
          CRC32C_BY_8[7][(int) word & 0xff]
              ^ CRC32C_BY_8[6][(int) (word >>> 8) & 0xff]
              ^ CRC32C_BY_8[5][(int) (word >>> 16) & 0xff]
              ^ CRC32C_BY_8[4][(int) (word >>> 24) & 0xff]
              ^ CRC32C_BY_8[3][(int) (word >>> 32) & 0xff]
              ^ CRC32C_BY_8[2][(int) (word >>> 40) & 0xff]
              ^ CRC32C_BY_8[1][(int) (word >>> 48) & 0xff]
              ^ CRC32C_BY_8[0][(int) (word >>> 56)];
    }
    for (; i < bytes; i++) {
      crc = crc >>> 8 ^ CRC32C[(crc ^ HostMemory.getByte(address + i)) & 0xff];
    }
    return crc;
  }

  /** CRC-32C of a 32-bit little-endian value. */
  public static int crc32c(int seed, int value) {
    int crc = seed;
    for (int i = 0; i < 4; i++) {
      crc = crc >>> 8 ^ CRC32C[(crc ^ value >>> 8 * i) & 0xff];
    }
    return crc;
  }

  /** CRC-32C of zero bytes, which stand for a checksum field. */
  public static int crc32cZeroes(int seed, int bytes) {
    int crc = seed;
    for (int i = 0; i < bytes; i++) {
      crc = crc >>> 8 ^ CRC32C[crc & 0xff];
    }
    return crc;
  }

  /** CRC-32 with the highest bit first, as old journals have it. */
  public static int crc32Be(int seed, long address, int bytes) {
    int crc = seed;
    for (int i = 0; i < bytes; i++) {
      crc = crc << 8 ^ CRC32_BE[(crc >>> 24 ^ HostMemory.getByte(address + i)) & 0xff];
    }
    return crc;
  }

  /** CRC-16 (polynomial 0x8005, reflected) of bytes in host memory. */
  public static int crc16(int seed, long address, int bytes) {
    int crc = seed;
    for (int i = 0; i < bytes; i++) {
      crc = crc >>> 8 ^ CRC16[(crc ^ HostMemory.getByte(address + i)) & 0xff];
    }
    return crc & 0xffff;
  }

  /** CRC-16 of a 32-bit little-endian value. */
  public static int crc16(int seed, int value) {
    int crc = seed;
    for (int i = 0; i < 4; i++) {
      crc = crc >>> 8 ^ CRC16[(crc ^ value >>> 8 * i) & 0xff];
    }
    return crc & 0xffff;
  }
}
