package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The method of a unit while it is written: where guest registers and helpers live, and the small
 * sequences that all instructions are made of.
 *
 * <p>A general register is a local variable of type long, a vector register two.
 */
final class Emitter {
  static final ClassDesc CPU = Cpu.class.describeConstable().orElseThrow();
  static final ClassDesc SUPPORT = Support.class.describeConstable().orElseThrow();
  static final ClassDesc FLAGS = Flags.class.describeConstable().orElseThrow();
  static final ClassDesc ALU = ClassDesc.of("dev.svc0.arm64.interp.Alu");
  static final ClassDesc HOST = Host.class.describeConstable().orElseThrow();
  static final ClassDesc UNSAFE = ClassDesc.of(Host.CLASS);
  static final ClassDesc LONG = ClassDesc.of("java.lang.Long");
  static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");
  static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  static final ClassDesc J = ConstantDescs.CD_long;
  static final ClassDesc I = ConstantDescs.CD_int;

  static final int L_CPU = 0;
  static final int L_DEPTH = 1;
  static final int L_BASE = 2;
  static final int L_X = 4;
  static final int L_V = 5;
  static final int L_PERMISSIONS = 6;
  static final int L_T = 8;
  static final int L_HOST = 10;
  static final int L_FLAG_A = 12;
  static final int L_FLAG_B = 14;
  static final int L_NZCV = 16;
  static final int L_KIND = 17;
  static final int L_HELD = 18;
  static final int L_ABORT = 19;
  static final int L_U = 20;
  private static final int L_REGISTERS = 22;

  private static final long LOW_32 = 0xffffffffL;
  private static final int ZERO_REGISTER = 32;
  private static final int SINK = 33;

  final CodeBuilder c;
  private final int[] slots = new int[96];
  private int nextSlot = L_REGISTERS;

  /** How the flags are represented here; see {@link Flags}. */
  int kind;

  /** The flags if the condition of the last CCMP in this block did not hold; −1 unknown. */
  int otherwise = -1;

  /** Address of the instruction. */
  long pc;

  /** Whether SP was found aligned in this block, and has stayed so. */
  boolean stackAligned;

  /** Accesses of this block that are checked together. */
  AccessGroups groups = AccessGroups.NONE;

  /** Accesses whose page is remembered. */
  StablePages pages = new StablePages();

  /** What is written behind all blocks, because it is rarely reached; may be added to meanwhile. */
  final List<Runnable> later = new ArrayList<>();

  /**
   * Where the instruction leaves the unit, for the interpreter to execute it; null: it never does.
   */
  @Nullable Label leaving;

  /** Local variable with a host address, and what to add to it. */
  private int host = L_HOST;

  private long hostOffset;

  Emitter(CodeBuilder c) {
    this.c = c;
  }

  /** The local variable of a general register, or of half a vector register (64 + index). */
  private int slot(int register) {
    if (slots[register] == 0) {
      slots[register] = nextSlot;
      nextSlot += 2;
    }
    return slots[register];
  }

  /** A local variable of this many words. */
  int newLocal(int words) {
    nextSlot += words;
    return nextSlot - words;
  }

  /** Pushes a general register: 32 reads as zero. */
  void get(int register) {
    if (register == ZERO_REGISTER) {
      c.lconst_0();
    } else {
      c.lload(slot(register));
    }
  }

  /** Pushes the low 32 bits of a general register as an int. */
  void getInt(int register) {
    if (register == ZERO_REGISTER) {
      c.iconst_0();
    } else {
      c.lload(slot(register)).l2i();
    }
  }

  /** Pops into a general register: 33 swallows it. */
  void set(int register) {
    if (register == SINK) {
      c.pop2();
    } else {
      if (register == Cpu.SP) {
        stackAligned = false;
      }
      c.lstore(slot(register));
    }
  }

  /** Pops an int into a general register, zero-extended. */
  void setInt(int register) {
    zeroExtend();
    set(register);
  }

  /** An int becomes a long between 0 and 2^32. */
  void zeroExtend() {
    c.i2l();
    constant(LOW_32);
    c.land();
  }

  /** Pushes half a vector register by its index in {@code Cpu.v}. */
  void getHalf(int index) {
    c.lload(slot(ZERO_REGISTER + index));
  }

  /** Pops half a vector register. */
  void setHalf(int index) {
    c.lstore(slot(ZERO_REGISTER + index));
  }

  /** Pops the low half; the high half becomes zero. */
  void setScalar(int index) {
    setHalf(index);
    c.lconst_0();
    setHalf(index + 1);
  }

