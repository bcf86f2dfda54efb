package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.Emitter.I;
import static dev.svc0.arm64.jit.Emitter.J;
import static dev.svc0.arm64.jit.Emitter.L_T;
import static dev.svc0.arm64.jit.Emitter.L_U;
import static dev.svc0.arm64.jit.Emitter.UNSAFE;

import dev.svc0.arm64.isa.A64;
import dev.svc0.runtime.mm.MemoryManager;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Accesses to memory without an operation of their own: LD1 and ST1 of whole registers, LD1R,
 * ordered loads and stores, and atomic operations on 4 and 8 bytes.
 */
final class EmitStructures {
  private static final int READ = MemoryManager.PERM_READ;
  private static final int WRITE = MemoryManager.PERM_WRITE;
  private static final int ZERO = 32;
  private static final int SINK = 33;

  private EmitStructures() {}

  /** Whether an instruction is inlined here, and no reserved form. */
  static boolean covers(int number, int insn) {
    return switch (number) {
      case A64.LD_multi, A64.LD_multi_post, A64.ST_multi, A64.ST_multi_post -> registers(insn) != 0;
      case A64.LD_single, A64.LD_single_post -> (insn >>> 12 & 15) == 12 && (insn >>> 21 & 1) == 0;
      case A64.LDAR, A64.STLR, A64.LDAPR -> true;
      case A64.CAS, A64.SWP, A64.LDADD -> insn >>> 30 >= 2;
      default -> false;
    };
  }

  /** Registers of an LD1 or ST1; 0 for other structures. */
  private static int registers(int insn) {
    return switch (insn >>> 12 & 15) {
      case 7 -> 1;
      case 10 -> 2;
      case 6 -> 3;
      case 2 -> 4;
      default -> 0;
    };
  }

  private static boolean isFull(int insn) {
    return (insn >>> 30 & 1) != 0;
  }

  private static int n(int insn) {
    return insn >>> 5 & 31;
  }

  /** Register 31 is the zero register. */
  private static int source(int register) {
    return register == 31 ? ZERO : register;
  }

  private static int target(int register) {
    return register == 31 ? SINK : register;
  }

  private static long x(int register) {
    return register == 31 ? 0 : 1L << register;
  }

  private static boolean isPost(int number) {
    return number == A64.LD_multi_post
        || number == A64.ST_multi_post
        || number == A64.LD_single_post;
  }

  private static boolean isStore(int number) {
    return number == A64.ST_multi || number == A64.ST_multi_post;
  }

  private static boolean isVector(int number) {
    return number >= A64.ST_multi && number <= A64.LD_single_post;
  }

  private static long vectors(int number, int insn) {
    int count = isSingle(number) ? 1 : registers(insn);
    long all = 0;
    for (int i = 0; i < count; i++) {
      all |= 1L << 32 + (insn + i & 31);
    }
    return all;
  }

  private static boolean isSingle(int number) {
    return number == A64.LD_single || number == A64.LD_single_post;
  }

  static long reads(int number, int insn) {
    long base = 1L << n(insn);
    int m = insn >>> 16 & 31;
    if (isVector(number)) {
      long index = isPost(number) ? x(m) : 0;
      return base | index | (isStore(number) ? vectors(number, insn) : 0);
    }
    return switch (number) {
      case A64.STLR -> base | x(insn & 31);
      case A64.CAS -> base | x(m) | x(insn & 31);
      case A64.SWP, A64.LDADD -> base | x(m);
      default -> base;
    };
  }

  static long writes(int number, int insn) {
    if (isVector(number)) {
      long base = isPost(number) ? 1L << n(insn) : 0;
      return base | (isStore(number) ? 0 : vectors(number, insn));
    }
    return switch (number) {
      case A64.STLR -> 0;
      case A64.CAS -> x(insn >>> 16 & 31);
      default -> x(insn & 31);
    };
  }

  static void emit(Emitter m, int number, int insn) {
    EmitMemory.base(m, n(insn));
    if (isVector(number)) {
      vectors(m, number, insn);
    } else {
      ordered(m, number, insn);
    }
  }

  private static void vectors(Emitter m, int number, int insn) {
    int bytes;
    if (isSingle(number)) {
      bytes = 1 << (insn >>> 10 & 3);
      replicate(m, insn);
    } else {
      int size = isFull(insn) ? 4 : 3;
      bytes = registers(insn) << size;
      EmitMemory.reach(m, bytes, isStore(number) ? WRITE : READ);
      for (int i = 0; i < registers(insn); i++) {
        EmitMemory.transfer(m, 2 * (insn + i & 31), size, i << size, !isStore(number));
      }
    }
    if (isPost(number)) {
      int index = insn >>> 16 & 31;
      m.get(n(insn));
      if (index == 31) {
        m.constant((long) bytes);
      } else {
        m.get(index);
      }
      m.c.ladd();
      m.set(n(insn));
    }
  }

