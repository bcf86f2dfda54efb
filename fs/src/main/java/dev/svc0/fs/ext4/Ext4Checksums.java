package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.GroupDescriptorLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.extformat.SuperBlockLayout;

/** Checksums of metadata; everything is right on a file system without them. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Checksums {
  private static final int DIR_TAIL_SIZE = 12;
  private static final int DIR_TAIL_TYPE = 0xDE;
  private static final int XATTR_CHECKSUM = 16;

  private final boolean metadata;
  private final boolean groups16;
  private final int seed;
  private final long uuid;

  Ext4Checksums(RawSuperBlock raw) {
    metadata = raw.hasRoCompat(Features.RO_COMPAT_METADATA_CSUM);
    groups16 = !metadata && raw.hasRoCompat(Features.RO_COMPAT_GDT_CSUM);
    uuid = raw.address() + SuperBlockLayout.S_UUID;
    seed =
        raw.hasIncompat(Features.INCOMPAT_CSUM_SEED)
            ? (int) raw.u32(SuperBlockLayout.S_CHECKSUM_SEED)
            : Crc.crc32c(Crc.CRC32C_START, uuid, 16);
  }

  boolean hasMetadata() {
    return metadata;
  }

  static boolean isSuperBlockRight(RawSuperBlock raw) {
    if (!raw.hasRoCompat(Features.RO_COMPAT_METADATA_CSUM)) {
      return true;
    }
    int crc = Crc.crc32c(Crc.CRC32C_START, raw.address(), SuperBlockLayout.S_CHECKSUM);
    return crc == (int) raw.u32(SuperBlockLayout.S_CHECKSUM);
  }

  @Traced("ext4_superblock_csum_set")
  static void putSuperBlockChecksum(RawSuperBlock raw) {
    if (raw.hasRoCompat(Features.RO_COMPAT_METADATA_CSUM)) {
      int crc = Crc.crc32c(Crc.CRC32C_START, raw.address(), SuperBlockLayout.S_CHECKSUM);
      raw.put32(SuperBlockLayout.S_CHECKSUM, crc);
    }
  }

  boolean isGroupRight(int group, long at, int size) {
    int right = groupChecksum(group, at, size);
    return right < 0 || right == Disk.u16(at + GroupDescriptorLayout.BG_CHECKSUM);
  }

  @Traced("ext4_group_desc_csum_set")
  void setGroup(int group, long at, int size) {
    int right = groupChecksum(group, at, size);
    if (right >= 0) {
      Disk.put16(at + GroupDescriptorLayout.BG_CHECKSUM, right);
    }
  }

  /** The 16 bits of a descriptor's checksum; −1 without checksums. */
  @Traced("ext4_group_desc_csum")
  private int groupChecksum(int group, long at, int size) {
    int field = GroupDescriptorLayout.BG_CHECKSUM;
    if (metadata) {
      int crc = Crc.crc32c(seed, group);
      crc = Crc.crc32c(crc, at, field);
      crc = Crc.crc32cZeroes(crc, 2);
      crc = Crc.crc32c(crc, at + field + 2, size - field - 2);
      return crc & 0xffff;
    }
    if (groups16) {
      int crc = Crc.crc16(0xffff, uuid, 16);
      crc = Crc.crc16(crc, group);
      crc = Crc.crc16(crc, at, field);
      if (size > field + 2) {
        crc = Crc.crc16(crc, at + field + 2, size - field - 2);
      }
      return crc;
    }
    return -1;
  }

  /** Whether descriptors of groups carry checksums, and with them the marks of unused parts. */
  boolean hasGroups() {
    return metadata || groups16;
  }

  private int bitmapChecksum(long at, int bytes) {
    return Crc.crc32c(seed, at, bytes);
  }

  /** A bitmap, whose checksum is in its group's descriptor: low half and, if wide, high half. */
  boolean isBitmapRight(long at, int bytes, int low, int high, boolean wide) {
    if (!metadata) {
      return true;
    }
    int crc = bitmapChecksum(at, bytes);
    return wide ? crc == (low | high << 16) : (crc & 0xffff) == low;
  }

  @Traced("ext4_block_bitmap_csum_set")
  void setBlockBitmap(long descriptor, boolean wide, long bitmap, int bytes) {
    if (metadata) {
      int crc = bitmapChecksum(bitmap, bytes);
      Disk.put16(descriptor + GroupDescriptorLayout.BG_BLOCK_BITMAP_CSUM, crc);
      if (wide) {
        Disk.put16(descriptor + GroupDescriptorLayout.BG_BLOCK_BITMAP_CSUM_HI, crc >>> 16);
      }
    }
  }

  @Traced("ext4_inode_bitmap_csum_set")
  void setInodeBitmap(long descriptor, boolean wide, long bitmap, int bytes) {
    if (metadata) {
      int crc = bitmapChecksum(bitmap, bytes);
      Disk.put16(descriptor + GroupDescriptorLayout.BG_INODE_BITMAP_CSUM, crc);
      if (wide) {
        Disk.put16(descriptor + GroupDescriptorLayout.BG_INODE_BITMAP_CSUM_HI, crc >>> 16);
      }
    }
  }

  /** What the checksums of an inode and of everything that belongs to it begin with. */
  int inodeSeed(long number, int generation) {
    return Crc.crc32c(Crc.crc32c(seed, (int) number), generation);
  }

  boolean isInodeRight(long number, long at, int inodeSize) {
    if (!metadata) {
      return true;
    }
    int crc = inodeChecksum(number, at, inodeSize);
    int stored = Disk.u16(at + I_CHECKSUM_LO);
    return hasWideChecksum(at, inodeSize)
        ? crc == (stored | Disk.u16(at + I_CHECKSUM_HI) << 16)
        : (crc & 0xffff) == stored;
  }

  @Traced("ext4_inode_csum_set")
  void setInode(long number, long at, int inodeSize) {
    if (metadata) {
      int crc = inodeChecksum(number, at, inodeSize);
      Disk.put16(at + I_CHECKSUM_LO, crc);
      if (hasWideChecksum(at, inodeSize)) {
        Disk.put16(at + I_CHECKSUM_HI, crc >>> 16);
      }
    }
  }

  private static boolean hasWideChecksum(long at, int inodeSize) {
    return inodeSize > 128 && Disk.u16(at + I_EXTRA_ISIZE) >= I_CHECKSUM_HI + 2 - 128;
  }

  private int inodeChecksum(long number, long at, int inodeSize) {
    int crc = inodeSeed(number, Disk.s32(at + I_GENERATION));
    crc = Crc.crc32c(crc, at, I_CHECKSUM_LO);
    crc = Crc.crc32cZeroes(crc, 2);
    crc = Crc.crc32c(crc, at + I_CHECKSUM_LO + 2, 128 - I_CHECKSUM_LO - 2);
    if (inodeSize <= 128) {
      return crc;
    }
    boolean wide = hasWideChecksum(at, inodeSize);
    crc = Crc.crc32c(crc, at + 128, I_CHECKSUM_HI - 128);
    crc = wide ? Crc.crc32cZeroes(crc, 2) : Crc.crc32c(crc, at + I_CHECKSUM_HI, 2);
    return Crc.crc32c(crc, at + I_CHECKSUM_HI + 2, inodeSize - I_CHECKSUM_HI - 2);
  }

  /** A block of extents: the checksum follows the last possible entry. */
  boolean isExtentBlockRight(Ext4Inode inode, long at, int maxEntries) {
    int tail = 12 + 12 * maxEntries;
    return !metadata || Crc.crc32c(inode.checksumSeed, at, tail) == Disk.s32(at + tail);
  }

  @Traced("ext4_extent_block_csum_set")
  void setExtentBlock(Ext4Inode inode, long at, int maxEntries) {
    if (metadata) {
      int tail = 12 + 12 * maxEntries;
      Disk.put32(at + tail, Crc.crc32c(inode.checksumSeed, at, tail));
    }
  }

  boolean isXattrBlockRight(long block, long at, int blockSize) {
    return !metadata || xattrChecksum(block, at, blockSize) == Disk.s32(at + XATTR_CHECKSUM);
  }

  @Traced("ext4_xattr_block_csum_set")
  void setXattrBlock(long block, long at, int blockSize) {
    if (metadata) {
      Disk.put32(at + XATTR_CHECKSUM, xattrChecksum(block, at, blockSize));
    }
  }

  private int xattrChecksum(long block, long at, int blockSize) {
    int crc = Crc.crc32c(Crc.crc32c(seed, (int) block), (int) (block >>> 32));
    crc = Crc.crc32c(crc, at, XATTR_CHECKSUM);
    crc = Crc.crc32cZeroes(crc, 4);
    return Crc.crc32c(crc, at + XATTR_CHECKSUM + 4, blockSize - XATTR_CHECKSUM - 4);
  }

  /**
   * A block of a directory: names with a last entry for the checksum, or hashes with theirs. What
   * lies at the end does not tell them apart: a root that was a block of names may still have its
   * last entry. But only in a block of hashes do entries go up to the end.
   */
  boolean isDirectoryBlockRight(Ext4Inode directory, long at, int blockSize) {
    if (!metadata) {
      return true;
    }
    int countAt = hashCountAt(at, blockSize);
    if (countAt > 0) {
      return isHashBlockRight(directory, at, blockSize, countAt);
    }
    long tail = at + blockSize - DIR_TAIL_SIZE;
    boolean names =
        Disk.u32(tail) == 0
            && Disk.u16(tail + 4) == DIR_TAIL_SIZE
            && Disk.u8(tail + 6) == 0
            && Disk.u8(tail + 7) == DIR_TAIL_TYPE;
    int crc = Crc.crc32c(directory.checksumSeed, at, blockSize - DIR_TAIL_SIZE);
    return names && crc == Disk.s32(tail + 8);
  }

  /** Where count and limit of a block of hashes lie: an inner block, or the root; else 0. */
  private static int hashCountAt(long at, int blockSize) {
    if (Disk.u16(at + 4) == blockSize) {
      return 8;
    }
    return Disk.u16(at + 4) == 12 && Disk.u16(at + 16) == blockSize - 12 ? 32 : 0;
  }

  /** Gives a block of names its last entry, which holds the checksum. */
  static void initDirTail(long at, int blockSize) {
    long tail = at + blockSize - DIR_TAIL_SIZE;
    Disk.put32(tail, 0);
    Disk.put16(tail + 4, DIR_TAIL_SIZE);
    Disk.put8(tail + 6, 0);
    Disk.put8(tail + 7, DIR_TAIL_TYPE);
    Disk.put32(tail + 8, 0);
  }

  /** Bytes of a block of names that its checksum takes. */
  int dirTailSize() {
    return metadata ? DIR_TAIL_SIZE : 0;
  }

  @Traced("ext4_dirblock_csum_set")
  void setDirBlock(Ext4Inode directory, long at, int blockSize) {
    if (metadata) {
      int end = blockSize - DIR_TAIL_SIZE;
      Disk.put32(at + end + 8, Crc.crc32c(directory.checksumSeed, at, end));
    }
  }

  /** A block of hashes, whose count and limit lie at an offset. */
  @Traced("ext4_dx_csum_set")
  void setHashBlock(Ext4Inode directory, long at, int countAt) {
    if (metadata) {
      int limit = Disk.u16(at + countAt);
      int count = Disk.u16(at + countAt + 2);
      int tail = countAt + 8 * limit;
      Disk.put32(at + tail + 4, hashChecksum(directory, at, countAt, count, tail));
    }
  }

  private static int hashChecksum(Ext4Inode directory, long at, int countAt, int count, int tail) {
    int crc = Crc.crc32c(directory.checksumSeed, at, countAt + 8 * count);
    crc = Crc.crc32c(crc, at + tail, 4);
    return Crc.crc32cZeroes(crc, 4);
  }

  /** A block of the file of orphans. */
  int orphanBlock(Ext4Inode file, long block, long at, int entries) {
    int crc = Crc.crc32c(file.checksumSeed, (int) block);
    crc = Crc.crc32c(crc, (int) (block >>> 32));
    return Crc.crc32c(crc, at, 4 * entries);
  }

  private static boolean isHashBlockRight(
      Ext4Inode directory, long at, int blockSize, int countAt) {
    int limit = Disk.u16(at + countAt);
    int count = Disk.u16(at + countAt + 2);
    int tail = countAt + 8 * limit;
    if (count > limit || tail + 8 > blockSize) {
      return false;
    }
    return hashChecksum(directory, at, countAt, count, tail) == Disk.s32(at + tail + 4);
  }
}
