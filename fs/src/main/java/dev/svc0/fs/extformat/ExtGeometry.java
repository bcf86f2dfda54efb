package dev.svc0.fs.extformat;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.MountException;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a file system whose superblock was checked: every number here can be relied on.
 * Groups, blocks and inodes computed from it lie inside the device.
 */
public final class ExtGeometry {
  /** Largest block this implementation handles: one page. */
  public static final int MAX_BLOCK_SIZE = 4096;

  public final int blockSize;
  public final int blockBits;
  public final int inodeSize;
  public final int inodesPerBlock;
  public final long blocksCount;
  public final long inodesCount;
  public final int firstDataBlock;
  public final int blocksPerGroup;
  public final int inodesPerGroup;

  /** Blocks of an inode table. */
  public final int inodeTableBlocks;

  public final int groups;
  public final int descriptorSize;
  public final int descriptorsPerBlock;
  public final int descriptorBlocks;
  public final int reservedGdtBlocks;
  public final int firstInode;
  public final boolean sparseSuper;
  public final boolean metaBg;

  /** With sparse_super2: the only two groups, besides the first, with copies; else null. */
  private final long @Nullable [] backupGroups;

  public final long firstMetaBg;

  private ExtGeometry(RawSuperBlock raw) {
    boolean old = raw.isOldRevision();
    blockBits = 10 + (int) raw.u32(S_LOG_BLOCK_SIZE);
    blockSize = 1 << blockBits;
    inodeSize = old ? EXT2_GOOD_OLD_INODE_SIZE : raw.u16(S_INODE_SIZE);
    inodesPerBlock = inodeSize == 0 ? 0 : blockSize / inodeSize;
    firstInode = old ? EXT2_GOOD_OLD_FIRST_INO : (int) raw.u32(S_FIRST_INO);
    blocksCount = raw.blocks(S_BLOCKS_COUNT, S_BLOCKS_COUNT_HI);
    inodesCount = raw.u32(S_INODES_COUNT);
    firstDataBlock = (int) raw.u32(S_FIRST_DATA_BLOCK);
    blocksPerGroup = (int) raw.u32(S_BLOCKS_PER_GROUP);
    inodesPerGroup = (int) raw.u32(S_INODES_PER_GROUP);
    inodeTableBlocks = inodesPerBlock == 0 ? 0 : inodesPerGroup / inodesPerBlock;
    boolean wide = raw.hasIncompat(Features.INCOMPAT_64BIT);
    descriptorSize = wide ? raw.u16(S_DESC_SIZE) : GroupDescriptorLayout.EXT2_MIN_DESC_SIZE;
    descriptorsPerBlock = descriptorSize == 0 ? 0 : blockSize / descriptorSize;
    groups =
        blocksPerGroup <= 0
            ? 0
            : (int)
                Math.min(
                    Integer.MAX_VALUE,
                    (blocksCount - firstDataBlock + blocksPerGroup - 1) / blocksPerGroup);
    descriptorBlocks =
        descriptorsPerBlock == 0
            ? 0
            : (int) (((long) groups + descriptorsPerBlock - 1) / descriptorsPerBlock);
    reservedGdtBlocks =
        raw.hasCompat(Features.COMPAT_RESIZE_INODE) ? raw.u16(S_RESERVED_GDT_BLOCKS) : 0;
    sparseSuper = raw.hasRoCompat(Features.RO_COMPAT_SPARSE_SUPER);
    backupGroups =
        raw.hasCompat(Features.COMPAT_SPARSE_SUPER2)
            ? new long[] {raw.u32(S_BACKUP_BGS), raw.u32(S_BACKUP_BGS + 4)}
            : null;
    metaBg = raw.hasIncompat(Features.INCOMPAT_META_BG);
    firstMetaBg = metaBg ? raw.u32(S_FIRST_META_BG) : 0;
  }

