package dev.svc0.arm64.jit;

import static dev.svc0.arm64.jit.X86Assembler.NONE;
import static dev.svc0.arm64.jit.X86Assembler.R12;
import static dev.svc0.arm64.jit.X86Assembler.R13;
import static dev.svc0.arm64.jit.X86Assembler.R14;
import static dev.svc0.arm64.jit.X86Assembler.R15;
import static dev.svc0.arm64.jit.X86Assembler.R8;
import static dev.svc0.arm64.jit.X86Assembler.RAX;
import static dev.svc0.arm64.jit.X86Assembler.RBP;
import static dev.svc0.arm64.jit.X86Assembler.RBX;
import static dev.svc0.arm64.jit.X86Assembler.RCX;
import static dev.svc0.arm64.jit.X86Assembler.RDI;
import static dev.svc0.arm64.jit.X86Assembler.RDX;
import static dev.svc0.arm64.jit.X86Assembler.RSI;
import static dev.svc0.arm64.jit.X86Assembler.RSP;

import dev.svc0.runtime.host.HostSyscall;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.MemoryManager;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Executable memory of the host with machine code in it, and the way into that code: a native call
 * during which the JVM neither moves arrays nor stops the thread, so the code must come back soon.
 */
final class X86Code {
  /** Entries of a table of where code can be entered, less one. */
  static final int TABLE_MASK = 8191;

  /** Higher bits of an address that count for its place in the table: so far up. */
  static final int TABLE_SHIFT = 13;

  private static final int ALIGNMENT = 16;
  private static final int MMAP_X86 = 9;
  private static final int MUNMAP_X86 = 11;
  private static final int MMAP_ARM = 222;
  private static final int MUNMAP_ARM = 215;
  private static final int READ_WRITE_EXECUTE = 7;

  /** MAP_PRIVATE, MAP_ANONYMOUS and MAP_NORESERVE. */
  private static final int MAPPING = 0x4022;

  /** No guest address is odd here: the engine has looked before. */
  private static final long NO_ADDRESS = Long.MIN_VALUE + 1;

  private static final Cleaner CLEANER = Cleaner.create();

