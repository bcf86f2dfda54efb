package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.RAX;

import dev.svc0.arm64.isa.A64;

/** Integer operations on one or two vectors of elements of one size. */
final class X86Simd extends X86Instruction {
  private static final int PABSB = 0x0f381c;
  private static final long SIGN = Long.MIN_VALUE;
  private static final int[] PAVG = {0x0fe0, 0x0fe3};

  private final int size;

  X86Simd(X86Writer m, int number, int insn) {
    super(m, number, insn);
    this.size = field(22, 2);
  }

  /** Whether elements of this size exist. */
  private boolean exists() {
    return isScalar ? size == 3 : size < 3 || isFull;
  }

  boolean emit() {
    return switch (number) {
      case A64.AND_v, A64.ORR_v, A64.EOR_v -> false; // operations of their own
      case A64.BIC_v, A64.ORN_v, A64.BSL_v, A64.BIT_v, A64.BIF_v -> result(this::logic);
      case A64.ADD_v, A64.ADD_s, A64.SUB_v, A64.SUB_s -> exists() && result(this::sum);
      case A64.MUL_v, A64.MLA_v, A64.MLS_v -> size < 3 && result(this::product);
      case A64.CMEQ_v, A64.CMEQ_s, A64.CMTST_v, A64.CMTST_s, A64.CMGT_v, A64.CMGT_s ->
          exists() && result(this::comparison);
      case A64.CMGE_v, A64.CMGE_s, A64.CMHI_v, A64.CMHI_s, A64.CMHS_v, A64.CMHS_s ->
          exists() && result(this::comparison);
      case A64.SMAX_v, A64.SMIN_v, A64.UMAX_v, A64.UMIN_v -> size < 3 && result(this::extreme);
      case A64.SABD_v, A64.UABD_v, A64.SABA_v, A64.UABA_v -> size < 3 && result(this::distance);
      case A64.URHADD_v -> size < 2 && result(this::average);
      case A64.UHADD_v -> size < 3 && result(this::halvedSum);
      case A64.USHL_v, A64.USHL_s -> exists() && size >= 2 && HostFeatures.AVX2 && shift();
      case A64.SSHL_v -> size == 2 && HostFeatures.AVX2 && shift();
      case A64.ADDP_v -> exists() && pairwise();
      case A64.SMAXP_v, A64.SMINP_v, A64.UMAXP_v, A64.UMINP_v -> size < 3 && pairwise();
      case A64.ADDP_s -> size == 3 && addPair();
      default -> one();
    };
  }

  /** Instructions with one operand. */
  private boolean one() {
    return switch (number) {
      case A64.CMGT0_v, A64.CMGT0_s, A64.CMGE0_v, A64.CMGE0_s, A64.CMEQ0_v, A64.CMEQ0_s ->
          exists() && ofOne(this::comparisonWithZero);
      case A64.CMLE0_v, A64.CMLE0_s, A64.CMLT0_v, A64.CMLT0_s ->
          exists() && ofOne(this::comparisonWithZero);
      case A64.NOT_v -> ofOne(() -> not(0));
      case A64.NEG_v, A64.NEG_s -> exists() && ofOne(this::negation);
      case A64.ABS_v, A64.ABS_s -> exists() && ofOne(this::magnitude);
      case A64.CNT_v -> size == 0 && ofOne(this::countBits);
      case A64.RBIT_v -> ofOne(this::reverseBits);
      case A64.REV64_v -> size < 3 && ofOne(() -> reverse(3));
      case A64.REV32_v -> size < 2 && ofOne(() -> reverse(2));
      case A64.REV16_v -> size < 1 && ofOne(() -> reverse(1));
      case A64.UADDLP_v, A64.UADALP_v -> size < 3 && ofOne(this::pairs);
      case A64.SADDLP_v, A64.SADALP_v -> size < 2 && ofOne(this::pairs);
      case A64.XTN_v, A64.SHLL_v -> new X86SimdShift(m, number, insn).emit();
      default -> false;
    };
  }

  private boolean result(Runnable operation) {
    load(0, n);
    load(1, r);
    operation.run();
    result(0);
    return true;
  }

  private boolean ofOne(Runnable operation) {
    load(0, n);
    operation.run();
    result(0);
    return true;
  }

  private void logic() {
    switch (number) {
      case A64.BIC_v -> {
        packed(PANDN, 1, 0);
        move(0, 1);
      }
      case A64.ORN_v -> {
        not(1);
        packed(POR, 0, 1);
      }
      case A64.BSL_v -> {
        load(2, d);
        choose(1, 0, 2);
      }
      default -> {
        load(2, d);
        if (number == A64.BIT_v) {
          choose(2, 0, 1);
        } else {
          choose(0, 2, 1);
        }
      }
    }
  }

