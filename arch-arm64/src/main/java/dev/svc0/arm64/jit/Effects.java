package dev.svc0.arm64.jit;

import dev.svc0.arm64.decode.Op;
import dev.svc0.arm64.isa.A64;

/**
 * What decoded operations read and write. Registers are bits: 0 to 30 general, 31 SP, 32 to 63
 * vector registers.
 */
final class Effects {
  private static final int FIRST_VECTOR = 32;
  private static final int ZERO_LINE = 0xd50b7420;

  private Effects() {}

  static int op(long d) {
    return (int) d & 511;
  }

  static int a(long d) {
    return (int) (d >>> 9) & 63;
  }

  static int b(long d) {
    return (int) (d >>> 15) & 63;
  }

  static int c(long d) {
    return (int) (d >>> 21) & 63;
  }

  static int e(long d) {
    return (int) (d >>> 27) & 31;
  }

  static int imm(long d) {
    return (int) (d >> 32);
  }

  /** Number of the instruction of a {@link Op#SEMANTICS} operation. */
  static int number(long d) {
    return a(d) | b(d) << 6;
  }

  static boolean isSemantics(long d) {
    return op(d) == Op.SEMANTICS && !isIntrinsic(d);
  }

  /** Whether an instruction without an operation of its own is inlined. */
  static boolean isIntrinsic(long d) {
    return op(d) == Op.SEMANTICS && Intrinsics.covers(number(d), imm(d));
  }

  /** The bit of a general register; the zero register and the sink have none. */
  private static long x(int register) {
    return register < FIRST_VECTOR ? 1L << register : 0;
  }

  /** The bit of a vector register given by the index of its low half. */
  private static long v(int index) {
    return 1L << FIRST_VECTOR + (index >>> 1);
  }

  static boolean isDirectBranch(long d) {
    int op = op(d);
    return op == Op.B || op >= Op.BCOND && op <= Op.TBNZ;
  }

  static boolean isIndirectJump(long d) {
    return op(d) == Op.BR;
  }

  static long target(long d, long pc) {
    return pc + ((long) imm(d) << 2);
  }

  /** Whether control never reaches the next instruction from here. */
  static boolean endsPath(long d) {
    int op = op(d);
    return op == Op.B || op == Op.BR || op == Op.RET || isSemantics(d) && neverCompletes(number(d));
  }

  private static boolean neverCompletes(int number) {
    return number == A64.UNDEFINED || number == A64.BRK;
  }

  /** Whether what follows begins a block: after branches, calls, and what may change code. */
  static boolean endsBlock(long d) {
    int op = op(d);
    return op >= Op.B && op <= Op.RET || op == Op.SVC || endsPath(d) || changesCode(d);
  }

  /** Whether the processor's state must be complete at the end, because others look at it. */
  static boolean isBarrier(long d) {
    int op = op(d);
    return op == Op.BL || op == Op.BLR || op == Op.SVC || changesCode(d);
  }

  /** Instruction barriers and cache maintenance. */
  static boolean changesCode(long d) {
    return isSemantics(d)
        && (number(d) == A64.ISB || number(d) == A64.SYS && !zeroesLine(imm(d)));
  }

  /** DC ZVA. */
  static boolean zeroesLine(int insn) {
    return (insn & ~31) == ZERO_LINE;
  }

  /** Whether an instruction can abort. */
  static boolean canAbort(long d) {
    int op = op(d);
    if (op == Op.SEMANTICS) {
      return !isIntrinsic(d) || Intrinsics.accesses(number(d), imm(d));
    }
    return op >= Op.LDR64 && op <= Op.STPD || op >= Op.LDV_R && op <= Op.STRS_V;
  }

  /** Registers that an instruction reads; all that a shared method is given must be stored. */
  static long reads(long d) {
    int op = op(d);
    if (op <= Op.SVC) {
      return isIntrinsic(d) ? Intrinsics.reads(number(d), imm(d)) : 0;
    }
    if (op >= Op.LDRQ && op <= Op.STPD || op >= Op.LDV_R) {
      return vectorReads(d, op);
    }
    if (op <= Op.MADD64 - 1) {
      return integerReads(d, op);
    }
    if (op <= Op.UMADDL) {
      return x(b(d)) | x(c(d)) | x(imm(d));
    }
    if (op <= Op.UMULH) {
      return x(b(d)) | x(c(d));
    }
    return op < Op.B ? memoryReads(d, op) : branchReads(d, op);
  }

