package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.get;
import static dev.svc0.arm64.interp.Fields.ra;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;
import static dev.svc0.arm64.interp.Fields.set;
import static dev.svc0.arm64.interp.Fields.signedBits;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.isa.A64;
import dev.svc0.runtime.mm.MemoryManager;

/**
 * Loads and stores of general registers. Registers change only after memory was accessed, so an
 * abort leaves the instruction as if it had not run. <i>Source:</i> Arm ARM, C4.1.94.
 */
final class LoadStore {
  private LoadStore() {}

  static void execute(Cpu cpu, int insn, int number) {
    if (number <= A64.PRFM_lit) {
      literal(cpu, insn, number);
    } else if (number <= A64.LDPSW_pre) {
      pair(cpu, insn, number);
    } else {
      single(cpu, insn, number);
    }
  }

  private static void literal(Cpu cpu, int insn, int number) {
    long address = cpu.pc + ((long) signedBits(insn, 5, 19) << 2);
    switch (number) {
      case A64.LDR_lit -> set(cpu, rd(insn), load(cpu, address, bit(insn, 30) != 0 ? 3 : 2));
      case A64.LDRSW_lit -> set(cpu, rd(insn), (int) load(cpu, address, 2));
      default -> {
        // A prefetch is a hint.
      }
    }
  }

  private static void pair(Cpu cpu, int insn, int number) {
    boolean signed = number == A64.LDPSW_off || number == A64.LDPSW_post || number == A64.LDPSW_pre;
    int size = !signed && bit(insn, 31) != 0 ? 3 : 2;
    int mode = bits(insn, 23, 2);
    long base = base(cpu, rn(insn));
    long moved = base + ((long) signedBits(insn, 15, 7) << size);
    long address = mode == 1 ? base : moved;
    if (bit(insn, 22) != 0) {
      GuestMemory.hostAddress(cpu, address, 2 << size, MemoryManager.PERM_READ);
      long first = load(cpu, address, size);
      long second = load(cpu, address + (1 << size), size);
      writeBack(cpu, insn, moved, mode);
      set(cpu, rd(insn), signed ? (int) first : first);
      set(cpu, ra(insn), signed ? (int) second : second);
    } else {
      GuestMemory.hostAddress(cpu, address, 2 << size, MemoryManager.PERM_WRITE);
      store(cpu, address, get(cpu, rd(insn)), size);
      store(cpu, address + (1 << size), get(cpu, ra(insn)), size);
      writeBack(cpu, insn, moved, mode);
    }
  }

  /** Modes of bits 24 to 23: 1 is post-index, 3 pre-index. */
  private static void writeBack(Cpu cpu, int insn, long moved, int mode) {
    if ((mode & 1) != 0) {
      cpu.x[rn(insn)] = moved;
    }
  }

  private static void single(Cpu cpu, int insn, int number) {
    int size = bits(insn, 30, 2);
    int operation = bits(insn, 22, 2);
    if (operation == 2 && size == 3) {
      if (number == A64.PRFM_reg) {
        long ignored = registerOffset(cpu, insn, size); // may be reserved
        return;
      }
      if (isPrefetch(number)) {
        return; // whose base need not be aligned
      }
      throw Exceptions.undefined(cpu);
    }
    if (operation == 3 && size >= 2) {
      throw Exceptions.undefined(cpu);
    }
    long base = base(cpu, rn(insn));
    long address = base + offset(cpu, insn, size);
    boolean unsignedOffset = bit(insn, 24) != 0;
    int mode = unsignedOffset || bit(insn, 21) != 0 ? 0 : bits(insn, 10, 2);
    long accessed = mode == 1 ? base : address;
    if (operation == 0) {
      store(cpu, accessed, get(cpu, rd(insn)), size);
      writeBack(cpu, insn, address, mode);
      return;
    }
    long value = load(cpu, accessed, size);
    writeBack(cpu, insn, address, mode);
    set(cpu, rd(insn), operation == 1 ? value : signExtend(value, size, operation));
  }

  private static boolean isPrefetch(int number) {
    return number == A64.PRFM_uimm || number == A64.PRFM_unscaled;
  }

  /** Operation 2 extends to 64 bits, 3 to 32. */
  private static long signExtend(long value, int size, int operation) {
    int unused = 64 - (8 << size);
    long extended = value << unused >> unused;
    return operation == 2 ? extended : extended & 0xffffffffL;
  }

  private static long offset(Cpu cpu, int insn, int size) {
    if (bit(insn, 24) != 0) {
      return (long) bits(insn, 10, 12) << size;
    }
    return bit(insn, 21) != 0 ? registerOffset(cpu, insn, size) : signedBits(insn, 12, 9);
  }

  /** The offset of the register forms; options that do not extend a word are reserved. */
  static long registerOffset(Cpu cpu, int insn, int size) {
    int option = bits(insn, 13, 3);
    if ((option & 2) == 0) {
      throw Exceptions.undefined(cpu);
    }
    return Alu.extend(get(cpu, rm(insn)), option, bit(insn, 12) * size);
  }

  /** A base register; SP must be aligned to 16. */
  static long base(Cpu cpu, int register) {
    long base = cpu.x[register];
    if (register == Cpu.SP && (base & 15) != 0) {
      throw Exceptions.spAlignment(cpu);
    }
    return base;
  }

  /** Loads 1 &lt;&lt; size bytes, zero-extended. */
  static long load(Cpu cpu, long address, int size) {
    return switch (size) {
      case 0 -> GuestMemory.load8(cpu, address);
      case 1 -> GuestMemory.load16(cpu, address);
      case 2 -> GuestMemory.load32(cpu, address);
      default -> GuestMemory.load64(cpu, address);
    };
  }

  /** Stores 1 &lt;&lt; size bytes. */
  static void store(Cpu cpu, long address, long value, int size) {
    switch (size) {
      case 0 -> GuestMemory.store8(cpu, address, value);
      case 1 -> GuestMemory.store16(cpu, address, value);
      case 2 -> GuestMemory.store32(cpu, address, value);
      default -> GuestMemory.store64(cpu, address, value);
    }
  }
}
