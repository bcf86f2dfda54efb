package dev.svc0.fs.ext2;

import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import org.jspecify.annotations.Nullable;

/**
 * The way from an inode to one block of its file: a pointer in the inode, and one in each block of
 * pointers below. For one thread, for one walk. <i>Linux:</i> {@code Indirect chain[4]}.
 */
final class Branch {
  /** Pointers on the way: 1 for a direct block, up to 4. */
  int depth;

  /** Which pointer is taken at each level. */
  final int[] offsets = new int[4];

  /** The value of the pointer at each level reached; 0 ends the walk. */
  final long[] keys = new long[4];

  /** The block of pointers that holds the pointer of a level; null at level 0, the inode. */
  final @Nullable BufferHead[] holders = new BufferHead[4];

  /** Levels that were walked: keys[reached] is the last one read. */
  int reached;

  /** Contiguous blocks from here to the end of the last block of pointers. */
  int boundary;

  /** Result: first device block. */
  long block;

  /** Result: it was allocated just now. */
  boolean isNew;

  /** Whether the walk arrived at a block. */
  boolean isComplete() {
    return reached == depth - 1 && keys[reached] != 0;
  }

  /** Reads a pointer of the block at a level. */
  long pointer(int level, int index) {
    BufferHead holder = holders[level];
    if (holder == null) {
      throw new IllegalStateException("level " + level + " is not in a block");
    }
    return Disk.u32(holder.address + 4L * index);
  }

  /** Lets go of the blocks on the way. */
  void release() {
    for (int i = 0; i < holders.length; i++) {
      Buffers.brelse(holders[i]);
      holders[i] = null;
    }
  }
}
