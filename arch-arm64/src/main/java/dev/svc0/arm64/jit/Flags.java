package dev.svc0.arm64.jit;

import dev.svc0.arm64.interp.Alu;

/**
 * How generated code represents the condition flags: a kind, two operands and a number. Most flags
 * are never looked at, or only by the branch that follows.
 */
final class Flags {
  /** The flags are in {@code nzcv}. */
  static final int PLAIN = 0;

  /** Of the difference of the operands. */
  static final int SUB64 = 1;

  /** The same of 32-bit operands, sign-extended. */
  static final int SUB32 = 2;

  /** Of the sum of the operands. */
  static final int ADD64 = 3;

  static final int ADD32 = 4;

  /** Of the first operand as a logical result; 32-bit results are sign-extended. */
  static final int LOGIC = 5;

  /** As SUB64 if the earlier condition held, else {@code nzcv}. */
  static final int CCMP64 = 6;

  static final int CCMP32 = 7;

  private Flags() {}

  /** The flags as a number. */
  static int evaluate(int kind, long a, long b, int nzcv, int held) {
    return switch (kind) {
      case SUB64 -> Alu.subFlags64(a, b, a - b);
      case SUB32 -> Alu.subFlags32((int) a, (int) b, (int) (a - b));
      case ADD64 -> Alu.addFlags64(a, b, a + b);
      case ADD32 -> Alu.addFlags32((int) a, (int) b, (int) (a + b));
      case LOGIC -> Alu.logicFlags64(a);
      case CCMP64 -> held != 0 ? Alu.subFlags64(a, b, a - b) : nzcv;
      case CCMP32 -> held != 0 ? Alu.subFlags32((int) a, (int) b, (int) (a - b)) : nzcv;
      default -> nzcv;
    };
  }

  /** For a condition, a bit for each value of the flags: set where it holds. */
  static int mask(int condition) {
    int mask = 0;
    for (int flags = 0; flags < 16; flags++) {
      mask |= (Alu.holds(condition, flags) ? 1 : 0) << flags;
    }
    return mask;
  }
}
