package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import org.jspecify.annotations.Nullable;

/**
 * Files whose blocks are found through pointers: 12 in the inode, then three trees of pointer
 * blocks. The caller holds the inode's dataLock, exclusively to change. <i>Linux:</i>
 * fs/ext4/indirect.c.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Indirect implements AutoCloseable {
  private final Ext4Inode inode;
  private final int bits;

  /** Where a block's pointer is: slot in the inode, then in each pointer block. */
  private final int[] slots = new int[4];

  /** Pointer blocks on the way; null from the first missing one on. */
  private final @Nullable BufferHead[] chain = new BufferHead[3];

  private int levels;

  private Ext4Indirect(Ext4Inode inode) {
    this.inode = inode;
    bits = inode.ext4.shape.blockBits - 2;
  }

  /** First block that pointers cannot reach. */
  static long endOf(int blockBits) {
    int bits = blockBits - 2;
    return EXT2_NDIR_BLOCKS + (1L << bits) + (1L << 2 * bits) + (1L << 3 * bits);
  }

  @Traced("ext4_block_to_path")
  private void blockToPath(long block) {
    long left = block;
    if (left < EXT2_NDIR_BLOCKS) {
      levels = 0;
      slots[0] = (int) left;
      return;
    }
    left -= EXT2_NDIR_BLOCKS;
    for (levels = 1; levels <= 3; levels++) {
      if (left < 1L << bits * levels) {
        slots[0] = EXT2_NDIR_BLOCKS + levels - 1;
        for (int i = 1; i <= levels; i++) {
          slots[i] = (int) (left >>> bits * (levels - i)) & (1 << bits) - 1;
        }
        return;
      }
      left -= 1L << bits * levels;
    }
    throw new Ext4Exception(-Errno.EFBIG);
  }

  /** Reads the pointer blocks to a block as far as there are any; how many were found. */
  @Traced("ext4_get_branch")
  private int getBranch() {
    int found = 0;
    while (found < levels) {
      long block = pointer(found);
      if (block == 0) {
        return found;
      }
      BufferHead buffer = Buffers.bread(inode.ext4.disk, block, inode.ext4.blockSize);
      if (buffer == null) {
        throw new Ext4Exception(-Errno.EIO);
      }
      chain[found++] = buffer;
    }
    return found;
  }

  /** The pointer at a level: 0 in the inode. */
  private long pointer(int level) {
    return checked(raw(level, slots[level]));
  }

  private long raw(int level, int slot) {
    if (level == 0) {
      return inode.data[slot] & 0xffff_ffffL;
    }
    return Disk.u32(present(level - 1).address + 4L * slot);
  }

  private long checked(long block) {
    if (block != 0 && !inode.ext4.groups.isFileRange(block, 1)) {
      Ext4Exception.check(
          inode.ext4.error("inode " + inode.number() + ": pointer to block " + block));
    }
    return block;
  }

  private BufferHead present(int index) {
    BufferHead buffer = chain[index];
    if (buffer == null) {
      throw new IllegalStateException("no pointer block");
    }
    return buffer;
  }

  private int slotsAt(int level) {
    return level == 0 ? EXT2_NDIR_BLOCKS : 1 << bits;
  }

  /** Answers from the pointers, and notes the answer when it is a hole. */
  @Traced("ext4_ind_map_blocks")
  static void lookup(Ext4Inode inode, Ext4Map map) {
    Ext4Points.indMapBlocksEnter(inode, map, 0);
    find(inode, map);
    if (map.state == Ext4Map.HOLE) {
      inode.status.insertHole(map, map.count);
    }
    Ext4Points.indMapBlocksExit(inode, map, 0);
  }

  /** Answers from the pointers. */
  static void find(Ext4Inode inode, Ext4Map map) {
    try (Ext4Indirect walk = new Ext4Indirect(inode)) {
      walk.blockToPath(map.block);
      int found = walk.getBranch();
      if (found < walk.levels) {
        long span = 1L << walk.bits * (walk.levels - found);
        long inSpan = walk.positionIn(found);
        map.answer(Ext4Map.HOLE, span - inSpan, 0);
        return;
      }
      long first = walk.pointer(found);
      int count = walk.runLength(found, first, map.wanted);
      map.answer(first == 0 ? Ext4Map.HOLE : Ext4Map.WRITTEN, count, first);
    }
  }

  /** Where the block lies in the subtree of the pointer at a level. */
  private long positionIn(int level) {
    long position = 0;
    for (int i = level + 1; i <= levels; i++) {
      position = position << bits | slots[i];
    }
    return position;
  }

  private int runLength(int level, long first, long most) {
    int slot = slots[level];
    int count = 1;
    while (count < most && slot + count < slotsAt(level)) {
      long next = raw(level, slot + count);
      if (next != (first == 0 ? 0 : first + count)) {
        break;
      }
      count++;
    }
    return count;
  }

  /** Gives a hole blocks; the answer has what became of it. */
  @Traced("ext4_alloc_branch")
  static void allocate(Ext4Handle handle, Ext4Inode inode, Ext4Map map, int allocatorFlags) {
    try (Ext4Indirect walk = new Ext4Indirect(inode)) {
      walk.blockToPath(map.block);
      long goal = walk.findGoal(map.block);
      int found = walk.getBranch();
      while (found < walk.levels) {
        walk.addPointerBlock(handle, found++, goal);
      }
      int level = walk.levels;
      int count = walk.runLength(level, 0, map.wanted);
      Ext4BlockAllocator.Request request =
          new Ext4BlockAllocator.Request(inode, map.block, goal, count, allocatorFlags);
      inode.ext4.blocks.newBlocks(handle, request);
      for (int i = 0; i < request.length; i++) {
        walk.put(handle, level, walk.slots[level] + i, request.block + i, i == 0);
      }
      walk.dirty(handle, level);
      map.answer(Ext4Map.WRITTEN, request.length, request.block);
    }
  }

  @Traced("ext4_find_goal")
  private long findGoal(long block) {
    if (block > 0) {
      Ext4Map before = new Ext4Map(block - 1, 1);
      find(inode, before);
      if (before.physical != 0) {
        return before.physical + 1;
      }
    }
    return inode.ext4.inodeToGoalBlock(inode);
  }

  private void addPointerBlock(Ext4Handle handle, int level, long goal) {
    Ext4SuperBlock superBlock = inode.ext4;
    long block =
        superBlock.blocks.newMetaBlock(handle, inode, goal, Ext4BlockAllocator.USE_RESERVE);
    BufferHead made = superBlock.newMetadata(handle, block);
    handle.dirtyMetadata(made, inode);
    put(handle, level, slots[level], block, true);
    dirty(handle, level);
    chain[level] = made;
  }

  private void put(Ext4Handle handle, int level, int slot, long block, boolean first) {
    if (level == 0) {
      inode.data[slot] = (int) block;
      return;
    }
    BufferHead holder = present(level - 1);
    if (first) {
      handle.getWriteAccess(holder);
    }
    Disk.put32(holder.address + 4L * slot, block);
  }

  private void dirty(Ext4Handle handle, int level) {
    if (level == 0) {
      inode.ext4.table.markInodeDirty(handle, inode);
    } else {
      handle.dirtyMetadata(present(level - 1), inode);
    }
  }

  /**
   * Frees blocks of [from, to], one array of pointers from the end on.
   *
   * @return the last block of the range that may still have to be freed, or −1 when all is done
   */
  @Traced("ext4_ind_remove_space")
  static long removeSome(Ext4Handle handle, Ext4Inode inode, long from, long to) {
    try (Ext4Indirect walk = new Ext4Indirect(inode)) {
      walk.blockToPath(to);
      int found = walk.getBranch();
      if (found < walk.levels) {
        long begin = to - walk.positionIn(found);
        return begin > from ? begin - 1 : -1;
      }
      int level = walk.levels;
      long begin = to - walk.slots[level];
      long next = walk.freeRuns(handle, Math.max(from, begin), begin, to);
      if (next >= 0) {
        return next;
      }
      walk.freeEmpty(handle);
      return begin > from ? begin - 1 : -1;
    }
  }

  /** Frees what pointers of the last array say; where to go on when credits ran out, or −1. */
  private long freeRuns(Ext4Handle handle, long from, long begin, long to) {
    int level = levels;
    int low = (int) (from - begin);
    int slot = (int) (to - begin);
    while (slot >= low) {
      long last = checked(raw(level, slot));
      if (last == 0) {
        slot--;
        continue;
      }
      int first = slot;
      while (first > low
          && slot - first + 1 < Ext4Handle.MOST_REVOKED
          && raw(level, first - 1) == last - (slot - first) - 1) {
        first--;
      }
      if (!handle.hasCredits(Ext4Extents.INSERT_CREDITS)) {
        return begin + slot;
      }
      for (int i = first; i <= slot; i++) {
        put(handle, level, i, 0, i == first);
      }
      inode.ext4.freeFileBlocks(handle, inode, last - (slot - first), slot - first + 1L);
      dirty(handle, level);
      slot = first - 1;
    }
    return -1;
  }

  /** Frees pointer blocks that hold nothing any more. */
  private void freeEmpty(Ext4Handle handle) {
    for (int level = levels; level > 0; level--) {
      BufferHead holder = present(level - 1);
      for (int slot = 0; slot < 1 << bits; slot++) {
        if (Disk.u32(holder.address + 4L * slot) != 0) {
          return;
        }
      }
      long block = holder.blockNumber;
      put(handle, level - 1, slots[level - 1], 0, true);
      dirty(handle, level - 1);
      inode.ext4.blocks.freeBlocks(handle, inode, block, 1, true);
      dirty(handle, level - 1);
    }
  }

  @Override
  public void close() {
    for (BufferHead buffer : chain) {
      Buffers.brelse(buffer);
    }
  }
}
