package dev.svc0.arm64.decode;

import dev.svc0.arm64.isa.A64;
import dev.svc0.arm64.isa.A64Decoder;

/**
 * Joins a compare and the conditional branch after it into one operation. The branch keeps its own
 * place as well, for those who jump to it.
 */
final class Fusion {
  private static final int SINK = 33;

  private Fusion() {}

  /** The operation for an instruction that is followed by another word. */
  static long fuse(long first, int secondInsn) {
    int op = fused((int) first & 511);
    int imm = (int) (first >> 32);
    boolean immediate = op == Op.CMPI64_B || op == Op.CMPI32_B;
    if (op == 0
        || field(first, 9) != SINK
        || imm < 0
        || imm > (immediate ? 4095 : 0)
        || A64Decoder.decode(secondInsn) != A64.B_cond) {
      return first;
    }
    int offset = PreDecoder.signed(secondInsn, 5, 19);
    int packed = immediate ? offset << 12 | imm : offset;
    return PreDecoder.pack(op, 0, field(first, 15), field(first, 21), secondInsn & 15, packed);
  }

  private static int field(long decoded, int low) {
    return (int) (decoded >>> low) & 63;
  }

  private static int fused(int op) {
    return switch (op) {
      case Op.SUBSI64 -> Op.CMPI64_B;
      case Op.SUBSI32 -> Op.CMPI32_B;
      case Op.SUBS64 -> Op.CMP64_B;
      case Op.SUBS32 -> Op.CMP32_B;
      default -> 0;
    };
  }
}
