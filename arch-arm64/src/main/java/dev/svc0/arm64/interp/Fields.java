package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/** Fields of instruction words, and the registers they name: 31 is the zero register or SP. */
final class Fields {
  private Fields() {}

  static int rd(int insn) {
    return insn & 31;
  }

  static int rn(int insn) {
    return insn >>> 5 & 31;
  }

  static int ra(int insn) {
    return insn >>> 10 & 31;
  }

  static int rm(int insn) {
    return insn >>> 16 & 31;
  }

  /** Bit 31: the 64-bit form. */
  static boolean is64(int insn) {
    return insn < 0;
  }

  static int bits(int insn, int low, int width) {
    return insn >>> low & (1 << width) - 1;
  }

  static int bit(int insn, int position) {
    return insn >>> position & 1;
  }

  static int signedBits(int insn, int low, int width) {
    return insn << 32 - low - width >> 32 - width;
  }

  /** A general register; 31 reads as zero. */
  static long get(Cpu cpu, int register) {
    return register == 31 ? 0 : cpu.x[register];
  }

  /** A general register at the width of the instruction. */
  static long get(Cpu cpu, int register, boolean wide) {
    long value = get(cpu, register);
    return wide ? value : value & 0xffffffffL;
  }

  /** Writes a general register; 31 swallows it. */
  static void set(Cpu cpu, int register, long value) {
    if (register != 31) {
      cpu.x[register] = value;
    }
  }

  /** Writes a general register at the width of the instruction: the upper half becomes zero. */
  static void set(Cpu cpu, int register, long value, boolean wide) {
    set(cpu, register, wide ? value : value & 0xffffffffL);
  }

  /** Writes a general register or SP. */
  static void setOrSp(Cpu cpu, int register, long value, boolean wide) {
    cpu.x[register] = wide ? value : value & 0xffffffffL;
  }

  /** Low half of a vector register. */
  static long low(Cpu cpu, int register) {
    return cpu.v[register << 1];
  }

  /** High half of a vector register. */
  static long high(Cpu cpu, int register) {
    return cpu.v[(register << 1) + 1];
  }

  static void setVector(Cpu cpu, int register, long low, long high) {
    cpu.v[register << 1] = low;
    cpu.v[(register << 1) + 1] = high;
  }
}
