package dev.svc0.runtime.task;

import dev.svc0.annotation.SyscallDefine;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the calls one thread has made. Only the thread writes; others read them for the
 * statistics of the table, and may see a count a moment late.
 */
public final class SyscallCounts {
  /** Numbers that can be counted: 0 … this minus one. */
  public static final int NUMBERS = SyscallDefine.LAST_OWN + 1;

  private static final int BLOCK_SHIFT = 6;
  private static final int BLOCK_MASK = (1 << BLOCK_SHIFT) - 1;

  /** A block of numbers: calls and errors of each in turn; null until one of them is called. */
  private final long[] @Nullable [] blocks = new long[NUMBERS + BLOCK_MASK >>> BLOCK_SHIFT][];

  private boolean registered;

  /** Whether this is asked for the first time: whoever collects the counts must note the thread. */
  public boolean register() {
    boolean first = !registered;
    registered = true;
    return first;
  }

  /** Counts a call that is about to be made; the calls of this number so far, with it. */
  public long count(int nr) {
    long[] block = blocks[nr >>> BLOCK_SHIFT];
    if (block == null) {
      block = new long[2 << BLOCK_SHIFT];
      blocks[nr >>> BLOCK_SHIFT] = block;
    }
    return ++block[(nr & BLOCK_MASK) << 1];
  }

  /** Counts an error of a call that {@link #count} has seen. */
  public void countError(int nr) {
    long[] block = blocks[nr >>> BLOCK_SHIFT];
    if (block != null) {
      block[((nr & BLOCK_MASK) << 1) + 1]++;
    }
  }

  /** How often a number was called. */
  public long calls(int nr) {
    long[] block = blocks[nr >>> BLOCK_SHIFT];
    return block == null ? 0 : block[(nr & BLOCK_MASK) << 1];
  }

  /** How often it answered −errno. */
  public long errors(int nr) {
    long[] block = blocks[nr >>> BLOCK_SHIFT];
    return block == null ? 0 : block[((nr & BLOCK_MASK) << 1) + 1];
  }
}
