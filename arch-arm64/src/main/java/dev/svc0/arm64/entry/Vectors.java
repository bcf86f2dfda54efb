package dev.svc0.arm64.entry;

import dev.svc0.arm64.cpu.Engine;
import dev.svc0.runtime.abi.Esr;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.task.Task;

/**
 * The vector table: 16 slots of 128 bytes, by where an exception came from (current EL with SP0 or
 * SPx, lower EL in AArch64 or AArch32) and what it is (synchronous, IRQ, FIQ, SError). An exception
 * is taken by its offset, as VBAR_EL1 plus offset.
 */
public final class Vectors {
  private static final int SLOTS = Esr.VBAR_TABLE_SIZE / Esr.VBAR_ENTRY_SIZE;

  /** What one slot does. */
  @FunctionalInterface
  interface Slot {
    void take(Task task, Arm64Thread thread);
  }

  private final Engine engine;
  private final SyscallDispatch dispatch;
  private final Slot[] slots = new Slot[SLOTS];

  /** A table whose system calls go to the given dispatch. */
  public Vectors(Engine engine, SyscallDispatch dispatch) {
    this.engine = engine;
    this.dispatch = dispatch;
    for (int slot = 0; slot < SLOTS; slot++) {
      int offset = slot * Esr.VBAR_ENTRY_SIZE;
      slots[slot] = (task, thread) -> unexpected(offset);
    }
    El0Sync sync = new El0Sync(dispatch);
    set(Esr.VBAR_LOWER_EL_AARCH64_SYNC, sync::el0t64SyncHandler);
    set(Esr.VBAR_LOWER_EL_AARCH64_IRQ, El0Interrupt::el0t64IrqHandler);
    set(Esr.VBAR_LOWER_EL_AARCH64_FIQ, El0Interrupt::el0t64IrqHandler);
  }

  private void set(int offset, Slot slot) {
    slots[offset / Esr.VBAR_ENTRY_SIZE] = slot;
  }

  /** EL1 is Java and takes no exceptions; EL0 runs AArch64 only and raises no SError. */
  private static void unexpected(int offset) {
    throw new IllegalStateException("exception taken to vector 0x" + Integer.toHexString(offset));
  }

  /** What executes programs. */
  public Engine engine() {
    return engine;
  }

  /** The system call table. */
  public SyscallDispatch dispatch() {
    return dispatch;
  }

  /** Takes an exception to the slot at an offset. */
  public void take(int offset, Task task, Arm64Thread thread) {
    slots[offset / Esr.VBAR_ENTRY_SIZE].take(task, thread);
  }
}
