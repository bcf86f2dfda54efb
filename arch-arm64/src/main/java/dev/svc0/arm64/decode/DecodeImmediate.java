package dev.svc0.arm64.decode;

import static dev.svc0.arm64.decode.PreDecoder.base;
import static dev.svc0.arm64.decode.PreDecoder.field;
import static dev.svc0.arm64.decode.PreDecoder.pack;
import static dev.svc0.arm64.decode.PreDecoder.read;
import static dev.svc0.arm64.decode.PreDecoder.signed;
import static dev.svc0.arm64.decode.PreDecoder.write;

import dev.svc0.arm64.isa.A64;

/** Operations for data processing with immediates; 0 where there is none. */
final class DecodeImmediate {
  private DecodeImmediate() {}

  static long decode(int insn, int number) {
    boolean wide = insn < 0;
    return switch (number) {
      case A64.ADR ->
          pack(Op.ADR, write(insn), 0, 0, 0, signed(insn, 5, 19) << 2 | field(insn, 29, 2));
      case A64.ADRP ->
          pack(Op.ADRP, write(insn), 0, 0, 0, signed(insn, 5, 19) << 2 | field(insn, 29, 2));
      case A64.ADD_imm -> add(insn, wide ? Op.ADDI64 : Op.ADDI32, immediate(insn));
      case A64.SUB_imm -> add(insn, wide ? Op.ADDI64 : Op.ADDI32, -immediate(insn));
      case A64.ADDS_imm -> addFlags(insn, wide ? Op.ADDSI64 : Op.ADDSI32);
      case A64.SUBS_imm -> addFlags(insn, wide ? Op.SUBSI64 : Op.SUBSI32);
      case A64.AND_imm -> logical(insn, Op.ANDI, insn & 31);
      case A64.ORR_imm -> logical(insn, wide ? Op.ORRI64 : Op.ORRI32, insn & 31);
      case A64.EOR_imm -> logical(insn, wide ? Op.EORI64 : Op.EORI32, insn & 31);
      case A64.ANDS_imm -> logical(insn, wide ? Op.ANDSI64 : Op.ANDSI32, write(insn));
      case A64.MOVZ, A64.MOVN, A64.MOVK -> wideMove(insn, number);
      case A64.UBFM, A64.SBFM -> bitfield(insn, number);
      case A64.EXTR -> extract(insn);
      default -> 0;
    };
  }

  private static int immediate(int insn) {
    return field(insn, 10, 12) << 12 * field(insn, 22, 1);
  }

  private static long add(int insn, int op, int immediate) {
    return pack(op, insn & 31, base(insn), 0, 0, immediate);
  }

  private static long addFlags(int insn, int op) {
    return pack(op, write(insn), base(insn), 0, 0, immediate(insn));
  }

  private static long logical(int insn, int op, int target) {
    int key = field(insn, 10, 13);
    if (LogicalImmediate.mask(key) == 0 || insn >= 0 && field(insn, 22, 1) != 0) {
      return 0;
    }
    return pack(op, target, read(insn, 5), 0, 0, insn < 0 ? key : key | LogicalImmediate.WORD);
  }

  private static long wideMove(int insn, int number) {
    boolean wide = insn < 0;
    int shift = field(insn, 21, 2) << 4;
    int value = field(insn, 5, 16);
    if (!wide && shift >= 32) {
      return 0;
    }
    int half = shift >>> 4;
    return switch (number) {
      case A64.MOVZ -> pack(Op.MOVI, write(insn), 0, 0, half, value);
      case A64.MOVN -> pack(wide ? Op.MOVNI64 : Op.MOVNI32, write(insn), 0, 0, half, value);
      default ->
          insn << 27 == 31 << 27
              ? 0
              : pack(wide ? Op.MOVK64 : Op.MOVK32, write(insn), 0, 0, half, value);
    };
  }

  /** Every UBFM and SBFM is a left shift and then a right shift. */
  private static long bitfield(int insn, int number) {
    boolean wide = insn < 0;
    int immr = field(insn, 16, 6);
    int imms = field(insn, 10, 6);
    if (field(insn, 22, 1) != (wide ? 1 : 0) || !wide && ((immr | imms) & 32) != 0) {
      return 0;
    }
    int top = wide ? 63 : 31;
    int left = top - imms;
    int right = imms >= immr ? top - imms + immr : immr - imms - 1;
    int op = number == A64.UBFM ? wide ? Op.UBFM64 : Op.UBFM32 : wide ? Op.SBFM64 : Op.SBFM32;
    return pack(op, write(insn), read(insn, 5), left, 0, right);
  }

  private static long extract(int insn) {
    boolean wide = insn < 0;
    int lsb = field(insn, 10, 6);
    if (field(insn, 22, 1) != (wide ? 1 : 0) || !wide && lsb >= 32) {
      return 0;
    }
    return pack(wide ? Op.EXTR64 : Op.EXTR32, write(insn), read(insn, 5), read(insn, 16), 0, lsb);
  }
}
