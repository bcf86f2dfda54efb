package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;

/**
 * Where the blocks of a file are: a tree of extents with its root in the inode, or the older tree
 * of pointers. <i>Linux:</i> fs/ext4/extents.c, indirect.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Extents {
  private static final int EXT4_EXT_MAGIC = 0xF30A;
  private static final int MAX_DEPTH = 5;
  private static final int ENTRY_SIZE = 12;
  private static final int ROOT_ENTRIES = 4;
  private static final int EXT_INIT_MAX_LEN = 32768;

  private Ext4Extents() {}

  /**
   * The device block of a file block.
   *
   * @return the block, 0 for a hole or an extent without data, or −errno
   */
  @Traced("ext4_map_blocks")
  static long mapBlock(Ext4Inode inode, long fileBlock) {
    BufferHead block = inode.ext4.table.inodeBlock(inode.number());
    if (block == null) {
      return -Errno.EIO;
    }
    try {
      long root = inode.ext4.table.addressIn(block, inode.number()) + InodeLayout.I_BLOCK;
      return inode.hasDiskFlag(InodeLayout.EXT4_EXTENTS_FL)
          ? extMapBlocks(inode, root, fileBlock)
          : indMapBlocks(inode, root, fileBlock);
    } finally {
      Buffers.brelse(block);
    }
  }

  @Traced("ext4_ext_map_blocks")
  private static long extMapBlocks(Ext4Inode inode, long root, long fileBlock) {
    Ext4SuperBlock superBlock = inode.ext4;
    int depth = Disk.u16(root + 6);
    if (depth > MAX_DEPTH) {
      return superBlock.error("inode " + inode.number() + ": extent tree of depth " + depth);
    }
    long at = root;
    int room = ROOT_ENTRIES;
    BufferHead holder = null;
    try {
      for (int level = depth; ; level--) {
        if (!isHeaderRight(inode, at, level, room, holder != null)) {
          return superBlock.error(
              "inode " + inode.number() + ": bad extent header at level " + level);
        }
        int entry = search(at, fileBlock);
        if (entry < 0) {
          return 0;
        }
        long found = at + ENTRY_SIZE * (entry + 1L);
        if (level == 0) {
          return blockOf(inode, found, fileBlock);
        }
        long child = Disk.join(Disk.u32(found + 4), Disk.u16(found + 8));
        Buffers.brelse(holder);
        holder = null;
        if (!superBlock.shape.isDataRange(child, 1)) {
          return superBlock.error("inode " + inode.number() + ": extent index to block " + child);
        }
        holder = Buffers.bread(superBlock.disk, child, superBlock.blockSize);
        if (holder == null) {
          return -Errno.EIO;
        }
        at = holder.address;
        room = (superBlock.blockSize - ENTRY_SIZE) / ENTRY_SIZE;
      }
    } finally {
      Buffers.brelse(holder);
    }
  }

  @Traced("__ext4_ext_check")
  private static boolean isHeaderRight(
      Ext4Inode inode, long at, int depth, int room, boolean inBlock) {
    int entries = Disk.u16(at + 2);
    int most = Disk.u16(at + 4);
    return Disk.u16(at) == EXT4_EXT_MAGIC
        && Disk.u16(at + 6) == depth
        && most > 0
        && most <= room
        && entries <= most
        && (entries > 0 || depth == 0)
        && (!inBlock || inode.ext4.checksums.isExtentBlockRight(inode, at, most));
  }

  /** The last entry that begins at or before a block; −1 when there is none. */
  @Traced("ext4_ext_binsearch")
  private static int search(long header, long fileBlock) {
    int low = 0;
    int high = Disk.u16(header + 2) - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (Disk.u32(header + ENTRY_SIZE * (middle + 1L)) <= fileBlock) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private static long blockOf(Ext4Inode inode, long extent, long fileBlock) {
    long first = Disk.u32(extent);
    int length = Disk.u16(extent + 4);
    long start = Disk.join(Disk.u32(extent + 8), Disk.u16(extent + 6));
    boolean unwritten = length > EXT_INIT_MAX_LEN;
    length -= unwritten ? EXT_INIT_MAX_LEN : 0;
    if (!inode.ext4.shape.isDataRange(start, length)) {
      return inode.ext4.error(
          "inode " + inode.number() + ": extent of " + length + " blocks at " + start);
    }
    return unwritten || fileBlock >= first + length ? 0 : start + fileBlock - first;
  }

  @Traced("ext4_ind_map_blocks")
  private static long indMapBlocks(Ext4Inode inode, long root, long fileBlock) {
    Ext4SuperBlock superBlock = inode.ext4;
    int bits = superBlock.shape.blockBits - 2;
    long left = fileBlock;
    if (left < InodeLayout.EXT2_NDIR_BLOCKS) {
      return checked(inode, Disk.u32(root + 4 * left));
    }
    left -= InodeLayout.EXT2_NDIR_BLOCKS;
    for (int level = 1; level <= 3; level++) {
      if (left < 1L << bits * level) {
        return walkPointers(inode, root + 4L * (11 + level), left, level, bits);
      }
      left -= 1L << bits * level;
    }
    return -Errno.EIO;
  }

  private static long walkPointers(
      Ext4Inode inode, long firstPointer, long index, int levels, int bits) {
    Ext4SuperBlock superBlock = inode.ext4;
    long block = checked(inode, Disk.u32(firstPointer));
    for (int level = levels - 1; level >= 0 && block > 0; level--) {
      BufferHead buffer = Buffers.bread(superBlock.disk, block, superBlock.blockSize);
      if (buffer == null) {
        return -Errno.EIO;
      }
      long slot = index >>> bits * level & (1L << bits) - 1;
      block = checked(inode, Disk.u32(buffer.address + 4 * slot));
      Buffers.brelse(buffer);
    }
    return block;
  }

  private static long checked(Ext4Inode inode, long block) {
    return block == 0 || inode.ext4.shape.isDataRange(block, 1)
        ? block
        : inode.ext4.error("inode " + inode.number() + ": pointer to block " + block);
  }
}
