package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;

/**
 * Shifts of an element by a signed amount from another: to the left, or to the right if negative.
 */
final class ShiftByRegister {
  private ShiftByRegister() {}

  static long signed(long value, int amount, boolean rounds) {
    if (amount >= 0) {
      return amount >= 64 ? 0 : value << amount;
    }
    return rounds ? SimdShift.roundRight(value, -amount) : SimdShift.shiftRight(value, -amount);
  }

  static long unsigned(long value, int amount, boolean rounds) {
    if (amount >= 0) {
      return amount >= 64 ? 0 : value << amount;
    }
    return rounds
        ? SimdShift.roundRightUnsigned(value, -amount)
        : SimdShift.shiftRightUnsigned(value, -amount);
  }

  static long saturating(Cpu cpu, long value, int amount, int size, boolean rounds) {
    if (amount < 0) {
      return signed(value, amount, rounds);
    }
    if (value == 0) {
      return 0;
    }
    return Saturate.shiftLeft(cpu, value, Math.min(amount, 63), size, amount > 63);
  }

  static long saturatingUnsigned(Cpu cpu, long value, int amount, int size, boolean rounds) {
    if (amount < 0) {
      return unsigned(value, amount, rounds);
    }
    if (value == 0) {
      return 0;
    }
    return Saturate.shiftLeftUnsigned(cpu, value, Math.min(amount, 63), size, amount > 63);
  }
}
