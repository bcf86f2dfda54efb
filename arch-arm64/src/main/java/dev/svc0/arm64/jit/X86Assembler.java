package dev.svc0.arm64.jit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes machine code of x86-64 into a buffer. Methods are named after the instructions, the
 * destination comes first; {@code wide} chooses 64 bits, otherwise 32, whose results are
 * zero-extended. <i>Source:</i> Intel 64 and IA-32 Architectures Software Developer's Manual,
 * volume 2.
 *
 * <p>Labels are numbers from {@link #newLabel}; jumps to them have 32-bit displacements, which are
 * filled in by {@link #finish}.
 */
final class X86Assembler {
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RBX = 3;
  static final int RSP = 4;
  static final int RBP = 5;
  static final int RSI = 6;
  static final int RDI = 7;
  static final int R8 = 8;
  static final int R9 = 9;
  static final int R10 = 10;
  static final int R11 = 11;
  static final int R12 = 12;
  static final int R13 = 13;
  static final int R14 = 14;
  static final int R15 = 15;

  /** No index register. */
  static final int NONE = -1;

  // Conditions, as Jcc, SETcc and CMOVcc have them in their low four bits.
  static final int O = 0;
  static final int NO = 1;
  static final int B = 2;
  static final int AE = 3;
  static final int E = 4;
  static final int NE = 5;
  static final int BE = 6;
  static final int A = 7;
  static final int S = 8;
  static final int NS = 9;
  static final int P = 10;
  static final int NP = 11;
  static final int L = 12;
  static final int GE = 13;
  static final int LE = 14;
  static final int G = 15;

  // Arithmetic, as the instructions of that group number it.
  static final int ADD = 0;
  static final int OR = 1;
  static final int ADC = 2;
  static final int SBB = 3;
  static final int AND = 4;
  static final int SUB = 5;
  static final int XOR = 6;
  static final int CMP = 7;

  // Shifts, likewise.
  static final int ROR = 1;
  static final int SHL = 4;
  static final int SHR = 5;
  static final int SAR = 7;

  private static final int TWO_BYTE = 0x0f00;
  private static final int FIRST_BYTES = 8192;

  /** No instruction is longer, but for immediates. */
  private static final int MOST_INSTRUCTION = 16;

  private static final int JUMP_BYTES = 4;

  private byte[] code = new byte[FIRST_BYTES];
  private int at;
  private int[] labels = new int[512];
  private int labelCount;

  /** Pairs: where a displacement is, and the label it is of. */
  private int[] fixups = new int[1024];

  private int fixupCount;

  private record Constant(long low, long high) {}

  private final Map<Constant, Integer> constants = new LinkedHashMap<>();

  /** Bytes written so far: the offset of what comes next. */
  int position() {
    return at;
  }

  /** The code, whose jumps are complete; it is to be placed at a multiple of 16. */
  byte[] finish() {
    placeConstants();
    for (int i = 0; i < fixupCount; i += 2) {
      int target = labels[fixups[i + 1]];
      if (target < 0) {
        throw new IllegalStateException("a jump to a label without a place");
      }
      putInt(fixups[i], target - (fixups[i] + JUMP_BYTES));
    }
    return Arrays.copyOf(code, at);
  }

  int newLabel() {
    if (labelCount == labels.length) {
      labels = Arrays.copyOf(labels, 2 * labelCount);
    }
    labels[labelCount] = -1;
    return labelCount++;
  }

  /** A label is here. */
  void bind(int label) {
    labels[label] = at;
  }

  void jump(int label) {
    room();
    code[at++] = (byte) 0xe9;
    fixup(label);
  }

  void jump(int condition, int label) {
    room();
    code[at++] = 0x0f;
    code[at++] = (byte) (0x80 | condition);
    fixup(label);
  }

  /** JMP to an offset outside of this code, given relative to the next instruction. */
  int jumpFar(int displacement) {
    byte1(0xe9);
    int4(displacement);
    return at - JUMP_BYTES;
  }

  /** The same for a CALL. */
  int callFar(int displacement) {
    byte1(0xe8);
    int4(displacement);
    return at - JUMP_BYTES;
  }

  /** NOPs, so that what lies so many bytes ahead is at a multiple of 4. */
  void alignAhead(int bytes) {
    while ((at + bytes & 3) != 0) {
      byte1(0x90);
    }
  }

  /** The four next bytes, for which there is room, become a displacement at the end. */
  private void fixup(int label) {
    int count = fixupCount;
    if (count == fixups.length) {
      fixups = Arrays.copyOf(fixups, 2 * count);
    }
    fixups[count] = at;
    fixups[count + 1] = label;
    fixupCount = count + 2;
    at += JUMP_BYTES;
  }

  /** Makes room for an instruction: each byte of it is then written without a look. */
  private byte[] room() {
    byte[] all = code;
    if (at + MOST_INSTRUCTION > all.length) {
      all = Arrays.copyOf(all, 2 * all.length);
      code = all;
    }
    return all;
  }

  void byte1(int value) {
    if (at == code.length) {
      code = Arrays.copyOf(code, 2 * at);
    }
    code[at++] = (byte) value;
  }

  void int4(int value) {
    byte[] to = room();
    int n = at;
    to[n] = (byte) value;
    to[n + 1] = (byte) (value >> 8);
    to[n + 2] = (byte) (value >> 16);
    to[n + 3] = (byte) (value >> 24);
    at = n + 4;
  }

  void long8(long value) {
    int4((int) value);
    int4((int) (value >> 32));
  }

  private void putInt(int where, int value) {
    code[where] = (byte) value;
    code[where + 1] = (byte) (value >> 8);
    code[where + 2] = (byte) (value >> 16);
    code[where + 3] = (byte) (value >> 24);
  }

  // ---- encoding ----

  private void opcode(int opcode) {
    if (opcode > 0xffff) {
      byte1(opcode >> 16);
    }
    if (opcode > 0xff) {
      byte1(opcode >> 8);
    }
    byte1(opcode);
  }

  private void rex(boolean wide, int reg, int index, int base, boolean always) {
    int rex =
        (wide ? 8 : 0) | (reg & 8) >> 1 | (index > 0 ? (index & 8) >> 2 : 0) | (base & 8) >> 3;
    if (rex != 0 || always) {
      byte1(0x40 | rex);
    }
  }

  /** An instruction on two registers: reg is the one in ModRM.reg, rm the other. */
  void registers(int prefix, boolean wide, int opcode, int reg, int rm) {
    registers(prefix, wide, opcode, reg, rm, false);
  }

  private void registers(int prefix, boolean wide, int opcode, int reg, int rm, boolean needsRex) {
    byte[] to = room();
    int n = at;
    if (prefix != 0) {
      to[n++] = (byte) prefix;
    }
    int rex = (wide ? 8 : 0) | (reg & 8) >> 1 | (rm & 8) >> 3;
    if (rex != 0 || needsRex) {
      to[n++] = (byte) (0x40 | rex);
    }
    if (opcode > 0xff) {
      if (opcode > 0xffff) {
        to[n++] = (byte) (opcode >> 16);
      }
      to[n++] = (byte) (opcode >> 8);
    }
    to[n] = (byte) opcode;
    to[n + 1] = (byte) (0xc0 | (reg & 7) << 3 | rm & 7);
    at = n + 2;
  }

  /** An instruction on a register and memory at base + index * scale + displacement. */
  void memory(
      int prefix, boolean wide, int opcode, int reg, int base, int index, int scale, int disp) {
    memory(prefix, wide, opcode, reg, base, index, scale, disp, false);
  }

  private void memory(
      int prefix,
      boolean wide,
      int opcode,
      int reg,
      int base,
      int index,
      int scale,
      int disp,
      boolean needsRex) {
    byte[] to = room();
    int n = at;
    if (prefix != 0) {
      to[n++] = (byte) prefix;
    }
    int rex = (wide ? 8 : 0) | (reg & 8) >> 1 | (base & 8) >> 3;
    if (index > 0) {
      rex |= (index & 8) >> 2;
    }
    if (rex != 0 || needsRex) {
      to[n++] = (byte) (0x40 | rex);
    }
    if (opcode > 0xff) {
      if (opcode > 0xffff) {
        to[n++] = (byte) (opcode >> 16);
      }
      to[n++] = (byte) (opcode >> 8);
    }
    to[n] = (byte) opcode;
    at = operand(to, n + 1, reg, base, index, scale, disp);
  }

  private static int operand(
      byte[] to, int from, int reg, int base, int index, int scale, int disp) {
    int n = from;
    int mode = disp == 0 && (base & 7) != RBP ? 0 : disp == (byte) disp ? 1 << 6 : 2 << 6;
    int low = mode | (reg & 7) << 3;
    if (index == NONE && (base & 7) != RSP) {
      to[n++] = (byte) (low | base & 7);
    } else {
      to[n++] = (byte) (low | 4);
      int shift = (scale >> 1) - (scale >> 3);
      to[n++] = (byte) (shift << 6 | (index == NONE ? 4 : index & 7) << 3 | base & 7);
    }
    if (mode == 1 << 6) {
      to[n++] = (byte) disp;
    }
    if (mode == 2 << 6) {
      to[n] = (byte) disp;
      to[n + 1] = (byte) (disp >> 8);
      to[n + 2] = (byte) (disp >> 16);
      to[n + 3] = (byte) (disp >> 24);
      n += 4;
    }
    return n;
  }

  // ---- moves ----

  void mov(boolean wide, int to, int from) {
    registers(0, wide, 0x8b, to, from);
  }

  /** The shortest form that leaves the flags alone. */
  void movImmediate(int to, long value) {
    if (value >>> 32 == 0) {
      rex(false, 0, 0, to, false);
      byte1(0xb8 | to & 7);
      int4((int) value);
    } else if (value == (int) value) {
      registers(0, true, 0xc7, 0, to);
      int4((int) value);
    } else {
      rex(true, 0, 0, to, false);
      byte1(0xb8 | to & 7);
      long8(value);
    }
  }

  void load(boolean wide, int to, int base, int disp) {
    memory(0, wide, 0x8b, to, base, NONE, 1, disp);
  }

  void load(boolean wide, int to, int base, int index, int scale, int disp) {
    memory(0, wide, 0x8b, to, base, index, scale, disp);
  }

  void store(boolean wide, int base, int disp, int from) {
    memory(0, wide, 0x89, from, base, NONE, 1, disp);
  }

  void store(boolean wide, int base, int index, int scale, int disp, int from) {
    memory(0, wide, 0x89, from, base, index, scale, disp);
  }

  void store16(int base, int index, int disp, int from) {
    memory(0x66, false, 0x89, from, base, index, 1, disp);
  }

  void store8(int base, int index, int disp, int from) {
    memory(0, false, 0x88, from, base, index, 1, disp, from >= RSP && from <= RDI);
  }

  /** Stores a sign-extended 32-bit immediate. */
  void storeImmediate(boolean wide, int base, int disp, int value) {
    memory(0, wide, 0xc7, 0, base, NONE, 1, disp);
    int4(value);
  }

  /** Zero-extends 8 (size 0) or 16 bits (size 1) of memory. */
  void movzx(int size, int to, int base, int index, int disp) {
    memory(0, false, TWO_BYTE | 0xb6 | size, to, base, index, 1, disp);
  }

  /** Sign-extends 8, 16 or 32 bits of memory. */
  void movsx(boolean wide, int size, int to, int base, int index, int disp) {
    memory(0, wide, size == 2 ? 0x63 : TWO_BYTE | 0xbe | size, to, base, index, 1, disp);
  }

  void movzx(int size, int to, int from) {
    registers(0, false, TWO_BYTE | 0xb6 | size, to, from, size == 0 && from >= RSP && from <= RDI);
  }

  void movsx(boolean wide, int size, int to, int from) {
    registers(
        0,
        wide,
        size == 2 ? 0x63 : TWO_BYTE | 0xbe | size,
        to,
        from,
        size == 0 && from >= RSP && from <= RDI);
  }

  void lea(boolean wide, int to, int base, int index, int scale, int disp) {
    memory(0, wide, 0x8d, to, base, index, scale, disp);
  }

  /** The address of an offset of this code itself. */
  void leaOwn(int to, int offset) {
    rex(true, to, 0, 0, false);
    byte1(0x8d);
    byte1((to & 7) << 3 | 5);
    int4(offset - (at + JUMP_BYTES));
  }

  /** The address of a label. */
  void leaLabel(int to, int label) {
    rex(true, to, 0, 0, false);
    byte1(0x8d);
    byte1((to & 7) << 3 | 5);
    fixup(label);
  }

  void cmov(boolean wide, int condition, int to, int from) {
    registers(0, wide, TWO_BYTE | 0x40 | condition, to, from);
  }

  /** Sets the low byte of RAX, RCX, RDX or RBX. */
  void set(int condition, int to) {
    registers(0, false, TWO_BYTE | 0x90 | condition, 0, to, to >= RSP && to <= RDI);
  }

  void xchg(boolean wide, int a, int b) {
    registers(0, wide, 0x87, a, b);
  }

  // ---- arithmetic ----

  void alu(int op, boolean wide, int to, int from) {
    registers(0, wide, op << 3 | 3, to, from);
  }

  void aluImmediate(int op, boolean wide, int to, int value) {
    boolean small = value == (byte) value;
    registers(0, wide, small ? 0x83 : 0x81, op, to);
    immediate(small, value);
  }

  void aluLoad(int op, boolean wide, int to, int base, int disp) {
    memory(0, wide, op << 3 | 3, to, base, NONE, 1, disp);
  }

  /** An operation on memory and an immediate. */
  void aluMemory(int op, boolean wide, int base, int disp, int value) {
    boolean small = value == (byte) value;
    memory(0, wide, small ? 0x83 : 0x81, op, base, NONE, 1, disp);
    immediate(small, value);
  }

  /** Compares a byte of memory. */
  void cmp8(int base, int disp, int value) {
    memory(0, false, 0x80, CMP, base, NONE, 1, disp);
    byte1(value);
  }

  private void immediate(boolean small, int value) {
    if (small) {
      byte1(value);
    } else {
      int4(value);
    }
  }

  void test(boolean wide, int a, int b) {
    registers(0, wide, 0x85, b, a);
  }

  void testMemory(boolean wide, int base, int disp, int a) {
    memory(0, wide, 0x85, a, base, NONE, 1, disp);
  }

  void testImmediate(boolean wide, int a, int value) {
    registers(0, wide, 0xf7, 0, a);
    int4(value);
  }

  /** Tests the low byte of a register. */
  void test8(int a, int value) {
    registers(0, false, 0xf6, 0, a, a >= RSP && a <= RDI);
    byte1(value);
  }

  /** Tests a byte of memory. */
  void test8(int base, int index, int disp, int value) {
    memory(0, false, 0xf6, 0, base, index, 1, disp);
    byte1(value);
  }

  void bitTest(boolean wide, int a, int bit) {
    registers(0, wide, TWO_BYTE | 0xba, 4, a);
    byte1(bit);
  }

  void not(boolean wide, int a) {
    registers(0, wide, 0xf7, 2, a);
  }

  void neg(boolean wide, int a) {
    registers(0, wide, 0xf7, 3, a);
  }

  /** RDX:RAX = RAX * a, unsigned. */
  void mul(boolean wide, int a) {
    registers(0, wide, 0xf7, 4, a);
  }

  /** RDX:RAX = RAX * a, signed. */
  void imulFull(boolean wide, int a) {
    registers(0, wide, 0xf7, 5, a);
  }

  void imul(boolean wide, int to, int from) {
    registers(0, wide, TWO_BYTE | 0xaf, to, from);
  }

  void div(boolean wide, int by) {
    registers(0, wide, 0xf7, 6, by);
  }

  void idiv(boolean wide, int by) {
    registers(0, wide, 0xf7, 7, by);
  }

  /** RDX = sign of RAX. */
  void signExtendAccumulator(boolean wide) {
    rex(wide, 0, 0, 0, false);
    byte1(0x99);
  }

  /** Takes 1 from 4 bytes of memory. */
  void decMemory(int base, int disp) {
    memory(0, false, 0xff, 1, base, NONE, 1, disp);
  }

  void shiftImmediate(int op, boolean wide, int a, int amount) {
    registers(0, wide, 0xc1, op, a);
    byte1(amount);
  }

  /** By CL. */
  void shift(int op, boolean wide, int a) {
    registers(0, wide, 0xd3, op, a);
  }

  /** Shifts by a register, of which the low bits count; op is SHL, SHR or SAR. The flags stay. */
  void shiftBy(int op, boolean wide, int to, int from, int count) {
    vex(op == SHL ? 0x66 : op == SHR ? 0xf2 : 0xf3, 2, wide, 0xf7, to, count, from);
  }

  /** Rotates to the right. The flags stay. */
  void rotate(boolean wide, int to, int from, int amount) {
    vex(0xf2, 3, wide, 0xf0, to, 0, from);
    byte1(amount);
  }

  void lzcnt(boolean wide, int to, int from) {
    registers(0xf3, wide, TWO_BYTE | 0xbd, to, from);
  }

  /** Shifts to right, bits of from enter. */
  void shrd(boolean wide, int to, int from, int amount) {
    registers(0, wide, TWO_BYTE | 0xac, from, to);
    byte1(amount);
  }

  void bswap(boolean wide, int a) {
    rex(wide, 0, 0, a, false);
    byte1(0x0f);
    byte1(0xc8 | a & 7);
  }

  void bsr(boolean wide, int to, int from) {
    registers(0, wide, TWO_BYTE | 0xbd, to, from);
  }

  // ---- flags ----

  void lahf() {
    byte1(0x9f);
  }

  void sahf() {
    byte1(0x9e);
  }

  void clc() {
    byte1(0xf8);
  }

  void stc() {
    byte1(0xf9);
  }

  void cmc() {
    byte1(0xf5);
  }

  /** Adds to AL. */
  void addAl(int value) {
    byte1(0x04);
    byte1(value);
  }

  // ---- control ----

  void jumpRegister(int to) {
    registers(0, false, 0xff, 4, to);
  }

  void jumpMemory(int base, int disp) {
    memory(0, false, 0xff, 4, base, NONE, 1, disp);
  }

  void push(int a) {
    rex(false, 0, 0, a, false);
    byte1(0x50 | a & 7);
  }

  void pop(int a) {
    rex(false, 0, 0, a, false);
    byte1(0x58 | a & 7);
  }

  void ret() {
    byte1(0xc3);
  }

  // ---- atomics on [base + index] ----

  /** The locked instructions' prefix. */
  void lock() {
    byte1(0xf0);
  }

  /** Size of the operand: 0 to 3. */
  void atomic(int opcode8, int size, int reg, int base, int index) {
    if (size == 1) {
      byte1(0x66);
    }
    memory(
        0,
        size == 3,
        opcode8 | (size == 0 ? 0 : 1),
        reg,
        base,
        index,
        1,
        0,
        size == 0 && reg >= RSP && reg <= RDI);
  }

  void xadd(int size, int reg, int base, int index) {
    atomic(TWO_BYTE | 0xc0, size, reg, base, index);
  }

  void cmpxchg(int size, int reg, int base, int index) {
    atomic(TWO_BYTE | 0xb0, size, reg, base, index);
  }

  void xchgMemory(int size, int reg, int base, int index) {
    atomic(0x86, size, reg, base, index);
  }

  // ---- vectors ----

  void ldmxcsr(int base, int disp) {
    memory(0, false, TWO_BYTE | 0xae, 2, base, NONE, 1, disp);
  }

  void stmxcsr(int base, int disp) {
    memory(0, false, TWO_BYTE | 0xae, 3, base, NONE, 1, disp);
  }

  /** An SSE instruction on registers: prefix 0, 0x66, 0xf2 or 0xf3; opcode with its 0x0f bytes. */
  void sse(int prefix, int opcode, int to, int from) {
    registers(prefix, false, opcode, to, from);
  }

  /** The same with a general register of 64 bits. */
  void sseWide(int prefix, int opcode, int to, int from) {
    registers(prefix, true, opcode, to, from);
  }

  /** The same with an immediate byte. */
  void sse(int prefix, int opcode, int to, int from, int immediate) {
    registers(prefix, false, opcode, to, from);
    byte1(immediate);
  }

  void sseMemory(int prefix, int opcode, int reg, int base, int index, int disp) {
    memory(prefix, false, opcode, reg, base, index, 1, disp);
  }

  void movups(int to, int from) {
    sse(0, 0x0f10, to, from);
  }

  void loadups(int to, int base, int index, int disp) {
    sseMemory(0, 0x0f10, to, base, index, disp);
  }

  void storeups(int base, int index, int disp, int from) {
    sseMemory(0, 0x0f11, from, base, index, disp);
  }

  /** The same with a general register of 64 bits and an immediate byte. */
  void sseWide(int prefix, int opcode, int to, int from, int immediate) {
    registers(prefix, true, opcode, to, from);
    byte1(immediate);
  }

  /** An SSE instruction whose operand is a constant. */
  void sseConstant(int prefix, int opcode, int reg, long low, long high) {
    if (prefix != 0) {
      byte1(prefix);
    }
    rex(false, reg, 0, 0, false);
    opcode(opcode);
    byte1((reg & 7) << 3 | 5);
    room();
    fixup(constant(low, high));
  }

  /** Shifts of all elements by an immediate: the opcode chooses their size, op the kind. */
  void shiftElements(int opcode, int op, int a, int amount) {
    registers(0x66, false, opcode, op, a);
    byte1(amount);
  }

  /**
   * An instruction on 128-bit registers with a VEX prefix.
   *
   * @param prefix 0, 0x66, 0xf2 or 0xf3
   * @param map 1 for opcodes behind 0x0f, 2 behind 0x0f38, 3 behind 0x0f3a
   * @param a the register in ModRM.reg, b the one in the prefix, c the one in ModRM.rm
   */
  void vex(int prefix, int map, boolean wide, int opcode, int a, int b, int c) {
    int implied = prefix == 0x66 ? 1 : prefix == 0xf3 ? 2 : prefix == 0xf2 ? 3 : 0;
    byte1(0xc4);
    byte1(~a << 4 & 0x80 | 0x40 | ~c << 2 & 0x20 | map);
    byte1((wide ? 0x80 : 0) | (~b & 15) << 3 | implied);
    byte1(opcode);
    byte1(0xc0 | (a & 7) << 3 | c & 7);
  }

  /** Adds 1 to 8 bytes to the CRC-32C in a register; size is the logarithm. */
  void crc32c(int size, int to, int from) {
    if (size == 1) {
      byte1(0x66);
    }
    registers(
        0xf2,
        size == 3,
        size == 0 ? 0x0f38f0 : 0x0f38f1,
        to,
        from,
        size == 0 && from >= RSP && from <= RDI);
  }

  /** Compares the low bytes of two of RAX, RCX, RDX and RBX. */
  void cmp8(int a, int b) {
    registers(0, false, 0x3a, a, b);
  }

  // ---- constants ----

  /** Label of 16 bytes behind the code, which are at a multiple of 16. */
  private int constant(long low, long high) {
    return constants.computeIfAbsent(new Constant(low, high), ignored -> newLabel());
  }

  private void placeConstants() {
    constants.forEach((constant, label) -> {
      while ((at & 15) != 0) {
        byte1(0x90);
      }
      bind(label);
      long8(constant.low);
      long8(constant.high);
    });
  }

  /** Forgets what was written from an offset on, which no label and no jump is in. */
  void truncate(int position) {
    at = position;
  }
}
