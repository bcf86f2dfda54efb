package dev.svc0.arm64.jit;

import dev.svc0.arm64.decode.Op;
import dev.svc0.arm64.decode.PreDecoder;
import dev.svc0.arm64.isa.A64;

/**
 * What decoded operations read and write. Registers are bits: 0 to 30 general, 31 SP, 32 to 63
 * vector registers.
 */
final class Effects {
  private static final int FIRST_VECTOR = 32;
  private static final int ZERO_LINE = 0xd50b7420;

  // What an operation is: see info.

  /** A direct branch that is no call. */
  static final int DIRECT = 1;

  /** An indirect branch that is neither a call nor a return. */
  static final int INDIRECT = 1 << 1;

  /** A direct call. */
  static final int CALL = 1 << 2;

  /** Control never reaches the next instruction from here. */
  static final int ENDS_PATH = 1 << 3;

  /** What follows begins a block. */
  static final int ENDS_BLOCK = 1 << 4;

  /** The processor's state must be complete at the end. */
  static final int BARRIER = 1 << 5;

  static final int CAN_ABORT = 1 << 6;
  static final int READS_FLAGS = 1 << 7;

  /** It is left to a shared method, which may touch what the word names. */
  static final int SHARED = 1 << 8;

  /** How it leaves the flags, plus 1, shifted by this; 0 in these bits: as they were. */
  static final int FLAG_KIND_SHIFT = 16;

  static final int FLAG_KIND = 15 << FLAG_KIND_SHIFT;

  // What the fields of an operation are: see ofAll.
  private static final int READS_A = 1;
  private static final int READS_B = 1 << 1;
  private static final int READS_C = 1 << 2;
  private static final int WRITES_A = 1 << 3;

  /** There is more to it: ask {@link #reads} and {@link #writes}. */
  private static final int OTHER = 1 << 4;

  private static final int OPS = 512;

  /** By operation, except for {@link Op#SEMANTICS}. */
  private static final int[] INFO = new int[OPS];

  private static final byte[] FIELDS = new byte[OPS];

  static {
    for (int op = 0; op <= Op.UNIT; op++) {
      if (op != Op.SEMANTICS) {
        INFO[op] = describe(PreDecoder.pack(op, 0, 0, 0, 0, 0));
      }
      FIELDS[op] = op == Op.SEMANTICS ? OTHER : (byte) fieldsOf(op);
    }
  }

  private Effects() {}

  private static int describe(long d) {
    return (isDirectBranch(d) ? DIRECT : 0)
        | (isIndirectJump(d) ? INDIRECT : 0)
        | (op(d) == Op.BL ? CALL : 0)
        | (endsPath(d) ? ENDS_PATH : 0)
        | (endsBlock(d) ? ENDS_BLOCK : 0)
        | (isBarrier(d) ? BARRIER : 0)
        | (canAbort(d) ? CAN_ABORT : 0)
        | (readsFlags(d) ? READS_FLAGS : 0)
        | flagKind(d) + 1 << FLAG_KIND_SHIFT;
  }

  /** Finds out what the general registers in the fields are for. */
  private static int fieldsOf(int op) {
    long d = PreDecoder.pack(op, 0, 1, 2, 0, 3);
    long reads = reads(d);
    long writes = writes(d);
    if (reads >>> 3 != 0 || writes >>> 1 != 0 || op == Op.FCMP) {
      return OTHER;
    }
    return (int) reads | ((writes & 1) != 0 ? WRITES_A : 0);
  }

  /** What an operation is: the bits above. */
  static int info(long d) {
    int op = (int) d & OPS - 1;
    return op == Op.SEMANTICS ? describeSemantics(d) : INFO[op];
  }

  private static int describeSemantics(long d) {
    int number = number(d);
    int flags = (readsFlags(d) ? READS_FLAGS : 0) | flagKind(d) + 1 << FLAG_KIND_SHIFT;
    if (isIntrinsic(d)) {
      return flags | (Intrinsics.accesses(number, imm(d)) ? CAN_ABORT : 0);
    }
    int ends =
        neverCompletes(number) ? ENDS_PATH | ENDS_BLOCK : changesCode(d) ? BARRIER | ENDS_BLOCK : 0;
    return flags | ends | CAN_ABORT | SHARED;
  }

  /** How an operation leaves the flags, of what {@link #info} tells; −1: as they were. */
  static int flagKindOf(int info) {
    return (info >>> FLAG_KIND_SHIFT & 15) - 1;
  }

  /**
   * Finds the registers that operations read and write; of what is left to shared methods, all that
   * they may touch is both.
   */
  static void ofAll(long[] ops, int[] info, long[] reads, long[] writes) {
    for (int i = 0; i < ops.length; i++) {
      long d = ops[i];
      int fields = FIELDS[(int) d & OPS - 1];
      if ((fields & OTHER) != 0) {
        boolean shared = (info[i] & SHARED) != 0;
        reads[i] = shared ? touched(d) : reads(d);
        writes[i] = shared ? reads[i] : writes(d);
        continue;
      }
      int a = (int) (d >>> 9) & 63;
      int b = (int) (d >>> 15) & 63;
      int c = (int) (d >>> 21) & 63;
      long read = 0;
      if ((fields & READS_B) != 0 && b < FIRST_VECTOR) {
        read = 1L << b;
      }
      if ((fields & READS_C) != 0 && c < FIRST_VECTOR) {
        read |= 1L << c;
      }
      if ((fields & READS_A) != 0 && a < FIRST_VECTOR) {
        read |= 1L << a;
      }
      reads[i] = read;
      writes[i] = (fields & WRITES_A) != 0 && a < FIRST_VECTOR ? 1L << a : 0;
    }
  }

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
    return isSemantics(d) && (number(d) == A64.ISB || number(d) == A64.SYS && !zeroesLine(imm(d)));
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