  /** Bits of one register where a mask is clear, of another where it is set, in 0. */
  private void choose(int clear, int set, int mask) {
    packed(PXOR, set, clear);
    packed(PAND, set, mask);
    packed(PXOR, set, clear);
    if (set != 0) {
      move(0, set);
    }
  }

  private void sum() {
    boolean adds = number == A64.ADD_v || number == A64.ADD_s;
    packed(adds ? PADD[size] : PSUB[size], 0, 1);
  }

  private void product() {
    multiply(size);
    if (number != A64.MUL_v) {
      accumulate(number == A64.MLS_v, size);
    }
  }

  /** 0 = 0 times 1. */
  void multiply(int size) {
    if (size != 0) {
      packed(size == 1 ? PMULLW : PMULLD, 0, 1);
      return;
    }
    move(2, 0);
    packed(PMULLW, 2, 1);
    a.shiftElements(SHIFT[1], RIGHT, 0, 8);
    a.shiftElements(SHIFT[1], RIGHT, 1, 8);
    packed(PMULLW, 0, 1);
    a.shiftElements(SHIFT[1], LEFT, 0, 8);
    packedConstant(PAND, 2, 0x00ff00ff00ff00ffL);
    packed(POR, 0, 2);
  }

  /** 0 is added to or subtracted from what the destination held. */
  void accumulate(boolean subtracts, int size) {
    load(1, d);
    if (subtracts) {
      packed(PSUB[size], 1, 0);
      move(0, 1);
    } else {
      packed(PADD[size], 0, 1);
    }
  }

  private void comparison() {
    switch (number) {
      case A64.CMEQ_v, A64.CMEQ_s -> packed(PCMPEQ[size], 0, 1);
      case A64.CMTST_v, A64.CMTST_s -> {
        packed(PAND, 0, 1);
        zero(1);
        packed(PCMPEQ[size], 0, 1);
        not(0);
      }
      case A64.CMGT_v, A64.CMGT_s -> packed(PCMPGT[size], 0, 1);
      case A64.CMGE_v, A64.CMGE_s -> notLess();
      default -> unsignedComparison(number == A64.CMHS_v || number == A64.CMHS_s);
    }
  }

  private void notLess() {
    packed(PCMPGT[size], 1, 0);
    move(0, 1);
    not(0);
  }

  private void unsignedComparison(boolean orEqual) {
    if (size == 3) {
      packedConstant(PXOR, 0, SIGN);
      packedConstant(PXOR, 1, SIGN);
      if (orEqual) {
        notLess();
      } else {
        packed(PCMPGT[3], 0, 1);
      }
      return;
    }
    packed(orEqual ? PMAXU[size] : PMINU[size], 1, 0);
    packed(PCMPEQ[size], 0, 1);
    if (!orEqual) {
      not(0);
    }
  }

  private void comparisonWithZero() {
    zero(1);
    switch (number) {
      case A64.CMEQ0_v, A64.CMEQ0_s -> packed(PCMPEQ[size], 0, 1);
      case A64.CMGT0_v, A64.CMGT0_s -> packed(PCMPGT[size], 0, 1);
      case A64.CMGE0_v, A64.CMGE0_s -> notLess();
      case A64.CMLE0_v, A64.CMLE0_s -> {
        packed(PCMPGT[size], 0, 1);
        not(0);
      }
      default -> {
        packed(PCMPGT[size], 1, 0);
        move(0, 1);
      }
    }
  }

  private static int extreme(int number, int size) {
    return switch (number) {
      case A64.SMAX_v, A64.SMAXP_v -> PMAXS[size];
      case A64.SMIN_v, A64.SMINP_v -> PMINS[size];
      case A64.UMAX_v, A64.UMAXP_v -> PMAXU[size];
      default -> PMINU[size];
    };
  }

  private void extreme() {
    packed(extreme(number, size), 0, 1);
  }

  private void distance() {
    boolean isSigned = number == A64.SABD_v || number == A64.SABA_v;
    distance(size, isSigned);
    if (number == A64.SABA_v || number == A64.UABA_v) {
      accumulate(false, size);
    }
  }

  /** 0 = the difference of 0 and 1 without its sign. */
  void distance(int size, boolean isSigned) {
    move(2, 0);
    packed((isSigned ? PMAXS : PMAXU)[size], 0, 1);
    packed((isSigned ? PMINS : PMINU)[size], 2, 1);
    packed(PSUB[size], 0, 2);
  }

