package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.INTEGER;
import static dev.svc0.arm64.jit.Emitter.J;
import static dev.svc0.arm64.jit.Emitter.LONG;
import static dev.svc0.arm64.jit.Emitter.L_FLAG_A;
import static dev.svc0.arm64.jit.Emitter.L_FLAG_B;
import static dev.svc0.arm64.jit.Emitter.L_HELD;
import static dev.svc0.arm64.jit.Emitter.L_NZCV;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;

/** Branches on conditions, from whatever represents the flags. */
final class EmitCondition {
  private static final int EQ = 0;
  private static final int CS = 2;
  private static final int MI = 4;
  private static final int VS = 6;
  private static final int HI = 8;
  private static final int GE = 10;
  private static final int GT = 12;
  private static final int AL = 14;

  private EmitCondition() {}

  /** Jumps if a condition holds; the representation of the flags stays as it is. */
  static void branchIf(Emitter m, int condition, Label target) {
    if (condition >= AL) {
      m.c.goto_(target);
      return;
    }
    switch (m.kind) {
      case Flags.SUB64 -> difference(m, condition, target, false);
      case Flags.SUB32 -> difference(m, condition, target, true);
      case Flags.LOGIC -> logic(m, condition, target);
      case Flags.CCMP64, Flags.CCMP32 -> conditional(m, condition, target);
      default -> general(m, condition, target);
    }
  }

  private static void general(Emitter m, int condition, Label target) {
    m.constant(Flags.mask(condition));
    m.pushFlags();
    m.c.iushr().iconst_1().iand().ifne(target);
  }

  private static void difference(Emitter m, int condition, Label target, boolean ints) {
    CodeBuilder c = m.c;
    int base = condition & ~1;
    boolean not = (condition & 1) != 0;
    if (base == MI || base == VS) {
      if (base == VS) {
        general(m, condition, target);
        return;
      }
      if (ints) {
        m.pushIntOperands();
        c.isub();
      } else {
        c.lload(L_FLAG_A).lload(L_FLAG_B).lsub().lconst_0().lcmp();
      }
      c.branch(not ? Opcode.IFGE : Opcode.IFLT, target);
      return;
    }
    boolean unsigned = base == CS || base == HI;
    if (ints) {
      m.pushIntOperands();
      if (!unsigned) {
        c.branch(intCompare(base, not), target);
        return;
      }
      m.call(INTEGER, "compareUnsigned", I, I, I);
    } else {
      c.lload(L_FLAG_A).lload(L_FLAG_B);
      if (unsigned) {
        m.call(LONG, "compareUnsigned", I, J, J);
      } else {
        c.lcmp();
      }
    }
    c.branch(compare(base, not), target);
  }

  /** Of the result of a comparison with zero. */
  private static Opcode compare(int base, boolean not) {
    return switch (base) {
      case EQ -> not ? Opcode.IFNE : Opcode.IFEQ;
      case CS, GE -> not ? Opcode.IFLT : Opcode.IFGE;
      default -> not ? Opcode.IFLE : Opcode.IFGT;
    };
  }

  private static Opcode intCompare(int base, boolean not) {
    return switch (base) {
      case EQ -> not ? Opcode.IF_ICMPNE : Opcode.IF_ICMPEQ;
      case GE -> not ? Opcode.IF_ICMPLT : Opcode.IF_ICMPGE;
      default -> not ? Opcode.IF_ICMPLE : Opcode.IF_ICMPGT;
    };
  }

  /** C and V are clear. */
  private static void logic(Emitter m, int condition, Label target) {
    int base = condition & ~1;
    boolean not = (condition & 1) != 0;
    if (base == CS || base == VS || base == HI) {
      if (not) {
        m.c.goto_(target);
      }
      return;
    }
    m.c.lload(L_FLAG_A).lconst_0().lcmp();
    m.c.branch(
        base == MI ? not ? Opcode.IFGE : Opcode.IFLT : compare(base == GT ? HI : base, not),
        target);
  }

  private static void conditional(Emitter m, int condition, Label target) {
    Label other = m.c.newLabel();
    Label done = m.c.newLabel();
    m.c.iload(L_HELD).ifeq(other);
    int base = condition & ~1;
    if (base == VS) {
      m.c.labelBinding(other);
      general(m, condition, target);
      m.c.labelBinding(done);
      return;
    }
    difference(m, condition, target, m.kind == Flags.CCMP32);
    m.c.goto_(done);
    m.c.labelBinding(other);
    if (m.otherwise >= 0) {
      if ((Flags.mask(condition) >>> m.otherwise & 1) != 0) {
        m.c.goto_(target);
      }
    } else {
      m.constant(Flags.mask(condition));
      m.c.iload(L_NZCV).iushr().iconst_1().iand().ifne(target);
    }
    m.c.labelBinding(done);
  }
}
