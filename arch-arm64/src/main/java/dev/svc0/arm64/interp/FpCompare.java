package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;

/** Not implemented: undefined. */
final class FpCompare {
  private FpCompare() {}

  static void execute(Cpu cpu, int insn, int number) {
    throw Exceptions.undefined(cpu);
  }
}