  private static void replicate(Emitter m, int insn) {
    int size = insn >>> 10 & 3;
    int d = 2 * (insn & 31);
    EmitMemory.reach(m, 1 << size, READ);
    EmitMemory.fetch(m, size, 0);
    if (size < 3) {
      m.c.i2l();
      m.constant(-1L >>> 64 - (8 << size));
      m.c.land();
      m.constant(Elements.repeat(1, size));
      m.c.lmul();
    }
    m.c.lstore(L_T).lload(L_T);
    m.setHalf(d);
    if (isFull(insn)) {
      m.c.lload(L_T);
    } else {
      m.c.lconst_0();
    }
    m.setHalf(d + 1);
  }

  /** Accesses that must be aligned: where they are not, the interpreter takes the exception. */
  private static void ordered(Emitter m, int number, int insn) {
    int size = insn >>> 30;
    boolean isLoad = number == A64.LDAR || number == A64.LDAPR;
    if (size > 0) {
      m.c.lload(L_T).l2i();
      m.constant((1 << size) - 1);
      m.c.iand().ifne(m.leave());
    }
    EmitMemory.reach(m, 1 << size, isLoad ? READ : number == A64.STLR ? WRITE : READ | WRITE);
    switch (number) {
      case A64.STLR -> {
        location(m);
        value(m, insn & 31, size);
        call(m, "put", size, "Volatile", true);
      }
      case A64.CAS -> compareAndSwap(m, insn, size);
      case A64.SWP, A64.LDADD -> {
        location(m);
        value(m, insn >>> 16 & 31, size);
        modify(m, number == A64.SWP ? "getAndSet" : "getAndAdd", size);
        m.set(target(insn & 31));
      }
      default -> {
        location(m);
        call(m, "get", size, "Volatile", false);
        extend(m, size);
        m.set(target(insn & 31));
      }
    }
  }

  /** Pushes what a method of Unsafe takes for a location. */
  private static void location(Emitter m) {
    m.unsafe();
    m.c.aconst_null();
    m.hostAddress(0);
  }

  private static void value(Emitter m, int register, int size) {
    if (size == 3) {
      m.get(source(register));
      return;
    }
    m.getInt(source(register));
    if (size == 1) {
      m.c.i2s();
    } else if (size == 0) {
      m.c.i2b();
    }
  }

  private static void extend(Emitter m, int size) {
    if (size < 3) {
      m.c.i2l();
      m.constant(-1L >>> 64 - (8 << size));
      m.c.land();
    }
  }

  private static ClassDesc type(int size) {
    return switch (size) {
      case 3 -> J;
      case 2 -> I;
      case 1 -> ConstantDescs.CD_short;
      default -> ConstantDescs.CD_byte;
    };
  }

  private static void call(Emitter m, String verb, int size, String how, boolean isStore) {
    String[] names = {"Byte", "Short", "Int", "Long"};
    MethodTypeDesc method =
        isStore
            ? MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, J, type(size))
            : MethodTypeDesc.of(type(size), ConstantDescs.CD_Object, J);
    m.c.invokevirtual(UNSAFE, verb + names[size] + how, method);
  }

  /** Leaves the old value, zero-extended. */
  private static void modify(Emitter m, String verb, int size) {
    ClassDesc type = type(size);
    m.c.invokevirtual(
        UNSAFE,
        verb + (size == 3 ? "Long" : "Int"),
        MethodTypeDesc.of(type, ConstantDescs.CD_Object, J, type));
    extend(m, size);
  }

  /** Until the exchange succeeds, or another value than the expected one is seen. */
  private static void compareAndSwap(Emitter m, int insn, int size) {
    int expected = insn >>> 16 & 31;
    Label again = m.c.newLabel();
    Label done = m.c.newLabel();
    m.c.labelBinding(again);
    location(m);
    call(m, "get", size, "Volatile", false);
    extend(m, size);
    m.c.lstore(L_U).lload(L_U);
    m.get(source(expected));
    if (size == 2) {
      m.c.l2i();
      m.zeroExtend();
    }
    m.c.lcmp().ifne(done);
    location(m);
    value(m, expected, size);
    value(m, insn & 31, size);
    ClassDesc type = type(size);
    m.c.invokevirtual(
        UNSAFE,
        "compareAndSwap" + (size == 3 ? "Long" : "Int"),
        MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object, J, type, type));
    m.c.ifeq(again);
    m.c.labelBinding(done);
    m.c.lload(L_U);
    m.set(target(expected));
  }
}
