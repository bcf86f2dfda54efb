package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.interp.Interpreter;

/**
 * Runs quick translations: from the processor's address on, as far as there is code, with the
 * interpreter for the instructions that the code leaves out.
 */
final class Quick {
  /** There is no code at the processor's address. */
  static final int NONE = 0;

  /** Something was executed. */
  static final int RAN = 1;

  /** Only the engine may go on. */
  static final int UNWIND = 2;

  /** An exit of code is as good as so many looks of the interpreter. */
  private static final int EXIT_WEIGHT = 8;

  private static final int REASON_MASK = (1 << X86Frame.REASON_BITS) - 1;

  private Quick() {}

  /** Runs what there is. An abort is thrown, as the interpreter's semantics do. */
  static int run(Cpu cpu, UnitSpace space) {
    QuickSpace quick = space.quick();
    if (quick == null) {
      return NONE;
    }
    long entry = quick.entry(cpu.pc);
    if (entry == 0) {
      return NONE;
    }
    return run(cpu, space, quick, entry);
  }

  private static int run(Cpu cpu, UnitSpace space, QuickSpace quick, long first) {
    QuickContext context = QuickContext.of(cpu);
    long stack = cpu.returnStack;
    long entry = first;
    while (true) {
      context.before(cpu, entry);
      long pc =
          quick.code.enter(
              context.segment, context.x, context.v, quick.tableSegment, quick.validSegment);
      int reason = context.after(cpu);
      cpu.pc = pc;
      switch (reason & REASON_MASK) {
        case X86Frame.LINK -> {
          entry = next(cpu, quick, pc);
          if (entry != 0) {
            X86Code.link(context.detail(), entry);
          }
        }
        case X86Frame.INDIRECT -> {
          pc = pc << 8 >> 8;
          cpu.pc = pc;
          entry = next(cpu, quick, pc);
          if (entry != 0) {
            quick.expect(pc, entry);
          }
        }
        case X86Frame.BUDGET -> {
          context.restoreBudget();
          space.spent(cpu, context, pc);
          return RAN;
        }
        case X86Frame.BUDGET_AT_ENTRY -> {
          // Better code for what is called would cost its callers more than it saves.
          context.restoreBudget();
          return RAN;
        }
        case X86Frame.RETURNED -> {
          cpu.pc = pc << 8 >> 8;
          cpu.returnStack = Long.MAX_VALUE;
          return RAN;
        }
        case X86Frame.SVC -> {
          long behind = context.detail();
          if (!Support.svc(cpu, reason >>> X86Frame.REASON_BITS)) {
            return UNWIND;
          }
          context.spendOnCall();
          entry = behind != 0 ? behind : next(cpu, quick, pc);
        }
        default -> {
          if (!interpret(cpu, quick)) {
            return UNWIND;
          }
          if (cpu.returnStack != stack) {
            return RAN;
          }
          entry = next(cpu, quick, cpu.pc);
        }
      }
      if (entry == 0 || cpu.requests != 0) {
        return RAN;
      }
    }
  }

  private static long next(Cpu cpu, QuickSpace quick, long pc) {
    long entry = quick.entry(pc);
    return entry != 0 ? entry : quick.heated(cpu, pc, EXIT_WEIGHT);
  }

  /** Executes the instruction that was left out, and perhaps some behind it. */
  private static boolean interpret(Cpu cpu, QuickSpace quick) {
    long pc = cpu.pc;
    long retired = cpu.retired;
    int vector = Interpreter.step(cpu, 1);
    if (vector == 0 && cpu.pc == pc && cpu.retired == retired) {
      // A mark: code begins at this instruction.
      cpu.code().unmark(pc);
      vector = Interpreter.step(cpu, 1);
      if (quick.entry(pc) != 0) {
        cpu.code().mark(pc);
      }
    }
    return vector == 0 || Support.supervise(cpu);
  }
}
