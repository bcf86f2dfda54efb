package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.CPU;
import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.J;
import static dev.svc0.arm64.jit.Emitter.L_CPU;
import static dev.svc0.arm64.jit.Emitter.L_NZCV;

import dev.svc0.arm64.decode.Op;
import java.lang.classfile.CodeBuilder;

/** Floating point and Advanced SIMD. */
final class EmitVector {
  private static final long LOW_32 = 0xffffffffL;

  private EmitVector() {}

  /** Emits an operation from FADD to EOR_V. */
  static void emit(Emitter m, long d) {
    CodeBuilder c = m.c;
    int a = Effects.a(d);
    int b = Effects.b(d);
    int r = Effects.c(d);
    switch (Effects.op(d)) {
      case Op.FADD, Op.FSUB, Op.FMUL, Op.FDIV -> {
        String[] names = {"add", "subtract", "multiply", "divide"};
        scalar(m, b, Effects.e(d));
        scalar(m, r, Effects.e(d));
        operate(m, a, names[Effects.op(d) - Op.FADD], Effects.e(d));
      }
      case Op.FMADD -> multiplyAdd(m, d);
      case Op.FCMP -> compare(m, d);
      case Op.FMOV64 -> {
        m.getHalf(b);
        m.setScalar(a);
      }
      case Op.FMOV_GV -> {
        m.getHalf(b);
        m.set(a);
      }
      case Op.FMOV_VG -> {
        m.get(b);
        m.setScalar(a);
      }
      default -> logic(m, d, c, a, b, r);
    }
  }

  /** Pushes the bits of a scalar of size 2 or 3. */
  static void scalar(Emitter m, int index, int size) {
    m.getHalf(index);
    if (size == 2) {
      m.constant(LOW_32);
      m.c.land();
    }
  }

  /** Combines the two scalars on the stack. */
  private static void operate(Emitter m, int a, String name, int size) {
    m.c.aload(L_CPU);
    m.helper(name + (size == 3 ? "64" : "32"), J, J, J, CPU);
    m.setScalar(a);
  }

  private static void multiplyAdd(Emitter m, long d) {
    int size = Effects.e(d) & 3;
    long sign = size == 3 ? Long.MIN_VALUE : 1L << 31;
    scalar(m, Effects.imm(d), size);
    negateIf(m, (Effects.e(d) & 8) != 0, sign);
    scalar(m, Effects.b(d), size);
    negateIf(m, (Effects.e(d) & 4) != 0, sign);
    scalar(m, Effects.c(d), size);
    m.c.aload(L_CPU);
    m.helper(size == 3 ? "multiplyAdd64" : "multiplyAdd32", J, J, J, J, CPU);
    m.setScalar(Effects.a(d));
  }

  private static void negateIf(Emitter m, boolean negate, long sign) {
    if (negate) {
      m.constant(sign);
      m.c.lxor();
    }
  }

  private static void compare(Emitter m, long d) {
    int size = Effects.e(d) & 3;
    scalar(m, Effects.b(d), size);
    if (Effects.imm(d) != 0) {
      m.c.lconst_0();
    } else {
      scalar(m, Effects.c(d), size);
    }
    m.c.aload(L_CPU);
    m.constant(Effects.e(d));
    m.helper("compare", I, J, J, CPU, I);
    m.c.istore(L_NZCV);
    m.setKind(Flags.PLAIN);
  }

  private static void logic(Emitter m, long d, CodeBuilder c, int a, int b, int r) {
    boolean full = Effects.imm(d) != 0;
    int op = Effects.op(d);
    if (full) {
      m.getHalf(b + 1);
      m.getHalf(r + 1);
      join(c, op);
    }
    m.getHalf(b);
    m.getHalf(r);
    join(c, op);
    m.setHalf(a);
    if (!full) {
      c.lconst_0();
    }
    m.setHalf(a + 1);
  }

  private static void join(CodeBuilder c, int op) {
    switch (op) {
      case Op.AND_V -> c.land();
      case Op.ORR_V -> c.lor();
      default -> c.lxor();
    }
  }
}
