package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.ADD;
import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.R15;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDX;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.Op;
import dev.svc0.runtime.mm.MemoryManager;

/** Loads and stores. Registers change only after all of the memory was reached. */
final class X86Memory {
  static final int READ = MemoryManager.PERM_READ;
  static final int WRITE = MemoryManager.PERM_WRITE;

  private static final int LINE = 64;
  private static final int XORPS = 0x0f57;

  private X86Memory() {}

  /** Whether an operation is written here. */
  static boolean covers(int op) {
    return op >= Op.LDR64 && op <= Op.STPD || op >= Op.LDV_R && op <= Op.STRS_V;
  }

  /** Writes an operation from LDR64 to STPD, or from LDV_R to STRS_V. */
  static boolean emit(X86Writer m, long d) {
    int op = Effects.op(d);
    if (op <= Op.STR8) {
      reach(m, d, Effects.imm(d), bytes(op), access(op));
      single(m, d, op);
    } else if (op <= Op.STR8_R) {
      registerAddress(m, d, Effects.imm(d));
      m.reachAccumulator(bytes(plain(op)), access(plain(op)));
      single(m, d, plain(op));
    } else if (op <= Op.STR8_W) {
      writeBack(m, d, op);
    } else if (op == Op.LDR64_L) {
      m.a.movImmediate(RAX, m.pc + Effects.imm(d));
      m.reachAccumulator(Long.BYTES, READ);
      single(m, d, Op.LDR64);
    } else if (op <= Op.STP32) {
      pair(m, d, op);
    } else {
      vector(m, d, op);
    }
    return true;
  }

  /** The offset form of a register form. */
  private static int plain(int op) {
    return switch (op) {
      case Op.LDR64_R -> Op.LDR64;
      case Op.LDR32_R -> Op.LDR32;
      case Op.LDR16_R -> Op.LDR16;
      case Op.LDR8_R -> Op.LDR8;
      case Op.LDRS32_64_R -> Op.LDRS32_64;
      case Op.STR64_R -> Op.STR64;
      case Op.STR32_R -> Op.STR32;
      case Op.STR16_R -> Op.STR16;
      default -> Op.STR8;
    };
  }

  /** Reaches the base register plus a constant; SP must be aligned. */
  private static void reach(X86Writer m, long d, int offset, int bytes, int access) {
    int base = Effects.b(d);
    if (base == Cpu.SP && Effects.e(d) != 0) {
      m.checkStack();
    }
    m.reach(base, offset, bytes, access);
  }

  /** RAX becomes a register plus a constant. */
  static void base(X86Writer m, int base, int offset) {
    if (m.isPinned(base) && offset != 0) {
      m.a.lea(true, RAX, m.in(base, RAX), NONE, 1, offset);
    } else {
      m.get(true, RAX, base);
      if (offset != 0) {
        m.a.aluImmediate(ADD, true, RAX, offset);
      }
    }
  }

  private static void registerAddress(X86Writer m, long d, int amount) {
    int base = Effects.b(d);
    int option = Effects.e(d);
    boolean isWhole = option == 3 || option == 7;
    if (isWhole && amount < 4 && m.isPinned(base) && m.isPinned(Effects.c(d))) {
      m.a.lea(true, RAX, m.in(base, RAX), m.in(Effects.c(d), RCX), 1 << amount, 0);
      return;
    }
    if (amount < 4 && m.isPinned(base)) {
      X86Integer.extended(m, RAX, Effects.c(d), option, 0);
      m.a.lea(true, RAX, m.in(base, RCX), RAX, 1 << amount, 0);
      return;
    }
    X86Integer.extended(m, RAX, Effects.c(d), option, amount);
    m.alu(ADD, true, RAX, base);
  }

  private static int access(int op) {
    return op >= Op.STR64 ? WRITE : READ;
  }

  /** Of an operation from LDR64 to STR8. */
  private static int bytes(int op) {
    return 1 << (op >= Op.STR64 ? 3 - (op - Op.STR64) : size(op));
  }

  private static int size(int op) {
    return switch (op) {
      case Op.LDR64 -> 3;
      case Op.LDR32, Op.LDRS32_64 -> 2;
      case Op.LDR16, Op.LDRS16_64, Op.LDRS16_32 -> 1;
      default -> 0;
    };
  }

