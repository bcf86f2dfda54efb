package dev.svc0.arm64.decode;

/**
 * Operations of pre-decoded instructions: what the interpreter's switch runs over.
 *
 * <p>Each has fields a, b, c (indices into {@code Cpu.x}), e (5 bits) and imm (32 bits, signed);
 * see {@link PreDecoder#pack}. Names follow the instruction and the width of the operation.
 */
public final class Op {
  /** Not decoded yet. */
  public static final int DECODE = 0;

  /** Past the end of a page. */
  public static final int NEXT_PAGE = 1;

  /** Everything without an operation of its own: number in a and b, word in imm. */
  public static final int SEMANTICS = 2;

  /** Supervisor call imm. */
  public static final int SVC = 3;

  /** a = b + imm. */
  public static final int ADDI64 = 4;

  public static final int ADDI32 = 5;

  public static final int ADDSI64 = 6;

  public static final int ADDSI32 = 7;

  public static final int SUBSI64 = 8;

  public static final int SUBSI32 = 9;

  /** a = b &amp; mask imm: mask is zero-extended for 32 bits. */
  public static final int ANDI = 10;

  public static final int ORRI64 = 11;

  public static final int ORRI32 = 12;

  public static final int EORI64 = 13;

  public static final int EORI32 = 14;

  public static final int ANDSI64 = 15;

  public static final int ANDSI32 = 16;

  /** a = imm &lt;&lt; e. */
  public static final int MOVI = 17;

  public static final int MOVNI64 = 18;

  public static final int MOVNI32 = 19;

  /** a with 16 bits at e replaced by imm. */
  public static final int MOVK64 = 20;

  public static final int MOVK32 = 21;

  /** a = pc + imm. */
  public static final int ADR = 22;

  public static final int ADRP = 23;

  /** a = b &lt;&lt; c &gt;&gt;&gt; e, all of them shift amounts: every use of UBFM. */
  public static final int UBFM64 = 24;

  public static final int UBFM32 = 25;

  public static final int SBFM64 = 26;

  public static final int SBFM32 = 27;

  /** a = b:c &gt;&gt;&gt; imm. */
  public static final int EXTR64 = 28;

  public static final int EXTR32 = 29;

  /** a = c. */
  public static final int MOV64 = 30;

  public static final int MOV32 = 31;

  /** a = b &amp; c. */
  public static final int AND64 = 32;

  public static final int AND32 = 33;

  public static final int ORR64 = 34;

  public static final int ORR32 = 35;

  public static final int EOR64 = 36;

  public static final int EOR32 = 37;

  /**
   * a = b op shifted c; imm is amount, type &lt;&lt; 8, inversion &lt;&lt; 10, operation &lt;&lt;
   * 12.
   */
  public static final int LOGIC64 = 38;

  public static final int LOGIC32 = 39;

  /** imm as in LOGIC64. */
  public static final int ANDS64 = 40;

  public static final int ANDS32 = 41;

  /** a = b + (c &lt;&lt; imm). */
  public static final int ADD64 = 42;

  public static final int ADD32 = 43;

  public static final int SUB64 = 44;

  public static final int SUB32 = 45;

  public static final int ADDS64 = 46;

  public static final int ADDS32 = 47;

  public static final int SUBS64 = 48;

  public static final int SUBS32 = 49;

  /** a = b + extend(c, option e, shift imm). */
  public static final int ADDX64 = 50;

  public static final int SUBX64 = 51;

  public static final int ADC64 = 52;

  public static final int ADCS64 = 53;

  public static final int SBCS64 = 54;

  /** c is the immediate, e the condition, imm the other flags. */
  public static final int CCMPI64 = 55;

  public static final int CCMPI32 = 56;

  public static final int CCMP64 = 57;

  public static final int CCMP32 = 58;

  /** e is the condition. */
  public static final int CSEL64 = 59;

  public static final int CSEL32 = 60;

  public static final int CSINC64 = 61;

  public static final int CSINC32 = 62;

  public static final int CSINV64 = 63;

  public static final int CSINV32 = 64;

  public static final int CSNEG64 = 65;

  public static final int CSNEG32 = 66;

  public static final int LSLV64 = 67;

  public static final int LSLV32 = 68;

  public static final int LSRV64 = 69;

  public static final int LSRV32 = 70;

  public static final int ASRV64 = 71;

  public static final int ASRV32 = 72;

  public static final int RORV64 = 73;

  public static final int RORV32 = 74;

  public static final int UDIV64 = 75;

  public static final int UDIV32 = 76;

  public static final int SDIV64 = 77;

  public static final int SDIV32 = 78;

  public static final int CLZ64 = 79;

  public static final int CLZ32 = 80;

  public static final int RBIT64 = 81;

  public static final int RBIT32 = 82;

  public static final int REV64 = 83;

  public static final int REV32 = 84;

