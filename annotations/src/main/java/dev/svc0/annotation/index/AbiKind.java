package dev.svc0.annotation.index;

import java.util.Locale;

/** How the kernel takes an argument out of its 64-bit register. */
public enum AbiKind {
  /** A user address. */
  PTR(64, "long"),
  /** All 64 bits, unsigned. */
  U64(64, "long"),
  /** All 64 bits, signed. */
  I64(64, "long"),
  /** The low 32 bits, unsigned. */
  U32(32, "int"),
  /** The low 32 bits, signed. */
  I32(32, "int"),
  /** The low 16 bits, unsigned. */
  U16(16, "int or short");

  private final int bits;
  private final String javaTypes;

  AbiKind(int bits, String javaTypes) {
    this.bits = bits;
    this.javaTypes = javaTypes;
  }

  /** The kind as the pinned table spells it, for example {@code u32}. */
  public static AbiKind of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** How many low bits of the register count. */
  public int bits() {
    return bits;
  }

  /** The Java types that a parameter of this kind may have, for a message. */
  public String javaTypes() {
    return javaTypes;
  }

  /** Whether a parameter of the given Java type takes this kind. */
  public boolean fits(String javaType) {
    return switch (this) {
      case PTR, U64, I64 -> javaType.equals("long");
      case U32, I32 -> javaType.equals("int");
      case U16 -> javaType.equals("int") || javaType.equals("short");
    };
  }
}
