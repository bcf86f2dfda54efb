package dev.svc0.runtime.syscall;

import dev.svc0.runtime.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the calls one thread has made. Only the thread writes; others read through {@link
 * SyscallStatistics}, and may see a count a moment late.
 */
public final class TaskSyscalls {
  static final int BLOCK_SHIFT = 6;
  private static final int BLOCK_MASK = (1 << BLOCK_SHIFT) - 1;

  /** A block of numbers: calls and errors of each in turn; null until one of them is called. */
  final long @Nullable [][] blocks = new long[TableDispatch.NUMBERS >>> BLOCK_SHIFT][];

  private boolean registered;

  /** Counts a call that is about to be made; the calls of this number so far, with it. */
  static long count(Task task, int nr, SyscallStatistics statistics) {
    TaskSyscalls counts = task.syscalls;
    long[] block = counts.blocks[nr >>> BLOCK_SHIFT];
    if (block == null) {
      block = counts.open(nr >>> BLOCK_SHIFT, task, statistics);
    }
    return ++block[(nr & BLOCK_MASK) << 1];
  }

  /** Counts an error of a call that {@link #count} has seen. */
  void countError(int nr) {
    long[] block = blocks[nr >>> BLOCK_SHIFT];
    if (block != null) {
      block[((nr & BLOCK_MASK) << 1) + 1]++;
    }
  }

  private long[] open(int index, Task task, SyscallStatistics statistics) {
    if (!registered) {
      statistics.register(task);
      registered = true;
    }
    long[] block = new long[2 << BLOCK_SHIFT];
    blocks[index] = block;
    return block;
  }

  long calls(int nr) {
    long[] block = blocks[nr >>> BLOCK_SHIFT];
    return block == null ? 0 : block[(nr & BLOCK_MASK) << 1];
  }

  long errors(int nr) {
    long[] block = blocks[nr >>> BLOCK_SHIFT];
    return block == null ? 0 : block[((nr & BLOCK_MASK) << 1) + 1];
  }
}
