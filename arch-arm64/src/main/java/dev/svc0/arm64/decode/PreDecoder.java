package dev.svc0.arm64.decode;

/** Turns an instruction word into one {@code long}. */
public final class PreDecoder {
  private PreDecoder() {}

  /** Packs the parts of a decoded instruction. */
  public static long pack(int op, int a, int b, int c, int e, int imm) {
    return op | (long) a << 9 | (long) b << 15 | (long) c << 21 | (long) e << 27 | (long) imm << 32;
  }

  static long decode(int insn) {
    return pack(Op.DECODE, 0, 0, 0, 0, insn);
  }
}
