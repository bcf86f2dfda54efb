package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.FutexConstants.FUTEX_OWNER_DIED;
import static dev.svc0.runtime.abi.FutexConstants.FUTEX_TID_MASK;
import static dev.svc0.runtime.abi.FutexConstants.FUTEX_WAITERS;

import dev.svc0.runtime.abi.RobustListHeadLayout;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.mm.UserMemory;

/** Locks that a dying thread still holds: marked and handed on. */
final class RobustList {
  private static final int LIMIT = 2048;

  /** Low bit of an entry: a priority-inheritance futex. */
  private static final long PI = 1;

  private RobustList() {}

  static void exit(Task task) {
    long head = task.robustList;
    if (head == 0) {
      return;
    }
    task.robustList = 0;
    try {
      walk(task, head);
    } catch (UserFault ignored) {
      // The list is in the program's memory and may be anything; Linux stops here too.
    }
  }

  private static void walk(Task task, long head) {
    UserMemory memory = task.memory();
    long entry = memory.readLong(head + RobustListHeadLayout.list);
    long offset = memory.readLong(head + RobustListHeadLayout.futex_offset);
    long pendingEntry = memory.readLong(head + RobustListHeadLayout.list_op_pending);
    for (int n = 0; (entry & ~PI) != head && n < LIMIT; n++) {
      long next = memory.readLong(entry & ~PI);
      if (entry != pendingEntry) {
        handleDeath(task, entry, offset, false);
      }
      entry = next;
    }
    if (pendingEntry != 0) {
      handleDeath(task, pendingEntry, offset, true);
    }
  }

  private static void handleDeath(Task task, long entry, long offset, boolean pending) {
    long address = (entry & ~PI) + offset;
    boolean pi = (entry & PI) != 0;
    if ((address & 3) != 0) {
      return;
    }
    UserMemory memory = task.memory();
    while (true) {
      int value = memory.readInt(address);
      if (pending && !pi && value == 0) {
        task.kernel().futexes().wakeShared(task, address, 1);
        return;
      }
      if ((value & FUTEX_TID_MASK) != task.tid()) {
        return;
      }
      int next = value & FUTEX_WAITERS | FUTEX_OWNER_DIED;
      if (memory.compareAndExchangeInt(address, value, next) == value) {
        // Who waits for one that has an owner gets it from PiFutexes.
        if (!pi && (value & FUTEX_WAITERS) != 0) {
          task.kernel().futexes().wakeShared(task, address, 1);
        }
        return;
      }
    }
  }
}