  /** The access that was reached, of one register. */
  private static void single(X86Writer m, long d, int op) {
    int a = Effects.a(d);
    if (op >= Op.STR64) {
      store(m, 3 - (op - Op.STR64), m.in(a, RDX));
    } else {
      int to = m.out(a, RDX);
      load(m, op, to);
      m.done(a, to);
    }
  }

  /** Loads as an operation from LDR64 to LDRS8_32 does. */
  static void load(X86Writer m, int op, int to) {
    int index = m.accessIndex;
    int disp = m.accessOffset;
    switch (op) {
      case Op.LDR64 -> m.a.load(true, to, R15, index, 1, disp);
      case Op.LDR32 -> m.a.load(false, to, R15, index, 1, disp);
      case Op.LDR16 -> m.a.movzx(1, to, R15, index, disp);
      case Op.LDR8 -> m.a.movzx(0, to, R15, index, disp);
      case Op.LDRS32_64 -> m.a.movsx(true, 2, to, R15, index, disp);
      case Op.LDRS16_64 -> m.a.movsx(true, 1, to, R15, index, disp);
      case Op.LDRS8_64 -> m.a.movsx(true, 0, to, R15, index, disp);
      case Op.LDRS16_32 -> m.a.movsx(false, 1, to, R15, index, disp);
      default -> m.a.movsx(false, 0, to, R15, index, disp);
    }
  }

  /** Stores 1 &lt;&lt; size bytes. */
  static void store(X86Writer m, int size, int from) {
    int index = m.accessIndex;
    int disp = m.accessOffset;
    switch (size) {
      case 3 -> m.a.store(true, R15, index, 1, disp, from);
      case 2 -> m.a.store(false, R15, index, 1, disp, from);
      case 1 -> m.a.store16(R15, index, disp, from);
      default -> m.a.store8(R15, index, disp, from);
    }
  }

  private static void writeBack(X86Writer m, long d, int op) {
    boolean pre = Effects.c(d) != 0;
    int imm = Effects.imm(d);
    int a = Effects.a(d);
    boolean isLoad = op <= Op.LDR8_W;
    int size = 3 - (isLoad ? op - Op.LDR64_W : op - Op.STR64_W);
    reach(m, d, pre ? imm : 0, 1 << size, isLoad ? READ : WRITE);
    if (isLoad) {
      int to = a == Effects.b(d) ? RDX : m.out(a, RDX);
      load(m, new int[] {Op.LDR8, Op.LDR16, Op.LDR32, Op.LDR64}[size], to);
      moveBase(m, d, imm);
      m.done(a, to);
    } else {
      store(m, size, m.in(a, RDX));
      moveBase(m, d, imm);
    }
  }

  /** Adds a constant to the base register; RCX is lost. */
  static void moveBase(X86Writer m, long d, int imm) {
    int base = Effects.b(d);
    boolean aligned = m.isStackAligned() && (base != Cpu.SP || (imm & 15) == 0);
    int to = m.in(base, RCX);
    m.a.aluImmediate(ADD, true, to, imm);
    m.done(base, to);
    m.keepAlignment(aligned);
  }

  private static void pair(X86Writer m, long d, int op) {
    int imm = Effects.imm(d);
    boolean post = op == Op.LDP64_POST || op == Op.STP64_POST;
    boolean moves = post || op == Op.LDP64_PRE || op == Op.STP64_PRE;
    boolean isLoad = op == Op.LDP64 || op == Op.LDP32 || op == Op.LDP64_PRE || op == Op.LDP64_POST;
    boolean wide = op != Op.LDP32 && op != Op.STP32;
    int bytes = wide ? 8 : 4;
    int a = Effects.a(d);
    int c = Effects.c(d);
    reach(m, d, post ? 0 : imm, 2 * bytes, isLoad ? READ : WRITE);
    int index = m.accessIndex;
    int disp = m.accessOffset;
    if (isLoad) {
      m.a.load(wide, RDX, R15, index, 1, disp);
      m.a.load(wide, RAX, R15, index, 1, disp + bytes);
      if (moves) {
        moveBase(m, d, imm);
      }
      m.done(a, RDX);
      m.done(c, RAX);
      return;
    }
    m.a.store(wide, R15, index, 1, disp, m.in(a, RDX));
    m.a.store(wide, R15, index, 1, disp + bytes, m.in(c, RDX));
    if (moves) {
      moveBase(m, d, imm);
    }
  }

