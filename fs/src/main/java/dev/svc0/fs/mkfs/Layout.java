package dev.svc0.fs.mkfs;

import java.io.IOException;

/** Sizes and places of everything in a new ext2 or ext4, computed as mke2fs does. */
final class Layout {
  private static final long MIB = 1 << 20;
  private static final int FIRST_INODE = 11;

  final int blockSize;
  final int inodeSize;
  final int firstDataBlock;
  final int blocksPerGroup;
  final long blocks;
  final int groups;
  final int inodesPerGroup;
  final int inodeTableBlocks;
  final int descriptorBlocks;
  final int reservedGdtBlocks;

  /** Blocks set aside for the super-user. */
  final long reservedBlocks;

  private final int descriptorSize;
  private final boolean resizable;

  Layout(long bytes, Mke2fsOptions options) throws IOException {
    descriptorSize = options.descriptorSize();
    resizable = options.has(Mke2fsOptions.Feature.RESIZE_INODE);
    boolean floppy = bytes < 3 * MIB;
    boolean small = bytes < 512 * MIB;
    blockSize = options.blockSize != 0 ? options.blockSize : small ? 1024 : 4096;
    inodeSize = options.inodeSize;
    firstDataBlock = blockSize == 1024 ? 1 : 0;
    blocksPerGroup = blockSize * 8;
    long count = bytes / blockSize;
    if (count > 0xffff_ffffL) {
      throw new IOException(
          "an ext2 of " + bytes + " bytes has more than 2^32 blocks of " + blockSize);
    }
    long all = count;
    long wanted = inodesWanted(count, ratio(bytes, floppy, small, options), options);
    int rest;
    int groupCount;
    int table;
    while (true) {
      groupCount = (int) ceil(count - firstDataBlock, blocksPerGroup);
      if (groupCount <= 0) {
        throw tooSmall(bytes);
      }
      table = tableBlocks(wanted, groupCount);
      rest = (int) ((count - firstDataBlock) % blocksPerGroup);
      int overhead = 2 + table + superBlocks(groupCount - 1, groupCount, count);
      if (rest == 0 || groupCount == 1 && rest >= overhead) {
        break;
      }
      if (groupCount == 1) {
        throw tooSmall(bytes);
      }
      if (rest >= overhead + 50) {
        break;
      }
      count -= rest;
    }
    blocks = count;
    long reserved = all * options.reservedPercent / 100;
    reservedBlocks = count == all ? reserved : (long) ((double) reserved / all * count);
    groups = groupCount;
    inodeTableBlocks = table;
    inodesPerGroup = table * blockSize / inodeSize & ~7;
    descriptorBlocks = descriptorBlocks(groups);
    reservedGdtBlocks = reservedGdt(groups, blocks);
    if (inodeTableBlocks + 3 + descriptorBlocks + reservedGdtBlocks >= blocksPerGroup) {
      throw new IOException("too many inodes for " + bytes + " bytes: raise the inode ratio");
    }
  }

  private static int ratio(long bytes, boolean floppy, boolean small, Mke2fsOptions options) {
    if (options.inodeRatio != 0) {
      return options.inodeRatio;
    }
    if (bytes >= 16L << 40) {
      return 65536;
    }
    return bytes >= 4L << 40 ? 32768 : floppy ? 8192 : small ? 4096 : 16384;
  }

  private long inodesWanted(long count, int ratio, Mke2fsOptions options) {
    long wanted = options.inodes != 0 ? options.inodes : count * blockSize / ratio;
    return Math.max(wanted, FIRST_INODE + 1);
  }

  private int tableBlocks(long wanted, int groupCount) throws IOException {
    long perGroup = ceil(wanted, groupCount);
    int perBlock = blockSize / inodeSize;
    perGroup = ceil(Math.max(perGroup, 8), perBlock) * perBlock;
    perGroup = Math.max(8, perGroup & ~7);
    if (perGroup > blockSize * 8L) {
      throw new IOException("too many inodes: at most " + blockSize * 8L + " fit in a group");
    }
    return (int) ceil(perGroup * inodeSize, blockSize);
  }

  private static IOException tooSmall(long bytes) {
    return new IOException(bytes + " bytes are too small for an ext2 file system");
  }

  private static long ceil(long value, long unit) {
    return (value + unit - 1) / unit;
  }

  private int descriptorBlocks(int groupCount) {
    return (int) ceil(groupCount, blockSize / descriptorSize);
  }

  /** Room to grow a thousandfold, as far as one block of pointers reaches. */
  private int reservedGdt(int groupCount, long count) {
    if (!resizable) {
      return 0;
    }
    long most = count < 0xffff_ffffL / 1024 ? count * 1024 : 0xffff_ffffL;
    long mostGroups = ceil(most - firstDataBlock, blocksPerGroup);
    long reserved = ceil(mostGroups, blockSize / descriptorSize) - descriptorBlocks(groupCount);
    return (int) Math.min(reserved, blockSize / 4);
  }

  private int superBlocks(int group, int groupCount, long count) {
    return hasSuper(group) ? 1 + descriptorBlocks(groupCount) + reservedGdt(groupCount, count) : 0;
  }

  /** Blocks at the start of a group for copies of superblock and descriptors. */
  int superBlocks(int group) {
    return hasSuper(group) ? 1 + descriptorBlocks + reservedGdtBlocks : 0;
  }

  static boolean hasSuper(int group) {
    return group <= 1 || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
  }

  private static boolean isPower(int value, int base) {
    long power = base;
    while (power < value) {
      power *= base;
    }
    return power == value;
  }

  long firstBlock(int group) {
    return firstDataBlock + (long) group * blocksPerGroup;
  }

  int blocksIn(int group) {
    return (int) Math.min(blocksPerGroup, blocks - firstBlock(group));
  }

  long blockBitmap(int group) {
    return firstBlock(group) + superBlocks(group);
  }

  long inodeBitmap(int group) {
    return blockBitmap(group) + 1;
  }

  long inodeTable(int group) {
    return blockBitmap(group) + 2;
  }

  /** Blocks of a group that hold metadata. */
  int overhead(int group) {
    return superBlocks(group) + 2 + inodeTableBlocks;
  }

  /** Blocks of the file system that hold metadata, with the boot block. */
  long overhead() {
    long sum = firstDataBlock;
    for (int group = 0; group < groups; group++) {
      sum += overhead(group);
    }
    return sum;
  }

  long inodes() {
    return (long) inodesPerGroup * groups;
  }
}