  /**
   * Checks every field of a superblock that can hurt.
   *
   * @param deviceBytes size of the device
   * @param type name of the file system, for the message
   * @throws MountException naming the field and its value
   */
  public static ExtGeometry of(RawSuperBlock raw, long deviceBytes, String type)
      throws MountException {
    Check check = new Check(type);
    check.that(raw.u16(S_MAGIC) == 0xEF53, "s_magic", raw.u16(S_MAGIC), "0xef53 (61267)");
    check.that(
        raw.u32(S_LOG_BLOCK_SIZE) <= 2, "s_log_block_size", raw.u32(S_LOG_BLOCK_SIZE), "0 to 2");
    ExtGeometry shape = new ExtGeometry(raw);
    shape.checkInodes(raw, check);
    shape.checkGroups(raw, check);
    shape.checkCounts(raw, check, deviceBytes);
    return shape;
  }

  private void checkInodes(RawSuperBlock raw, Check check) throws MountException {
    check.that(
        inodeSize >= 128 && inodeSize <= blockSize && Integer.bitCount(inodeSize) == 1,
        "s_inode_size",
        inodeSize,
        "a power of two from 128 to the block size " + blockSize);
    check.that(
        firstInode >= EXT2_GOOD_OLD_FIRST_INO && raw.u32(S_FIRST_INO) <= Integer.MAX_VALUE
            || raw.isOldRevision(),
        "s_first_ino",
        raw.u32(S_FIRST_INO),
        "at least 11");
    long perGroup = raw.u32(S_INODES_PER_GROUP);
    check.that(
        perGroup >= inodesPerBlock && perGroup <= blockSize * 8L && perGroup % inodesPerBlock == 0,
        "s_inodes_per_group",
        perGroup,
        "a multiple of " + inodesPerBlock + ", at most " + blockSize * 8L);
  }

  private void checkGroups(RawSuperBlock raw, Check check) throws MountException {
    long perGroup = raw.u32(S_BLOCKS_PER_GROUP);
    check.that(
        perGroup > inodeTableBlocks + 3 && perGroup <= blockSize * 8L && perGroup % 8 == 0,
        "s_blocks_per_group",
        perGroup,
        "a multiple of 8 above " + (inodeTableBlocks + 3) + ", at most " + blockSize * 8L);
    if (!raw.hasRoCompat(Features.RO_COMPAT_BIGALLOC)) {
      check.that(
          raw.u32(S_LOG_FRAG_SIZE) == raw.u32(S_LOG_BLOCK_SIZE),
          "s_log_frag_size",
          raw.u32(S_LOG_FRAG_SIZE),
          "that of s_log_block_size, " + raw.u32(S_LOG_BLOCK_SIZE));
      check.that(
          raw.u32(S_FRAGS_PER_GROUP) == perGroup,
          "s_frags_per_group",
          raw.u32(S_FRAGS_PER_GROUP),
          "that of s_blocks_per_group, " + perGroup);
    }
    check.that(
        descriptorSize >= GroupDescriptorLayout.EXT2_MIN_DESC_SIZE
            && descriptorSize <= 1024
            && Integer.bitCount(descriptorSize) == 1,
        "s_desc_size",
        descriptorSize,
        "a power of two from 32 to 1024");
    int first = blockSize == 1024 ? 1 : 0;
    check.that(
        raw.u32(S_FIRST_DATA_BLOCK) == first,
        "s_first_data_block",
        raw.u32(S_FIRST_DATA_BLOCK),
        Integer.toString(first));
  }

