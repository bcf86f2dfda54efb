package dev.svc0.arm64.decode;

import static dev.svc0.arm64.decode.PreDecoder.alignment;
import static dev.svc0.arm64.decode.PreDecoder.base;
import static dev.svc0.arm64.decode.PreDecoder.field;
import static dev.svc0.arm64.decode.PreDecoder.pack;
import static dev.svc0.arm64.decode.PreDecoder.read;
import static dev.svc0.arm64.decode.PreDecoder.signed;
import static dev.svc0.arm64.decode.PreDecoder.write;

import dev.svc0.arm64.isa.A64;

/** Operations for loads and stores; 0 where there is none. */
final class DecodeMemory {
  private DecodeMemory() {}

  static long decode(int insn, int number) {
    return switch (number) {
      case A64.LDR_lit ->
          field(insn, 30, 1) == 1
              ? pack(Op.LDR64_L, write(insn), 0, 0, 0, signed(insn, 5, 19) << 2)
              : 0;
      case A64.LDP_off, A64.STP_off, A64.LDP_pre, A64.STP_pre, A64.LDP_post, A64.STP_post ->
          pair(insn, number);
      case A64.LDR_uimm, A64.STR_uimm, A64.LDRS64_uimm, A64.LDRS32_uimm ->
          offset(insn, field(insn, 10, 12) << field(insn, 30, 2));
      case A64.LDR_unscaled, A64.STR_unscaled, A64.LDRS64_unscaled, A64.LDRS32_unscaled ->
          offset(insn, signed(insn, 12, 9));
      case A64.LDR_reg, A64.STR_reg, A64.LDRS64_reg -> register(insn);
      case A64.LDR_pre, A64.STR_pre -> writeBack(insn, 1);
      case A64.LDR_post, A64.STR_post -> writeBack(insn, 0);
      case A64.LDR_fp_uimm, A64.STR_fp_uimm, A64.LDR_fp_unscaled, A64.STR_fp_unscaled ->
          vector(insn, number);
      case A64.LDR_fp_reg, A64.STR_fp_reg -> vectorRegister(insn, number == A64.LDR_fp_reg);
      case A64.LDR_fp_pre, A64.LDR_fp_post -> vectorWriteBack(insn, Op.LDV_W);
      case A64.STR_fp_pre, A64.STR_fp_post -> vectorWriteBack(insn, Op.STV_W);
      case A64.LDP_fp_off, A64.STP_fp_off -> vectorPair(insn, number);
      default -> 0;
    };
  }

  /** Stores: size 0 to 3. Loads: after them. Signed loads: after those. */
  private static long offset(int insn, int imm) {
    int size = field(insn, 30, 2);
    int op =
        switch (field(insn, 22, 2) << 2 | size) {
          case 0 -> Op.STR8;
          case 1 -> Op.STR16;
          case 2 -> Op.STR32;
          case 3 -> Op.STR64;
          case 4 -> Op.LDR8;
          case 5 -> Op.LDR16;
          case 6 -> Op.LDR32;
          case 7 -> Op.LDR64;
          case 8 -> Op.LDRS8_64;
          case 9 -> Op.LDRS16_64;
          case 10 -> Op.LDRS32_64;
          case 12 -> Op.LDRS8_32;
          case 13 -> Op.LDRS16_32;
          default -> 0;
        };
    return op == 0 ? 0 : pack(op, data(insn), base(insn), 0, alignment(insn), imm);
  }

  /** The data register: read by a store, written by a load. */
  private static int data(int insn) {
    return field(insn, 22, 2) == 0 ? read(insn, 0) : write(insn);
  }

  private static long register(int insn) {
    int size = field(insn, 30, 2);
    int option = field(insn, 13, 3);
    if ((option & 2) == 0 || base(insn) == 31) {
      return 0;
    }
    int op =
        switch (field(insn, 22, 2) << 2 | size) {
          case 0 -> Op.STR8_R;
          case 1 -> Op.STR16_R;
          case 2 -> Op.STR32_R;
          case 3 -> Op.STR64_R;
          case 4 -> Op.LDR8_R;
          case 5 -> Op.LDR16_R;
          case 6 -> Op.LDR32_R;
          case 7 -> Op.LDR64_R;
          case 10 -> Op.LDRS32_64_R;
          default -> 0;
        };
    int shift = field(insn, 12, 1) * size;
    return op == 0 ? 0 : pack(op, data(insn), base(insn), read(insn, 16), option, shift);
  }