  void constant(long value) {
    c.loadConstant(value);
  }

  void constant(int value) {
    c.loadConstant(value);
  }

  void helper(String name, ClassDesc result, ClassDesc... parameters) {
    c.invokestatic(SUPPORT, name, MethodTypeDesc.of(result, parameters));
  }

  void call(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
    c.invokestatic(owner, name, MethodTypeDesc.of(result, parameters));
  }

  /** Stores registers, given as bits, into the processor's state. */
  void spill(long registers) {
    for (long left = registers; left != 0; left &= left - 1) {
      int register = Long.numberOfTrailingZeros(left);
      if (register < 32) {
        c.aload(L_X);
        constant(register);
        get(register);
        c.lastore();
      } else {
        spillHalf(2 * (register - 32));
        spillHalf(2 * (register - 32) + 1);
      }
    }
  }

  private void spillHalf(int index) {
    c.aload(L_V);
    constant(index);
    getHalf(index);
    c.lastore();
  }

  /** Loads registers from the processor's state. */
  void reload(long registers) {
    for (long left = registers; left != 0; left &= left - 1) {
      int register = Long.numberOfTrailingZeros(left);
      if (register < 32) {
        c.aload(L_X);
        constant(register);
        c.laload();
        c.lstore(slot(register));
      } else {
        reloadHalf(2 * (register - 32));
        reloadHalf(2 * (register - 32) + 1);
      }
    }
  }

  private void reloadHalf(int index) {
    c.aload(L_V);
    constant(index);
    c.laload();
    setHalf(index);
  }

  /** Everything that local variables know goes to the processor's state. */
  void spillAll(long registers, boolean flagsDirty) {
    spill(registers);
    if (flagsDirty) {
      spillFlags();
    }
  }

  void spillFlags() {
    c.aload(L_CPU);
    pushFlags();
    c.putfield(CPU, "nzcv", I);
  }

  /** The flags are what the processor's state says. */
  void reloadFlags() {
    c.aload(L_CPU).getfield(CPU, "nzcv", I).istore(L_NZCV);
    setKind(Flags.PLAIN);
  }

  void setKind(int newKind) {
    constant(newKind);
    c.istore(L_KIND);
    kind = newKind;
    otherwise = -1;
  }

  /** Pushes the flags as a number. */
  void pushFlags() {
    switch (kind) {
      case Flags.PLAIN -> c.iload(L_NZCV);
      case Flags.SUB64 -> {
        c.lload(L_FLAG_A).lload(L_FLAG_B).lload(L_FLAG_A).lload(L_FLAG_B).lsub();
        call(ALU, "subFlags64", I, J, J, J);
      }
      case Flags.SUB32 -> {
        pushIntOperands();
        pushIntOperands();
        c.isub();
        call(ALU, "subFlags32", I, I, I, I);
      }
      case Flags.LOGIC -> {
        c.lload(L_FLAG_A);
        call(ALU, "logicFlags64", I, J);
      }
      default -> {
        c.iload(L_KIND).lload(L_FLAG_A).lload(L_FLAG_B).iload(L_NZCV).iload(L_HELD);
        call(FLAGS, "evaluate", I, I, J, J, I, I);
      }
    }
  }

  void pushIntOperands() {
    c.lload(L_FLAG_A).l2i().lload(L_FLAG_B).l2i();
  }

  /** Where to go, with nothing on the stack, to have this instruction interpreted. */
  Label leave() {
    Label label = leaving;
    if (label == null) {
      label = c.newLabel();
      leaving = label;
    }
    return label;
  }

  /** Pushes what accesses memory. */
  void unsafe() {
    // Not from a local variable: the compiler knows the constant not to be null.
    c.getstatic(HOST, "UNSAFE", ConstantDescs.CD_Object).checkcast(UNSAFE);
  }

  /** Accesses from now on are at a local variable plus an offset. */
  void setHost(int local, long offset) {
    host = local;
    hostOffset = offset;
  }

  /** Pushes the host address of the access plus an offset. */
  void hostAddress(long offset) {
    c.lload(host);
    if (hostOffset + offset != 0) {
      constant(hostOffset + offset);
      c.ladd();
    }
  }

  /** Sets {@code cpu.pc}. */
  void storePc(long address) {
    c.aload(L_CPU);
    constant(address);
    c.putfield(CPU, "pc", J);
  }

  /** Jumps if somebody wants the engine's attention. */
  void branchIfRequested(Label label) {
    c.aload(L_CPU).getfield(CPU, "requests", I).ifne(label);
  }
}
