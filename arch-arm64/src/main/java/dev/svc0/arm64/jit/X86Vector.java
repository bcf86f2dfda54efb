package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.RAX;

import dev.svc0.arm64.decode.Op;
import dev.svc0.arm64.isa.A64;

/** Floating point, Advanced SIMD, and what else has no operation of its own. */
final class X86Vector {
  private static final int ANDPS = 0x0f54;
  private static final int ORPS = 0x0f56;
  private static final int XORPS = 0x0f57;

  private X86Vector() {}

  /**
   * Writes an instruction.
   *
   * @return false when it is not written here, and nothing was: the interpreter executes it
   */
  static boolean emit(X86Writer m, long d) {
    if (!HostFeatures.VECTORS) {
      return false;
    }
    if (Effects.op(d) >= Op.FADD) {
      return operation(m, d);
    }
    int number = Effects.number(d);
    int insn = Effects.imm(d);
    if (!Effects.isSemantics(d)) {
      return semantics(m, number, insn);
    }
    int start = m.a.position();
    m.beginShared(d);
    if (!semantics(m, number, insn)) {
      m.a.truncate(start);
      m.cancelShared();
      return false;
    }
    m.endShared();
    return true;
  }

  /** Writes an operation from FADD to EOR_V. */
  private static boolean operation(X86Writer m, long d) {
    int a = 8 * Effects.a(d);
    int b = 8 * Effects.b(d);
    switch (Effects.op(d)) {
      case Op.FMOV64 -> {
        int vectors = m.vectorBase();
        m.a.sseMemory(0xf3, 0x0f7e, 0, vectors, NONE, b);
        m.a.storeups(vectors, NONE, a, 0);
      }
      case Op.FMOV_GV -> {
        int to = m.out(Effects.a(d), RAX);
        m.a.load(true, to, m.vectorBase(), b);
        m.done(Effects.a(d), to);
      }
      case Op.FMOV_VG -> {
        int vectors = m.vectorBase();
        m.a.store(true, vectors, a, m.in(Effects.b(d), RAX));
        m.a.storeImmediate(true, vectors, a + 8, 0);
      }
      case Op.AND_V, Op.ORR_V, Op.EOR_V -> logic(m, d);
      default -> {
        return X86Float.operation(m, d);
      }
    }
    return true;
  }

  private static void logic(X86Writer m, long d) {
    int op = Effects.op(d);
    boolean isFull = Effects.imm(d) != 0;
    int vectors = m.vectorBase();
    int b = 8 * Effects.b(d);
    int r = 8 * Effects.c(d);
    if (isFull) {
      m.a.loadups(0, vectors, NONE, b);
    } else {
      m.a.sseMemory(0xf3, 0x0f7e, 0, vectors, NONE, b);
    }
    if (op != Op.ORR_V || b != r) {
      if (isFull) {
        m.a.loadups(1, vectors, NONE, r);
      } else {
        m.a.sseMemory(0xf3, 0x0f7e, 1, vectors, NONE, r);
      }
      m.a.sse(0, op == Op.AND_V ? ANDPS : op == Op.ORR_V ? ORPS : XORPS, 0, 1);
    }
    m.a.storeups(vectors, NONE, 8 * Effects.a(d), 0);
  }

  private static boolean semantics(X86Writer m, int number, int insn) {
    if (number < A64.LDAR && number != A64.STLR) {
      return new X86Uncommon(m, number, insn).emit();
    }
    if (number <= A64.LDAPR || number >= A64.ST_multi && number <= A64.LD_single_post) {
      return new X86Structures(m, number, insn).emit();
    }
    if (number < A64.ST_multi) {
      return new X86Uncommon(m, number, insn).emit();
    }
    if (number < A64.DUP_elem) {
      return new X86Float(m, number, insn).emit();
    }
    if (number < A64.SSHR_v || number >= A64.SADDLV && number <= A64.UMINV) {
      return new X86SimdMove(m, number, insn).emit();
    }
    if (number <= A64.USHLL_v || number >= A64.SADDL_v && number < A64.AESE) {
      return new X86SimdShift(m, number, insn).emit();
    }
    if (number < A64.SHADD_v) {
      return new X86SimdFloat(m, number, insn).emit();
    }
    return number >= A64.AESE
        ? new X86Crypto(m, number, insn).emit()
        : new X86Simd(m, number, insn).emit();
  }
}
