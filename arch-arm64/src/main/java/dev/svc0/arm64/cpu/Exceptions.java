package dev.svc0.arm64.cpu;

import dev.svc0.runtime.abi.Esr;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.MemoryManager;

/**
 * Records the syndrome of each exception that an instruction can take. The methods return the
 * throwable that unwinds to the engine: {@code throw Exceptions.undefined(cpu)}.
 *
 * <p>Source: Arm ARM, ESR_EL1. All instructions are 32 bits long, so IL is always set.
 */
public final class Exceptions {
  private static final int ALIGNMENT = 0x21;
  private static final int ADDRESS_LEVEL_0 = Esr.ESR_ELx_FSC_FAULT;
  private static final int LEVEL_3 = 3;

  private Exceptions() {}

  private static int esr(int exceptionClass, int iss) {
    return exceptionClass << Esr.ESR_ELx_EC_SHIFT | Esr.ESR_ELx_IL | iss;
  }

  /** Supervisor call. */
  public static void svc(Cpu cpu, int imm16) {
    cpu.esr = esr(Esr.ESR_ELx_EC_SVC64, imm16);
  }

  /** Breakpoint instruction. */
  public static GuestAbort brk(Cpu cpu, int imm16) {
    cpu.esr = esr(Esr.ESR_ELx_EC_BRK64, imm16);
    return GuestAbort.INSTANCE;
  }

  /** Not an instruction, or not one at EL0. */
  public static GuestAbort undefined(Cpu cpu) {
    cpu.esr = esr(Esr.ESR_ELx_EC_UNKNOWN, 0);
    return GuestAbort.INSTANCE;
  }

  /** A system register access that EL1 wants to see: the ID registers. */
  public static GuestAbort systemTrap(Cpu cpu, int insn) {
    int op0 = insn >>> 19 & 3;
    int op1 = insn >>> 16 & 7;
    int crn = insn >>> 12 & 15;
    int crm = insn >>> 8 & 15;
    int op2 = insn >>> 5 & 7;
    int rt = insn & 31;
    int isRead = insn >>> 21 & 1;
    cpu.esr =
        esr(
            Esr.ESR_ELx_EC_SYS64,
            op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | rt << 5 | crm << 1 | isRead);
    return GuestAbort.INSTANCE;
  }

  /** The program counter is not a multiple of 4. */
  public static GuestAbort pcAlignment(Cpu cpu, long address) {
    cpu.esr = esr(Esr.ESR_ELx_EC_PC_ALIGN, 0);
    cpu.far = address;
    cpu.faultCode = 0;
    return GuestAbort.INSTANCE;
  }

  /** The stack pointer is the base of an access and not a multiple of 16. */
  public static GuestAbort spAlignment(Cpu cpu) {
    cpu.esr = esr(Esr.ESR_ELx_EC_SP_ALIGN, 0);
    cpu.far = cpu.x[Cpu.SP];
    cpu.faultCode = 0;
    return GuestAbort.INSTANCE;
  }

  /** An access that must be aligned is not. */
  public static GuestAbort dataAlignment(Cpu cpu, long address, boolean write) {
    return dataAbort(cpu, address, write, ALIGNMENT, 0);
  }

  /**
   * An access that memory refuses.
   *
   * @param faultCode {@code signal << 8 | si_code}
   */
  public static GuestAbort dataAbort(Cpu cpu, long address, boolean write, int faultCode) {
    return dataAbort(cpu, address, write, status(address, faultCode), faultCode);
  }

  private static GuestAbort dataAbort(
      Cpu cpu, long address, boolean write, int status, int faultCode) {
    cpu.esr = esr(Esr.ESR_ELx_EC_DABT_LOW, status | (write ? Esr.ESR_ELx_WNR : 0));
    cpu.far = address;
    cpu.faultCode = faultCode;
    return GuestAbort.INSTANCE;
  }

  /** A cache maintenance instruction on memory that is not there: counts as a write. */
  public static GuestAbort cacheAbort(Cpu cpu, long address, int faultCode) {
    dataAbort(cpu, address, true, faultCode);
    cpu.esr |= Esr.ESR_ELx_CM;
    return GuestAbort.INSTANCE;
  }

  /** An instruction that cannot be fetched. */
  public static GuestAbort instructionAbort(Cpu cpu, long address, int faultCode) {
    cpu.esr = esr(Esr.ESR_ELx_EC_IABT_LOW, status(address, faultCode));
    cpu.far = address;
    cpu.faultCode = faultCode;
    return GuestAbort.INSTANCE;
  }

  private static int status(long address, int faultCode) {
    if (GuestMemory.untagged(address) >= MemoryManager.TASK_SIZE) {
      return ADDRESS_LEVEL_0;
    }
    return (faultCode & 0xff) == SignalConstants.SEGV_ACCERR && faultCode >>> 8 == Signals.SIGSEGV
        ? Esr.ESR_ELx_FSC_PERM | LEVEL_3
        : Esr.ESR_ELx_FSC_FAULT | LEVEL_3;
  }
}
