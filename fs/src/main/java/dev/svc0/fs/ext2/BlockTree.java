package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.buffer.GetBlock;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.vfs.InodeTimes;

/**
 * Where the blocks of a file are: one walk for direct, single, double and triple indirect blocks,
 * and what is done with it (look up, allocate, free). <i>Linux:</i> fs/ext2/inode.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class BlockTree {
  /** What buffers ask for blocks with. */
  static final GetBlock GET_BLOCK = BlockTree::getBlock;

  private BlockTree() {}

  /** Largest file for a block size: what the tree reaches, and what 32-bit i_blocks can count. */
  static long maxSize(int blockBits) {
    long pointers = 1L << blockBits - 2;
    long reachable =
        EXT2_NDIR_BLOCKS + pointers + pointers * pointers + pointers * pointers * pointers;
    long countable = ((1L << 32) - 1) >>> blockBits - 9;
    if (reachable + metadataBlocks(reachable, pointers) > countable) {
      reachable = countable - metadataBlocks(countable, pointers);
    }
    return reachable << blockBits;
  }

  /** Blocks of pointers that so many data blocks need. */
  private static long metadataBlocks(long dataBlocks, long pointers) {
    long left = dataBlocks - EXT2_NDIR_BLOCKS;
    long count = 0;
    long span = pointers;
    for (int level = 1; level <= 3 && left > 0; level++) {
      long here = Math.min(left, span);
      for (long unit = pointers; unit <= span; unit *= pointers) {
        count += (here + unit - 1) / unit;
      }
      left -= here;
      span *= pointers;
    }
    return count;
  }

  /**
   * Which pointers lead to a file block.
   *
   * @return the depth 1 … 4, or 0 when the block lies beyond the tree
   */
  @Traced("ext2_block_to_path")
  static int blockToPath(int blockBits, long fileBlock, Branch branch) {
    int bits = blockBits - 2;
    long pointers = 1L << bits;
    int[] offsets = branch.offsets;
    long left = fileBlock;
    branch.depth = 0;
    if (left < 0) {
      return 0;
    }
    if (left < EXT2_NDIR_BLOCKS) {
      offsets[0] = (int) left;
      branch.boundary = EXT2_NDIR_BLOCKS - 1 - (int) left;
      branch.depth = 1;
      return 1;
    }
    left -= EXT2_NDIR_BLOCKS;
    long span = pointers;
    for (int level = 1; level <= 3; level++) {
      if (left < span) {
        offsets[0] = EXT2_NDIR_BLOCKS + level - 1;
        for (int i = 1; i <= level; i++) {
          offsets[i] = (int) (left >>> bits * (level - i) & pointers - 1);
        }
        branch.boundary = (int) (pointers - 1 - (left & pointers - 1));
        branch.depth = level + 1;
        return level + 1;
      }
      left -= span;
      span <<= bits;
    }
    return 0;
  }

  /**
   * Walks down as far as there are pointers.
   *
   * @return 0, also when the walk ended in a hole; −EIO, or −EUCLEAN for a pointer that cannot be
   */
  @Traced("ext2_get_branch")
  private static long getBranch(Ext2Inode inode, Branch branch) {
    Ext2SuperBlock superBlock = inode.ext2;
    branch.keys[0] = inode.data[branch.offsets[0]] & 0xffff_ffffL;
    branch.reached = 0;
    for (int level = 0; ; level++) {
      long key = branch.keys[level];
      if (key == 0) {
        return 0;
      }
      if (!isDataBlock(superBlock, key)) {
        return superBlock.error(
            "inode " + inode.number() + ": pointer to block " + key + ", which cannot be");
      }
      if (level == branch.depth - 1) {
        return 0;
      }
      BufferHead holder = Buffers.bread(superBlock.disk, key, superBlock.blockSize);
      if (holder == null) {
        return -Errno.EIO;
      }
      branch.holders[level + 1] = holder;
      branch.reached = level + 1;
      branch.keys[level + 1] = branch.pointer(level + 1, branch.offsets[level + 1]);
    }
  }

  static boolean isDataBlock(Ext2SuperBlock superBlock, long block) {
    return superBlock.shape.isDataRange(block, 1) && !superBlock.groups.isSystemBlock(block);
  }

  /** The buffers' question: maps one block. */
  @Traced("ext2_get_block")
  private static long getBlock(PageCacheOwner owner, long fileBlock, BufferHead buffer, int mode) {
    Ext2Inode inode = (Ext2Inode) owner;
    Branch branch = new Branch();
    long mapped = getBlocks(inode, fileBlock, 1, mode, branch);
    if (mapped > 0) {
      buffer.map(inode.ext2.disk, branch.block);
      if (branch.isNew) {
        buffer.setNew();
      }
      return 0;
    }
    return mapped;
  }

  /**
   * Maps a run of file blocks.
   *
   * @param branch where the first block and whether it is new are put
   * @return blocks in the run, 0 for a hole under {@link GetBlock#LOOKUP}, or −errno
   */
  @Traced("ext2_get_blocks")
  static long getBlocks(Ext2Inode inode, long fileBlock, int maxBlocks, int mode, Branch branch) {
    if (blockToPath(inode.ext2.shape.blockBits, fileBlock, branch) == 0) {
      return -Errno.EIO;
    }
    branch.isNew = false;
    inode.treeLock.readLock().lock();
    try {
      long result = getBranch(inode, branch);
      if (result != 0) {
        return result;
      }
      if (branch.isComplete()) {
        return countRun(inode, maxBlocks, branch);
      }
    } finally {
      inode.treeLock.readLock().unlock();
      branch.release();
    }
    return mode == GetBlock.LOOKUP ? 0 : allocate(inode, fileBlock, maxBlocks, branch);
  }

  private static long countRun(Ext2Inode inode, int maxBlocks, Branch branch) {
    int last = branch.depth - 1;
    branch.block = branch.keys[last];
    int count = 1;
    while (count < maxBlocks
        && count <= branch.boundary
        && pointerAt(inode, branch, last, branch.offsets[last] + count) == branch.block + count) {
      count++;
    }
    return count;
  }

  private static long pointerAt(Ext2Inode inode, Branch branch, int level, int index) {
    return level == 0 ? inode.data[index] & 0xffff_ffffL : branch.pointer(level, index);
  }

  private static long allocate(Ext2Inode inode, long fileBlock, int maxBlocks, Branch branch) {
    inode.treeLock.writeLock().lock();
    try {
      long result = getBranch(inode, branch);
      if (result != 0) {
        return result;
      }
      if (branch.isComplete()) {
        return countRun(inode, maxBlocks, branch);
      }
      long goal = findGoal(inode, fileBlock, branch);
      int wanted = blocksToAllocate(inode, maxBlocks, branch);
      long[] numbers = new long[4];
      result = allocBranch(inode, branch, goal, wanted, numbers);
      if (SyscallResult.isError(result)) {
        return result;
      }
      spliceBranch(inode, fileBlock, branch, numbers, (int) result);
      branch.block = numbers[branch.depth - 1];
      branch.isNew = true;
      return result;
    } finally {
      inode.treeLock.writeLock().unlock();
      branch.release();
    }
  }

  /** Where a new block would lie best: after the file's last one, or near its neighbours. */
  @Traced("ext2_find_goal")
  private static long findGoal(Ext2Inode inode, long fileBlock, Branch branch) {
    if (inode.lastLogical >= 0 && fileBlock == inode.lastLogical + 1) {
      return inode.lastPhysical + 1;
    }
    return findNear(inode, branch);
  }

  @Traced("ext2_find_near")
  private static long findNear(Ext2Inode inode, Branch branch) {
    int level = branch.reached;
    for (int index = branch.offsets[level] - 1; index >= 0; index--) {
      long neighbour = pointerAt(inode, branch, level, index);
      if (neighbour != 0) {
        return neighbour + 1;
      }
    }
    if (level > 0) {
      return branch.keys[level - 1] + 1;
    }
    return inode.ext2.shape.groupFirstBlock(inode.group);
  }

  @Traced("ext2_blks_to_allocate")
  private static int blocksToAllocate(Ext2Inode inode, int maxBlocks, Branch branch) {
    int most = Math.min(maxBlocks, branch.boundary + 1);
    int last = branch.depth - 1;
    if (branch.reached < last) {
      return most;
    }
    int count = 1;
    while (count < most && pointerAt(inode, branch, last, branch.offsets[last] + count) == 0) {
      count++;
    }
    return count;
  }

  /** Allocates the missing pointer blocks and data; data blocks got, or −errno. */
  @Traced("ext2_alloc_branch")
  private static long allocBranch(
      Ext2Inode inode, Branch branch, long goal, int wanted, long[] numbers) {
    Ext2SuperBlock superBlock = inode.ext2;
    BlockAllocator.Run run = new BlockAllocator.Run();
    int last = branch.depth - 1;
    long next = goal;
    for (int level = branch.reached; level <= last; level++) {
      long result = superBlock.blocks.newBlocks(inode, next, level == last ? wanted : 1, run);
      if (result == 0 && level > branch.reached) {
        result = fillPointerBlock(inode, branch, level, numbers[level - 1], run);
      }
      if (result != 0) {
        undo(inode, branch, numbers, level, run);
        return result;
      }
      numbers[level] = run.start;
      next = run.start + 1;
    }
    return run.count;
  }

  /** The new pointer block above a level gets its first pointers. */
  private static long fillPointerBlock(
      Ext2Inode inode, Branch branch, int level, long block, BlockAllocator.Run run) {
    Ext2SuperBlock superBlock = inode.ext2;
    BufferHead buffer = Buffers.bdevGetblk(superBlock.disk, block, superBlock.blockSize);
    if (buffer == null) {
      return -Errno.ENOMEM;
    }
    buffer.lock();
    HostMemory.fill(buffer.address, buffer.sizeBytes, (byte) 0);
    for (int i = 0; i < run.count; i++) {
      Disk.put32(buffer.address + 4L * (branch.offsets[level] + i), run.start + i);
    }
    buffer.setUptodate();
    buffer.unlock();
    Buffers.markBufferDirtyInode(buffer, inode.mapping());
    if (inode.isDirectory() && inode.isDirSync()) {
      Buffers.syncDirtyBuffer(buffer);
    }
    Buffers.brelse(buffer);
    return 0;
  }

  private static void undo(
      Ext2Inode inode, Branch branch, long[] numbers, int failed, BlockAllocator.Run run) {
    Ext2SuperBlock superBlock = inode.ext2;
    for (int level = branch.reached; level < failed; level++) {
      Buffers.bforget(Buffers.bdevGetblk(superBlock.disk, numbers[level], superBlock.blockSize));
      superBlock.blocks.freeBlocks(inode, numbers[level], 1);
    }
    if (run.count > 0) {
      superBlock.blocks.freeBlocks(inode, run.start, run.count);
    }
  }

  /** Hangs the new branch in: from now on the blocks are part of the file. */
  @Traced("ext2_splice_branch")
  private static void spliceBranch(
      Ext2Inode inode, long fileBlock, Branch branch, long[] numbers, int count) {
    int level = branch.reached;
    int fill = level == branch.depth - 1 ? count : 1;
    BufferHead holder = branch.holders[level];
    for (int i = 0; i < fill; i++) {
      int index = branch.offsets[level] + i;
      if (holder == null) {
        inode.data[index] = (int) (numbers[level] + i);
      } else {
        Disk.put32(holder.address + 4L * index, numbers[level] + i);
      }
    }
    inode.lastLogical = fileBlock + count - 1;
    inode.lastPhysical = numbers[branch.depth - 1] + count - 1;
    if (holder != null) {
      Buffers.markBufferDirtyInode(holder, inode.mapping());
    }
    InodeTimes.touchChanged(inode);
    inode.markDirty();
  }

  /** Frees every block from a size on. The page cache was cut before. */
  @Traced("ext2_truncate_blocks")
  static void truncateBlocks(Ext2Inode inode, long newSize) {
    if (!inode.hasBlockTree()) {
      return;
    }
    inode.treeLock.writeLock().lock();
    try {
      inode.lastLogical = -1;
      new BlockTreeCutter(inode)
          .cutFrom(newSize + inode.ext2.blockSize - 1 >>> inode.ext2.shape.blockBits);
    } finally {
      inode.treeLock.writeLock().unlock();
    }
  }
}
