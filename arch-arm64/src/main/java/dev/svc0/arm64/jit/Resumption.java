package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.GuestAbort;
import dev.svc0.arm64.interp.Interpreter;
import dev.svc0.runtime.mm.HostMemory;

/**
 * Goes on in the middle of a unit that was left, or at code that has no unit: the interpreter does,
 * up to where a unit begins or the function returns. The units that called it stay as they are.
 *
 * <p>So that a loop that is left again and again needs no more of the host's stack, a unit that was
 * entered from here returns {@link Support#LEFT} when it is left.
 */
final class Resumption {
  /** Branches that are interpreted between two looks at what is hot. */
  private static final int LOOK = 64;

  /** Branches that are interpreted before the engine is asked to go on. */
  private static final int MOST_BRANCHES = 1024;

  private static final int BL_MASK = 0xfc000000;
  private static final int BL = 0x94000000;
  private static final int BLR_MASK = 0xfffffc1f;
  private static final int BLR = 0xd63f0000;

  private Resumption() {}

  /** Goes on at {@code cpu.pc}; the result is what the unit that was left returns. */
  static long resume(Cpu cpu, int depth) {
    int outer = cpu.resumedDepth;
    if (outer == depth) {
      return Support.LEFT;
    }
    cpu.resumedDepth = depth;
    try {
      long next;
      do {
        next = interpret(cpu, depth);
      } while (next == Support.LEFT);
      return next;
    } finally {
      cpu.resumedDepth = outer;
    }
  }

  private static long interpret(Cpu cpu, int depth) {
    UnitSpace space = Support.space(cpu);
    long before = cpu.pc;
    first(cpu, space);
    for (int branches = 0; branches < MOST_BRANCHES; branches++) {
      if (cpu.requests != 0) {
        return Support.UNWIND;
      }
      long pc = cpu.pc;
      if (followsCall(cpu, pc)) {
        return pc;
      }
      Unit unit = pc <= before ? space.resumed(cpu, pc) : space.find(pc);
      if (unit != null) {
        return unit.code.run(cpu, depth);
      }
      before = pc;
      if (!step(cpu)) {
        cpu.code().unmark(pc);
      }
    }
    return Support.UNWIND;
  }

  /**
   * A unit calls or goes on at code that has no unit: the interpreter and what units there are do
   * it, and the unit's caller goes on when it returns.
   *
   * @return where it goes on
   */
  static long cold(Cpu cpu, long start, int depth) {
    if (depth >= Support.MOST_DEPTH) {
      return start;
    }
    cpu.pc = start;
    long link = cpu.x[30];
    long stack = cpu.x[Cpu.SP];
    while (cpu.requests == 0) {
      long before = cpu.pc;
      long retired = cpu.retired;
      cpu.returnStack = stack;
      UnitSpace space = Support.space(cpu);
      int ran = Quick.run(cpu, space);
      if (ran == Quick.UNWIND) {
        cpu.returnStack = Long.MAX_VALUE;
        return Support.UNWIND;
      }
      int vector = ran == Quick.RAN ? 0 : Interpreter.step(cpu, LOOK);
      boolean returned = cpu.returnStack != stack;
      cpu.returnStack = Long.MAX_VALUE;
      if (vector != 0) {
        if (!Support.supervise(cpu)) {
          return Support.UNWIND;
        }
        continue;
      }
      long pc = cpu.pc;
      if (returned && (pc == link || cpu.x[Cpu.SP] > stack)) {
        return pc;
      }
      Unit unit = space.called(cpu, pc);
      if (unit == null && (space.quickEntry(pc) || space.warmed(cpu, pc))) {
        continue;
      }
      if (unit != null && ran == Quick.RAN && unit.isEnteredTooOften()) {
        space.demote(unit);
        continue;
      }
      if (unit != null) {
        long next = unit.code.run(cpu, depth + 1);
        if (next == Support.UNWIND) {
          return next;
        }
        long left = cpu.x[Cpu.SP];
        if (left > stack || left == stack && next == link) {
          return next;
        }
        cpu.pc = next;
      } else if (ran == Quick.NONE && pc == before && cpu.retired == retired) {
        cpu.code().unmark(pc);
      }
    }
    return Support.UNWIND;
  }

  /** Interprets the instruction that the unit was left at, even if a unit begins there. */
  private static void first(Cpu cpu, UnitSpace space) {
    long pc = cpu.pc;
    if (!step(cpu)) {
      cpu.code().unmark(pc);
      step(cpu);
      if (space.find(pc) != null) {
        cpu.code().mark(pc);
      }
    }
  }

  /** Interprets up to a branch. False when nothing was executed, because of a mark. */
  private static boolean step(Cpu cpu) {
    long pc = cpu.pc;
    long retired = cpu.retired;
    if (Interpreter.step(cpu, 1) != 0) {
      throw GuestAbort.INSTANCE;
    }
    return cpu.pc != pc || cpu.retired != retired;
  }

  /** Whether an address is likely to be where a function returns to. */
  private static boolean followsCall(Cpu cpu, long pc) {
    if ((pc & 4095) == 0 || !Discovery.isExecutable(cpu, pc)) {
      return false;
    }
    int before = HostMemory.getInt(cpu.windowBase + pc - 4);
    return (before & BL_MASK) == BL || (before & BLR_MASK) == BLR;
  }
}