  private static long writeBack(int insn, int pre) {
    int op =
        switch (field(insn, 22, 2) << 2 | field(insn, 30, 2)) {
          case 0 -> Op.STR8_W;
          case 1 -> Op.STR16_W;
          case 2 -> Op.STR32_W;
          case 3 -> Op.STR64_W;
          case 4 -> Op.LDR8_W;
          case 5 -> Op.LDR16_W;
          case 6 -> Op.LDR32_W;
          default -> Op.LDR64_W;
        };
    return pack(op, data(insn), base(insn), pre, alignment(insn), signed(insn, 12, 9));
  }

  private static long pair(int insn, int number) {
    boolean wide = insn < 0;
    boolean load = field(insn, 22, 1) == 1;
    int op =
        switch (number) {
          case A64.LDP_off -> wide ? Op.LDP64 : Op.LDP32;
          case A64.STP_off -> wide ? Op.STP64 : Op.STP32;
          case A64.LDP_pre -> wide ? Op.LDP64_PRE : 0;
          case A64.LDP_post -> wide ? Op.LDP64_POST : 0;
          case A64.STP_pre -> wide ? Op.STP64_PRE : 0;
          default -> wide ? Op.STP64_POST : 0;
        };
    if (op == 0) {
      return 0;
    }
    int first = load ? write(insn) : read(insn, 0);
    int second = load ? write(insn, 10) : read(insn, 10);
    int imm = signed(insn, 15, 7) << (wide ? 3 : 2);
    return pack(op, first, base(insn), second, alignment(insn), imm);
  }

  /** Logarithm of the bytes of a vector access, 0 to 4; more is reserved. */
  private static int vectorSize(int insn) {
    return field(insn, 23, 1) << 2 | field(insn, 30, 2);
  }

  /** Vector registers are given by the index of their low half. */
  private static long vector(int insn, int number) {
    int size = vectorSize(insn);
    boolean load = number == A64.LDR_fp_uimm || number == A64.LDR_fp_unscaled;
    int op =
        switch (size) {
          case 2 -> load ? Op.LDRS_V : Op.STRS_V;
          case 3 -> load ? Op.LDRD : Op.STRD;
          case 4 -> load ? Op.LDRQ : Op.STRQ;
          default -> 0;
        };
    boolean scaled = field(insn, 24, 1) == 1;
    int imm = scaled ? field(insn, 10, 12) << size : signed(insn, 12, 9);
    return op == 0 ? 0 : pack(op, (insn & 31) << 1, base(insn), 0, alignment(insn), imm);
  }

  private static long vectorRegister(int insn, boolean load) {
    int size = vectorSize(insn);
    int option = field(insn, 13, 3);
    if (size > 4 || (option & 2) == 0 || base(insn) == 31) {
      return 0;
    }
    int imm = size << 8 | field(insn, 12, 1) * size;
    int op = load ? Op.LDV_R : Op.STV_R;
    return pack(op, (insn & 31) << 1, base(insn), read(insn, 16), option, imm);
  }

  private static long vectorWriteBack(int insn, int op) {
    int size = vectorSize(insn);
    if (size > 4) {
      return 0;
    }
    int how = size << 1 | field(insn, 11, 1);
    return pack(op, (insn & 31) << 1, base(insn), how, alignment(insn), signed(insn, 12, 9));
  }

  private static long vectorPair(int insn, int number) {
    int opc = field(insn, 30, 2);
    if (opc != 1 && opc != 2) {
      return 0;
    }
    boolean load = number == A64.LDP_fp_off;
    int op = opc == 2 ? load ? Op.LDPQ : Op.STPQ : load ? Op.LDPD : Op.STPD;
    int imm = signed(insn, 15, 7) << 2 + opc;
    int first = (insn & 31) << 1;
    return pack(op, first, base(insn), field(insn, 10, 5) << 1, alignment(insn), imm);
  }
}
