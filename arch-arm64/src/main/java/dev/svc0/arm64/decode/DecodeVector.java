package dev.svc0.arm64.decode;

import static dev.svc0.arm64.decode.PreDecoder.field;
import static dev.svc0.arm64.decode.PreDecoder.pack;
import static dev.svc0.arm64.decode.PreDecoder.read;
import static dev.svc0.arm64.decode.PreDecoder.write;

import dev.svc0.arm64.isa.A64;

/** Operations for the frequent floating-point and vector instructions; 0 where there is none. */
final class DecodeVector {
  private DecodeVector() {}

  static long decode(int insn, int number) {
    return switch (number) {
      case A64.FADD_s -> arithmetic(insn, Op.FADD);
      case A64.FSUB_s -> arithmetic(insn, Op.FSUB);
      case A64.FMUL_s -> arithmetic(insn, Op.FMUL);
      case A64.FDIV_s -> arithmetic(insn, Op.FDIV);
      case A64.FMADD -> multiplyAdd(insn, 0);
      case A64.FMSUB -> multiplyAdd(insn, 4);
      case A64.FNMADD -> multiplyAdd(insn, 12);
      case A64.FNMSUB -> multiplyAdd(insn, 8);
      case A64.FCMP -> compare(insn, 0, 0);
      case A64.FCMP_zero -> compare(insn, 0, 1);
      case A64.FCMPE -> compare(insn, 4, 0);
      case A64.FCMPE_zero -> compare(insn, 4, 1);
      case A64.FMOV_s ->
          field(insn, 22, 2) == 1 ? pack(Op.FMOV64, target(insn), source(insn, 5), 0, 0, 0) : 0;
      case A64.FMOV_x_d -> pack(Op.FMOV_GV, write(insn), source(insn, 5), 0, 0, 0);
      case A64.FMOV_d_x -> pack(Op.FMOV_VG, target(insn), read(insn, 5), 0, 0, 0);
      case A64.AND_v -> logical(insn, Op.AND_V);
      case A64.ORR_v -> logical(insn, Op.ORR_V);
      case A64.EOR_v -> logical(insn, Op.EOR_V);
      default -> 0;
    };
  }

  /** Vector registers are given by the index of their low half. */
  private static int target(int insn) {
    return (insn & 31) << 1;
  }

  private static int source(int insn, int low) {
    return field(insn, low, 5) << 1;
  }

  private static boolean isHalf(int insn) {
    return field(insn, 23, 1) != 0;
  }

  private static int size(int insn) {
    return 2 + field(insn, 22, 1);
  }

  private static long arithmetic(int insn, int op) {
    return isHalf(insn)
        ? 0
        : pack(op, target(insn), source(insn, 5), source(insn, 16), size(insn), 0);
  }

  private static long multiplyAdd(int insn, int negations) {
    int how = size(insn) | negations;
    return isHalf(insn)
        ? 0
        : pack(Op.FMADD, target(insn), source(insn, 5), source(insn, 16), how, source(insn, 10));
  }

  private static long compare(int insn, int signals, int withZero) {
    int how = size(insn) | signals;
    return isHalf(insn) ? 0 : pack(Op.FCMP, 0, source(insn, 5), source(insn, 16), how, withZero);
  }

  private static long logical(int insn, int op) {
    int full = field(insn, 30, 1);
    return pack(op, target(insn), source(insn, 5), source(insn, 16), 0, full);
  }
}
