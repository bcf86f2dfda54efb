package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Hands out and takes back blocks. <i>Linux:</i> fs/ext2/balloc.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class BlockAllocator {
  /** Blocks that follow each other. */
  static final class Run {
    long start;
    int count;
  }

  private final Ext2SuperBlock superBlock;
  private final ExtGeometry shape;

  /** Groups whose bitmap was looked at and found right, or wrong and reported. */
  private final BitSet checkedBitmaps = new BitSet();

  BlockAllocator(Ext2SuperBlock superBlock) {
    this.superBlock = superBlock;
    this.shape = superBlock.shape;
  }

  /** A group's block bitmap, with a reference; null when it cannot be read. */
  @Traced("read_block_bitmap")
  private @Nullable BufferHead readBitmap(int group) {
    BufferHead bitmap =
        Buffers.bread(superBlock.disk, superBlock.groups.blockBitmap(group), shape.blockSize);
    if (bitmap != null && !checkedBitmaps.get(group)) {
      checkedBitmaps.set(group);
      checkBitmap(group, bitmap);
    }
    return bitmap;
  }

  /** The group's own metadata must be in use in its bitmap; it is made so in memory if not. */
  @Traced("ext2_valid_block_bitmap")
  private void checkBitmap(int group, BufferHead bitmap) {
    long first = shape.groupFirstBlock(group);
    boolean right = true;
    for (int bit = 0; bit < shape.groupSuperBlocks(group); bit++) {
      right &= Bitmap.testAndSet(bitmap.address, bit);
    }
    GroupDescriptors groups = superBlock.groups;
    right &= Bitmap.testAndSet(bitmap.address, (int) (groups.blockBitmap(group) - first));
    right &= Bitmap.testAndSet(bitmap.address, (int) (groups.inodeBitmap(group) - first));
    int table = (int) (groups.inodeTable(group) - first);
    for (int i = 0; i < shape.inodeTableBlocks; i++) {
      right &= Bitmap.testAndSet(bitmap.address, table + i);
    }
    if (!right) {
      superBlock.error(
          "group " + group + ": invalid block bitmap in block " + groups.blockBitmap(group));
    }
  }

  @Traced("ext2_has_free_blocks")
  private boolean hasFreeBlocks(Ext2Inode inode) {
    long free = superBlock.groups.freeBlocks();
    return free > 0 && (inode.mayUseReserve || free > superBlock.reservedBlocks());
  }

  /**
   * Allocates blocks that follow each other, as near to a goal as possible.
   *
   * @param wanted how many at most
   * @param run gets what was allocated, at least one block; its count is 0 after an error
   * @return 0, −ENOSPC or −EIO
   */
  @Traced("ext2_new_blocks")
  long newBlocks(Ext2Inode inode, long goal, int wanted, Run run) {
    run.count = 0;
    if (superBlock.isReadOnly()) {
      return -Errno.EROFS;
    }
    superBlock.allocationLock.lock();
    try {
      if (!hasFreeBlocks(inode)) {
        return -Errno.ENOSPC;
      }
      long from =
          goal > shape.firstDataBlock && goal < shape.blocksCount ? goal : shape.firstDataBlock;
      long result = searchGroups(from, wanted, run);
      if (result == 0) {
        inode.addBytes((long) run.count << shape.blockBits);
      }
      return result;
    } finally {
      superBlock.allocationLock.unlock();
    }
  }

  private long searchGroups(long goal, int wanted, Run run) {
    int goalGroup = shape.groupOfBlock(goal);
    boolean unreadable = false;
    for (int i = 0; i <= shape.groups; i++) {
      int group = (goalGroup + i) % shape.groups;
      if (superBlock.groups.freeBlocks(group) == 0) {
        continue;
      }
      BufferHead bitmap = readBitmap(group);
      if (bitmap == null) {
        unreadable = true;
        continue;
      }
      boolean found =
          tryToAllocate(group, bitmap, i == 0 ? shape.bitOfBlock(goal) : 0, wanted, run);
      Buffers.brelse(bitmap);
      if (found) {
        return 0;
      }
    }
    return unreadable ? -Errno.EIO : -Errno.ENOSPC;
  }

  @Traced("ext2_try_to_allocate")
  private boolean tryToAllocate(int group, BufferHead bitmap, int goalBit, int wanted, Run run) {
    int end = shape.groupBlocks(group);
    int bit = findFree(bitmap.address, goalBit, end);
    if (bit >= end) {
      return false;
    }
    int most = Math.min(wanted, superBlock.groups.freeBlocks(group));
    int count = 0;
    while (count < most && bit + count < end && !Bitmap.test(bitmap.address, bit + count)) {
      Bitmap.testAndSet(bitmap.address, bit + count);
      count++;
    }
    superBlock.groups.adjustFreeBlocks(group, -count);
    Buffers.markBufferDirty(bitmap);
    run.start = shape.groupFirstBlock(group) + bit;
    run.count = count;
    return true;
  }

  /** The goal itself, else one near it, else the start of eight free ones, else any after it. */
  @Traced("find_next_usable_block")
  private static int findFree(long bitmap, int goal, int end) {
    int nearEnd = Math.min(end, (goal | 63) + 1);
    int near = Bitmap.findNextZero(bitmap, goal, nearEnd);
    if (near < nearEnd) {
      return near;
    }
    int byteStart = Bitmap.findZeroByte(bitmap, nearEnd, end);
    if (byteStart >= 0) {
      int start = byteStart;
      while (start > nearEnd && !Bitmap.test(bitmap, start - 1)) {
        start--;
      }
      return start;
    }
    return Bitmap.findNextZero(bitmap, nearEnd, end);
  }

  /**
   * Takes blocks back.
   *
   * @return false when that contradicts what the disk says: out of range, metadata, or free already
   */
  @Traced("ext2_free_blocks")
  boolean freeBlocks(Ext2Inode inode, long block, int count) {
    if (!shape.isDataRange(block, count)) {
      superBlock.error("freeing blocks not in data zone: block " + block + ", count " + count);
      return false;
    }
    superBlock.allocationLock.lock();
    try {
      boolean right = true;
      long next = block;
      int left = count;
      while (left > 0) {
        int group = shape.groupOfBlock(next);
        int bit = shape.bitOfBlock(next);
        int here = Math.min(left, shape.groupBlocks(group) - bit);
        right &= freeInGroup(inode, group, bit, here);
        next += here;
        left -= here;
      }
      return right;
    } finally {
      superBlock.allocationLock.unlock();
    }
  }

  private boolean freeInGroup(Ext2Inode inode, int group, int firstBit, int count) {
    BufferHead bitmap = readBitmap(group);
    if (bitmap == null) {
      superBlock.error("group " + group + ": cannot read block bitmap");
      return false;
    }
    long firstBlock = shape.groupFirstBlock(group);
    int freed = 0;
    boolean right = true;
    for (int bit = firstBit; bit < firstBit + count; bit++) {
      if (superBlock.groups.isSystemBlock(firstBlock + bit)) {
        superBlock.error("freeing block " + (firstBlock + bit) + " in system zone");
        right = false;
      } else if (Bitmap.testAndClear(bitmap.address, bit)) {
        freed++;
      } else {
        superBlock.error("bit already cleared for block " + (firstBlock + bit));
        right = false;
      }
    }
    superBlock.groups.adjustFreeBlocks(group, freed);
    inode.addBytes(-((long) freed << shape.blockBits));
    Buffers.markBufferDirty(bitmap);
    Buffers.brelse(bitmap);
    return right;
  }
}
