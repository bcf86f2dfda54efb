package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.InodeTimes;

/**
 * Frees the end of a file's block tree. For one truncation, by the holder of the inode's tree lock.
 *
 * <p>A tree that contradicts itself (a pointer out of range, a block freed twice) is cut off where
 * that shows and not followed further, so that a loop in it ends.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class BlockTreeCutter {
  private final Ext2Inode inode;
  private final Ext2SuperBlock superBlock;
  private final int pointerBits;

  /** Data blocks that wait to be freed together. */
  private long runStart;

  private int runCount;
  private boolean broken;

  BlockTreeCutter(Ext2Inode inode) {
    this.inode = inode;
    this.superBlock = inode.ext2;
    this.pointerBits = superBlock.shape.blockBits - 2;
  }

  /** Frees all file blocks from this one on. */
  void cutFrom(long firstBlock) {
    for (int i = 0; i < EXT2_NDIR_BLOCKS; i++) {
      if (i >= firstBlock) {
        cutPointer(i, 0, 0);
      }
    }
    long base = EXT2_NDIR_BLOCKS;
    for (int level = 1; level <= 3; level++) {
      long span = 1L << pointerBits * level;
      if (firstBlock < base + span) {
        cutPointer(EXT2_NDIR_BLOCKS + level - 1, level, Math.max(0, firstBlock - base));
      }
      base += span;
    }
    flushRun();
    InodeTimes.touchModified(inode);
    inode.markDirty();
  }

  private void cutPointer(int index, int level, long from) {
    long block = inode.data[index] & 0xffff_ffffL;
    if (block != 0 && freeBranches(block, level, from)) {
      inode.data[index] = 0;
    }
  }

  /**
   * Frees what lies at or after a place in a subtree.
   *
   * @param level 0 for a data block, else levels of pointers
   * @param from first file block to free, counted from the subtree's first
   * @return whether nothing is left, so that the pointer to it must go
   */
  @Traced("ext2_free_branches")
  private boolean freeBranches(long block, int level, long from) {
    if (!BlockTree.isDataBlock(superBlock, block)) {
      broken = true;
      superBlock.error(
          "inode " + inode.number() + ": pointer to block " + block + " cannot be freed");
      return true;
    }
    if (level == 0) {
      addToRun(block);
      return true;
    }
    BufferHead buffer = Buffers.bread(superBlock.disk, block, superBlock.blockSize);
    if (buffer == null) {
      broken = true;
      superBlock.error("inode " + inode.number() + ": cannot read pointer block " + block);
      return from == 0;
    }
    boolean empty = cutPointerBlock(buffer, level, from);
    if (empty) {
      Buffers.bforget(buffer);
      flushRun();
      release(block, 1);
    } else {
      Buffers.markBufferDirtyInode(buffer, inode.mapping());
      Buffers.brelse(buffer);
    }
    return empty;
  }

  private boolean cutPointerBlock(BufferHead buffer, int level, long from) {
    int pointers = 1 << pointerBits;
    int spanBits = pointerBits * (level - 1);
    boolean empty = true;
    for (int i = 0; i < pointers; i++) {
      long at = buffer.address + 4L * i;
      long pointer = Disk.u32(at);
      if (pointer == 0) {
        continue;
      }
      long first = (long) i << spanBits;
      if (first + (1L << spanBits) <= from) {
        empty = false;
      } else if (broken && level > 1) {
        Disk.put32(at, 0);
      } else if (freeBranches(pointer, level - 1, Math.max(0, from - first))) {
        Disk.put32(at, 0);
      } else {
        empty = false;
      }
    }
    return empty;
  }

  private void addToRun(long block) {
    if (runCount > 0 && block == runStart + runCount) {
      runCount++;
      return;
    }
    flushRun();
    runStart = block;
    runCount = 1;
  }

  private void flushRun() {
    if (runCount > 0) {
      release(runStart, runCount);
      runCount = 0;
    }
  }

  private void release(long block, int count) {
    if (!superBlock.blocks.freeBlocks(inode, block, count)) {
      broken = true;
    }
  }
}
