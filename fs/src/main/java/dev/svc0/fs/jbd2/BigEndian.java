package dev.svc0.fs.jbd2;

import dev.svc0.runtime.mm.HostMemory;

/** Fields of the log in host memory: all of them have the highest byte first. */
final class BigEndian {
  private BigEndian() {}

  static int get16(long address) {
    return Short.reverseBytes(HostMemory.getShort(address)) & 0xffff;
  }

  static int get32(long address) {
    return Integer.reverseBytes(HostMemory.getInt(address));
  }

  static long getU32(long address) {
    return get32(address) & 0xffff_ffffL;
  }

  static void put16(long address, int value) {
    HostMemory.putShort(address, Short.reverseBytes((short) value));
  }

  static void put32(long address, int value) {
    HostMemory.putInt(address, Integer.reverseBytes(value));
  }

  static void put64(long address, long value) {
    HostMemory.putLong(address, Long.reverseBytes(value));
  }
}
