package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.CMP;
import static dev.svc0.arm64.jit.X86Assembler.NE;
import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RSP;

import dev.svc0.arm64.cpu.Cpu;

/** An instruction without an operation of its own: its fields, and what most of them need. */
abstract class X86Instruction {
  // Operations on packed integers, by the logarithm of the bytes of an element.
  static final int[] PADD = {0x0ffc, 0x0ffd, 0x0ffe, 0x0fd4};
  static final int[] PSUB = {0x0ff8, 0x0ff9, 0x0ffa, 0x0ffb};
  static final int[] PCMPEQ = {0x0f74, 0x0f75, 0x0f76, 0x0f3829};
  static final int[] PCMPGT = {0x0f64, 0x0f65, 0x0f66, 0x0f3837};
  static final int[] PMINU = {0x0fda, 0x0f383a, 0x0f383b};
  static final int[] PMAXU = {0x0fde, 0x0f383e, 0x0f383f};
  static final int[] PMINS = {0x0f3838, 0x0fea, 0x0f3839};
  static final int[] PMAXS = {0x0f383c, 0x0fee, 0x0f383d};
  static final int[] UNPACK_LOW = {0x0f60, 0x0f61, 0x0f62, 0x0f6c};
  static final int[] UNPACK_HIGH = {0x0f68, 0x0f69, 0x0f6a, 0x0f6d};
  static final int[] PMOVSX = {0x0f3820, 0x0f3823, 0x0f3825};
  static final int[] PMOVZX = {0x0f3830, 0x0f3833, 0x0f3835};
  static final int[] SHIFT = {0x0f71, 0x0f71, 0x0f72, 0x0f73};
  static final int PAND = 0x0fdb;
  static final int PANDN = 0x0fdf;
  static final int POR = 0x0feb;
  static final int PXOR = 0x0fef;
  static final int PSHUFB = 0x0f3800;
  static final int PSHUFD = 0x0f70;
  static final int PACKUSWB = 0x0f67;
  static final int PACKUSDW = 0x0f382b;
  static final int PMULLW = 0x0fd5;
  static final int PMULLD = 0x0f3840;
  static final int PMULDQ = 0x0f3828;
  static final int PMULUDQ = 0x0ff4;

  // Kinds of shifts by an immediate.
  static final int RIGHT = 2;
  static final int BYTES_RIGHT = 3;
  static final int ARITHMETIC = 4;
  static final int LEFT = 6;

  final X86Writer m;
  final X86Assembler a;
  final int number;
  final int insn;

  /** Registers, by the fields Rd, Rn and Rm. */
  final int d;

  final int n;
  final int r;

  /** Whether it works on one element only. */
  final boolean isScalar;

  /** Whether it works on all 16 bytes. */
  final boolean isFull;

  /** Where the vector registers are; −1 before that is loaded. */
  private int vectors = -1;

  X86Instruction(X86Writer m, int number, int insn) {
    this.m = m;
    this.a = m.a;
    this.number = number;
    this.insn = insn;
    this.d = insn & 31;
    this.n = insn >>> 5 & 31;
    this.r = insn >>> 16 & 31;
    this.isScalar = (insn >>> 28 & 1) != 0;
    this.isFull = (insn >>> 30 & 1) != 0 && !isScalar;
  }

  int field(int low, int width) {
    return insn >>> low & (1 << width) - 1;
  }

  int signedField(int low, int width) {
    return insn << 32 - low - width >> 32 - width;
  }

  // ---- general registers ----

  /** A register that is read, of which 31 is zero. */
  static int source(int register) {
    return register == Cpu.SP ? X86Writer.ZERO : register;
  }

  /** A register that is written, of which 31 swallows the result. */
  static int target(int register) {
    return register == Cpu.SP ? X86Writer.SINK : register;
  }

  // ---- vector registers ----

  /** Register with the address of the vector registers. */
  int vectors() {
    if (vectors < 0) {
      vectors = m.vectorBase();
    }
    return vectors;
  }

  void load(int x, int register) {
    a.loadups(x, vectors(), NONE, 16 * register);
  }

  /** Loads 8 bytes; the upper half becomes zero. */
  void loadHalf(int x, int register) {
    a.sseMemory(0xf3, 0x0f7e, x, vectors(), NONE, 16 * register);
  }

  /** Loads the low half twice. */
  void loadTwice(int x, int register) {
    a.sseMemory(0xf2, 0x0f12, x, vectors(), NONE, 16 * register);
  }

  void store(int register, int x) {
    a.storeups(vectors(), NONE, 16 * register, x);
  }

  /** The result of an instruction, of which a short vector has only the low half. */
  void result(int x) {
    if (!isFull) {
      a.sse(0xf3, 0x0f7e, x, x);
    }
    store(d, x);
  }

  /** The result of a narrowing instruction: the lower half, or the upper one in its second form. */
  void storeHalf(int x) {
    if (isFull) {
      a.sseMemory(0x66, 0x0fd6, x, vectors(), NONE, 16 * d + 8);
    } else {
      result(x);
    }
  }

  /** The result is in a general register. */
  void resultOf(int host) {
    a.store(true, vectors(), 16 * d, host);
    a.storeImmediate(true, vectors(), 16 * d + 8, 0);
  }

  void move(int to, int from) {
    a.sse(0, 0x0f28, to, from);
  }

  /** An operation on packed integers. */
  void packed(int opcode, int to, int from) {
    a.sse(0x66, opcode, to, from);
  }

  /** The same with an immediate byte. */
  void packed(int opcode, int to, int from, int immediate) {
    a.sse(0x66, opcode, to, from, immediate);
  }

  /** The same with a constant in both halves. */
  void packedConstant(int opcode, int to, long half) {
    a.sseConstant(0x66, opcode, to, half, half);
  }

  void zero(int x) {
    packed(PXOR, x, x);
  }

  void not(int x) {
    packedConstant(PXOR, x, -1);
  }

  static long mask(int size) {
    return -1L >>> 64 - (8 << size);
  }

  /** Copies the lowest element to all others. */
  void broadcast(int x, int size, int temporary) {
    switch (size) {
      case 0 -> {
        zero(temporary);
        packed(PSHUFB, x, temporary);
      }
      case 1 -> {
        a.sse(0xf2, PSHUFD, x, x, 0);
        packed(UNPACK_LOW[3], x, x);
      }
      case 2 -> packed(PSHUFD, x, x, 0);
      default -> packed(UNPACK_LOW[3], x, x);
    }
  }

  /** Loads an element of a vector register, zero-extended, into a general register of the host. */
  void loadElement(int host, int register, int size, int index) {
    int disp = 16 * register + (index << size);
    if (size >= 2) {
      a.load(size == 3, host, vectors(), disp);
    } else {
      a.movzx(size, host, vectors(), NONE, disp);
    }
  }

  /** Leaves unless FPCR has its default. RAX and the host's flags are lost. */
  void needDefaultControl() {
    a.load(true, RAX, RSP, X86Frame.CONTEXT);
    a.aluMemory(CMP, false, RAX, X86Frame.CTX_FPCR, 0);
    a.jump(NE, m.leave());
  }
}
