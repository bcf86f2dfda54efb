package dev.svc0.arm64.jit;

import dev.svc0.arm64.isa.A64;

/** Shifts of elements by an immediate, and operations whose operands and results differ in size. */
final class X86SimdShift extends X86Instruction {
  private static final int PCLMULQDQ = 0x0f3a44;

  private final int size;

  X86SimdShift(X86Writer m, int number, int insn) {
    super(m, number, insn);
    this.size = field(22, 2);
  }

  boolean emit() {
    if (number <= A64.USHLL_v) {
      return field(19, 4) != 0 && shift(31 - Integer.numberOfLeadingZeros(field(19, 4)));
    }
    if (number >= A64.SMLAL_e) {
      return (size == 1 || size == 2) && byElement();
    }
    return switch (number) {
      case A64.XTN_v -> size < 3 && narrow();
      case A64.SHLL_v -> size < 3 && widen(size, false, 8 << size);
      case A64.SADDL_v, A64.UADDL_v, A64.SSUBL_v, A64.USUBL_v -> size < 3 && longer();
      case A64.SABDL_v, A64.UABDL_v, A64.SABAL_v, A64.UABAL_v -> size < 3 && longDistance();
      case A64.SMULL_v, A64.UMULL_v, A64.SMLAL_v, A64.UMLAL_v, A64.SMLSL_v, A64.UMLSL_v ->
          size < 3 && longer();
      case A64.SADDW_v, A64.UADDW_v, A64.SSUBW_v, A64.USUBW_v -> size < 3 && wide();
      case A64.ADDHN_v, A64.SUBHN_v, A64.RADDHN_v, A64.RSUBHN_v -> size < 3 && highHalf();
      case A64.PMULL -> size == 3 && HostFeatures.CARRYLESS_MULTIPLY && carrylessProduct();
      default -> false;
    };
  }

  // ---- shifts ----

  private boolean shift(int element) {
    int immediate = field(16, 7);
    int left = immediate - (8 << element);
    int right = (16 << element) - immediate;
    boolean changesSize =
        switch (number) {
          case A64.SHRN_v, A64.RSHRN_v, A64.SSHLL_v, A64.USHLL_v -> true;
          default -> false;
        };
    boolean exists = isScalar ? element == 3 : element < 3 || isFull;
    if (changesSize ? element == 3 : !exists) {
      return false;
    }
    return switch (number) {
      case A64.SHRN_v, A64.RSHRN_v -> narrow(element, right);
      case A64.SSHLL_v -> widen(element, true, left);
      case A64.USHLL_v -> widen(element, false, left);
      case A64.SHL_v, A64.SHL_s, A64.SLI_v, A64.SLI_s -> shiftLeft(element, left);
      case A64.SRI_v, A64.SRI_s -> insertRight(element, right);
      default -> shiftRight(element, right);
    };
  }

  private boolean shiftLeft(int element, int amount) {
    load(0, n);
    left(this, 0, element, amount);
    if (number == A64.SLI_v || number == A64.SLI_s) {
      insert(element, mask(element) & ~(-1L << amount));
    }
    result(0);
    return true;
  }

  private boolean insertRight(int element, int amount) {
    load(0, n);
    right(this, 0, element, amount, false);
    long moved = amount == 64 ? 0 : mask(element) >>> amount;
    insert(element, mask(element) & ~moved);
    result(0);
    return true;
  }

  /** Bits of the destination stay where a mask of an element is set. */
  private void insert(int element, long mask) {
    load(1, d);
    packedConstant(PAND, 1, Elements.repeat(mask, element));
    packed(POR, 0, 1);
  }

