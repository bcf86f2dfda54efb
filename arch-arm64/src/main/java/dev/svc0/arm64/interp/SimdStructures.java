package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bit;
import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.rm;
import static dev.svc0.arm64.interp.Fields.rn;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.isa.A64;
import dev.svc0.runtime.mm.MemoryManager;

/** Loads and stores of one to four interleaved registers. */
final class SimdStructures {
  private SimdStructures() {}

  static void execute(Cpu cpu, int insn, int number) {
    switch (number) {
      case A64.LD_multi, A64.LD_multi_post, A64.ST_multi, A64.ST_multi_post -> multiple(cpu, insn);
      default -> single(cpu, insn);
    }
  }

  private static void multiple(Cpu cpu, int insn) {
    int opcode = bits(insn, 12, 4);
    int size = bits(insn, 10, 2);
    boolean full = bit(insn, 30) != 0;
    int repeats =
        switch (opcode) {
          case 2 -> 4;
          case 6 -> 3;
          case 10 -> 2;
          default -> 1;
        };
    int structure =
        switch (opcode) {
          case 0 -> 4;
          case 4 -> 3;
          case 8 -> 2;
          case 2, 6, 7, 10 -> 1;
          default -> throw Exceptions.undefined(cpu);
        };
    if (size == 3 && !full && structure != 1) {
      throw Exceptions.undefined(cpu);
    }
    long address = LoadStore.base(cpu, rn(insn));
    int bytes = (full ? 16 : 8) * repeats * structure;
    boolean load = access(cpu, insn, address, bytes);
    int elements = Lanes.count(size, full);
    long at = address;
    for (int r = 0; r < repeats; r++) {
      for (int e = 0; e < elements; e++) {
        for (int s = 0; s < structure; s++) {
          int register = rd(insn) + r + s & 31;
          if (load) {
            element(cpu, register, size, e, full, LoadStore.load(cpu, at, size));
          } else {
            LoadStore.store(cpu, at, Lanes.get(cpu, register, size, e), size);
          }
          at += 1L << size;
        }
      }
    }
    writeBack(cpu, insn, address, bytes);
  }

  /** Writes an element of a load; the first one of a short vector clears the upper half. */
  private static void element(
      Cpu cpu, int register, int size, int index, boolean full, long value) {
    Lanes.set(cpu, register, size, index, value);
    if (!full) {
      cpu.v[(register << 1) + 1] = 0;
    }
  }

  /** Takes every fault of the range before anything changes. True for a load. */
  private static boolean access(Cpu cpu, int insn, long address, int bytes) {
    boolean load = bit(insn, 22) != 0;
    int permission = load ? MemoryManager.PERM_READ : MemoryManager.PERM_WRITE;
    GuestMemory.hostAddress(cpu, address, bytes, permission);
    return load;
  }

  private static void writeBack(Cpu cpu, int insn, long address, int bytes) {
    if (bit(insn, 23) != 0) {
      cpu.x[rn(insn)] = address + (rm(insn) == 31 ? bytes : Fields.get(cpu, rm(insn)));
    }
  }

  private static void single(Cpu cpu, int insn) {
    int scale = bits(insn, 14, 2);
    int structure = (bit(insn, 13) << 1 | bit(insn, 21)) + 1;
    int index = bit(insn, 30) << 3 | bit(insn, 12) << 2 | bits(insn, 10, 2);
    if (scale == 3) {
      if (bit(insn, 22) == 0 || bit(insn, 12) != 0) {
        throw Exceptions.undefined(cpu);
      }
      replicate(cpu, insn, structure);
      return;
    }
    int size = scale;
    switch (scale) {
      case 0 -> {
        // Bytes: all four bits are the index.
      }
      case 1 -> {
        if ((index & 1) != 0) {
          throw Exceptions.undefined(cpu);
        }
        index >>>= 1;
      }
      default -> {
        if ((index & 2) != 0 || (index & 1) != 0 && (index & 4) != 0) {
          throw Exceptions.undefined(cpu);
        }
        size = 2 + (index & 1);
        index >>>= size;
      }
    }
    long address = LoadStore.base(cpu, rn(insn));
    int bytes = structure << size;
    boolean load = access(cpu, insn, address, bytes);
    for (int s = 0; s < structure; s++) {
      long at = address + ((long) s << size);
      int register = rd(insn) + s & 31;
      if (load) {
        Lanes.set(cpu, register, size, index, LoadStore.load(cpu, at, size));
      } else {
        LoadStore.store(cpu, at, Lanes.get(cpu, register, size, index), size);
      }
    }
    writeBack(cpu, insn, address, bytes);
  }

  private static void replicate(Cpu cpu, int insn, int structure) {
    int size = bits(insn, 10, 2);
    boolean full = bit(insn, 30) != 0;
    long address = LoadStore.base(cpu, rn(insn));
    access(cpu, insn, address, structure << size);
    for (int s = 0; s < structure; s++) {
      long value = LoadStore.load(cpu, address + ((long) s << size), size);
      long all = Alu.replicate(value, 8 << size);
      Fields.setVector(cpu, rd(insn) + s & 31, all, full ? all : 0);
    }
    writeBack(cpu, insn, address, structure << size);
  }
}
