package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Engine;
import dev.svc0.runtime.abi.Esr;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.MemoryAccount;
import dev.svc0.runtime.mm.MemoryManager;

/** This engine, set up like the runner program: code between breakpoints, a window of memory. */
final class Machine {
  private static final int BRK = 0xd4200000;
  private static final long ENOSYS = -38;

  private final Engine engine;
  private final Cpu cpu;

  Machine(Engine engine, FrameAllocator frames) {
    this.engine = engine;
    MemoryManager mm = new MemoryManager(frames, new MemoryAccount(1 << 16));
    map(mm, State.CODE, 7);
    map(mm, State.SCRATCH, 3);
    cpu = new Cpu(mm);
    for (long at = 0; at < State.REGION_BYTES; at += 4) {
      mm.writeInt(State.CODE + at, BRK);
    }
  }

  private static void map(MemoryManager mm, long address, int prot) {
    int flags = MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS | MmapConstants.MAP_FIXED;
    long result = mm.mmap(address, State.REGION_BYTES, prot, flags, null, 0);
    if (result != address) {
      throw new IllegalStateException("mmap: " + result);
    }
  }

  Cpu cpu() {
    return cpu;
  }

  /** Executes one case and tells the state after it. */
  State run(State before) {
    prepare(before);
    return finish();
  }

  /** Puts instruction and state in place. */
  void prepare(State before) {
    MemoryManager mm = cpu.mm();
    mm.writeInt(before.pc, before.insn);
    cpu.code().invalidateLine(before.pc, 4);
    System.arraycopy(before.x, 0, cpu.x, 0, 31);
    cpu.x[Cpu.SP] = before.sp;
    System.arraycopy(before.v, 0, cpu.v, 0, 64);
    cpu.nzcv = before.nzcv;
    cpu.fpcr = before.fpcr;
    cpu.fpsr = before.fpsr;
    cpu.pc = before.pc;
    cpu.exclusiveAddress = -1;
    for (int i = 0; i < 32; i++) {
      mm.writeLong(State.WINDOW + i * 8L, before.memory[i]);
    }
  }

  /** Executes what was prepared. */
  State finish() {
    MemoryManager mm = cpu.mm();
    int signal = signalAfterRun();
    State after = new State();
    System.arraycopy(cpu.x, 0, after.x, 0, 31);
    after.sp = cpu.x[Cpu.SP];
    System.arraycopy(cpu.v, 0, after.v, 0, 64);
    after.pc = cpu.pc;
    after.insn = signal;
    after.nzcv = cpu.nzcv;
    after.fpcr = cpu.fpcr;
    after.fpsr = cpu.fpsr;
    for (int i = 0; i < 32; i++) {
      after.memory[i] = mm.readLong(State.WINDOW + i * 8L);
    }
    return after;
  }

  private int signalAfterRun() {
    while (true) {
      int vector = engine.run(cpu);
      if (vector != Cpu.VECTOR_SYNC) {
        throw new IllegalStateException("vector " + vector);
      }
      switch (cpu.esr >>> Esr.ESR_ELx_EC_SHIFT) {
        case Esr.ESR_ELx_EC_SVC64 -> cpu.x[0] = ENOSYS;
        case Esr.ESR_ELx_EC_BRK64 -> {
          return Signals.SIGTRAP;
        }
        case Esr.ESR_ELx_EC_UNKNOWN -> {
          return Signals.SIGILL;
        }
        case Esr.ESR_ELx_EC_DABT_LOW, Esr.ESR_ELx_EC_IABT_LOW -> {
          return cpu.faultCode >>> 8;
        }
        default -> {
          return Signals.SIGBUS;
        }
      }
    }
  }
}
