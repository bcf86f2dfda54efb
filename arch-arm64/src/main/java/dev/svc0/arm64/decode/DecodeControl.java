package dev.svc0.arm64.decode;

import static dev.svc0.arm64.decode.PreDecoder.field;
import static dev.svc0.arm64.decode.PreDecoder.pack;
import static dev.svc0.arm64.decode.PreDecoder.read;
import static dev.svc0.arm64.decode.PreDecoder.signed;
import static dev.svc0.arm64.decode.PreDecoder.write;

import dev.svc0.arm64.isa.A64;

/** Operations for branches and the frequent system instructions; 0 where there is none. */
final class DecodeControl {
  private static final int TPIDR_EL0 = 0xde82;

  private DecodeControl() {}

  static long branch(int insn, int number) {
    boolean wide = insn < 0;
    return switch (number) {
      case A64.B -> pack(Op.B, 0, 0, 0, 0, signed(insn, 0, 26));
      case A64.BL -> pack(Op.BL, 0, 0, 0, 0, signed(insn, 0, 26));
      case A64.B_cond -> pack(Op.BCOND, 0, 0, 0, insn & 15, signed(insn, 5, 19));
      case A64.CBZ -> compareZero(insn, wide ? Op.CBZ64 : Op.CBZ32);
      case A64.CBNZ -> compareZero(insn, wide ? Op.CBNZ64 : Op.CBNZ32);
      case A64.TBZ -> testBit(insn, Op.TBZ);
      case A64.TBNZ -> testBit(insn, Op.TBNZ);
      case A64.BR -> pack(Op.BR, 0, read(insn, 5), 0, 0, 0);
      case A64.BLR -> pack(Op.BLR, 0, read(insn, 5), 0, 0, 0);
      case A64.RET -> pack(Op.RET, 0, read(insn, 5), 0, 0, 0);
      case A64.SVC -> pack(Op.SVC, 0, 0, 0, 0, field(insn, 5, 16));
      default -> 0;
    };
  }

  private static long compareZero(int insn, int op) {
    return pack(op, 0, read(insn, 0), 0, 0, signed(insn, 5, 19));
  }

  private static long testBit(int insn, int op) {
    int bit = field(insn, 31, 1) << 5 | field(insn, 19, 5);
    return pack(op, 0, read(insn, 0), bit, 0, signed(insn, 5, 14));
  }

  static long system(int insn, int number) {
    if (number == A64.MRS && field(insn, 5, 16) == TPIDR_EL0) {
      return pack(Op.MRS_TPIDR, write(insn), 0, 0, 0, 0);
    }
    boolean waits = number == A64.HINT && field(insn, 5, 7) >= 1 && field(insn, 5, 7) <= 3;
    return number == A64.HINT && !waits ? pack(Op.NOP, 0, 0, 0, 0, 0) : 0;
  }
}
