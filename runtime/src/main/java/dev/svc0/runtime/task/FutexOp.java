package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.FutexConstants.*;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.UserMemory;

/** The packed operation of FUTEX_WAKE_OP: op, compare, and two 12-bit signed arguments. */
final class FutexOp {
  private static final int OP_MASK = 7;

  private FutexOp() {}

  /** Applies it to a word; 1 when the old value compares, 0 when not, or −errno. */
  static long atomicOp(UserMemory memory, long address, int encoded) {
    int op = encoded >>> 28 & OP_MASK;
    int compare = encoded >>> 24 & 0xf;
    int opArgument = encoded << 8 >> 20;
    int compareArgument = encoded << 20 >> 20;
    if ((encoded & FUTEX_OP_OPARG_SHIFT << 28) != 0) {
      opArgument = 1 << (opArgument & 31);
    }
    int old;
    int next;
    do {
      old = memory.readInt(address);
      switch (op) {
        case FUTEX_OP_SET -> next = opArgument;
        case FUTEX_OP_ADD -> next = old + opArgument;
        case FUTEX_OP_OR -> next = old | opArgument;
        case FUTEX_OP_ANDN -> next = old & ~opArgument;
        case FUTEX_OP_XOR -> next = old ^ opArgument;
        default -> {
          return -Errno.ENOSYS;
        }
      }
    } while (memory.compareAndExchangeInt(address, old, next) != old);
    return switch (compare) {
      case FUTEX_OP_CMP_EQ -> old == compareArgument ? 1 : 0;
      case FUTEX_OP_CMP_NE -> old != compareArgument ? 1 : 0;
      case FUTEX_OP_CMP_LT -> old < compareArgument ? 1 : 0;
      case FUTEX_OP_CMP_GE -> old >= compareArgument ? 1 : 0;
      case FUTEX_OP_CMP_LE -> old <= compareArgument ? 1 : 0;
      case FUTEX_OP_CMP_GT -> old > compareArgument ? 1 : 0;
      default -> -Errno.ENOSYS;
    };
  }
}
