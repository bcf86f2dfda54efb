package dev.svc0.fs.extformat;

import dev.svc0.runtime.mm.HostMemory;

/** Unsigned little-endian fields of on-disk structures that lie in host memory. */
public final class Disk {
  private Disk() {}

  /** An unsigned byte. */
  public static int u8(long address) {
    return HostMemory.getByte(address) & 0xff;
  }

  /** An unsigned 16-bit field. */
  public static int u16(long address) {
    return HostMemory.getShort(address) & 0xffff;
  }

  /** An unsigned 32-bit field. */
  public static long u32(long address) {
    return HostMemory.getInt(address) & 0xffff_ffffL;
  }

  /** A 32-bit field as its bits, for flags and signed values. */
  public static int s32(long address) {
    return HostMemory.getInt(address);
  }

  /** Stores the low byte. */
  public static void put8(long address, int value) {
    HostMemory.putByte(address, (byte) value);
  }

  /** Stores the low 16 bits. */
  public static void put16(long address, int value) {
    HostMemory.putShort(address, (short) value);
  }

  /** Stores the low 32 bits. */
  public static void put32(long address, long value) {
    HostMemory.putInt(address, (int) value);
  }

  /** A 64-bit value kept in two halves. */
  public static long join(long low, long high) {
    return high << 32 | low;
  }
}
