package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Bitmap;

/**
 * Which blocks of a group can be handed out now: a bit for each block, and above it a bit for each
 * aligned run of 2^order blocks, set while the whole run is free. <i>Linux:</i> the buddy of
 * fs/ext4/mballoc.c. Protected by the allocation lock.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Buddy {
  private final int blocks;
  private final int orders;
  private final long[][] free;
  private final int[] counts;

  /** Users that keep it in memory: preallocations and freed blocks whose transaction runs. */
  int pins;

  /** From the bitmap of a group of so many blocks. */
  Ext4Buddy(long bitmap, int blocks) {
    this.blocks = blocks;
    orders = 32 - Integer.numberOfLeadingZeros(blocks);
    free = new long[orders][];
    counts = new int[orders];
    for (int order = 0; order < orders; order++) {
      free[order] = new long[(blocks >> order) + 64 >> 6];
    }
    for (int at = Bitmap.findNextZero(bitmap, 0, blocks); at < blocks; ) {
      int end = at + 1;
      while (end < blocks && !Bitmap.test(bitmap, end)) {
        end++;
      }
      set(0, at, end, true);
      at = Bitmap.findNextZero(bitmap, end, blocks);
    }
    raise(0, blocks);
  }

  private boolean get(int order, int index) {
    return (free[order][index >> 6] >>> index & 1) != 0;
  }

  private void set(int order, int from, int end, boolean value) {
    for (int i = from; i < end; i++) {
      long bit = 1L << i;
      boolean was = (free[order][i >> 6] & bit) != 0;
      if (was != value) {
        free[order][i >> 6] ^= bit;
        counts[order] += value ? 1 : -1;
      }
    }
  }

  /** Brings the upper orders in line with a changed range. */
  private void raise(int from, int end) {
    for (int order = 1; order < orders; order++) {
      int most = blocks >> order;
      int first = from >> order;
      int last = Math.min(end - 1 >> order, most - 1);
      for (int i = first; i <= last; i++) {
        boolean whole = get(order - 1, 2 * i) && get(order - 1, 2 * i + 1);
        set(order, i, i + 1, whole);
      }
    }
  }

  @Traced("mb_mark_used")
  void markUsed(int from, int count) {
    set(0, from, from + count, false);
    raise(from, from + count);
  }

  @Traced("mb_free_blocks")
  void markFree(int from, int count) {
    set(0, from, from + count, true);
    raise(from, from + count);
  }

  int freeBlocks() {
    return counts[0];
  }

  boolean isFree(int block) {
    return block < blocks && get(0, block);
  }

  /** The largest order with a free aligned run; −1 when nothing is free. */
  int largestOrder() {
    for (int order = orders - 1; order >= 0; order--) {
      if (counts[order] > 0) {
        return order;
      }
    }
    return -1;
  }

  /** Whether a run of so many blocks may be there. */
  boolean mayHaveRun(int count) {
    int order = 31 - Integer.numberOfLeadingZeros(count);
    return counts[0] >= count && largestOrder() >= order - 1;
  }

  /** The first block of the first free aligned run of an order from a block on; −1 for none. */
  int findOrder(int order, int from) {
    long[] words = free[order];
    int start = from >> order;
    for (int word = start >> 6; word < words.length; word++) {
      long bits = words[word] & (word == start >> 6 ? -1L << start : -1L);
      if (bits != 0) {
        return (word << 6) + Long.numberOfTrailingZeros(bits) << order;
      }
    }
    return -1;
  }

  /** The first block of [from, end) that is free, or {@code end}. */
  int nextFree(int from, int end) {
    return next(from, end, 0);
  }

  /** The first block of [from, end) that is not free, or {@code end}. */
  int nextUsed(int from, int end) {
    return next(from, end, -1L);
  }

  private int next(int from, int end, long flip) {
    long[] words = free[0];
    for (int word = from >> 6; word << 6 < end; word++) {
      long bits = (words[word] ^ flip) & (word == from >> 6 ? -1L << from : -1L);
      if (bits != 0) {
        return Math.min(end, (word << 6) + Long.numberOfTrailingZeros(bits));
      }
    }
    return end;
  }

  /** The first block of the free run that a free block is in. */
  int runStart(int block) {
    int at = block;
    while (at > 0 && get(0, at - 1)) {
      at--;
    }
    return at;
  }

  /** The first run of at least so many blocks from a block on; −1 for none. */
  int findRun(int from, int count) {
    for (int at = nextFree(from, blocks); at < blocks; ) {
      int end = nextUsed(at, blocks);
      if (end - at >= count) {
        return at;
      }
      at = nextFree(end, blocks);
    }
    return -1;
  }

  int blocks() {
    return blocks;
  }
}
