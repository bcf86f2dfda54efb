package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.RAX;

import dev.svc0.arm64.interp.SimdCopy;
import dev.svc0.arm64.isa.A64;

/** Moves of vector elements, permutations, and reductions of a vector to an element. */
final class X86SimdMove extends X86Instruction {
  private static final int SHUFPS = 0x0fc6;
  private static final int PACKSSDW = 0x0f6b;
  private static final int PALIGNR = 0x0f3a0f;
  private static final int PSADBW = 0x0ff6;
  private static final int PADDUSB = 0x0fdc;

  private final int size;

  X86SimdMove(X86Writer m, int number, int insn) {
    super(m, number, insn);
    this.size = field(22, 2);
  }

  boolean emit() {
    return switch (number) {
      case A64.DUP_elem, A64.DUP_gpr -> duplicate();
      case A64.DUP_s -> elementSize() <= 3 && scalar();
      case A64.UMOV, A64.SMOV -> toGeneral();
      case A64.INS_gpr, A64.INS_elem -> elementSize() <= 3 && insert();
      case A64.UZP1, A64.UZP2, A64.ZIP1, A64.ZIP2, A64.TRN1, A64.TRN2 ->
          (size < 3 || isFull) && permute();
      case A64.EXT -> extract();
      case A64.TBL, A64.TBX -> lookUp();
      case A64.MODIMM -> immediate();
      case A64.SADDLV -> false;
      default -> (size < 2 || size == 2 && isFull) && reduce();
    };
  }

  // ---- copies ----

  /** More than 3 when it is reserved. */
  private int elementSize() {
    return Integer.numberOfTrailingZeros(r);
  }

  private int index() {
    return r >>> elementSize() + 1;
  }

  private boolean duplicate() {
    int element = elementSize();
    if (element > 3 || element == 3 && !isFull) {
      return false;
    }
    if (number == A64.DUP_gpr) {
      a.sseWide(0x66, 0x0f6e, 0, m.in(source(n), RAX));
    } else {
      loadElement(RAX, n, element, index());
      a.sseWide(0x66, 0x0f6e, 0, RAX);
    }
    broadcast(0, element, 1);
    result(0);
    return true;
  }

  private boolean scalar() {
    loadElement(RAX, n, elementSize(), index());
    resultOf(RAX);
    return true;
  }

  private boolean toGeneral() {
    int element = elementSize();
    boolean wide = field(30, 1) != 0;
    boolean isSigned = number == A64.SMOV;
    boolean isReserved = isSigned ? element >= (wide ? 3 : 2) : wide != (element == 3);
    if (element > 3 || isReserved) {
      return false;
    }
    int to = m.out(target(d), RAX);
    if (isSigned) {
      int disp = 16 * n + (index() << element);
      a.movsx(wide, element, to, vectors(), NONE, disp);
    } else {
      loadElement(to, n, element, index());
    }
    m.done(target(d), to);
    return true;
  }

  private boolean insert() {
    int element = elementSize();
    int from = RAX;
    if (number == A64.INS_gpr) {
      from = m.in(source(n), RAX);
    } else {
      loadElement(RAX, n, element, field(11, 4) >>> element);
    }
    load(0, d);
    insert(a, element, 0, from, index());
    store(d, 0);
    return true;
  }

  /** Replaces an element by the low bits of a general register of the host. */
  static void insert(X86Assembler a, int size, int x, int from, int index) {
    switch (size) {
      case 0 -> a.sse(0x66, 0x0f3a20, x, from, index);
      case 1 -> a.sse(0x66, 0x0fc4, x, from, index);
      case 2 -> a.sse(0x66, 0x0f3a22, x, from, index);
      default -> a.sseWide(0x66, 0x0f3a22, x, from, index);
    }
  }