  private static void vector(X86Writer m, long d, int op) {
    switch (op) {
      case Op.LDRQ, Op.STRQ -> vectorAt(m, d, 4, op == Op.LDRQ);
      case Op.LDRD, Op.STRD -> vectorAt(m, d, 3, op == Op.LDRD);
      case Op.LDRS_V, Op.STRS_V -> vectorAt(m, d, 2, op == Op.LDRS_V);
      case Op.LDPQ, Op.STPQ -> vectorPair(m, d, 4, op == Op.LDPQ);
      case Op.LDPD, Op.STPD -> vectorPair(m, d, 3, op == Op.LDPD);
      case Op.LDV_R, Op.STV_R -> {
        boolean isLoad = op == Op.LDV_R;
        int size = Effects.imm(d) >>> 8;
        registerAddress(m, d, Effects.imm(d) & 7);
        m.reachAccumulator(1 << size, isLoad ? READ : WRITE);
        transfer(m, Effects.a(d), size, 0, isLoad);
      }
      default -> {
        boolean isLoad = op == Op.LDV_W;
        boolean pre = (Effects.c(d) & 1) != 0;
        int size = Effects.c(d) >>> 1;
        reach(m, d, pre ? Effects.imm(d) : 0, 1 << size, isLoad ? READ : WRITE);
        transfer(m, Effects.a(d), size, 0, isLoad);
        moveBase(m, d, Effects.imm(d));
      }
    }
  }

  /** DC ZVA: 64 bytes become zero. */
  static void zeroLine(X86Writer m, int insn) {
    int register = insn & 31;
    m.spill(m.dirtyTouched());
    if (register == 31) {
      m.a.movImmediate(RAX, 0);
    } else {
      m.a.load(true, RAX, X86Assembler.R13, 8 * register - X86Writer.BIAS);
    }
    m.a.aluImmediate(X86Assembler.AND, true, RAX, -LINE);
    m.reachAccumulator(LINE, WRITE);
    m.a.sse(0, XORPS, 0, 0);
    for (int i = 0; i < LINE; i += 16) {
      m.a.storeups(R15, RAX, i, 0);
    }
    m.reload(m.liveTouched());
  }

  private static void vectorAt(X86Writer m, long d, int size, boolean isLoad) {
    reach(m, d, Effects.imm(d), 1 << size, isLoad ? READ : WRITE);
    transfer(m, Effects.a(d), size, 0, isLoad);
  }

  private static void vectorPair(X86Writer m, long d, int size, boolean isLoad) {
    reach(m, d, Effects.imm(d), 2 << size, isLoad ? READ : WRITE);
    transfer(m, Effects.a(d), size, 0, isLoad);
    transfer(m, Effects.c(d), size, 1 << size, isLoad);
  }

  /**
   * Between the access that was reached, plus an offset, and a vector register, whose low half has
   * the given index.
   *
   * @param size logarithm of the bytes, up to 4
   */
  static void transfer(X86Writer m, int at, int size, int offset, boolean isLoad) {
    int vectors = m.vectorBase();
    int index = m.accessIndex;
    int disp = m.accessOffset + offset;
    int to = 8 * at;
    if (size == 4) {
      if (isLoad) {
        m.a.loadups(0, R15, index, disp);
        m.a.storeups(vectors, NONE, to, 0);
      } else {
        m.a.loadups(0, vectors, NONE, to);
        m.a.storeups(R15, index, disp, 0);
      }
      return;
    }
    if (isLoad) {
      switch (size) {
        case 3 -> m.a.load(true, RCX, R15, index, 1, disp);
        case 2 -> m.a.load(false, RCX, R15, index, 1, disp);
        default -> m.a.movzx(size, RCX, R15, index, disp);
      }
      m.a.store(true, vectors, to, RCX);
      m.a.storeImmediate(true, vectors, to + 8, 0);
      return;
    }
    m.a.load(true, RCX, vectors, to);
    switch (size) {
      case 3 -> m.a.store(true, R15, index, 1, disp, RCX);
      case 2 -> m.a.store(false, R15, index, 1, disp, RCX);
      case 1 -> m.a.store16(R15, index, disp, RCX);
      default -> m.a.store8(R15, index, disp, RCX);
    }
  }
}