  private static long integerReads(long d, int op) {
    return switch (op) {
      case Op.MOVI, Op.MOVNI64, Op.MOVNI32, Op.ADR, Op.ADRP -> 0;
      case Op.MOVK64, Op.MOVK32 -> x(a(d));
      case Op.MOV64, Op.MOV32 -> x(c(d));
      case Op.UBFM64, Op.UBFM32, Op.SBFM64, Op.SBFM32, Op.CCMPI64, Op.CCMPI32 -> x(b(d));
      case Op.CLZ64, Op.CLZ32, Op.RBIT64, Op.RBIT32, Op.REV64, Op.REV32 -> x(b(d));
      default -> op < Op.MOVI ? x(b(d)) : x(b(d)) | x(c(d));
    };
  }

  private static long memoryReads(long d, int op) {
    if (op <= Op.LDRS8_32) {
      return x(b(d));
    }
    if (op <= Op.STR8) {
      return x(a(d)) | x(b(d));
    }
    if (op <= Op.LDRS32_64_R) {
      return x(b(d)) | x(c(d));
    }
    if (op <= Op.STR8_R) {
      return x(a(d)) | x(b(d)) | x(c(d));
    }
    return switch (op) {
      case Op.LDR64_L -> 0;
      case Op.STR64_W, Op.STR32_W, Op.STR16_W, Op.STR8_W -> x(a(d)) | x(b(d));
      case Op.STP64, Op.STP32, Op.STP64_PRE, Op.STP64_POST -> x(a(d)) | x(b(d)) | x(c(d));
      default -> x(b(d));
    };
  }

  private static long branchReads(long d, int op) {
    return switch (op) {
      case Op.B, Op.BL, Op.BCOND, Op.NOP, Op.MRS_TPIDR -> 0;
      default -> x(b(d));
    };
  }

  private static long vectorReads(long d, int op) {
    return switch (op) {
      case Op.LDRQ, Op.LDRD, Op.LDPQ, Op.LDPD, Op.LDRS_V, Op.LDV_W, Op.FMOV_VG -> x(b(d));
      case Op.STRQ, Op.STRD, Op.STRS_V, Op.STV_W -> x(b(d)) | v(a(d));
      case Op.STPQ, Op.STPD -> x(b(d)) | v(a(d)) | v(c(d));
      case Op.LDV_R -> x(b(d)) | x(c(d));
      case Op.STV_R -> x(b(d)) | x(c(d)) | v(a(d));
      case Op.FMADD -> v(b(d)) | v(c(d)) | v(imm(d));
      case Op.FCMP -> imm(d) != 0 ? v(b(d)) : v(b(d)) | v(c(d));
      case Op.FMOV64, Op.FMOV_GV -> v(b(d));
      default -> v(b(d)) | v(c(d));
    };
  }

  /** Registers that an instruction writes, if it is not a shared method's. */
  static long writes(long d) {
    int op = op(d);
    if (op <= Op.SVC) {
      return isIntrinsic(d) ? Intrinsics.writes(number(d), imm(d)) : 0;
    }
    if (op < Op.LDR64) {
      return op >= Op.CCMPI64 && op <= Op.CCMP32 ? 0 : x(a(d));
    }
    if (op >= Op.LDRQ && op <= Op.STPD || op >= Op.LDV_R) {
      return vectorWrites(d, op);
    }
    return op < Op.B ? memoryWrites(d, op) : branchWrites(d, op);
  }

  private static long branchWrites(long d, int op) {
    return switch (op) {
      case Op.BL, Op.BLR -> 1L << 30;
      case Op.MRS_TPIDR -> x(a(d));
      default -> 0;
    };
  }

  private static long memoryWrites(long d, int op) {
    if (op <= Op.LDRS8_32 || op >= Op.LDR64_R && op <= Op.LDRS32_64_R) {
      return x(a(d));
    }
    if (op <= Op.STR8_R) {
      return 0;
    }
    return switch (op) {
      case Op.LDR64_L -> x(a(d));
      case Op.STP64, Op.STP32 -> 0;
      case Op.LDP64, Op.LDP32 -> x(a(d)) | x(c(d));
      case Op.LDP64_PRE, Op.LDP64_POST -> x(a(d)) | x(b(d)) | x(c(d));
      case Op.STP64_PRE, Op.STP64_POST -> x(b(d));
      default -> op <= Op.LDR8_W ? x(a(d)) | x(b(d)) : x(b(d));
    };
  }

