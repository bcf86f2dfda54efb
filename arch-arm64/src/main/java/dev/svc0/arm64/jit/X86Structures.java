package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.ADD;
import static dev.svc0.arm64.jit.X86Assembler.AND;
import static dev.svc0.arm64.jit.X86Assembler.NE;
import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.OR;
import static dev.svc0.arm64.jit.X86Assembler.R15;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDX;
import static dev.svc0.arm64.jit.X86Assembler.XOR;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.isa.A64;

/**
 * Accesses to structures of vector elements, ordered loads and stores, and atomic operations. The
 * host's locked instructions order all that the guest's ordered forms do.
 */
final class X86Structures extends X86Instruction {
  private static final int READ = X86Memory.READ;
  private static final int WRITE = X86Memory.WRITE;

  X86Structures(X86Writer m, int number, int insn) {
    super(m, number, insn);
  }

  boolean emit() {
    return switch (number) {
      case A64.LD_multi, A64.LD_multi_post, A64.ST_multi, A64.ST_multi_post -> multiple();
      case A64.LD_single, A64.LD_single_post, A64.ST_single, A64.ST_single_post -> single();
      case A64.LDAR, A64.LDAPR -> loadAcquire();
      case A64.STLR -> storeRelease();
      case A64.CAS -> compareAndSwap();
      case A64.LDADD, A64.SWP -> exchange();
      case A64.LDCLR, A64.LDEOR, A64.LDSET -> combine();
      default -> false;
    };
  }

  private boolean isLoad() {
    return field(22, 1) != 0;
  }

  /** Has RAX be the address of an access. */
  private void reach(int bytes, int access) {
    if (n == Cpu.SP) {
      m.checkStack();
    }
    m.get(true, RAX, n);
    m.reachAccumulator(bytes, access);
  }

  // ---- structures ----

  private boolean multiple() {
    int opcode = field(12, 4);
    int size = field(10, 2);
    int repeats =
        switch (opcode) {
          case 7 -> 1;
          case 10 -> 2;
          case 6 -> 3;
          case 2 -> 4;
          default -> 0;
        };
    int interleaved = opcode == 8 ? 2 : opcode == 0 ? 4 : 0;
    if (repeats == 0 && (interleaved == 0 || size == 3 && !isFull || interleaved == 4 && !isFull)) {
      return false;
    }
    int bytes = (repeats + interleaved) * (isFull ? 16 : 8);
    reach(bytes, isLoad() ? READ : WRITE);
    for (int i = 0; i < repeats; i++) {
      int log = isFull ? 4 : 3;
      X86Memory.transfer(m, 2 * (d + i & 31), log, i << log, isLoad());
    }
    if (interleaved != 0) {
      interleave(interleaved, size);
    }
    writeBack(bytes);
    return true;
  }

  private void writeBack(int bytes) {
    if (field(23, 1) == 0) {
      return;
    }
    m.get(true, RCX, n);
    if (r == Cpu.SP) {
      a.aluImmediate(ADD, true, RCX, bytes);
    } else {
      m.alu(ADD, true, RCX, r);
    }
    m.done(n, RCX);
  }

  private void interleave(int count, int size) {
    if (isLoad()) {
      int vectors = isFull ? count : count / 2;
      for (int i = 0; i < vectors; i++) {
        a.loadups(i, R15, RAX, 16 * i);
      }
      if (!isFull) {
        move(1, 0);
      }
      separate(count, size);
      return;
    }
    for (int i = 0; i < count; i++) {
      load(i, d + i & 31);
    }
    join(count, size);
  }

  /** Elements of a few structures go to their registers. */
  private void separate(int count, int size) {
    X86SimdMove lanes = new X86SimdMove(m, number, insn);
    lanes.everySecond(size, 0, 1, 4);
    if (count == 2) {
      storeElements(0, 0);
      storeElements(1, 1);
      return;
    }
    // 0 and 1 have the even and odd elements of the first half, 2 and 3 of the second.
    lanes.everySecond(size, 2, 3, 4);
    lanes.everySecond(size, 0, 2, 4);
    lanes.everySecond(size, 1, 3, 4);
    storeElements(0, 0);
    storeElements(1, 1);
    storeElements(2, 2);
    storeElements(3, 3);
  }

  private void storeElements(int index, int x) {
    if (!isFull) {
      a.sse(0xf3, 0x0f7e, x, x);
    }
    store(d + index & 31, x);
  }

  /** Elements of a few registers go to structures. */
  private void join(int count, int size) {
    if (count == 4) {
      unpack(size, 0, 2, 4);
      unpack(size, 1, 3, 5);
      // 0, 4: elements of registers 0 and 2; 1, 5: of 1 and 3.
      unpack(size, 0, 1, 6);
      unpack(size, 4, 5, 7);
      storeInOrder(0, 6, 4, 7);
      return;
    }
    unpack(size, 0, 1, 4);
    a.storeups(R15, RAX, 0, 0);
    if (isFull) {
      a.storeups(R15, RAX, 16, 4);
    }
  }

