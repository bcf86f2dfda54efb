package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/** Elements of vector registers; size is the logarithm of their bytes, 0 to 3. */
final class Lanes {
  private Lanes() {}

  /** All ones in an element. */
  static long mask(int size) {
    return -1L >>> 64 - (8 << size);
  }

  /** Elements in a vector of 64 or 128 bits. */
  static int count(int size, boolean full) {
    return (full ? 16 : 8) >>> size;
  }

  /** An element, zero-extended. */
  static long get(Cpu cpu, int register, int size, int index) {
    int bit = index << size + 3;
    return cpu.v[(register << 1) + (bit >>> 6)] >>> bit & mask(size);
  }

  /** An element, sign-extended. */
  static long getSigned(Cpu cpu, int register, int size, int index) {
    return signExtend(get(cpu, register, size, index), size);
  }

  static long signExtend(long value, int size) {
    int unused = 64 - (8 << size);
    return value << unused >> unused;
  }

  /** Replaces an element. */
  static void set(Cpu cpu, int register, int size, int index, long value) {
    int bit = index << size + 3;
    int at = (register << 1) + (bit >>> 6);
    long mask = mask(size);
    cpu.v[at] = cpu.v[at] & ~(mask << bit) | (value & mask) << bit;
  }

  /** An element of a 64-bit half, zero-extended. */
  static long of(long half, int bit, int size) {
    return half >>> bit & mask(size);
  }

  /** An element of a 64-bit half, sign-extended. */
  static long ofSigned(long half, int bit, int size) {
    return signExtend(half >>> bit, size);
  }
}
