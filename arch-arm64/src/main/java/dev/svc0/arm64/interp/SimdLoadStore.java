package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.ra;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rn;
import static dev.svc0.arm64.interp.Fields.signedBits;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.isa.A64;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.MemoryManager;

/** Loads and stores of vector registers. A load clears the bits of the register above its size. */
final class SimdLoadStore {
  private SimdLoadStore() {}

  static void execute(Cpu cpu, int insn, int number) {
    if (number == A64.LDR_fp_lit) {
      literal(cpu, insn);
    } else if (number <= A64.LDP_fp_pre) {
      pair(cpu, insn);
    } else {
      single(cpu, insn);
    }
  }

  private static void literal(Cpu cpu, int insn) {
    int size = bits(insn, 30, 2) + 2;
    if (size > 4) {
      throw Exceptions.undefined(cpu);
    }
    load(cpu, cpu.pc + ((long) signedBits(insn, 5, 19) << 2), rd(insn), size);
  }

  private static void pair(Cpu cpu, int insn) {
    int size = bits(insn, 30, 2) + 2;
    if (size > 4) {
      throw Exceptions.undefined(cpu);
    }
    int mode = bits(insn, 23, 2);
    long base = LoadStore.base(cpu, rn(insn));
    long moved = base + ((long) signedBits(insn, 15, 7) << size);
    long address = mode == 1 ? base : moved;
    boolean load = bit(insn, 22) != 0;
    int access = load ? MemoryManager.PERM_READ : MemoryManager.PERM_WRITE;
    GuestMemory.hostAddress(cpu, address, 2 << size, access);
    if (load) {
      load(cpu, address, rd(insn), size);
      load(cpu, address + (1L << size), ra(insn), size);
    } else {
      store(cpu, address, rd(insn), size);
      store(cpu, address + (1L << size), ra(insn), size);
    }
    if ((mode & 1) != 0) {
      cpu.x[rn(insn)] = moved;
    }
  }

  private static void single(Cpu cpu, int insn) {
    int size = bit(insn, 23) << 2 | bits(insn, 30, 2);
    if (size > 4) {
      throw Exceptions.undefined(cpu);
    }
    long base = LoadStore.base(cpu, rn(insn));
    boolean plain = bit(insn, 24) != 0 || bit(insn, 21) != 0;
    int mode = plain ? 0 : bits(insn, 10, 2);
    long moved = base + offset(cpu, insn, size);
    long address = mode == 1 ? base : moved;
    if (bit(insn, 22) != 0) {
      load(cpu, address, rd(insn), size);
    } else {
      store(cpu, address, rd(insn), size);
    }
    if ((mode & 1) != 0) {
      cpu.x[rn(insn)] = moved;
    }
  }

  private static long offset(Cpu cpu, int insn, int size) {
    if (bit(insn, 24) != 0) {
      return (long) bits(insn, 10, 12) << size;
    }
    return bit(insn, 21) != 0 ? LoadStore.registerOffset(cpu, insn, size) : signedBits(insn, 12, 9);
  }

  /** Loads 1 &lt;&lt; size bytes into a register, 0 to 4. */
  static void load(Cpu cpu, long address, int register, int size) {
    if (size == 4) {
      loadQuad(cpu, address, register << 1);
    } else {
      Fields.setVector(cpu, register, LoadStore.load(cpu, address, size), 0);
    }
  }

  /** Stores the low 1 &lt;&lt; size bytes of a register, 0 to 4. */
  static void store(Cpu cpu, long address, int register, int size) {
    if (size == 4) {
      storeQuad(cpu, address, register << 1);
    } else {
      LoadStore.store(cpu, address, Fields.low(cpu, register), size);
    }
  }

  /** LDR Qt; the register is given by the index of its low half. */
  static void loadQuad(Cpu cpu, long address, int at) {
    long host = GuestMemory.hostAddress(cpu, address, 16, MemoryManager.PERM_READ);
    cpu.v[at] = HostMemory.getLong(host);
    cpu.v[at + 1] = HostMemory.getLong(host + 8);
  }

  /** STR Qt. */
  static void storeQuad(Cpu cpu, long address, int at) {
    long host = GuestMemory.hostAddress(cpu, address, 16, MemoryManager.PERM_WRITE);
    HostMemory.putLong(host, cpu.v[at]);
    HostMemory.putLong(host + 8, cpu.v[at + 1]);
  }

  /** LDR Dt. */
  static void loadDouble(Cpu cpu, long address, int at) {
    cpu.v[at] = GuestMemory.load64(cpu, address);
    cpu.v[at + 1] = 0;
  }

  /** LDP of Q registers. */
  static void loadQuadPair(Cpu cpu, long address, int first, int second) {
    GuestMemory.hostAddress(cpu, address, 32, MemoryManager.PERM_READ);
    loadQuad(cpu, address, first);
    loadQuad(cpu, address + 16, second);
  }

  /** STP of Q registers. */
  static void storeQuadPair(Cpu cpu, long address, int first, int second) {
    GuestMemory.hostAddress(cpu, address, 32, MemoryManager.PERM_WRITE);
    storeQuad(cpu, address, first);
    storeQuad(cpu, address + 16, second);
  }

  /** LDP of D registers. */
  static void loadDoublePair(Cpu cpu, long address, int first, int second) {
    GuestMemory.hostAddress(cpu, address, 16, MemoryManager.PERM_READ);
    loadDouble(cpu, address, first);
    loadDouble(cpu, address + 8, second);
  }
}