  private boolean immediate() {
    int op = field(29, 1);
    int cmode = field(12, 4);
    if (!Intrinsics.covers(number, insn)) {
      return false;
    }
    long value = SimdCopy.expand(op, cmode, insn >>> 11 & 0xe0 | insn >>> 5 & 31);
    boolean modifies = cmode < 12 && (cmode & 1) != 0;
    if (modifies) {
      load(0, d);
      packedConstant(op == 0 ? POR : PAND, 0, op == 0 ? value : ~value);
      result(0);
      return true;
    }
    long written = op == 1 && cmode < 14 ? ~value : value;
    if (written == 0) {
      zero(0);
    } else {
      a.sseConstant(0, 0x0f28, 0, written, isFull ? written : 0);
    }
    store(d, 0);
    return true;
  }

  // ---- permutations ----

  private boolean extract() {
    int position = field(11, 4);
    if (!isFull && position >= 8) {
      return false;
    }
    if (isFull) {
      load(0, r);
      load(1, n);
      packed(PALIGNR, 0, 1, position);
    } else {
      loadBoth();
      a.shiftElements(SHIFT[3], BYTES_RIGHT, 0, position);
    }
    result(0);
    return true;
  }

  /** Loads the low halves of both operands. */
  private void loadBoth() {
    loadHalf(0, n);
    loadHalf(1, r);
    packed(UNPACK_LOW[3], 0, 1);
  }

  private boolean permute() {
    boolean isSecond = field(14, 1) != 0;
    boolean separates = number == A64.UZP1 || number == A64.UZP2;
    if (separates && !isFull) {
      loadBoth();
      move(1, 0);
    } else {
      load(0, n);
      load(1, r);
    }
    switch (number) {
      case A64.UZP1, A64.UZP2 -> everySecond(size, 0, 1, isSecond);
      case A64.TRN1, A64.TRN2 -> transpose(isSecond);
      default -> {
        packed(isSecond && isFull ? UNPACK_HIGH[size] : UNPACK_LOW[size], 0, 1);
        if (isSecond && !isFull) {
          a.shiftElements(SHIFT[3], BYTES_RIGHT, 0, 8);
        }
      }
    }
    result(0);
    return true;
  }

  /** Has 0 be the even elements of both operands, one after the other, and 1 the odd ones. */
  void loadPairs(int size) {
    if (isFull) {
      load(0, n);
      load(1, r);
    } else {
      loadHalf(0, n);
      loadHalf(1, r);
      packed(UNPACK_LOW[3], 0, 1);
      move(1, 0);
    }
    everySecond(size, 0, 1, 2);
  }

  /** Has x be the even elements of x and y, y the odd ones. */
  void everySecond(int size, int x, int y, int temporary) {
    move(temporary, x);
    move(temporary + 1, y);
    everySecond(size, x, y, false);
    everySecond(size, temporary, temporary + 1, true);
    move(y, temporary);
  }

  /** Has x be the even or the odd elements of x and y; y is lost. */
  void everySecond(int size, int x, int y, boolean isOdd) {
    switch (size) {
      case 0 -> {
        evenBytes(x, isOdd);
        evenBytes(y, isOdd);
        packed(PACKUSWB, x, y);
      }
      case 1 -> {
        evenWords(x, isOdd);
        evenWords(y, isOdd);
        packed(PACKSSDW, x, y);
      }
      case 2 -> a.sse(0, SHUFPS, x, y, isOdd ? 0xdd : 0x88);
      default -> packed(isOdd ? UNPACK_HIGH[3] : UNPACK_LOW[3], x, y);
    }
  }

  private void evenBytes(int x, boolean isOdd) {
    if (isOdd) {
      a.shiftElements(SHIFT[1], RIGHT, x, 8);
    } else {
      packedConstant(PAND, x, 0x00ff00ff00ff00ffL);
    }
  }

  /** With their signs, as the host's pack takes them. */
  private void evenWords(int x, boolean isOdd) {
    if (!isOdd) {
      a.shiftElements(SHIFT[2], LEFT, x, 16);
    }
    a.shiftElements(SHIFT[2], ARITHMETIC, x, 16);
  }