  private static final MethodHandle ENTER =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS),
              Linker.Option.critical(true));

  /**
   * Of the routines that all units share, the one by which all code is left. The others have the
   * permissions that they look for as their numbers: whether RCX + 1 bytes at the guest address in
   * RAX may be accessed so; if not, the carry is set. RCX is lost.
   */
  static final int EXIT = 0;

  static final int ROUTINE_BITS = 2;

  static final int PAGE_SHIFT = 12;
  private static final int LAST_PAGE = (int) (MemoryManager.WINDOW_SIZE >>> PAGE_SHIFT) - 1;

  /** Of the first permission byte, from R15. */
  private static final int PERMISSIONS = (int) -MemoryManager.PERMISSIONS_BELOW;

  private final long base;
  private final long bytes;
  private final MemorySegment enter;
  private final long[] routines = new long[1 << ROUTINE_BITS];

  /** An entry that is of no address. */
  final long nowhere;

  private long used;

  private X86Code(long base, long bytes) {
    this.base = base;
    this.bytes = bytes;
    this.enter = MemorySegment.ofAddress(place(enterStub()));
    routines[EXIT] = place(exitStub());
    for (int access = EXIT + 1; access < routines.length; access++) {
      routines[access] = place(checkRoutine(access));
    }
    X86Assembler a = new X86Assembler();
    a.long8(NO_ADDRESS);
    a.movImmediate(RDX, X86Frame.INDIRECT);
    a.jumpFar((int) (routines[EXIT] - (base + used + a.position() + 5)));
    this.nowhere = place(a.finish()) + Long.BYTES;
    CLEANER.register(this, () -> unmap(base, bytes));
  }

  /** New memory of so many bytes; null when the host gives none that is executable. */
  static @Nullable X86Code create(long bytes) {
    long base = HostSyscall.call(MMAP_X86, MMAP_ARM, 0, bytes, READ_WRITE_EXECUTE, MAPPING, -1, 0);
    return base < 0 && base > -4096 ? null : new X86Code(base, bytes);
  }

  private static void unmap(long base, long bytes) {
    long ignored = HostSyscall.call(MUNMAP_X86, MUNMAP_ARM, base, bytes, 0, 0, 0, 0);
  }

  /** Whether there is room for so many bytes. */
  boolean hasRoom(int more) {
    return used + more + ALIGNMENT <= bytes;
  }

  /** Where this memory begins. */
  long base() {
    return base;
  }

  /** Bytes of it that have code. */
  int used() {
    return (int) used;
  }

  /** So many bytes have the code of an earlier run. */
  void restored(int bytes) {
    used = bytes + ALIGNMENT - 1 & -ALIGNMENT;
  }

  private long place(byte[] code) {
    long at = base + used;
    HostMemory.copy(code, 0, at, code.length);
    used += code.length + ALIGNMENT - 1 & -ALIGNMENT;
    return at;
  }

  /**
   * Places a unit's code.
   *
   * @param far offsets of displacements of jumps to common routines, above the routine's number
   * @return its address
   */
  long place(byte[] code, int[] far) {
    long at = base + used;
    for (int one : far) {
      int offset = one >>> ROUTINE_BITS;
      long to = routines[one & routines.length - 1];
      int displacement = (int) (to - (at + offset + Integer.BYTES));
      for (int i = 0; i < Integer.BYTES; i++) {
        code[offset + i] = (byte) (displacement >> 8 * i);
      }
    }
    return place(code);
  }

  /** Has a jump, given by the address of its displacement, go to an entry. Any thread may call. */
  static void link(long displacement, long entry) {
    // At a multiple of 4: other threads jump either way.
    HostMemory.putInt(displacement, (int) (entry - (displacement + Integer.BYTES)));
  }

  /** The guest address of an entry. */
  static long addressOf(long entry) {
    return HostMemory.getLong(entry - Long.BYTES);
  }

  /**
   * Enters code at what the context says.
   *
   * @return the guest address to go on at
   */
  long enter(
      MemorySegment context,
      MemorySegment x,
      MemorySegment v,
      MemorySegment table,
      MemorySegment valid) {
    try {
      return (long) ENTER.invokeExact(enter, context, x, v, table, valid);
    } catch (RuntimeException | Error bug) {
      throw bug;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static final int[] SAVED = {RBX, RBP, R12, R13, R14, R15};

  private static byte[] enterStub() {
    X86Assembler a = new X86Assembler();
    for (int register : SAVED) {
      a.push(register);
    }
    a.aluImmediate(X86Assembler.SUB, true, RSP, X86Frame.FRAME_BYTES);
    a.store(true, RSP, X86Frame.CONTEXT, RDI);
    a.store(true, RSP, X86Frame.VECTORS, RDX);
    a.store(true, RSP, X86Frame.TABLE, RCX);
    a.store(true, RSP, X86Frame.VALID, R8);
    a.load(true, RAX, RDI, X86Frame.CTX_FLAGS);
    a.store(true, RSP, X86Frame.FLAGS, RAX);
    a.load(true, RAX, RDI, X86Frame.CTX_RETURN_STACK);
    a.store(true, RSP, X86Frame.RETURN_STACK, RAX);
    a.movImmediate(RAX, -MemoryManager.WINDOW_SIZE);
    for (int size = 0; size < 4; size++) {
      a.store(true, RSP, X86Frame.MASKS + size * Long.BYTES, RAX);
      a.lea(true, RAX, RAX, NONE, 1, 1 << size);
    }
    a.load(true, R15, RDI, X86Frame.CTX_WINDOW);
    a.load(true, RAX, RDI, X86Frame.CTX_BUDGET);
    a.store(true, RSP, X86Frame.BUDGET_LEFT, RAX);
    a.lea(true, R13, RSI, NONE, 1, X86Writer.BIAS);
    a.ldmxcsr(RDI, X86Frame.CTX_MXCSR);
    a.jumpMemory(RDI, X86Frame.CTX_CODE);
    return a.finish();
  }

  private static byte[] checkRoutine(int access) {
    X86Assembler a = new X86Assembler();
    int refused = a.newLabel();
    a.push(RDX);
    a.lea(true, RDX, RAX, RCX, 1, 0);
    a.mov(true, RCX, RAX);
    for (int page : new int[] {RCX, RDX}) {
      a.shiftImmediate(X86Assembler.SHR, true, page, PAGE_SHIFT);
      a.aluImmediate(X86Assembler.CMP, true, page, LAST_PAGE);
      a.jump(X86Assembler.A, refused);
    }
    permitted(a, RCX, access, refused);
    permitted(a, RDX, access, refused);
    a.pop(RDX);
    a.clc();
    a.ret();
    a.bind(refused);
    a.pop(RDX);
    a.stc();
    a.ret();
    return a.finish();
  }

  /** Goes on if a page, given by its number in a register that is lost, permits an access. */
  static void permitted(X86Assembler a, int page, int access, int otherwise) {
    if ((access & access - 1) == 0) {
      a.test8(R15, page, PERMISSIONS, access);
      a.jump(X86Assembler.E, otherwise);
    } else {
      a.movzx(0, page, R15, page, PERMISSIONS);
      a.aluImmediate(X86Assembler.AND, false, page, access);
      a.aluImmediate(X86Assembler.CMP, false, page, access);
      a.jump(X86Assembler.NE, otherwise);
    }
  }

  private static byte[] exitStub() {
    X86Assembler a = new X86Assembler();
    a.load(true, RDI, RSP, X86Frame.CONTEXT);
    a.store(true, RDI, X86Frame.CTX_REASON, RDX);
    a.store(true, RDI, X86Frame.CTX_DETAIL, RCX);
    a.load(true, RDX, RSP, X86Frame.FLAGS);
    a.store(true, RDI, X86Frame.CTX_FLAGS, RDX);
    a.load(true, RDX, RSP, X86Frame.BUDGET_LEFT);
    a.store(true, RDI, X86Frame.CTX_BUDGET, RDX);
    a.stmxcsr(RDI, X86Frame.CTX_MXCSR);
    a.aluImmediate(X86Assembler.ADD, true, RSP, X86Frame.FRAME_BYTES);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      a.pop(SAVED[i]);
    }
    a.ret();
    return a.finish();
  }
}
