package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.cpu.GuestAbort;
import dev.svc0.arm64.interp.Interpreter;

/** Interprets what is cold and runs translations of what is hot. Thread-safe. */
public final class TieredEngine implements Engine {
  private final UnitStore store;

  /** With what serves most programs. */
  public TieredEngine() {
    this(EngineOptions.defaults());
  }

  /** With given bounds. */
  public TieredEngine(EngineOptions options) {
    store = new UnitStore(options);
  }

  /** What was translated. */
  public EngineStatistics statistics() {
    return store.statistics;
  }

  @Override
  public int run(Cpu cpu) {
    // An exception return opens the exclusive monitor.
    cpu.exclusiveAddress = -1;
    UnitSpace space = UnitSpace.of(cpu, store);
    cpu.enterWindow();
    try {
      return runInside(cpu, space);
    } catch (GuestAbort abort) {
      cpu.returnStack = Long.MAX_VALUE; // of a call that was under way
      return Cpu.VECTOR_SYNC;
    } finally {
      cpu.leaveWindow();
    }
  }

  private int runInside(Cpu cpu, UnitSpace entered) {
    UnitSpace space = entered;
    int branches = store.options.sampleBranches();
    while (true) {
      if (cpu.requestPending() && cpu.takeRequests()) {
        return Cpu.VECTOR_IRQ;
      }
      if (cpu.unitSpace != space) {
        space = UnitSpace.of(cpu, store);
      }
      cpu.units = space.valid();
      if (Quick.run(cpu, space) != Quick.NONE) {
        continue;
      }
      long pc = cpu.pc;
      Unit unit = space.find(pc);
      if (unit == null) {
        unit = space.heated(cpu, pc);
      }
      if (unit != null) {
        if (space.quick() != null && unit.isEnteredTooOften()) {
          space.demote(unit);
          continue;
        }
        long next = unit.code.run(cpu, 0);
        if (next != Support.UNWIND) {
          cpu.pc = next;
        }
        continue;
      }
      if (space.warmed(cpu, pc)) {
        continue;
      }
      long retired = cpu.retired;
      int vector = Interpreter.step(cpu, branches);
      if (vector != 0) {
        return vector;
      }
      long executed = cpu.retired - retired;
      if (executed >= UnitSpace.LOOK) {
        space.heatMore(pc, executed);
      } else if (executed == 0 && cpu.pc == pc) {
        cpu.code().unmark(pc);
      }
    }
  }
}
