package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.isa.A64;

/**
 * Branches and exception generation. Engines lay out control flow themselves; what is left here is
 * the breakpoint.
 */
final class Branches {
  private Branches() {}

  static void execute(Cpu cpu, int insn, int number) {
    if (number == A64.BRK) {
      throw Exceptions.brk(cpu, Fields.bits(insn, 5, 16));
    }
    throw new IllegalStateException("branch " + number + " is the engine's");
  }
}