  private static long vectorWrites(long d, int op) {
    return switch (op) {
      case Op.STRQ, Op.STRD, Op.STPQ, Op.STPD, Op.STV_R, Op.STRS_V, Op.FCMP -> 0;
      case Op.LDPQ, Op.LDPD -> v(a(d)) | v(c(d));
      case Op.LDV_W -> v(a(d)) | x(b(d));
      case Op.STV_W -> x(b(d));
      case Op.FMOV_GV -> x(a(d));
      default -> v(a(d));
    };
  }

  /** Registers that a shared method may read or write: those that any field of the word names. */
  static long touched(long d) {
    int insn = imm(d);
    int number = number(d);
    long general = fields(insn);
    if (number <= A64.BICS_sr || number < A64.B_cond) {
      return general;
    }
    if (number < A64.LDR_lit) {
      return 1L << (insn & 31);
    }
    if (number < A64.LDR_fp_lit) {
      return pairs(general, insn, number);
    }
    long vectors = general << FIRST_VECTOR;
    if (number < A64.FMOV_s) {
      return vectors | following(vectors, insn) | general;
    }
    boolean table = number == A64.TBL || number == A64.TBX;
    return (table ? vectors | following(vectors, insn >>> 5) : vectors) | general;
  }

  private static long fields(int insn) {
    return 1L << (insn & 31)
        | 1L << (insn >>> 5 & 31)
        | 1L << (insn >>> 10 & 31)
        | 1L << (insn >>> 16 & 31);
  }

  /** CASP names the first of two registers. */
  private static long pairs(long general, int insn, int number) {
    return number == A64.CASP
        ? general | 1L << (insn + 1 & 31) | 1L << ((insn >>> 16) + 1 & 31)
        : general;
  }

  /** Up to four consecutive vector registers. */
  private static long following(long vectors, int first) {
    long all = vectors;
    for (int i = 1; i < 4; i++) {
      all |= 1L << FIRST_VECTOR + (first + i & 31);
    }
    return all;
  }

  /** Whether an instruction needs the flags. */
  static boolean readsFlags(long d) {
    int op = op(d);
    if (op != Op.SEMANTICS) {
      return op == Op.BCOND || op >= Op.ADC64 && op <= Op.CSNEG32;
    }
    int number = number(d);
    return number >= A64.ADC && number <= A64.CSNEG
        || number == A64.FCSEL
        || number == A64.FCCMP
        || number == A64.FCCMPE
        || number == A64.MRS
        || number == A64.MSR_reg;
  }

  /** How an instruction leaves the flags: see {@code Flags}; −1 when it does not touch them. */
  static int flagKind(long d) {
    return switch (op(d)) {
      case Op.SUBSI64, Op.SUBS64 -> Flags.SUB64;
      case Op.SUBSI32, Op.SUBS32 -> Flags.SUB32;
      case Op.ADDSI64, Op.ADDS64 -> Flags.ADD64;
      case Op.ADDSI32, Op.ADDS32 -> Flags.ADD32;
      case Op.ANDSI64, Op.ANDSI32, Op.ANDS64, Op.ANDS32 -> Flags.LOGIC;
      case Op.CCMPI64, Op.CCMP64 -> Flags.CCMP64;
      case Op.CCMPI32, Op.CCMP32 -> Flags.CCMP32;
      case Op.ADCS64, Op.SBCS64, Op.FCMP -> Flags.PLAIN;
      case Op.SEMANTICS -> semanticsWriteFlags(number(d)) ? Flags.PLAIN : -1;
      default -> -1;
    };
  }

  private static boolean semanticsWriteFlags(int number) {
    return switch (number) {
      case A64.ADDS_imm, A64.SUBS_imm, A64.ANDS_imm, A64.ANDS_sr, A64.BICS_sr -> true;
      case A64.ADDS_sr, A64.SUBS_sr, A64.ADDS_er, A64.SUBS_er, A64.ADCS, A64.SBCS -> true;
      case A64.CCMN_reg, A64.CCMN_imm, A64.CCMP_reg, A64.CCMP_imm, A64.MSR_reg -> true;
      case A64.FCMP, A64.FCMP_zero, A64.FCMPE, A64.FCMPE_zero, A64.FCCMP, A64.FCCMPE -> true;
      default -> false;
    };
  }
}