  private boolean shiftRight(int element, int amount) {
    boolean isSigned = field(29, 1) == 0;
    boolean rounds;
    boolean adds;
    switch (number) {
      case A64.SSHR_v, A64.SSHR_s, A64.USHR_v, A64.USHR_s -> {
        rounds = false;
        adds = false;
      }
      case A64.SSRA_v, A64.SSRA_s, A64.USRA_v, A64.USRA_s -> {
        rounds = false;
        adds = true;
      }
      case A64.SRSHR_v, A64.SRSHR_s, A64.URSHR_v, A64.URSHR_s -> {
        rounds = true;
        adds = false;
      }
      case A64.SRSRA_v, A64.SRSRA_s, A64.URSRA_v, A64.URSRA_s -> {
        rounds = true;
        adds = true;
      }
      default -> {
        return false; // they saturate
      }
    }
    load(0, n);
    if (rounds) {
      move(2, 0);
      right(this, 2, element, amount - 1, false);
      packedConstant(PAND, 2, Elements.repeat(1, element));
    }
    right(this, 0, element, amount, isSigned);
    if (rounds) {
      packed(PADD[element], 0, 2);
    }
    if (adds) {
      load(1, d);
      packed(PADD[element], 0, 1);
    }
    result(0);
    return true;
  }

  private static void left(X86Instruction of, int x, int element, int amount) {
    if (amount == 0) {
      return;
    }
    of.a.shiftElements(SHIFT[element], LEFT, x, amount);
    if (element == 0) {
      of.packedConstant(PAND, x, Elements.repeat(255 << amount & 255, 0));
    }
  }

  /** By up to the bits of an element. */
  static void right(X86Instruction of, int x, int element, int amount, boolean isSigned) {
    if (amount == 0) {
      return;
    }
    boolean isDirect = element == 1 || element == 2;
    if (isDirect || !isSigned) {
      of.a.shiftElements(SHIFT[element], isSigned ? ARITHMETIC : RIGHT, x, amount);
      if (element == 0) {
        of.packedConstant(PAND, x, Elements.repeat(255 >>> amount, 0));
      }
      return;
    }
    // What the host lacks: the sign bit is moved down and spread upwards by a subtraction.
    int bits = 8 << element;
    int by = Math.min(amount, bits - 1);
    right(of, x, element, by, false);
    long sign = Elements.repeat(1L << bits - 1 - by, element);
    of.packedConstant(PXOR, x, sign);
    of.packedConstant(PSUB[element], x, sign);
  }

  // ---- narrower results ----

  private boolean narrow() {
    load(0, n);
    storeNarrow(size);
    return true;
  }

  private boolean narrow(int element, int amount) {
    load(0, n);
    if (number == A64.RSHRN_v) {
      packedConstant(PADD[element + 1], 0, Elements.repeat(1L << amount - 1, element + 1));
    }
    right(this, 0, element + 1, amount, false);
    storeNarrow(element);
    return true;
  }

  private boolean highHalf() {
    boolean subtracts = number == A64.SUBHN_v || number == A64.RSUBHN_v;
    int bits = 8 << size;
    load(0, n);
    load(1, r);
    packed(subtracts ? PSUB[size + 1] : PADD[size + 1], 0, 1);
    if (number == A64.RADDHN_v || number == A64.RSUBHN_v) {
      packedConstant(PADD[size + 1], 0, Elements.repeat(1L << bits - 1, size + 1));
    }
    right(this, 0, size + 1, bits, false);
    storeNarrow(size);
    return true;
  }

  /** The even elements of 0 become the lower or the upper half of the result. */
  private void storeNarrow(int element) {
    switch (element) {
      case 0 -> {
        packedConstant(PAND, 0, 0x00ff00ff00ff00ffL);
        packed(PACKUSWB, 0, 0);
      }
      case 1 -> {
        packedConstant(PAND, 0, 0x0000ffff0000ffffL);
        packed(PACKUSDW, 0, 0);
      }
      default -> packed(PSHUFD, 0, 0, 0x08);
    }
    storeHalf(0);
  }

  // ---- wider results ----

  /** Loads the chosen half of a register with its elements extended. */
  private void loadLong(int x, int register, int element, boolean isSigned) {
    int disp = 16 * register + (isFull ? 8 : 0);
    int opcode = (isSigned ? PMOVSX : PMOVZX)[element];
    a.sseMemory(0x66, opcode, x, vectors(), X86Assembler.NONE, disp);
  }