  private void storeInOrder(int... registers) {
    for (int i = 0; i < registers.length; i++) {
      a.storeups(R15, RAX, 16 * i, registers[i]);
    }
  }

  /** Low elements of two registers alternate in the first one, high ones in another. */
  private void unpack(int size, int first, int second, int high) {
    move(high, first);
    packed(UNPACK_LOW[size], first, second);
    packed(UNPACK_HIGH[size], high, second);
  }

  private boolean single() {
    int scale = field(14, 2);
    if (field(13, 1) != 0 || field(21, 1) != 0) {
      return false; // of two to four registers
    }
    if (scale == 3) {
      return isLoad() && field(12, 1) == 0 && replicate();
    }
    int index = field(30, 1) << 3 | field(12, 1) << 2 | field(10, 2);
    int size = scale == 2 ? 2 + (index & 1) : scale;
    int unused = scale == 2 ? (index & 1) != 0 ? index & 6 : index & 2 : scale == 1 ? index & 1 : 0;
    if (unused != 0) {
      return false;
    }
    element(size, index >>> size);
    writeBack(1 << size);
    return true;
  }

  private boolean replicate() {
    int size = field(10, 2);
    reach(1 << size, READ);
    loadGeneral(size, RCX);
    a.sseWide(0x66, 0x0f6e, 0, RCX);
    broadcast(0, size, 1);
    result(0);
    writeBack(1 << size);
    return true;
  }

  private void element(int size, int index) {
    reach(1 << size, isLoad() ? READ : WRITE);
    if (isLoad()) {
      loadGeneral(size, RCX);
      load(0, d);
      X86SimdMove.insert(a, size, 0, RCX, index);
      store(d, 0);
    } else {
      loadElement(RCX, d, size, index);
      X86Memory.store(m, size, RCX);
    }
  }

  private void loadGeneral(int size, int host) {
    if (size < 2) {
      a.movzx(size, host, R15, RAX, 0);
    } else {
      a.load(size == 3, host, R15, RAX, 1, 0);
    }
  }

  // ---- ordered and atomic accesses ----

  private int size() {
    return insn >>> 30;
  }

  /** The same for an access that must be aligned. */
  private void reachAligned(int access) {
    if (n == Cpu.SP) {
      m.checkStack();
    }
    m.get(true, RAX, n);
    if (size() != 0) {
      a.test8(RAX, (1 << size()) - 1);
      a.jump(NE, m.leave());
    }
    m.reachAccumulator(1 << size(), access);
  }

  private boolean loadAcquire() {
    reachAligned(READ);
    int to = m.out(target(d), RDX);
    loadGeneral(size(), to);
    m.done(target(d), to);
    return true;
  }

  /** An exchange, which later accesses stay behind. */
  private boolean storeRelease() {
    reachAligned(WRITE);
    m.get(true, RDX, source(d));
    a.xchgMemory(size(), RDX, R15, RAX);
    return true;
  }

  private void extend(int host) {
    if (size() < 2) {
      a.movzx(size(), host, host);
    }
  }

  private boolean exchange() {
    reachAligned(READ | WRITE);
    m.get(size() == 3, RDX, source(r));
    if (number == A64.SWP) {
      a.xchgMemory(size(), RDX, R15, RAX);
    } else {
      a.lock();
      a.xadd(size(), RDX, R15, RAX);
    }
    extend(RDX);
    m.done(target(d), RDX);
    return true;
  }

  private boolean compareAndSwap() {
    reachAligned(READ | WRITE);
    a.lea(true, RCX, R15, RAX, 1, 0);
    m.get(size() == 3, RAX, source(r));
    m.get(size() == 3, RDX, source(d));
    a.lock();
    a.cmpxchg(size(), RDX, RCX, NONE);
    extend(RAX);
    m.done(target(r), RAX);
    return true;
  }

  /** Until the value that was seen is exchanged. */
  private boolean combine() {
    reachAligned(READ | WRITE);
    a.lea(true, RCX, R15, RAX, 1, 0);
    loadGeneral(size(), RAX);
    int again = a.newLabel();
    a.bind(again);
    m.get(size() == 3, RDX, source(r));
    switch (number) {
      case A64.LDCLR -> {
        a.not(size() == 3, RDX);
        a.alu(AND, size() == 3, RDX, RAX);
      }
      case A64.LDEOR -> a.alu(XOR, size() == 3, RDX, RAX);
      default -> a.alu(OR, size() == 3, RDX, RAX);
    }
    a.lock();
    a.cmpxchg(size(), RDX, RCX, NONE);
    a.jump(NE, again);
    extend(RAX);
    m.done(target(d), RAX);
    return true;
  }
}
