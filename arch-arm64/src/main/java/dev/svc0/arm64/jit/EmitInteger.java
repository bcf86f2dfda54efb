package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.ALU;
import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.INTEGER;
import static dev.svc0.arm64.jit.Emitter.J;
import static dev.svc0.arm64.jit.Emitter.LONG;
import static dev.svc0.arm64.jit.Emitter.L_CPU;
import static dev.svc0.arm64.jit.Emitter.L_FLAG_A;
import static dev.svc0.arm64.jit.Emitter.L_FLAG_B;
import static dev.svc0.arm64.jit.Emitter.L_HELD;
import static dev.svc0.arm64.jit.Emitter.L_NZCV;
import static dev.svc0.arm64.jit.Emitter.MATH;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.LogicalImmediate;
import dev.svc0.arm64.decode.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;

/** Data processing on general registers. */
final class EmitInteger {
  private static final long LOW_32 = 0xffffffffL;

  private EmitInteger() {}

  /** Emits an operation from ADDI64 to UMULH. */
  static void emit(Emitter m, long d) {
    int op = Effects.op(d);
    if (op <= Op.EXTR32) {
      immediate(m, d, op);
    } else if (op <= Op.SBCS64) {
      register(m, d, op);
    } else if (op <= Op.CCMP32) {
      conditionalCompare(m, d, op);
    } else if (op <= Op.CSNEG32) {
      select(m, d, op);
    } else if (op <= Op.REV32) {
      other(m, d, op);
    } else {
      multiply(m, d, op);
    }
  }

  private static void immediate(Emitter m, long d, int op) {
    CodeBuilder c = m.c;
    int a = Effects.a(d);
    int b = Effects.b(d);
    int e = Effects.e(d);
    long imm = Effects.imm(d);
    switch (op) {
      case Op.ADDI64 -> addImmediate(m, a, b, imm);
      case Op.ADDI32 -> {
        m.getInt(b);
        m.constant((int) imm);
        c.iadd();
        m.setInt(a);
      }
      case Op.ADDSI64, Op.SUBSI64, Op.ADDSI32, Op.SUBSI32 -> {
        boolean wide = op == Op.ADDSI64 || op == Op.SUBSI64;
        operand(m, b, wide);
        c.lstore(L_FLAG_A);
        m.constant(imm);
        c.lstore(L_FLAG_B);
        sumOrDifference(m, a, op == Op.ADDSI64 || op == Op.ADDSI32, wide);
      }
      case Op.ANDI, Op.ORRI64, Op.ORRI32, Op.EORI64, Op.EORI32, Op.ANDSI64, Op.ANDSI32 ->
          logicImmediate(m, a, b, op, LogicalImmediate.mask((int) imm));
      case Op.MOVI -> set(m, a, imm << (e << 4));
      case Op.MOVNI64 -> set(m, a, ~(imm << (e << 4)));
      case Op.MOVNI32 -> set(m, a, ~(imm << (e << 4)) & LOW_32);
      case Op.MOVK64, Op.MOVK32 -> {
        long keep = ~(0xffffL << (e << 4)) & (op == Op.MOVK32 ? LOW_32 : -1);
        m.get(a);
        m.constant(keep);
        c.land();
        m.constant(imm << (e << 4));
        c.lor();
        m.set(a);
      }
      case Op.ADR -> set(m, a, m.pc + imm);
      case Op.ADRP -> set(m, a, (m.pc & -4096) + (imm << 12));
      default -> field(m, d, op);
    }
  }

  private static void set(Emitter m, int a, long value) {
    m.constant(value);
    m.set(a);
  }

  private static void addImmediate(Emitter m, int a, int b, long imm) {
    boolean aligned = m.stackAligned && a == Cpu.SP && b == Cpu.SP && (imm & 15) == 0;
    m.get(b);
    if (imm != 0) {
      m.constant(imm);
      m.c.ladd();
    }
    m.set(a);
    m.stackAligned |= aligned;
  }