  private void average() {
    packed(PAVG[size], 0, 1);
  }

  /** The common bits, and half of the others. */
  private void halvedSum() {
    move(2, 0);
    packed(PAND, 2, 1);
    packed(PXOR, 0, 1);
    X86SimdShift.right(this, 0, size, 1, false);
    packed(PADD[size], 0, 2);
  }

  /**
   * By a signed byte for each element, to the right if negative; the host shifts out what is far.
   */
  private boolean shift() {
    load(0, n);
    load(1, r);
    zero(2);
    packed(PSUB[size], 2, 1);
    packedConstant(PAND, 1, Elements.repeat(255, size));
    packedConstant(PAND, 2, Elements.repeat(255, size));
    boolean isSigned = number == A64.SSHL_v;
    boolean wide = size == 3;
    a.vex(0x66, 2, wide, 0x47, 3, 0, 1);
    if (isSigned) {
      // To the right where the amount's sign says so.
      a.vex(0x66, 2, false, 0x46, 4, 0, 2);
      move(0, 1);
      a.shiftElements(SHIFT[2], LEFT, 0, 24);
      packed(0x0f3814, 3, 4);
      move(0, 3);
    } else {
      a.vex(0x66, 2, wide, 0x45, 0, 0, 2);
      packed(POR, 0, 3);
    }
    result(0);
    return true;
  }

  private boolean pairwise() {
    new X86SimdMove(m, number, insn).loadPairs(size);
    packed(number == A64.ADDP_v ? PADD[size] : extreme(number, size), 0, 1);
    result(0);
    return true;
  }

  private boolean addPair() {
    a.load(true, RAX, vectors(), 16 * n);
    a.aluLoad(X86Assembler.ADD, true, RAX, vectors(), 16 * n + 8);
    resultOf(RAX);
    return true;
  }

  private void negation() {
    zero(1);
    packed(PSUB[size], 1, 0);
    move(0, 1);
  }

  private void magnitude() {
    if (size < 3) {
      packed(PABSB + size, 0, 0);
      return;
    }
    zero(1);
    packed(PCMPGT[3], 1, 0);
    packed(PXOR, 0, 1);
    packed(PSUB[3], 0, 1);
  }

  /** Each byte is the sum of what a table has for its two nibbles. */
  private void countBits() {
    move(1, 0);
    split();
    table(2, 0x0302020102010100L, 0x0403030203020201L);
    move(3, 2);
    packed(PSHUFB, 2, 0);
    packed(PSHUFB, 3, 1);
    packed(PADD[0], 2, 3);
    move(0, 2);
  }

  /** Has 0 be the low nibbles, 1 the high ones. */
  private void split() {
    long nibble = Elements.repeat(15, 0);
    packedConstant(PAND, 0, nibble);
    a.shiftElements(SHIFT[1], RIGHT, 1, 4);
    packedConstant(PAND, 1, nibble);
  }

  private void table(int x, long low, long high) {
    a.sseConstant(0x66, 0x0f6f, x, low, high);
  }

  private void reverseBits() {
    move(1, 0);
    split();
    table(2, 0xe060a020c0408000L, 0xf070b030d0509010L);
    table(3, 0x0e060a020c040800L, 0x0f070b030d050901L);
    packed(PSHUFB, 2, 0);
    packed(PSHUFB, 3, 1);
    packed(POR, 2, 3);
    move(0, 2);
  }

  /** Reverses the elements in each container of 1 &lt;&lt; container bytes. */
  private void reverse(int container) {
    int flip = (1 << container) - (1 << size);
    long order = 0;
    for (int i = 0; i < 8; i++) {
      order |= (long) (i ^ flip) << 8 * i;
    }
    a.sseConstant(0x66, PSHUFB, 0, order, order + Elements.repeat(8, 0));
  }

  /** Sums of neighbours at twice the size. */
  private void pairs() {
    boolean isSigned = number == A64.SADDLP_v || number == A64.SADALP_v;
    int bits = 8 << size;
    int wide = SHIFT[size + 1];
    int kind = isSigned ? ARITHMETIC : RIGHT;
    move(1, 0);
    a.shiftElements(wide, LEFT, 0, bits);
    a.shiftElements(wide, kind, 0, bits);
    a.shiftElements(wide, kind, 1, bits);
    packed(PADD[size + 1], 0, 1);
    if (number == A64.UADALP_v || number == A64.SADALP_v) {
      accumulate(false, size + 1);
    }
  }
}
