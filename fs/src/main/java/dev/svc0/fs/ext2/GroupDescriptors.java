package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.GroupDescriptorLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.MountException;

/**
 * The group descriptors, kept in memory while mounted, with the sums of their counters. Counters
 * are protected by the super block's allocation lock; where a group's bitmaps and tables lie never
 * changes.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class GroupDescriptors {
  private final BlockDevice device;
  private final ExtGeometry shape;
  private final BufferHead[] blocks;
  private int loaded;

  /** Free blocks over all groups. */
  private long freeBlocks;

  private long freeInodes;
  private long directories;

  GroupDescriptors(BlockDevice device, ExtGeometry shape) {
    this.device = device;
    this.shape = shape;
    this.blocks = new BufferHead[shape.descriptorBlocks];
  }

  /** Reads and checks all descriptors. */
  @Traced("ext2_check_descriptors")
  void load() throws MountException {
    for (int i = 0; i < blocks.length; i++) {
      long at = shape.descriptorBlock(i);
      BufferHead block = at < shape.blocksCount ? Buffers.bread(device, at, shape.blockSize) : null;
      if (block == null) {
        throw new MountException(
            Errno.EIO, "ext2: unable to read group descriptors in block " + at);
      }
      blocks[i] = block;
      loaded = i + 1;
    }
    for (int group = 0; group < shape.groups; group++) {
      check(group);
      freeBlocks += freeBlocks(group);
      freeInodes += freeInodes(group);
      directories += usedDirectories(group);
    }
  }

  private void check(int group) throws MountException {
    inGroup(group, "bg_block_bitmap", blockBitmap(group), 1);
    inGroup(group, "bg_inode_bitmap", inodeBitmap(group), 1);
    inGroup(group, "bg_inode_table", inodeTable(group), shape.inodeTableBlocks);
    counter(group, "bg_free_blocks_count", freeBlocks(group), shape.groupBlocks(group));
    counter(group, "bg_free_inodes_count", freeInodes(group), shape.inodesPerGroup);
    counter(group, "bg_used_dirs_count", usedDirectories(group), shape.inodesPerGroup);
    if (overlap(group)) {
      throw new MountException(
          Errno.EINVAL,
          "ext2: group %d: bg_block_bitmap %d, bg_inode_bitmap %d and bg_inode_table %d overlap;"
                  .formatted(group, blockBitmap(group), inodeBitmap(group), inodeTable(group))
              + " run e2fsck");
    }
  }

  private boolean overlap(int group) {
    long table = inodeTable(group);
    long tableEnd = table + shape.inodeTableBlocks;
    long blockMap = blockBitmap(group);
    long inodeMap = inodeBitmap(group);
    return blockMap == inodeMap
        || blockMap >= table && blockMap < tableEnd
        || inodeMap >= table && inodeMap < tableEnd;
  }

  private void inGroup(int group, String field, long block, int count) throws MountException {
    long first = shape.groupFirstBlock(group) + shape.groupSuperBlocks(group);
    long end = shape.groupFirstBlock(group) + shape.groupBlocks(group);
    if (block < first || block + count > end) {
      throw new MountException(
          Errno.EINVAL,
          "ext2: group %d: %s is block %d, expected one from %d to %d: run e2fsck"
              .formatted(group, field, block, first, end - count));
    }
  }

  private static void counter(int group, String field, int value, int most) throws MountException {
    if (value > most) {
      throw new MountException(
          Errno.EINVAL,
          "ext2: group %d: %s is %d, at most %d is possible: run e2fsck"
              .formatted(group, field, value, most));
    }
  }

  void release() {
    for (int i = 0; i < loaded; i++) {
      Buffers.brelse(blocks[i]);
    }
    loaded = 0;
  }

  private long at(int group) {
    int inBlock = group % shape.descriptorsPerBlock;
    return blocks[group / shape.descriptorsPerBlock].address
        + (long) inBlock * shape.descriptorSize;
  }

  long blockBitmap(int group) {
    return Disk.u32(at(group) + BG_BLOCK_BITMAP);
  }

  long inodeBitmap(int group) {
    return Disk.u32(at(group) + BG_INODE_BITMAP);
  }

  long inodeTable(int group) {
    return Disk.u32(at(group) + BG_INODE_TABLE);
  }

  int freeBlocks(int group) {
    return Disk.u16(at(group) + BG_FREE_BLOCKS_COUNT);
  }

  int freeInodes(int group) {
    return Disk.u16(at(group) + BG_FREE_INODES_COUNT);
  }

  int usedDirectories(int group) {
    return Disk.u16(at(group) + BG_USED_DIRS_COUNT);
  }

  @Traced("group_adjust_blocks")
  void adjustFreeBlocks(int group, int delta) {
    int changed = Math.clamp(freeBlocks(group) + delta, 0, shape.groupBlocks(group));
    freeBlocks += changed - freeBlocks(group);
    Disk.put16(at(group) + BG_FREE_BLOCKS_COUNT, changed);
    markDirty(group);
  }

  void adjustFreeInodes(int group, int delta) {
    int changed = Math.clamp(freeInodes(group) + delta, 0, shape.inodesPerGroup);
    freeInodes += changed - freeInodes(group);
    Disk.put16(at(group) + BG_FREE_INODES_COUNT, changed);
    markDirty(group);
  }

  void adjustUsedDirectories(int group, int delta) {
    int changed = Math.clamp(usedDirectories(group) + delta, 0, shape.inodesPerGroup);
    directories += changed - usedDirectories(group);
    Disk.put16(at(group) + BG_USED_DIRS_COUNT, changed);
    markDirty(group);
  }

  private void markDirty(int group) {
    Buffers.markBufferDirty(blocks[group / shape.descriptorsPerBlock]);
  }

  long freeBlocks() {
    return freeBlocks;
  }

  long freeInodes() {
    return freeInodes;
  }

  long directories() {
    return directories;
  }

  /** Whether a block is one that holds metadata of its group: bitmaps, inode table, copies. */
  boolean isSystemBlock(long block) {
    int group = shape.groupOfBlock(block);
    long table = inodeTable(group);
    return shape.bitOfBlock(block) < shape.groupSuperBlocks(group)
        || block == blockBitmap(group)
        || block == inodeBitmap(group)
        || block >= table && block < table + shape.inodeTableBlocks;
  }
}