  private static void logicImmediate(Emitter m, int a, int b, int op, long mask) {
    CodeBuilder c = m.c;
    m.get(b);
    m.constant(mask);
    switch (op) {
      case Op.ORRI64, Op.ORRI32 -> c.lor();
      case Op.EORI64, Op.EORI32 -> c.lxor();
      default -> c.land();
    }
    switch (op) {
      case Op.ORRI32, Op.EORI32 -> {
        c.l2i();
        m.setInt(a);
      }
      case Op.ANDSI64 -> logicFlags(m, a, true);
      case Op.ANDSI32 -> logicFlags(m, a, false);
      default -> m.set(a);
    }
  }

  /** The result is on the stack. */
  private static void logicFlags(Emitter m, int a, boolean wide) {
    CodeBuilder c = m.c;
    if (!wide) {
      c.l2i().i2l();
    }
    c.lstore(L_FLAG_A);
    m.setKind(Flags.LOGIC);
    if (a <= Cpu.SP) {
      c.lload(L_FLAG_A);
      if (!wide) {
        m.constant(LOW_32);
        c.land();
      }
      m.set(a);
    }
  }

  private static void field(Emitter m, long d, int op) {
    CodeBuilder c = m.c;
    int left = Effects.c(d);
    int right = Effects.imm(d);
    switch (op) {
      case Op.EXTR64 -> {
        if (right == 0) {
          m.get(Effects.c(d));
        } else {
          m.get(Effects.c(d));
          c.bipush(right).lushr();
          m.get(Effects.b(d));
          c.bipush(64 - right).lshl().lor();
        }
        m.set(Effects.a(d));
      }
      case Op.EXTR32 -> {
        m.get(Effects.b(d));
        c.bipush(32).lshl();
        m.get(Effects.c(d));
        m.constant(LOW_32);
        c.land().lor().bipush(right).lushr().l2i();
        m.setInt(Effects.a(d));
      }
      case Op.UBFM64, Op.SBFM64 -> {
        m.get(Effects.b(d));
        if (op == Op.UBFM64 && left == right && left != 0) {
          m.constant(-1L >>> left);
          c.land();
        } else if (op == Op.SBFM64 && left == right && left == 32) {
          c.l2i().i2l();
        } else {
          shift64(c, left, right, op == Op.SBFM64);
        }
        m.set(Effects.a(d));
      }
      default -> {
        m.getInt(Effects.b(d));
        if (op == Op.UBFM32 && left == right && left != 0) {
          m.constant(-1 >>> left);
          c.iand();
        } else {
          shift32(c, left, right, op == Op.SBFM32);
        }
        m.setInt(Effects.a(d));
      }
    }
  }

  private static void shift64(CodeBuilder c, int left, int right, boolean signed) {
    if (left != 0) {
      c.bipush(left).lshl();
    }
    if (right != 0) {
      c.bipush(right);
      if (signed) {
        c.lshr();
      } else {
        c.lushr();
      }
    }
  }

  private static void shift32(CodeBuilder c, int left, int right, boolean signed) {
    if (left != 0) {
      c.bipush(left).ishl();
    }
    if (right != 0) {
      c.bipush(right);
      if (signed) {
        c.ishr();
      } else {
        c.iushr();
      }
    }
  }

  /** Pushes an operand of flag-setting arithmetic: 32-bit ones are sign-extended. */
  private static void operand(Emitter m, int register, boolean wide) {
    if (wide) {
      m.get(register);
    } else {
      m.getInt(register);
      m.c.i2l();
    }
  }

  /** Sets flags and register from the two flag operands. */
  private static void sumOrDifference(Emitter m, int a, boolean sum, boolean wide) {
    CodeBuilder c = m.c;
    int kind = sum ? wide ? Flags.ADD64 : Flags.ADD32 : wide ? Flags.SUB64 : Flags.SUB32;
    m.setKind(kind);
    if (a > Cpu.SP) {
      return;
    }
    if (wide) {
      c.lload(L_FLAG_A).lload(L_FLAG_B);
      if (sum) {
        c.ladd();
      } else {
        c.lsub();
      }
      m.set(a);
    } else {
      m.pushIntOperands();
      if (sum) {
        c.iadd();
      } else {
        c.isub();
      }
      m.setInt(a);
    }
  }