  private boolean widen(int element, boolean isSigned, int amount) {
    loadLong(0, n, element, isSigned);
    left(this, 0, element + 1, amount);
    store(d, 0);
    return true;
  }

  private boolean isSigned() {
    return field(29, 1) == 0;
  }

  private boolean longer() {
    loadLong(0, n, size, isSigned());
    loadLong(1, r, size, isSigned());
    combineLong();
    return true;
  }

  /** Combines extended elements in 0 and 1. */
  private void combineLong() {
    X86Simd same = new X86Simd(m, number, insn);
    switch (number) {
      case A64.SADDL_v, A64.UADDL_v -> packed(PADD[size + 1], 0, 1);
      case A64.SSUBL_v, A64.USUBL_v -> packed(PSUB[size + 1], 0, 1);
      default -> {
        switch (size) {
          case 0 -> packed(PMULLW, 0, 1);
          case 1 -> packed(PMULLD, 0, 1);
          default -> packed(isSigned() ? PMULDQ : PMULUDQ, 0, 1);
        }
        switch (number) {
          case A64.SMLAL_v, A64.UMLAL_v, A64.SMLAL_e, A64.UMLAL_e ->
              same.accumulate(false, size + 1);
          case A64.SMLSL_v, A64.UMLSL_v, A64.SMLSL_e, A64.UMLSL_e ->
              same.accumulate(true, size + 1);
          default -> {
            // the product is it
          }
        }
      }
    }
    store(d, 0);
  }

  private boolean longDistance() {
    X86Simd same = new X86Simd(m, number, insn);
    load(0, n);
    load(1, r);
    same.distance(size, isSigned());
    if (isFull) {
      packed(UNPACK_HIGH[3], 0, 0);
    }
    packed(PMOVZX[size], 0, 0);
    if (number == A64.SABAL_v || number == A64.UABAL_v) {
      same.accumulate(false, size + 1);
    }
    store(d, 0);
    return true;
  }

  private boolean wide() {
    boolean subtracts = number == A64.SSUBW_v || number == A64.USUBW_v;
    load(0, n);
    loadLong(1, r, size, isSigned());
    packed(subtracts ? PSUB[size + 1] : PADD[size + 1], 0, 1);
    store(d, 0);
    return true;
  }

  private boolean carrylessProduct() {
    load(0, n);
    load(1, r);
    packed(PCLMULQDQ, 0, 1, isFull ? 0x11 : 0x00);
    store(d, 0);
    return true;
  }

  // ---- with one element of the second operand ----

  private boolean byElement() {
    return switch (number) {
      case A64.MUL_e, A64.MLA_e, A64.MLS_e -> sameByElement();
      case A64.SMULL_e, A64.UMULL_e, A64.SMLAL_e, A64.UMLAL_e, A64.SMLSL_e, A64.UMLSL_e -> {
        loadElement();
        packed((isSigned() ? PMOVSX : PMOVZX)[size], 1, 1);
        loadLong(0, n, size, isSigned());
        combineLong();
        yield true;
      }
      default -> false;
    };
  }

  private void loadElement() {
    int h = field(11, 1);
    int l = field(21, 1);
    int low = field(20, 1);
    int index = size == 1 ? h << 2 | l << 1 | low : h << 1 | l;
    int register = field(16, 4) | (size == 1 ? 0 : low << 4);
    loadElement(X86Assembler.RAX, register, size, index);
    a.sseWide(0x66, 0x0f6e, 1, X86Assembler.RAX);
    broadcast(1, size, 2);
  }

  private boolean sameByElement() {
    X86Simd same = new X86Simd(m, number, insn);
    loadElement();
    load(0, n);
    same.multiply(size);
    if (number != A64.MUL_e) {
      same.accumulate(number == A64.MLS_e, size);
    }
    result(0);
    return true;
  }
}
