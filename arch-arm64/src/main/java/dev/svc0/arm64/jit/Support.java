package dev.svc0.arm64.jit;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.cpu.Exceptions;
import dev.svc0.arm64.cpu.GuestAbort;
import dev.svc0.arm64.cpu.GuestMemory;
import dev.svc0.arm64.interp.A64Semantics;
import dev.svc0.arm64.interp.Alu;
import dev.svc0.arm64.interp.Fp;
import dev.svc0.runtime.mm.MemoryManager;
import java.util.Objects;

/** What generated code calls. The small methods are there to be inlined. */
final class Support {
  /** Returned by a unit: the address is in {@code cpu.pc}, and only the engine may go on. */
  static final long UNWIND = Long.MIN_VALUE;

  /** Returned by a unit to {@link Resumption} only: it was left, at {@code cpu.pc}. */
  static final long LEFT = Long.MIN_VALUE + 1;

  /** Nested calls of units; beyond, all of them are left. */
  static final int MOST_DEPTH = 240;

  /** Where a syndrome has its class, and that of system calls. */
  private static final int EXCEPTION_CLASS = 26;

  private static final int SVC_CLASS = 0x15;

  private static final int[] CRC32 = Alu.crcTable(0xedb88320);
  private static final int[] CRC32C = Alu.crcTable(0x82f63b78);

  private Support() {}

  /** Whether a unit agrees with memory. */
  static boolean isValid(Cpu cpu, int unit) {
    byte[] valid = cpu.units;
    return unit < valid.length && valid[unit] != 0;
  }

  static boolean mayEnter(Cpu cpu, int unit, int depth) {
    return isValid(cpu, unit) && cpu.requests == 0 && depth < MOST_DEPTH;
  }

  /** What a unit does instead when it may not run. */
  static long refused(Cpu cpu, int unit, int depth) {
    return space(cpu).refused(cpu, unit, depth);
  }

  static UnitSpace space(Cpu cpu) {
    return (UnitSpace) Objects.requireNonNull(cpu.unitSpace);
  }

  /** An indirect branch: the unit at an address runs if there is one. */
  static long jump(Cpu cpu, long address, int depth) {
    long pc = address << 8 >> 8;
    UnitSpace space = space(cpu);
    Unit unit = space.fast(pc);
    return unit != null && unit.pc == pc ? unit.code.run(cpu, depth) : space.enter(cpu, pc, depth);
  }

  /** The same, from a branch that could go on in its own unit. */
  static long jumpFrom(Cpu cpu, long address, int depth, int unit, long branch) {
    space(cpu).noteIndirect(unit, branch, address << 8 >> 8);
    return jump(cpu, address, depth);
  }

  /**
   * A unit is left at an instruction that it cannot do itself, as at a page fault; all state is
   * stored.
   *
   * @return where its caller goes on
   */
  static long leave(Cpu cpu, long pc, int depth) {
    cpu.pc = pc;
    return Resumption.resume(cpu, depth);
  }

  /**
   * Where a range lies on the host that is not in the first window, or has a tag.
   *
   * @param how bytes &lt;&lt; 4 and the permissions
   * @return 0 when it may not be accessed as it is
   */
  static long outside(Cpu cpu, long address, int how) {
    long plain = GuestMemory.untagged(address);
    long last = plain + (how >>> 4) - 1;
    long host = permitted(cpu, plain, how & 15);
    boolean across = (plain ^ last) >>> 12 != 0;
    return host != 0 && across && permitted(cpu, last, how & 15) == 0 ? 0 : host;
  }

  private static long permitted(Cpu cpu, long plain, int access) {
    boolean both = access == (MemoryManager.PERM_READ | MemoryManager.PERM_WRITE);
    if (both && GuestMemory.hostOfPermitted(cpu, plain, MemoryManager.PERM_READ) == 0) {
      return 0;
    }
    return GuestMemory.hostOfPermitted(cpu, plain, both ? MemoryManager.PERM_WRITE : access);
  }

  /** The instruction as the interpreter does it. */
  static void execute(Cpu cpu, long pc, int insn, int number) {
    cpu.pc = pc;
    A64Semantics.execute(cpu, insn, number);
  }

  /**
   * A system call; all state is stored and {@code cpu.pc} is the next instruction.
   *
   * @return whether the caller may go on there
   */
  static boolean svc(Cpu cpu, int imm16) {
    Exceptions.svc(cpu, imm16);
    return supervise(cpu);
  }