  private static void register(Emitter m, long d, int op) {
    CodeBuilder c = m.c;
    int a = Effects.a(d);
    int b = Effects.b(d);
    int r = Effects.c(d);
    int imm = Effects.imm(d);
    switch (op) {
      case Op.MOV64 -> {
        m.get(r);
        m.set(a);
      }
      case Op.MOV32 -> {
        m.getInt(r);
        m.setInt(a);
      }
      case Op.AND64, Op.ORR64, Op.EOR64, Op.AND32, Op.ORR32, Op.EOR32 -> {
        int operation = op <= Op.AND32 ? 0 : op <= Op.ORR32 ? 1 : 2;
        logic(m, a, b, r, operation << 12, (op - Op.AND64 & 1) == 0);
      }
      case Op.LOGIC64, Op.LOGIC32 -> logic(m, a, b, r, imm, op == Op.LOGIC64);
      case Op.ANDS64, Op.ANDS32 -> {
        combine(m, b, r, imm, op == Op.ANDS64);
        if (op == Op.ANDS32) {
          c.i2l();
        }
        logicFlags(m, a, op == Op.ANDS64);
      }
      case Op.ADD64, Op.SUB64 -> {
        m.get(b);
        shifted(m, r, imm);
        if (op == Op.ADD64) {
          c.ladd();
        } else {
          c.lsub();
        }
        m.set(a);
      }
      case Op.ADD32, Op.SUB32 -> {
        m.getInt(b);
        m.getInt(r);
        if (imm != 0) {
          c.bipush(imm).ishl();
        }
        if (op == Op.ADD32) {
          c.iadd();
        } else {
          c.isub();
        }
        m.setInt(a);
      }
      case Op.ADDS64, Op.SUBS64, Op.ADDS32, Op.SUBS32 -> addFlags(m, d, op);
      case Op.ADDX64, Op.SUBX64 -> {
        m.get(b);
        extended(m, r, Effects.e(d), imm);
        if (op == Op.ADDX64) {
          c.ladd();
        } else {
          c.lsub();
        }
        m.set(a);
      }
      default -> carry(m, d, op);
    }
  }

  private static void shifted(Emitter m, int register, int amount) {
    m.get(register);
    if (amount != 0) {
      m.c.bipush(amount).lshl();
    }
  }

  private static void addFlags(Emitter m, long d, int op) {
    boolean wide = op == Op.ADDS64 || op == Op.SUBS64;
    operand(m, Effects.b(d), wide);
    m.c.lstore(L_FLAG_A);
    if (wide) {
      shifted(m, Effects.c(d), Effects.imm(d));
    } else {
      m.getInt(Effects.c(d));
      if (Effects.imm(d) != 0) {
        m.c.bipush(Effects.imm(d)).ishl();
      }
      m.c.i2l();
    }
    m.c.lstore(L_FLAG_B);
    sumOrDifference(m, Effects.a(d), op == Op.ADDS64 || op == Op.ADDS32, wide);
  }

  /** Pushes an extended and shifted register. */
  static void extended(Emitter m, int register, int option, int amount) {
    CodeBuilder c = m.c;
    m.get(register);
    switch (option) {
      case 0, 1, 2 -> {
        m.constant((1L << (8 << option)) - 1);
        c.land();
      }
      case 4 -> c.l2i().i2b().i2l();
      case 5 -> c.l2i().i2s().i2l();
      case 6 -> c.l2i().i2l();
      default -> {
        // the whole register
      }
    }
    if (amount != 0) {
      c.bipush(amount).lshl();
    }
  }

  private static void logic(Emitter m, int a, int b, int r, int how, boolean wide) {
    combine(m, b, r, how, wide);
    if (wide) {
      m.set(a);
    } else {
      m.setInt(a);
    }
  }

  /**
   * Pushes b op shifted r: amount, type &lt;&lt; 8, inversion &lt;&lt; 10, operation &lt;&lt; 12.
   */
  private static void combine(Emitter m, int b, int r, int how, boolean wide) {
    CodeBuilder c = m.c;
    int operation = how >>> 12;
    boolean alone = b > Cpu.SP && (operation == 1 || operation == 2);
    if (!alone) {
      push(m, b, wide);
    }
    push(m, r, wide);
    shift(m, how >>> 8 & 3, how & 63, wide);
    if ((how >>> 10 & 1) != 0) {
      if (wide) {
        m.constant(-1L);
        c.lxor();
      } else {
        c.iconst_m1().ixor();
      }
    }
    if (alone) {
      return;
    }
    switch (operation) {
      case 1 -> join(c, wide, Join.OR);
      case 2 -> join(c, wide, Join.XOR);
      default -> join(c, wide, Join.AND);
    }
  }

