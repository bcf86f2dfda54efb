package dev.svc0.arm64.interp;

import static dev.svc0.arm64.interp.Fields.bits;
import static dev.svc0.arm64.interp.Fields.get;
import static dev.svc0.arm64.interp.Fields.rd;
import static dev.svc0.arm64.interp.Fields.set;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.isa.A64;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.MemoryManager;
import java.lang.invoke.VarHandle;

/**
 * Hints, barriers, cache maintenance and system registers, as EL0 under Linux may use them.
 *
 * <p>Pointer authentication and branch target hints do nothing, as on a core without them.
 */
public final class SystemInsns {
  /** Ticks a second of the virtual counter: it counts nanoseconds of the host's monotonic clock. */
  public static final long COUNTER_FREQUENCY = 1_000_000_000;

  /** Bytes of a cache line, data and instruction. */
  public static final int CACHE_LINE = 64;

  /** 64-byte lines; data need no cleaning before fetch (IDC), fetch needs invalidation (no DIC). */
  private static final long CTR = 0x9444c004L;

  /** DC ZVA writes 64 bytes. */
  private static final long DCZID = 4;

  private static final int ZVA_BYTES = 64;

  // Registers and operations as op0, op1, CRn, CRm, op2 name them in bits 20 to 5.
  private static final int NZCV = 3 << 14 | 3 << 11 | 4 << 7 | 2 << 3 | 0;
  private static final int FPCR = 3 << 14 | 3 << 11 | 4 << 7 | 4 << 3 | 0;
  private static final int FPSR = 3 << 14 | 3 << 11 | 4 << 7 | 4 << 3 | 1;
  private static final int TPIDR_EL0 = 3 << 14 | 3 << 11 | 13 << 7 | 0 << 3 | 2;
  private static final int TPIDRRO_EL0 = 3 << 14 | 3 << 11 | 13 << 7 | 0 << 3 | 3;
  private static final int CTR_EL0 = 3 << 14 | 3 << 11 | 0 << 7 | 0 << 3 | 1;
  private static final int DCZID_EL0 = 3 << 14 | 3 << 11 | 0 << 7 | 0 << 3 | 7;
  private static final int CNTFRQ_EL0 = 3 << 14 | 3 << 11 | 14 << 7 | 0 << 3 | 0;
  private static final int CNTVCT_EL0 = 3 << 14 | 3 << 11 | 14 << 7 | 0 << 3 | 2;
  private static final int DC_ZVA = 1 << 14 | 3 << 11 | 7 << 7 | 4 << 3 | 1;
  private static final int DC_CVAC = 1 << 14 | 3 << 11 | 7 << 7 | 10 << 3 | 1;
  private static final int DC_CVAU = 1 << 14 | 3 << 11 | 7 << 7 | 11 << 3 | 1;
  private static final int DC_CIVAC = 1 << 14 | 3 << 11 | 7 << 7 | 14 << 3 | 1;
  private static final int IC_IVAU = 1 << 14 | 3 << 11 | 7 << 7 | 5 << 3 | 1;

  private SystemInsns() {}

  static void execute(Cpu cpu, int insn, int number) {
    switch (number) {
      case A64.HINT -> hint(insn);
      case A64.CLREX -> cpu.exclusiveAddress = -1;
      case A64.DMB, A64.DSB -> VarHandle.fullFence();
      case A64.ISB -> VarHandle.acquireFence();
      case A64.SYS -> cacheMaintenance(cpu, insn);
      case A64.MRS -> set(cpu, rd(insn), read(cpu, insn));
      case A64.MSR_reg -> write(cpu, insn, get(cpu, rd(insn)));
      default -> throw Exceptions.undefined(cpu);
    }
  }

  private static void hint(int insn) {
    int hint = bits(insn, 5, 7);
    if (hint == 1) {
      Thread.onSpinWait();
    } else if (hint == 2 || hint == 3) {
      Thread.yield();
    }
  }

  private static int registerOf(int insn) {
    return bits(insn, 5, 16);
  }

  private static long read(Cpu cpu, int insn) {
    return switch (registerOf(insn)) {
      case NZCV -> (long) cpu.nzcv << 28;
      case FPCR -> cpu.fpcr;
      case FPSR -> cpu.fpsr;
      case TPIDR_EL0 -> cpu.tpidr;
      case TPIDRRO_EL0 -> 0;
      case CTR_EL0 -> CTR;
      case DCZID_EL0 -> DCZID;
      case CNTFRQ_EL0 -> COUNTER_FREQUENCY;
      case CNTVCT_EL0 -> System.nanoTime();
      default -> throw refused(cpu, insn);
    };
  }

  private static void write(Cpu cpu, int insn, long value) {
    switch (registerOf(insn)) {
      case NZCV -> cpu.nzcv = (int) (value >>> 28) & 15;
      case FPCR -> cpu.fpcr = (int) value & Cpu.FPCR_MASK;
      case FPSR -> cpu.fpsr = (int) value & Cpu.FPSR_MASK;
      case TPIDR_EL0 -> cpu.tpidr = value;
      default -> throw refused(cpu, insn);
    }
  }

  /** Reads of the identification space trap (FEAT_IDST); anything else does not exist at EL0. */
  private static RuntimeException refused(Cpu cpu, int insn) {
    boolean isRead = bits(insn, 21, 1) != 0;
    boolean identification = bits(insn, 19, 2) == 3 && bits(insn, 16, 3) == 0;
    return isRead && identification && bits(insn, 12, 4) == 0
        ? Exceptions.systemTrap(cpu, insn)
        : Exceptions.undefined(cpu);
  }

  private static void cacheMaintenance(Cpu cpu, int insn) {
    long address = get(cpu, rd(insn));
    switch (registerOf(insn)) {
      case DC_ZVA -> zero(cpu, address);
      case DC_CVAC, DC_CVAU, DC_CIVAC -> mustBeReadable(cpu, address);
      case IC_IVAU -> {
        mustBeReadable(cpu, address);
        cpu.code().invalidateLine(GuestMemory.untagged(address), CACHE_LINE);
      }
      default -> throw Exceptions.undefined(cpu);
    }
  }

  private static void zero(Cpu cpu, long address) {
    long line = address & -ZVA_BYTES;
    long host = GuestMemory.hostAddress(cpu, line, ZVA_BYTES, MemoryManager.PERM_WRITE);
    for (int i = 0; i < ZVA_BYTES; i += 8) {
      HostMemory.putLong(host + i, 0);
    }
  }

  private static void mustBeReadable(Cpu cpu, long address) {
    long plain = GuestMemory.untagged(address);
    while (GuestMemory.hostOfPermitted(cpu, plain, MemoryManager.PERM_READ) == 0) {
      int fault = cpu.mm().handleFault(plain, MemoryManager.PERM_READ);
      if (fault != MemoryManager.FAULT_RESOLVED) {
        throw Exceptions.cacheAbort(cpu, address, fault);
      }
    }
  }
}
