package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;

/** Not implemented: undefined. */
final class SimdFloat {
  private SimdFloat() {}

  static void execute(Cpu cpu, int insn, int number) {
    throw Exceptions.undefined(cpu);
  }
}