  private enum Join {
    AND,
    OR,
    XOR
  }

  private static void join(CodeBuilder c, boolean wide, Join how) {
    switch (how) {
      case AND -> {
        if (wide) {
          c.land();
        } else {
          c.iand();
        }
      }
      case OR -> {
        if (wide) {
          c.lor();
        } else {
          c.ior();
        }
      }
      case XOR -> {
        if (wide) {
          c.lxor();
        } else {
          c.ixor();
        }
      }
    }
  }

  private static void push(Emitter m, int register, boolean wide) {
    if (wide) {
      m.get(register);
    } else {
      m.getInt(register);
    }
  }

  /** Shifts what is on the stack by a constant. */
  private static void shift(Emitter m, int type, int amount, boolean wide) {
    CodeBuilder c = m.c;
    if (amount == 0) {
      return;
    }
    c.bipush(amount);
    switch (type) {
      case 0 -> shiftLeft(c, wide);
      case 1 -> shiftRight(c, wide);
      case 2 -> shiftSigned(c, wide);
      default -> {
        if (wide) {
          m.call(LONG, "rotateRight", J, J, I);
        } else {
          m.call(INTEGER, "rotateRight", I, I, I);
        }
      }
    }
  }

  private static void shiftLeft(CodeBuilder c, boolean wide) {
    if (wide) {
      c.lshl();
    } else {
      c.ishl();
    }
  }

  private static void shiftRight(CodeBuilder c, boolean wide) {
    if (wide) {
      c.lushr();
    } else {
      c.iushr();
    }
  }

  private static void shiftSigned(CodeBuilder c, boolean wide) {
    if (wide) {
      c.lshr();
    } else {
      c.ishr();
    }
  }

  private static void carry(Emitter m, long d, int op) {
    m.get(Effects.b(d));
    m.get(Effects.c(d));
    if (op == Op.SBCS64) {
      m.constant(-1L);
      m.c.lxor();
    }
    m.pushFlags();
    m.c.iconst_1().iushr().iconst_1().iand();
    if (op == Op.ADC64) {
      m.c.i2l().ladd().ladd();
      m.set(Effects.a(d));
      return;
    }
    m.c.istore(L_HELD).lstore(L_FLAG_B).lstore(L_FLAG_A);
    m.c.lload(L_FLAG_A).lload(L_FLAG_B).iload(L_HELD);
    m.helper("carryFlags", I, J, J, I);
    m.c.istore(L_NZCV);
    m.c.lload(L_FLAG_A).lload(L_FLAG_B).ladd().iload(L_HELD).i2l().ladd();
    m.set(Effects.a(d));
    m.setKind(Flags.PLAIN);
  }

  private static void conditionalCompare(Emitter m, long d, int op) {
    CodeBuilder c = m.c;
    Label holds = c.newLabel();
    Label done = c.newLabel();
    boolean wide = op == Op.CCMPI64 || op == Op.CCMP64;
    EmitCondition.branchIf(m, Effects.e(d), holds);
    c.iconst_0().goto_(done);
    c.labelBinding(holds);
    c.iconst_1();
    c.labelBinding(done);
    c.istore(L_HELD);
    operand(m, Effects.b(d), wide);
    c.lstore(L_FLAG_A);
    if (op == Op.CCMPI64 || op == Op.CCMPI32) {
      m.constant((long) Effects.c(d));
    } else {
      operand(m, Effects.c(d), wide);
    }
    c.lstore(L_FLAG_B);
    m.constant(Effects.imm(d));
    c.istore(L_NZCV);
    m.setKind(wide ? Flags.CCMP64 : Flags.CCMP32);
    m.otherwise = Effects.imm(d);
  }

