package dev.svc0.arm64.entry;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.runtime.abi.Esr;

/**
 * Reads of the identification registers, which EL1 emulates for EL0: what a program finds there is
 * what {@link CpuFeatures} says, and zero for every feature that is not there.
 *
 * <p>Source: Arm ARM, the space op0 = 3, op1 = 0, CRn = 0; Linux documentation
 * arm64/cpu-feature-registers.
 */
final class IdRegisters {
  private static final int OP0_SHIFT = 20;
  private static final int OP2_SHIFT = 17;
  private static final int OP1_SHIFT = 14;
  private static final int CRN_SHIFT = 10;
  private static final int RT_SHIFT = 5;
  private static final int CRM_SHIFT = 1;
  private static final int READ = 1;
  private static final int INSN_BYTES = 4;
  private static final int ZERO_REGISTER = 31;

  private static final int OP0 = 3;
  private static final int CRM_MIDR = 0;
  private static final int OP2_MIDR = 0;
  private static final int OP2_MPIDR = 5;
  private static final int OP2_REVIDR = 6;
  private static final int CRM_FIRST_ID = 2;
  private static final int CRM_LAST_ID = 7;
  private static final int CRM_PFR = 4;
  private static final int CRM_ISAR = 6;

  private IdRegisters() {}

  private static int field(int esr, int shift, int bits) {
    return esr >>> shift & (1 << bits) - 1;
  }

  /** Executes the MRS that was trapped; false when it is not a read of such a register. */
  static boolean emulate(Cpu cpu) {
    int esr = cpu.esr & Esr.ESR_ELx_ISS_MASK;
    boolean idSpace =
        field(esr, OP0_SHIFT, 2) == OP0
            && field(esr, OP1_SHIFT, 3) == 0
            && field(esr, CRN_SHIFT, 4) == 0
            && (esr & READ) != 0;
    int crm = field(esr, CRM_SHIFT, 4);
    int op2 = field(esr, OP2_SHIFT, 3);
    if (!idSpace || !known(crm, op2)) {
      return false;
    }
    int target = field(esr, RT_SHIFT, 5);
    if (target != ZERO_REGISTER) {
      cpu.x[target] = value(crm, op2);
    }
    cpu.pc += INSN_BYTES;
    return true;
  }

  private static boolean known(int crm, int op2) {
    if (crm == CRM_MIDR) {
      return op2 == OP2_MIDR || op2 == OP2_MPIDR || op2 == OP2_REVIDR;
    }
    return crm >= CRM_FIRST_ID && crm <= CRM_LAST_ID;
  }

  private static long value(int crm, int op2) {
    if (crm == CRM_MIDR) {
      return switch (op2) {
        case OP2_MIDR -> CpuFeatures.MIDR;
        case OP2_MPIDR -> CpuFeatures.MPIDR;
        default -> 0;
      };
    }
    if (crm == CRM_PFR && op2 == 0) {
      return CpuFeatures.ID_AA64PFR0;
    }
    if (crm == CRM_ISAR && op2 == 0) {
      return CpuFeatures.ID_AA64ISAR0;
    }
    return 0;
  }
}