  private void checkCounts(RawSuperBlock raw, Check check, long deviceBytes) throws MountException {
    long deviceBlocks = deviceBytes >>> blockBits;
    check.that(
        blocksCount > firstDataBlock && blocksCount <= deviceBlocks,
        "s_blocks_count",
        blocksCount,
        "at most the " + deviceBlocks + " blocks of the device");
    check.that(
        (long) groups * inodesPerGroup == inodesCount,
        "s_inodes_count",
        inodesCount,
        "s_inodes_per_group " + inodesPerGroup + " times " + groups + " groups");
    check.that(firstInode <= inodesCount, "s_first_ino", firstInode, "at most s_inodes_count");
    check.that(
        raw.blocks(S_R_BLOCKS_COUNT, S_R_BLOCKS_COUNT_HI) <= blocksCount,
        "s_r_blocks_count",
        raw.blocks(S_R_BLOCKS_COUNT, S_R_BLOCKS_COUNT_HI),
        "at most s_blocks_count");
    check.that(
        reservedGdtBlocks <= blockSize / 4,
        "s_reserved_gdt_blocks",
        reservedGdtBlocks,
        "at most " + blockSize / 4);
    check.that(
        firstMetaBg <= descriptorBlocks, "s_first_meta_bg", firstMetaBg, "below the group count");
    long table = (long) (metaBg ? 1 : descriptorBlocks) + reservedGdtBlocks;
    check.that(
        firstDataBlock + 1 + table <= blocksCount,
        "s_blocks_count",
        blocksCount,
        "room for " + table + " blocks of group descriptors");
  }

  /** First block of a group. */
  public long groupFirstBlock(long group) {
    return firstDataBlock + group * blocksPerGroup;
  }

  /** Blocks in a group: the last one may be short. */
  public int groupBlocks(long group) {
    return (int) Math.min(blocksPerGroup, blocksCount - groupFirstBlock(group));
  }

  /** The group of a block of the file system. */
  public int groupOfBlock(long block) {
    return (int) ((block - firstDataBlock) / blocksPerGroup);
  }

  /** The bit of a block in its group's bitmap. */
  public int bitOfBlock(long block) {
    return (int) ((block - firstDataBlock) % blocksPerGroup);
  }

  /** Whether [block, block + count) lies in the file system and holds no first superblock. */
  public boolean isDataRange(long block, long count) {
    return count > 0
        && block > firstDataBlock
        && block < blocksCount
        && count <= blocksCount - block;
  }

  /** Whether a group holds a copy of the superblock. */
  public boolean groupHasSuper(long group) {
    if (backupGroups != null) {
      return group == 0 || group == backupGroups[0] || group == backupGroups[1];
    }
    if (group <= 1 || !sparseSuper) {
      return true;
    }
    return (group & 1) == 1 && (isPower(group, 3) || isPower(group, 5) || isPower(group, 7));
  }

  private static boolean isPower(long value, int base) {
    long power = base;
    while (power < value) {
      power *= base;
    }
    return power == value;
  }

  /** Where a block of group descriptors lies. */
  public long descriptorBlock(int index) {
    if (!metaBg || index < firstMetaBg) {
      return firstDataBlock + 1L + index;
    }
    long group = (long) index * descriptorsPerBlock;
    return groupFirstBlock(group) + (groupHasSuper(group) ? 1 : 0);
  }

  /** Blocks at a group's start taken by copies of the superblock and the descriptors. */
  public int groupSuperBlocks(long group) {
    int copy = groupHasSuper(group) ? 1 : 0;
    if (!metaBg || group < firstMetaBg * descriptorsPerBlock) {
      return copy == 0
          ? 0
          : 1 + (metaBg ? (int) firstMetaBg : descriptorBlocks) + reservedGdtBlocks;
    }
    long inMeta = group % descriptorsPerBlock;
    return copy + (inMeta == 0 || inMeta == 1 || inMeta == descriptorsPerBlock - 1 ? 1 : 0);
  }

  /** Refuses a superblock, naming the field. */
  private record Check(String type) {
    void that(boolean right, String field, long value, String expected) throws MountException {
      if (!right) {
        throw new MountException(
            Errno.EINVAL,
            "%s: %s is %d, expected %s: not such a file system, or damaged (try e2fsck)"
                .formatted(type, field, value, expected));
      }
    }
  }
}