  private static void select(Emitter m, long d, int op) {
    CodeBuilder c = m.c;
    boolean wide = (op - Op.CSEL64 & 1) == 0;
    Label holds = c.newLabel();
    Label done = c.newLabel();
    EmitCondition.branchIf(m, Effects.e(d), holds);
    push(m, Effects.c(d), wide);
    switch (op) {
      case Op.CSINC64 -> c.lconst_1().ladd();
      case Op.CSINC32 -> c.iconst_1().iadd();
      case Op.CSINV64 -> {
        m.constant(-1L);
        c.lxor();
      }
      case Op.CSINV32 -> c.iconst_m1().ixor();
      case Op.CSNEG64 -> c.lneg();
      case Op.CSNEG32 -> c.ineg();
      default -> {
        // as it is
      }
    }
    c.goto_(done);
    c.labelBinding(holds);
    push(m, Effects.b(d), wide);
    c.labelBinding(done);
    if (wide) {
      m.set(Effects.a(d));
    } else {
      m.setInt(Effects.a(d));
    }
  }

  private static void other(Emitter m, long d, int op) {
    CodeBuilder c = m.c;
    if (op >= Op.CLZ64) {
      single(m, d, op);
      return;
    }
    if (op >= Op.UDIV64) {
      m.get(Effects.b(d));
      m.get(Effects.c(d));
      String[] names = {"udiv64", "udiv32", "sdiv64", "sdiv32"};
      m.call(ALU, names[op - Op.UDIV64], J, J, J);
      m.set(Effects.a(d));
      return;
    }
    boolean wide = (op - Op.LSLV64 & 1) == 0;
    push(m, Effects.b(d), wide);
    m.getInt(Effects.c(d));
    switch (op) {
      case Op.LSLV64, Op.LSLV32 -> shiftLeft(c, wide);
      case Op.LSRV64, Op.LSRV32 -> shiftRight(c, wide);
      case Op.ASRV64, Op.ASRV32 -> shiftSigned(c, wide);
      case Op.RORV64 -> m.call(LONG, "rotateRight", J, J, I);
      default -> m.call(INTEGER, "rotateRight", I, I, I);
    }
    if (wide) {
      m.set(Effects.a(d));
    } else {
      m.setInt(Effects.a(d));
    }
  }

  private static void single(Emitter m, long d, int op) {
    boolean wide = (op - Op.CLZ64 & 1) == 0;
    push(m, Effects.b(d), wide);
    switch (op) {
      case Op.CLZ64 -> {
        m.call(LONG, "numberOfLeadingZeros", I, J);
        m.c.i2l();
      }
      case Op.CLZ32 -> m.call(INTEGER, "numberOfLeadingZeros", I, I);
      case Op.RBIT64 -> m.call(LONG, "reverse", J, J);
      case Op.RBIT32 -> m.call(INTEGER, "reverse", I, I);
      case Op.REV64 -> m.call(LONG, "reverseBytes", J, J);
      default -> m.call(INTEGER, "reverseBytes", I, I);
    }
    if (wide) {
      m.set(Effects.a(d));
    } else {
      m.setInt(Effects.a(d));
    }
  }

  private static void multiply(Emitter m, long d, int op) {
    CodeBuilder c = m.c;
    int addend = Effects.imm(d);
    int a = Effects.a(d);
    switch (op) {
      case Op.SMULH, Op.UMULH -> {
        m.get(Effects.b(d));
        m.get(Effects.c(d));
        m.call(MATH, op == Op.SMULH ? "multiplyHigh" : "unsignedMultiplyHigh", J, J, J);
        m.set(a);
      }
      case Op.MADD32, Op.MSUB32 -> {
        m.getInt(addend);
        m.getInt(Effects.b(d));
        m.getInt(Effects.c(d));
        c.imul();
        if (op == Op.MADD32) {
          c.iadd();
        } else {
          c.isub();
        }
        m.setInt(a);
      }
      case Op.SMADDL, Op.UMADDL -> {
        int option = op == Op.SMADDL ? 6 : 2;
        m.get(addend);
        extended(m, Effects.b(d), option, 0);
        extended(m, Effects.c(d), option, 0);
        c.lmul().ladd();
        m.set(a);
      }
      default -> {
        m.get(addend);
        m.get(Effects.b(d));
        m.get(Effects.c(d));
        c.lmul();
        if (op == Op.MADD64) {
          c.ladd();
        } else {
          c.lsub();
        }
        m.set(a);
      }
    }
  }

  /** MRS of the thread pointer. */
  static void threadPointer(Emitter m, long d) {
    m.c.aload(L_CPU).getfield(Emitter.CPU, "tpidr", J);
    m.set(Effects.a(d));
  }
}