  /**
   * A synchronous exception was taken. A system call is made, and anything else thrown on to the
   * engine.
   *
   * @return whether the caller may go on at {@code cpu.pc}
   */
  static boolean supervise(Cpu cpu) {
    Cpu.Supervisor supervisor = cpu.supervisor;
    if (supervisor == null || cpu.esr >>> EXCEPTION_CLASS != SVC_CLASS) {
      throw GuestAbort.INSTANCE;
    }
    long next = cpu.pc;
    Object space = cpu.unitSpace;
    cpu.exclusiveAddress = -1;
    return supervisor.svc(cpu) && cpu.pc == next && cpu.unitSpace == space && cpu.requests == 0;
  }

  static int crc32(int accumulator, long data, int bytes) {
    return Alu.crc32(accumulator, data, bytes, CRC32);
  }

  static int crc32c(int accumulator, long data, int bytes) {
    return Alu.crc32(accumulator, data, bytes, CRC32C);
  }

  /** Flags of a + b + carry. */
  static int carryFlags(long a, long b, int carry) {
    return Alu.addFlags64(a, b, a + b + carry);
  }

  static long add64(long a, long b, Cpu cpu) {
    double r = Double.longBitsToDouble(a) + Double.longBitsToDouble(b);
    return Fp.isPlain(cpu) && Math.abs(r) < Fp.LARGE
        ? Double.doubleToRawLongBits(r)
        : Fp.add(cpu, a, b, 3);
  }

  static long subtract64(long a, long b, Cpu cpu) {
    double r = Double.longBitsToDouble(a) - Double.longBitsToDouble(b);
    return Fp.isPlain(cpu) && Math.abs(r) < Fp.LARGE
        ? Double.doubleToRawLongBits(r)
        : Fp.subtract(cpu, a, b, 3);
  }

  static long multiply64(long a, long b, Cpu cpu) {
    double r = Double.longBitsToDouble(a) * Double.longBitsToDouble(b);
    return Fp.isPlain(cpu) && Fp.ordinary(r)
        ? Double.doubleToRawLongBits(r)
        : Fp.multiply(cpu, a, b, 3);
  }

  static long divide64(long a, long b, Cpu cpu) {
    double r = Double.longBitsToDouble(a) / Double.longBitsToDouble(b);
    return Fp.isPlain(cpu) && Fp.ordinary(r)
        ? Double.doubleToRawLongBits(r)
        : Fp.divide(cpu, a, b, 3);
  }

  static long multiplyAdd64(long c, long a, long b, Cpu cpu) {
    double r =
        Math.fma(
            Double.longBitsToDouble(a), Double.longBitsToDouble(b), Double.longBitsToDouble(c));
    return Fp.isPlain(cpu) && Fp.ordinary(r)
        ? Double.doubleToRawLongBits(r)
        : Fp.multiplyAdd(cpu, c, a, b, 3);
  }

  private static float single(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  private static long bits(float value) {
    return Float.floatToRawIntBits(value) & 0xffffffffL;
  }

  static long add32(long a, long b, Cpu cpu) {
    float r = single(a) + single(b);
    return Fp.isPlain(cpu) && Math.abs(r) < Fp.LARGE_FLOAT ? bits(r) : Fp.add(cpu, a, b, 2);
  }

  static long subtract32(long a, long b, Cpu cpu) {
    float r = single(a) - single(b);
    return Fp.isPlain(cpu) && Math.abs(r) < Fp.LARGE_FLOAT ? bits(r) : Fp.subtract(cpu, a, b, 2);
  }

  static long multiply32(long a, long b, Cpu cpu) {
    float r = single(a) * single(b);
    return Fp.isPlain(cpu) && Fp.ordinary(r) ? bits(r) : Fp.multiply(cpu, a, b, 2);
  }

  static long divide32(long a, long b, Cpu cpu) {
    float r = single(a) / single(b);
    return Fp.isPlain(cpu) && Fp.ordinary(r) ? bits(r) : Fp.divide(cpu, a, b, 2);
  }

  static long multiplyAdd32(long c, long a, long b, Cpu cpu) {
    float r = Math.fma(single(a), single(b), single(c));
    return Fp.isPlain(cpu) && Fp.ordinary(r) ? bits(r) : Fp.multiplyAdd(cpu, c, a, b, 2);
  }

  /** Flags of a comparison: size, and whether all NaNs signal &lt;&lt; 2. */
  static int compare(long a, long b, Cpu cpu, int how) {
    return Fp.compare(cpu, a, b, how & 3, (how & 4) != 0);
  }
}
