package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestAbort;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.decode.CodePage;
import dev.svc0.arm64.decode.Op;
import dev.svc0.runtime.mm.MemoryManager;
import org.jspecify.annotations.Nullable;

/**
 * Executes pre-decoded instructions one by one: {@link Frequent} most of them, as long as it can.
 */
public final class Interpreter implements Engine {
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_MASK = 4095;

  /** Branches between two looks at what is asked of the engine. */
  private static final int BRANCHES = 64;

  /** While it is entered for the first times, HotSpot watches and compiles it. */
  private static final int WATCHED = 1 << 14;

  /** Entries between two exercises meanwhile. */
  private static final int EXERCISED = 128;

  /** Times that it was entered, about; up to {@link #WATCHED}. */
  private static int entries;

  /** Operations that {@link Frequent} does not have. */
  private static final boolean[] IS_RARE = rare();

  private static boolean[] rare() {
    boolean[] rare = new boolean[512];
    for (int op = 0; op < rare.length; op++) {
      rare[op] = Frequent.lacks(op);
    }
    return rare;
  }

  @Override
  public int run(Cpu cpu) {
    // An exception return opens the exclusive monitor.
    cpu.exclusiveAddress = -1;
    cpu.enterWindow();
    try {
      return runInside(cpu);
    } finally {
      cpu.leaveWindow();
    }
  }

  private static int runInside(Cpu cpu) {
    while (true) {
      long pc = cpu.pc;
      if (cpu.requestPending() && cpu.takeRequests()) {
        return Cpu.VECTOR_IRQ;
      }
      CodePage page = enter(cpu, pc);
      if (page == null) {
        return Cpu.VECTOR_SYNC;
      }
      int first = (int) (pc & PAGE_MASK) >>> 2;
      int vector = execute(cpu, page, first, BRANCHES);
      if (vector != 0) {
        return vector;
      }
    }
  }

  /**
   * Executes for another engine, which has entered the window: until control leaves the page, a
   * number of branches was taken, a marked instruction ({@link CodePage#mark}) is reached, or an
   * exception is taken.
   *
   * @return the vector, or 0 to go on at {@code cpu.pc}
   */
  public static int step(Cpu cpu, int branches) {
    long pc = cpu.pc;
    CodePage page = enter(cpu, pc);
    return page == null
        ? Cpu.VECTOR_SYNC
        : execute(cpu, page, (int) (pc & PAGE_MASK) >>> 2, branches);
  }

  /** The decoded page that a program counter lies in, or null when fetching takes an exception. */
  private static @Nullable CodePage enter(Cpu cpu, long pc) {
    if ((pc & 3) != 0) {
      Exceptions.pcAlignment(cpu, pc);
      return null;
    }
    CodePage page = cpu.code().find(pc);
    if (page != null) {
      return page;
    }
    return fetchable(cpu, pc) != 0 ? cpu.code().add(pc) : null;
  }

  /** The host address that an instruction is fetched from; 0: that takes an exception. */
  private static long fetchable(Cpu cpu, long pc) {
    while (true) {
      long host = GuestMemory.hostOfPermitted(cpu, pc, MemoryManager.PERM_EXEC);
      if (host != 0) {
        return host;
      }
      int fault = cpu.mm().handleFault(pc, MemoryManager.PERM_EXEC);
      if (fault != MemoryManager.FAULT_RESOLVED) {
        Exceptions.instructionAbort(cpu, pc, fault);
        return 0;
      }
    }
  }

  /** Decodes one instruction in place. False: fetching it takes an exception. */
  private static boolean decode(Cpu cpu, CodePage page, long pc) {
    long host = fetchable(cpu, pc);
    if (host == 0) {
      return false;
    }
    page.decode((int) (pc & PAGE_MASK) >>> 2, host);
    return true;
  }

  /**
   * Executes from an instruction of a page until so many branches were taken, another page must be
   * looked for, or an exception is taken.
   *
   * @return the vector, or 0 to go on at {@code cpu.pc}
   */
  private static int execute(Cpu cpu, CodePage page, int first, int branches) {
    if (entries < WATCHED && ++entries % EXERCISED == 0) {
      Exercise.run(cpu);
    }
    int left = Frequent.run(cpu.x, cpu, first, branches, page);
    if (left == 0) {
      return 0;
    }
    try {
      return executeUncommon(cpu, left);
    } catch (GuestAbort abort) {
      return Cpu.VECTOR_SYNC;
    }
  }

  private static int executeUncommon(Cpu cpu, int branches) {
    int left = branches;
    while (true) {
      long pc = cpu.pc;
      CodePage page = cpu.code().fast(pc);
      if (page == null) {
        return 0;
      }
      int i = (int) (pc & PAGE_MASK) >>> 2;
      long d = page.ops[i];
      do {
        switch ((int) d & 511) {
          case Op.DECODE -> {
            cpu.pc = pc;
            if (!decode(cpu, page, pc)) {
              return Cpu.VECTOR_SYNC;
            }
            if (page.isDead()) {
              return 0;
            }
          }
          case Op.UNIT -> {
            cpu.pc = pc;
            return 0;
          }
          case Op.SVC -> {
            cpu.pc = pc + 4;
            cpu.retired++;
            Exceptions.svc(cpu, (int) (d >> 32));
            return Cpu.VECTOR_SYNC;
          }
          default -> {
            cpu.pc = pc;
            if (!Uncommon.execute(cpu, cpu.x, d, pc)) {
              return 0; // another thread has decoded it meanwhile: it is frequent
            }
            cpu.retired++;
            pc += 4;
            i++;
          }
        }
        d = page.ops[i];
      } while (IS_RARE[(int) d & 511]);
      left = Frequent.run(cpu.x, cpu, i, left, page);
      if (left == 0) {
        return 0;
      }
    }
  }
}