  private void transpose(boolean isSecond) {
    if (size >= 2) {
      if (size == 3) {
        packed(isSecond ? UNPACK_HIGH[3] : UNPACK_LOW[3], 0, 1);
      } else {
        a.sse(0, SHUFPS, 0, 1, isSecond ? 0xdd : 0x88);
        packed(PSHUFD, 0, 0, 0xd8);
      }
      return;
    }
    int wide = SHIFT[size + 1];
    int bits = 8 << size;
    if (isSecond) {
      a.shiftElements(wide, RIGHT, 0, bits);
      a.shiftElements(wide, RIGHT, 1, bits);
    } else {
      packedConstant(PAND, 0, Elements.repeat(mask(size), size + 1));
    }
    a.shiftElements(wide, LEFT, 1, bits);
    packed(POR, 0, 1);
  }

  private boolean lookUp() {
    int registers = field(13, 2) + 1;
    load(1, r);
    zero(0);
    for (int i = 0; i < registers; i++) {
      move(2, 1);
      if (i != 0) {
        packedConstant(PSUB[0], 2, Elements.repeat(16 * i, 0));
      }
      // The host takes bit 7 for a zero: has it be set where the index is above 15.
      packedConstant(PADDUSB, 2, Elements.repeat(0x70, 0));
      load(3, n + i & 31);
      packed(PSHUFB, 3, 2);
      packed(POR, 0, 3);
    }
    if (number == A64.TBX) {
      keepBeyond(16 * registers);
    }
    result(0);
    return true;
  }

  /** What the indices in 1 do not find stays as it was. */
  private void keepBeyond(int bytes) {
    move(2, 1);
    packedConstant(PMINU[0], 2, Elements.repeat(bytes - 1, 0));
    packed(PCMPEQ[0], 2, 1);
    load(3, d);
    packed(PANDN, 2, 3);
    packed(POR, 0, 2);
  }

  // ---- reductions ----

  private boolean reduce() {
    boolean adds = number == A64.ADDV || number == A64.UADDLV;
    if (isFull) {
      load(0, n);
    } else if (adds) {
      loadHalf(0, n);
    } else {
      loadTwice(0, n);
    }
    if (adds && size == 0) {
      sumBytes();
    } else if (number == A64.UADDLV) {
      sumWide();
    } else {
      fold(
          switch (number) {
            case A64.ADDV -> PADD[size];
            case A64.SMAXV -> PMAXS[size];
            case A64.SMINV -> PMINS[size];
            case A64.UMAXV -> PMAXU[size];
            default -> PMINU[size];
          });
    }
    int element = number == A64.UADDLV ? size + 1 : size;
    a.sseWide(0x66, 0x0f7e, 0, RAX);
    if (element == 2) {
      a.mov(false, RAX, RAX);
    } else if (element < 2) {
      a.movzx(element, RAX, RAX);
    }
    resultOf(RAX);
    return true;
  }

  private void sumBytes() {
    zero(1);
    packed(PSADBW, 0, 1);
    packed(PSHUFD, 1, 0, 0x4e);
    packed(PADD[3], 0, 1);
  }

  /** Sums even and odd elements at twice their size. */
  private void sumWide() {
    int bits = 8 << size;
    move(1, 0);
    a.shiftElements(SHIFT[size + 1], RIGHT, 1, bits);
    packedConstant(PAND, 0, Elements.repeat(mask(size), size + 1));
    packed(PADD[size + 1], 0, 1);
    packed(PSHUFD, 1, 0, 0x4e);
    packed(PADD[size + 1], 0, 1);
    if (size == 1) {
      packed(PSHUFD, 1, 0, 0xb1);
      packed(PADD[2], 0, 1);
    }
  }

  /** Combines halves until an element is left. */
  private void fold(int opcode) {
    packed(PSHUFD, 1, 0, 0x4e);
    packed(opcode, 0, 1);
    packed(PSHUFD, 1, 0, 0xb1);
    packed(opcode, 0, 1);
    if (size < 2) {
      move(1, 0);
      a.shiftElements(SHIFT[2], RIGHT, 1, 16);
      packed(opcode, 0, 1);
    }
    if (size == 0) {
      move(1, 0);
      a.shiftElements(SHIFT[1], RIGHT, 1, 8);
      packed(opcode, 0, 1);
    }
  }
}
