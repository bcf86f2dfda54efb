package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;

/** What generated classes extend. */
abstract class UnitCode {
  /**
   * Executes a unit from its entry.
   *
   * @param depth nested calls of units above this one
   * @return the address to go on at, or {@link Support#UNWIND}
   */
  abstract long run(Cpu cpu, int depth);
}
