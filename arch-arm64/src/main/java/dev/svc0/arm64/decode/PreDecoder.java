package dev.svc0.arm64.decode;

import dev.svc0.arm64.isa.A64;
import dev.svc0.arm64.isa.A64Decoder;

/**
 * Turns an instruction word into one {@code long}: an operation and its operands.
 *
 * <p>Frequent instructions get an operation of their own; all others, and reserved encodings,
 * become {@link Op#SEMANTICS}. Register 31 is resolved here: SP keeps index 31, the zero register
 * becomes index 32 when read and 33 when written.
 */
public final class PreDecoder {
  private static final int READ_ZERO = 32;
  private static final int WRITE_SINK = 33;
  private static final int SP_ALIGNMENT = 15;

  private PreDecoder() {}

  /** Packs the parts of a decoded instruction: op 9 bits, a, b and c 6, e 5, imm 32. */
  public static long pack(int op, int a, int b, int c, int e, int imm) {
    return op | (long) a << 9 | (long) b << 15 | (long) c << 21 | (long) e << 27 | (long) imm << 32;
  }

  /** The form that every instruction has: its number and its word. */
  public static long semantics(int number, int insn) {
    return pack(Op.SEMANTICS, number & 63, number >>> 6, 0, 0, insn);
  }

  /** Decodes a word. */
  public static long decode(int insn) {
    int number = A64Decoder.decode(insn);
    long decoded = 0;
    if (number == A64.UNDEFINED) {
      return semantics(number, insn);
    } else if (number <= A64.EXTR) {
      decoded = DecodeImmediate.decode(insn, number);
    } else if (number <= A64.UMULH) {
      decoded = DecodeRegister.decode(insn, number);
    } else if (number <= A64.SVC) {
      decoded = DecodeControl.branch(insn, number);
    } else if (number <= A64.MRS) {
      decoded = DecodeControl.system(insn, number);
    } else if (number <= A64.LDR_fp_reg) {
      decoded = DecodeMemory.decode(insn, number);
    } else {
      decoded = DecodeVector.decode(insn, number);
    }
    return decoded == 0 ? semantics(number, insn) : decoded;
  }

  static int field(int insn, int low, int width) {
    return insn >>> low & (1 << width) - 1;
  }

  static int signed(int insn, int low, int width) {
    return insn << 32 - low - width >> 32 - width;
  }

  /** A register at a bit position that is read; 31 is zero. */
  static int read(int insn, int low) {
    int register = insn >>> low & 31;
    return register == 31 ? READ_ZERO : register;
  }

  /** The register in bits 4 to 0, written; 31 swallows the result. */
  static int write(int insn) {
    int register = insn & 31;
    return register == 31 ? WRITE_SINK : register;
  }

  /** The register at a bit position, written. */
  static int write(int insn, int low) {
    return write(insn >>> low);
  }

  /** The base register: 31 is SP. */
  static int base(int insn) {
    return insn >>> 5 & 31;
  }

  /** What the base must be aligned to, less one. */
  static int alignment(int insn) {
    return base(insn) == 31 ? SP_ALIGNMENT : 0;
  }
}
