package dev.svc0.arm64.interp;

import dev.svc0.arm64.cpu.Cpu;
import dev.svc0.arm64.decode.CodePage;
import dev.svc0.arm64.decode.Op;
import dev.svc0.arm64.decode.PreDecoder;
import dev.svc0.runtime.mm.MemoryManager;
import org.jspecify.annotations.Nullable;

/**
 * Takes every way through {@link Frequent} once, while HotSpot watches what is taken.
 *
 * <p>HotSpot leaves out what it has never seen, throws its code away when that happens after all,
 * and compiles anew. That takes half a second of a processor for a method of this size, and a
 * program comes to new ways for as long as it runs: Python's start had it compiled sixteen times.
 */
final class Exercise {
  /** What the memory that it uses permits: all of page 0, nothing of page 1. */
  private static final int PAGES = 2;

  private static final int PAGE_BYTES = 4096;

  private static final long SOMEWHERE = 1L << 50;
  private static final int UXTW = 2;
  private static final int UXTX = 3;
  private static final int SXTW = 6;
  private static final int SP_ALIGNMENT = 15;

  private final Cpu cpu;
  private final long[] x = new long[34];
  private final CodePage page = CodePage.of(SOMEWHERE >>> 12);

  private Exercise(Cpu cpu) {
    this.cpu = cpu;
  }

  /** Does it with a processor, whose state is as before. */
  static void run(Cpu cpu) {
    long window = cpu.windowBase;
    long permissions = cpu.permissionBase;
    long pc = cpu.pc;
    long retired = cpu.retired;
    int nzcv = cpu.nzcv;
    long returnStack = cpu.returnStack;
    long v0 = cpu.v[0];
    long v1 = cpu.v[1];
    long memory = Frequent.allocate((PAGES * PAGE_BYTES) + PAGES);
    try {
      cpu.returnStack = Long.MAX_VALUE;
      cpu.windowBase = memory;
      cpu.permissionBase = memory + PAGES * PAGE_BYTES;
      Frequent.setByte(
          cpu.permissionBase, (byte) (MemoryManager.PERM_READ | MemoryManager.PERM_WRITE));
      Frequent.setByte(cpu.permissionBase + 1, (byte) 0);
      new Exercise(cpu).all();
    } finally {
      Frequent.free(memory);
      cpu.windowBase = window;
      cpu.permissionBase = permissions;
      cpu.pc = pc;
      cpu.retired = retired;
      cpu.nzcv = nzcv;
      cpu.returnStack = returnStack;
      cpu.v[0] = v0;
      cpu.v[1] = v1;
    }
  }

  private void all() {
    for (int op = 0; op <= Op.UNIT; op++) {
      if (op >= Op.LDR64 && op <= Op.STPD) {
        access(op);
      } else if (op >= Op.B && op <= Op.RET || op >= Op.CMPI64_B && op <= Op.CMP32_B) {
        branch(op);
      } else {
        compute(op);
      }
    }
    toNextPage();
    cpu.returnStack = 0;
    one(Op.RET, SOMEWHERE + 4, 0, 0, 0, 0);
    cpu.returnStack = Long.MAX_VALUE;
    cpu.requestLeave(); // harmless, and taken by the engine soon
    one(Op.B, 0, 0, 0, 1, 0);
  }

  /** Branches to pages that are at hand, and not. */
  private void toNextPage() {
    @Nullable CodePage[] fast = cpu.code().fast;
    long next = page.number + 1;
    int at = (int) next & CodePage.FAST - 1;
    CodePage present = fast[at];
    fast[at] = CodePage.of(next);
    one(Op.B, 0, 0, 0, CodePage.SIZE, 0);
    fast[at] = CodePage.of(next + CodePage.FAST);
    one(Op.B, 0, 0, 0, CodePage.SIZE, 0);
    fast[at] = null;
    one(Op.B, 0, 0, 0, CodePage.SIZE, 0);
    fast[at] = present;
  }

  private void compute(int op) {
    one(op, 64, 8, 0, 0, 0);
    one(op, 64, 64, UXTW, 0, 4);
    one(op, -64, 64, UXTX, 8, 8);
    one(op, 0, 64, SXTW, 0, 2);
  }

  private void access(int op) {
    one(op, 64, 8, 0, 0, 0);
    one(op, 64, 8, UXTX, 0, 0);
    one(op, 64, 0, SXTW, 0, 0);
    one(op, 64, 0, UXTW, 0, 0);
    one(op, SOMEWHERE, 0, 0, 0, 0);
    one(op, PAGE_BYTES, 0, 0, 0, 0);
    one(op, PAGE_BYTES - 1, 0, 0, 0, 0);
    one(op, 68, 0, SP_ALIGNMENT, 0, 0);
  }

  private void branch(int op) {
    one(op, 0, 0, 0, 1, 4);
    one(op, 4, 0, 0, 1, 0);
    one(op, 4, 4, 0, 2 * CodePage.SIZE, 4);
    one(op, 0, 4, 1, 2 * CodePage.SIZE, 0);
    one(op, SOMEWHERE + 4, 4, 1, 1, 0);
    one(op, SOMEWHERE + PAGE_BYTES, 4, 1, 1, 0);
    one(op, 1L << 40, 4, 1, 1, 0);
    x[0] = 0;
    page.ops[0] = PreDecoder.pack(op, 0, 1, 2, 0, 1);
    int unused = Frequent.run(x, cpu, 0, 1, page);
  }

  /** Executes one instruction and, if it goes on, comes to one that is left to the caller. */
  private void one(int op, long left, long right, int e, int imm, int flags) {
    x[0] = 0;
    x[1] = left;
    x[2] = right;
    cpu.nzcv = flags;
    page.ops[0] = PreDecoder.pack(op, 0, 1, 2, e, imm);
    page.ops[1] = 0;
    page.ops[2] = 0;
    int unused = Frequent.run(x, cpu, 0, 3, page);
  }
}
