package dev.svc0.fs.mkfs;

import java.io.IOException;
import java.util.BitSet;

/**
 * Sizes and places of everything in a new ext4, computed as mke2fs does: metadata of sixteen groups
 * together at the start of the first of them.
 */
final class Ext4Layout {
  static final int FLEX = 16;

  /** Size of a group descriptor: with the 64bit feature. */
  static final int DESCRIPTOR_SIZE = 64;

  /** What an ext2 of the same options would be: sizes, groups and copies are the same. */
  final Layout base;

  final long[] blockBitmaps;
  final long[] inodeBitmaps;
  final long[] inodeTables;

  /** Blocks that are taken, by number. */
  private final BitSet used = new BitSet();

  Ext4Layout(Layout base) throws IOException {
    this.base = base;
    if (base.blocks > Integer.MAX_VALUE - 1) {
      throw new IOException("an ext4 of more than 2^31 blocks is not made here");
    }
    blockBitmaps = new long[base.groups];
    inodeBitmaps = new long[base.groups];
    inodeTables = new long[base.groups];
    for (int group = 0; group < base.groups; group++) {
      long first = base.firstBlock(group);
      mark(first, base.superBlocks(group));
    }
    for (int group = 0; group < base.groups; group++) {
      boolean first = group % FLEX == 0;
      int rest = restOfFlex(group);
      int table = base.inodeTableBlocks;
      blockBitmaps[group] = place(group, first ? 0 : blockBitmaps[group - 1] + 1, 1);
      long bitmapGoal = first ? blockBitmaps[group] + rest : inodeBitmaps[group - 1] + 1;
      inodeBitmaps[group] = place(group, bitmapGoal, 1);
      long tableGoal = first ? inodeBitmaps[group] + rest : inodeTables[group - 1] + table;
      inodeTables[group] = place(group, tableGoal, table);
    }
  }

  /** Groups from one on that share a place; a single group leaves room for all. */
  private int restOfFlex(int group) {
    int last = group | FLEX - 1;
    return last < base.groups || base.groups == 1 ? last - group + 1 : base.groups - group;
  }

  /** Takes some blocks: behind those of the group before, else where all of the flex group fit. */
  private long place(int group, long previous, int count) throws IOException {
    int last = Math.min(group | FLEX - 1, base.groups - 1);
    long start = previous;
    if (previous == 0 || !isFree(previous, count)) {
      long begin = base.firstBlock(group / FLEX * FLEX);
      long end = base.firstBlock(last) + base.blocksIn(last);
      start = findFree(begin, end, restOfFlex(group) * count);
      start = start < 0 ? findFree(begin, end, count) : start;
      start = start < 0 ? findFree(base.firstDataBlock, base.blocks, count) : start;
    }
    if (start < 0) {
      throw new IOException("the image is too small for an ext4 file system");
    }
    mark(start, count);
    return start;
  }

  private boolean isFree(long block, int count) {
    int next = used.nextSetBit((int) block);
    return block + count <= base.blocks && (next < 0 || next >= block + count);
  }

  /** The first run of free blocks in a range; −1 for none. */
  private long findFree(long begin, long end, int count) {
    int at = used.nextClearBit((int) begin);
    while (at + count <= end) {
      int taken = used.nextSetBit(at);
      if (taken < 0 || taken - at >= count) {
        return at;
      }
      at = used.nextClearBit(taken);
    }
    return -1;
  }

  void mark(long block, int count) {
    used.set((int) block, (int) block + count);
  }

  boolean isUsed(long block) {
    return used.get((int) block);
  }

  /** Takes the first free block from one on. */
  long allocate(long from) throws IOException {
    int at = used.nextClearBit((int) from);
    if (at >= base.blocks) {
      throw new IOException("the image is too small for an ext4 file system");
    }
    used.set(at);
    return at;
  }

  /** The longest run of free blocks at the first free block from one on, at most so many. */
  long[] allocateRun(long from, long most) throws IOException {
    long start = allocate(from);
    long count = 1;
    while (count < most && start + count < base.blocks && !isUsed(start + count)) {
      used.set((int) (start + count));
      count++;
    }
    return new long[] {start, count};
  }

  /** Free blocks of a group. */
  int freeIn(int group) {
    int first = (int) base.firstBlock(group);
    int end = first + base.blocksIn(group);
    return end - first - used.get(first, end).cardinality();
  }

  /** Whether a group holds nothing but copies of superblock and descriptors. */
  boolean isUntouched(int group) {
    return freeIn(group) == base.blocksIn(group) - base.superBlocks(group);
  }

  /** Where the journal goes: near the middle. */
  long journalGoal() {
    long middle = (base.blocks - base.firstDataBlock) / 2;
    int group = (int) ((middle - base.firstDataBlock) / base.blocksPerGroup);
    int start;
    if (group > FLEX) {
      group &= -FLEX;
      while (group < base.groups && freeIn(group) == 0) {
        group++;
      }
      group = group == base.groups ? 0 : group;
      start = group;
    } else {
      start = Math.max(0, group - 1);
    }
    int end = Math.min(group + 1, base.groups - 1);
    int best = start;
    for (int i = start + 1; i <= end; i++) {
      best = freeIn(i) > freeIn(best) ? i : best;
    }
    return base.firstBlock(best);
  }

  /** Blocks of a journal by the size of the file system; 0: too small for one. */
  static long journalBlocks(long blocks) {
    if (blocks < 2048) {
      return 0;
    }
    long[][] steps = {
      {32768, 1024},
      {256 * 1024, 4096},
      {512 * 1024, 8192},
      {4096 * 1024, 16384},
      {8192 * 1024, 32768},
      {16384 * 1024, 65536},
      {32768 * 1024, 131072}
    };
    for (long[] step : steps) {
      if (blocks < step[0]) {
        return step[1];
      }
    }
    return 262144;
  }
}