  /** a = imm + b * c; imm is a register. */
  public static final int MADD64 = 85;

  public static final int MADD32 = 86;

  public static final int MSUB64 = 87;

  public static final int MSUB32 = 88;

  public static final int SMADDL = 89;

  public static final int UMADDL = 90;

  public static final int SMULH = 91;

  public static final int UMULH = 92;

  /** a = [b + imm]; the base is checked against alignment mask e. */
  public static final int LDR64 = 93;

  public static final int LDR32 = 94;

  public static final int LDR16 = 95;

  public static final int LDR8 = 96;

  public static final int LDRS32_64 = 97;

  public static final int LDRS16_64 = 98;

  public static final int LDRS8_64 = 99;

  public static final int LDRS16_32 = 100;

  public static final int LDRS8_32 = 101;

  public static final int STR64 = 102;

  public static final int STR32 = 103;

  public static final int STR16 = 104;

  public static final int STR8 = 105;

  /** a = [b + extend(c, option e, shift imm)]. */
  public static final int LDR64_R = 106;

  public static final int LDR32_R = 107;

  public static final int LDR16_R = 108;

  public static final int LDR8_R = 109;

  public static final int LDRS32_64_R = 110;

  public static final int STR64_R = 111;

  public static final int STR32_R = 112;

  public static final int STR16_R = 113;

  public static final int STR8_R = 114;

  /** Write-back of imm: c is 1 for pre-index; e is the alignment mask. */
  public static final int LDR64_W = 115;

  public static final int LDR32_W = 116;

  public static final int LDR16_W = 117;

  public static final int LDR8_W = 118;

  public static final int STR64_W = 119;

  public static final int STR32_W = 120;

  public static final int STR16_W = 121;

  public static final int STR8_W = 122;

  /** Literal: pc + imm. */
  public static final int LDR64_L = 123;

  /** a, c = [b + imm]. */
  public static final int LDP64 = 124;

  public static final int STP64 = 125;

  public static final int LDP64_PRE = 126;

  public static final int LDP64_POST = 127;

  public static final int STP64_PRE = 128;

  public static final int STP64_POST = 129;

  public static final int LDP32 = 130;

  public static final int STP32 = 131;

  public static final int LDRQ = 132;

  public static final int STRQ = 133;

  public static final int LDRD = 134;

  public static final int STRD = 135;

  public static final int LDPQ = 136;

  public static final int STPQ = 137;

  public static final int LDPD = 138;

  public static final int STPD = 139;

  /** imm instructions ahead. */
  public static final int B = 140;

  public static final int BL = 141;

  /** e is the condition. */
  public static final int BCOND = 142;

  public static final int CBZ64 = 143;

  public static final int CBNZ64 = 144;

  public static final int CBZ32 = 145;

  public static final int CBNZ32 = 146;

  /** c is the bit. */
  public static final int TBZ = 147;

  public static final int TBNZ = 148;

  public static final int BR = 149;

  public static final int BLR = 150;

  public static final int RET = 151;

  public static final int NOP = 152;

  public static final int MRS_TPIDR = 153;

  /** Vector a = [b + extend(c, option e, shift imm)]; size of the access in imm from bit 8. */
  public static final int LDV_R = 154;

  public static final int STV_R = 155;

  /** Write-back of imm: c is 1 for pre-index, size from bit 1; e is the alignment mask. */
  public static final int LDV_W = 156;

  public static final int STV_W = 157;

  /** Single a = [b + imm]. */
  public static final int LDRS_V = 158;

  public static final int STRS_V = 159;

  /** a = b + c on scalars of size e. */
  public static final int FADD = 160;

  public static final int FSUB = 161;

  public static final int FMUL = 162;

  public static final int FDIV = 163;

  /** a = imm + b * c; e is size, negated product &lt;&lt; 2, negated addend &lt;&lt; 3. */
  public static final int FMADD = 164;

  /** Compares b with c, or with zero if imm is 1; e is size, signals all NaNs &lt;&lt; 2. */
  public static final int FCMP = 165;

  /** Moves between vector registers. */
  public static final int FMOV64 = 166;

  /** General a = low half of vector b. */
  public static final int FMOV_GV = 167;

  /** Vector a = general b. */
  public static final int FMOV_VG = 168;

  /** imm is 1 for 128 bits. */
  public static final int AND_V = 169;

  public static final int ORR_V = 170;

  public static final int EOR_V = 171;

  /**
   * SUBS to nowhere and the B.cond after it: b with imm bits 11 to 0, condition e, offset above.
   */
  public static final int CMPI64_B = 172;

  public static final int CMPI32_B = 173;

  /** Compares b with c, condition e, branch imm. */
  public static final int CMP64_B = 174;

  public static final int CMP32_B = 175;

  /** A translation begins here: back to who can run it. */
  public static final int UNIT = 176;

  private Op() {}
}
