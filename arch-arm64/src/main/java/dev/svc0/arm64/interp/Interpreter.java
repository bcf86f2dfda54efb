package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestAbort;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.decode.CodePage;
import dev.svc0.arm64.decode.LogicalImmediate;
import dev.svc0.arm64.decode.Op;
import dev.svc0.runtime.mm.MemoryManager;
import org.jspecify.annotations.Nullable;

/**
 * Executes pre-decoded instructions one by one.
 *
 * <p>{@link #execute} is one switch in one method, because the JVM then keeps its few variables in
 * registers. It must stay below 8,000 bytes of bytecode: HotSpot never compiles a larger one. A
 * test asserts that.
 */
public final class Interpreter implements Engine {
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_MASK = 4095;
  private static final long LOW = 0xffffffffL;
  private static final int UXTX = 3;

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
      int vector = execute(cpu, page, pc & ~PAGE_MASK, first, Integer.MAX_VALUE);
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
        : execute(cpu, page, pc & ~PAGE_MASK, (int) (pc & PAGE_MASK) >>> 2, branches);
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
   * Executes from an instruction of a page until control leaves the page, so many branches were
   * taken, or an exception is taken.
   *
   * <p>What several cases compute alike, HotSpot computes once, before the switch, for every
   * instruction; so the cases here share little more than the fields of the operation, and whatever
   * is less frequent is in {@link Uncommon}.
   *
   * @return the vector, or 0 to go on at {@code cpu.pc}
   */
  @SuppressWarnings(
      "LabelledBreakTarget") // every taken branch leaves the switch for one common end
  private static int execute(Cpu cpu, CodePage page, long base, int first, int branches) {
    long[] x = cpu.x;
    long[] ops = page.ops;
    int i = first;
    int left = branches;
    int retired = -first; // plus i: instructions executed
    int vector = 0;
    try {
      loop:
      while (true) {
        long d = ops[i++];
        int a = (int) (d >>> 9) & 63;
        int b = (int) (d >>> 15) & 63;
        int c = (int) (d >>> 21) & 63;
        int e = (int) (d >>> 27) & 31;
        long imm = d >> 32;
        long address;
        long value;
        int target;
        branch:
        {
          switch ((int) d & 511) {
            case Op.DECODE:
              cpu.pc = base + ((long) --i << 2);
              if (!decode(cpu, page, cpu.pc)) {
                vector = Cpu.VECTOR_SYNC;
                break loop;
              }
              if (page.isDead()) {
                break loop;
              }
              continue;
            case Op.UNIT:
            case Op.NEXT_PAGE:
              i--;
              break loop;
            case Op.SVC:
              Exceptions.svc(cpu, (int) imm);
              vector = Cpu.VECTOR_SYNC;
              break loop;
            case Op.ADDI64:
              x[a] = x[b] + imm;
              continue;
            case Op.ADDI32:
              x[a] = x[b] + imm & LOW;
              continue;
            case Op.SUBSI64:
              x[a] = subFlags64(cpu, x[b], imm);
              continue;
            case Op.SUBSI32:
              x[a] = subFlags32(cpu, (int) x[b], (int) imm);
              continue;
            case Op.ANDI:
              x[a] = x[b] & LogicalImmediate.mask((int) imm);
              continue;
            case Op.MOVI:
              x[a] = imm << (e << 4);
              continue;
            case Op.ADRP:
              x[a] = base + (imm << 12);
              continue;
            case Op.UBFM64:
              x[a] = x[b] << c >>> (int) imm;
              continue;
            case Op.UBFM32:
              x[a] = ((int) x[b] << c >>> (int) imm) & LOW;
              continue;
            case Op.SBFM64:
              x[a] = x[b] << c >> (int) imm;
              continue;
            case Op.MOV64:
              x[a] = x[c];
              continue;
            case Op.MOV32:
              x[a] = x[c] & LOW;
              continue;
            case Op.AND64:
              x[a] = x[b] & x[c];
              continue;
            case Op.ORR64:
              x[a] = x[b] | x[c];
              continue;
            case Op.EOR64:
              x[a] = x[b] ^ x[c];
              continue;
            case Op.ADD64:
              x[a] = x[b] + (x[c] << (int) imm);
              continue;
            case Op.ADD32:
              x[a] = x[b] + (x[c] << (int) imm) & LOW;
              continue;
            case Op.SUB64:
              x[a] = x[b] - (x[c] << (int) imm);
              continue;
            case Op.SUB32:
              x[a] = x[b] - (x[c] << (int) imm) & LOW;
              continue;
            case Op.SUBS64:
              x[a] = subFlags64(cpu, x[b], x[c] << (int) imm);
              continue;
            case Op.SUBS32:
              x[a] = subFlags32(cpu, (int) x[b], (int) x[c] << (int) imm);
              continue;
            case Op.CSEL64:
              x[a] = Alu.holds(e, cpu.nzcv) ? x[b] : x[c];
              continue;
            case Op.CSINC32:
              x[a] = (Alu.holds(e, cpu.nzcv) ? x[b] : x[c] + 1) & LOW;
              continue;
            case Op.MADD64:
              x[a] = x[(int) imm] + x[b] * x[c];
              continue;
            case Op.LDR64:
              x[a] = GuestMemory.load64(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDR32:
              x[a] = GuestMemory.load32(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDR16:
              x[a] = GuestMemory.load16(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDR8:
              x[a] = GuestMemory.load8(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.LDRS32_64:
              x[a] = (int) GuestMemory.load32(cpu, base(cpu, x[b], e) + imm);
              continue;
            case Op.STR64:
              GuestMemory.store64(cpu, base(cpu, x[b], e) + imm, x[a]);
              continue;
            case Op.STR32:
              GuestMemory.store32(cpu, base(cpu, x[b], e) + imm, x[a]);
              continue;
            case Op.STR16:
              GuestMemory.store16(cpu, base(cpu, x[b], e) + imm, x[a]);
              continue;
            case Op.STR8:
              GuestMemory.store8(cpu, base(cpu, x[b], e) + imm, x[a]);
              continue;
            case Op.LDR64_R:
              x[a] = GuestMemory.load64(cpu, x[b] + index(x[c], e, (int) imm));
              continue;
            case Op.LDR32_R:
              x[a] = GuestMemory.load32(cpu, x[b] + index(x[c], e, (int) imm));
              continue;
            case Op.LDR16_R:
              x[a] = GuestMemory.load16(cpu, x[b] + index(x[c], e, (int) imm));
              continue;
            case Op.LDR8_R:
              x[a] = GuestMemory.load8(cpu, x[b] + index(x[c], e, (int) imm));
              continue;
            case Op.STR64_R:
              GuestMemory.store64(cpu, x[b] + index(x[c], e, (int) imm), x[a]);
              continue;
            case Op.LDR64_W:
              address = base(cpu, x[b], e);
              value = GuestMemory.load64(cpu, address + (imm & -(long) c));
              x[b] = address + imm;
              x[a] = value;
              continue;
            case Op.LDR8_W:
              address = base(cpu, x[b], e);
              value = GuestMemory.load8(cpu, c != 0 ? address + imm : address);
              x[b] = address + imm;
              x[a] = value;
              continue;
            case Op.STR64_W:
              address = base(cpu, x[b], e);
              GuestMemory.store64(cpu, address + imm * c, x[a]);
              x[b] = address + imm;
              continue;
            case Op.LDP64:
              loadPair64(cpu, base(cpu, x[b], e) + imm, a, c);
              continue;
            case Op.STP64:
              storePair64(cpu, base(cpu, x[b], e) + imm, x[a], x[c]);
              continue;
            case Op.LDP64_POST:
              loadPairWriteBack(cpu, b, (int) imm, base(cpu, x[b], e), a, c);
              continue;
            case Op.STP64_PRE:
              storePair64(cpu, base(cpu, x[b], e) + imm, x[a], x[c]);
              x[b] += imm;
              continue;
            case Op.NOP:
              continue;
            case Op.B:
              break branch;
            case Op.BL:
              x[30] = base + ((long) i << 2);
              break branch;
            case Op.BCOND:
              if (Alu.holds(e, cpu.nzcv)) {
                break branch;
              }
              continue;
            case Op.CMPI64_B:
              i++;
              subFlags64(cpu, x[b], imm & 4095);
              if (Alu.holds(e, cpu.nzcv)) {
                imm >>= 12;
                break branch;
              }
              continue;
            case Op.CMPI32_B:
              i++;
              subFlags32(cpu, (int) x[b], (int) (d >>> 32) & 4095);
              if (Alu.holds(e, cpu.nzcv)) {
                imm = (int) (d >>> 32) >> 12;
                break branch;
              }
              continue;
            case Op.CMP64_B:
              i++;
              subFlags64(cpu, x[b], x[c]);
              if (Alu.holds(e, cpu.nzcv)) {
                break branch;
              }
              continue;
            case Op.CMP32_B:
              i++;
              subFlags32(cpu, (int) x[b], (int) x[c]);
              if (Alu.holds(e, cpu.nzcv)) {
                break branch;
              }
              continue;
            case Op.CBZ64:
              if (x[b] == 0) {
                break branch;
              }
              continue;
            case Op.CBNZ64:
              if (x[b] != 0) {
                break branch;
              }
              continue;
            case Op.CBZ32:
              if ((int) x[b] == 0) {
                break branch;
              }
              continue;
            case Op.CBNZ32:
              if ((int) x[b] != 0) {
                break branch;
              }
              continue;
            case Op.TBZ:
              if ((x[b] >>> c & 1) == 0) {
                break branch;
              }
              continue;
            case Op.TBNZ:
              if ((x[b] >>> c & 1) != 0) {
                break branch;
              }
              continue;
            case Op.BLR:
              address = x[b];
              x[30] = base + ((long) i << 2);
              break;
            case Op.BR:
            case Op.RET:
              address = x[b];
              break;
            default:
              Uncommon.execute(cpu, x, d, base + ((long) (i - 1) << 2));
              continue;
          }
          // An indirect branch. The tag of a user address is ignored.
          address = address << 8 >> 8;
          if (((address ^ base) & ~(PAGE_MASK & ~3)) != 0) {
            cpu.retired += retired + i;
            cpu.pc = address;
            return 0;
          }
          imm = (int) (address >>> 2 & CodePage.SIZE - 1) - i + 1;
        }
        target = i - 1 + (int) imm;
        retired += i - target;
        i = target;
        if (target >>> 10 != 0 || --left == 0 || cpu.requestPending()) {
          break;
        }
      }
      cpu.pc = base + ((long) i << 2);
      cpu.retired += retired + i;
      return vector;
    } catch (GuestAbort abort) {
      cpu.pc = base + ((long) (i - 1) << 2);
      cpu.retired += retired + i - 1;
      return Cpu.VECTOR_SYNC;
    }
  }

  /** The offset register of an address. */
  private static long index(long value, int option, int amount) {
    return option == UXTX ? value << amount : Alu.extend(value, option, amount);
  }

  private static long base(Cpu cpu, long value, int mask) {
    if (((int) value & mask) != 0) {
      throw Exceptions.spAlignment(cpu);
    }
    return value;
  }

  private static long subFlags64(Cpu cpu, long a, long b) {
    long r = a - b;
    cpu.nzcv = Alu.subFlags64(a, b, r);
    return r;
  }

  private static long subFlags32(Cpu cpu, int a, int b) {
    int r = a - b;
    cpu.nzcv = Alu.subFlags32(a, b, r);
    return r & 0xffffffffL;
  }

  private static void loadPair64(Cpu cpu, long address, int first, int second) {
    long low = GuestMemory.load64(cpu, address);
    long high = GuestMemory.load64(cpu, address + 8);
    cpu.x[first] = low;
    cpu.x[second] = high;
  }

  private static void loadPairWriteBack(
      Cpu cpu, int base, int offset, long address, int first, int second) {
    long low = GuestMemory.load64(cpu, address);
    long high = GuestMemory.load64(cpu, address + 8);
    cpu.x[base] += offset;
    cpu.x[first] = low;
    cpu.x[second] = high;
  }

  private static void storePair64(Cpu cpu, long address, long low, long high) {
    GuestMemory.hostAddress(cpu, address, 16, MemoryManager.PERM_WRITE);
    GuestMemory.store64(cpu, address, low);
    GuestMemory.store64(cpu, address + 8, high);
  }
}
