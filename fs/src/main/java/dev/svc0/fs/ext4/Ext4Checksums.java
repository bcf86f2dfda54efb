package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.GroupDescriptorLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.extformat.SuperBlockLayout;

/** Checksums of metadata; everything is right on a file system without them. */
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

  static void putSuperBlockChecksum(RawSuperBlock raw) {
    if (raw.hasRoCompat(Features.RO_COMPAT_METADATA_CSUM)) {
      int crc = Crc.crc32c(Crc.CRC32C_START, raw.address(), SuperBlockLayout.S_CHECKSUM);
      raw.put32(SuperBlockLayout.S_CHECKSUM, crc);
    }
  }

  boolean isGroupRight(int group, long at, int size) {
    int field = GroupDescriptorLayout.BG_CHECKSUM;
    int stored = Disk.u16(at + field);
    if (metadata) {
      int crc = Crc.crc32c(seed, group);
      crc = Crc.crc32c(crc, at, field);
      crc = Crc.crc32cZeroes(crc, 2);
      crc = Crc.crc32c(crc, at + field + 2, size - field - 2);
      return (crc & 0xffff) == stored;
    }
    if (groups16) {
      int crc = Crc.crc16(0xffff, uuid, 16);
      crc = Crc.crc16(crc, group);
      crc = Crc.crc16(crc, at, field);
      if (size > field + 2) {
        crc = Crc.crc16(crc, at + field + 2, size - field - 2);
      }
      return crc == stored;
    }
    return true;
  }

  /** What the checksums of an inode and of everything that belongs to it begin with. */
  int inodeSeed(long number, int generation) {
    return Crc.crc32c(Crc.crc32c(seed, (int) number), generation);
  }

  boolean isInodeRight(long number, long at, int inodeSize) {
    if (!metadata) {
      return true;
    }
    int crc = inodeSeed(number, Disk.s32(at + I_GENERATION));
    crc = Crc.crc32c(crc, at, I_CHECKSUM_LO);
    crc = Crc.crc32cZeroes(crc, 2);
    crc = Crc.crc32c(crc, at + I_CHECKSUM_LO + 2, 128 - I_CHECKSUM_LO - 2);
    int stored = Disk.u16(at + I_CHECKSUM_LO);
    if (inodeSize <= 128) {
      return (crc & 0xffff) == stored;
    }
    boolean wide = Disk.u16(at + I_EXTRA_ISIZE) >= I_CHECKSUM_HI + 2 - 128;
    crc = Crc.crc32c(crc, at + 128, I_CHECKSUM_HI - 128);
    crc = wide ? Crc.crc32cZeroes(crc, 2) : Crc.crc32c(crc, at + I_CHECKSUM_HI, 2);
    crc = Crc.crc32c(crc, at + I_CHECKSUM_HI + 2, inodeSize - I_CHECKSUM_HI - 2);
    return wide ? crc == (stored | Disk.u16(at + I_CHECKSUM_HI) << 16) : (crc & 0xffff) == stored;
  }

  /** A block of extents: the checksum follows the last possible entry. */
  boolean isExtentBlockRight(Ext4Inode inode, long at, int maxEntries) {
    int tail = 12 + 12 * maxEntries;
    return !metadata || Crc.crc32c(inode.checksumSeed, at, tail) == Disk.s32(at + tail);
  }

  boolean isXattrBlockRight(long block, long at, int blockSize) {
    if (!metadata) {
      return true;
    }
    int crc = Crc.crc32c(Crc.crc32c(seed, (int) block), (int) (block >>> 32));
    crc = Crc.crc32c(crc, at, XATTR_CHECKSUM);
    crc = Crc.crc32cZeroes(crc, 4);
    crc = Crc.crc32c(crc, at + XATTR_CHECKSUM + 4, blockSize - XATTR_CHECKSUM - 4);
    return crc == Disk.s32(at + XATTR_CHECKSUM);
  }

  /** A block of a directory: names with a last entry for the checksum, or hashes with theirs. */
  boolean isDirectoryBlockRight(Ext4Inode directory, long at, int blockSize) {
    if (!metadata) {
      return true;
    }
    long tail = at + blockSize - DIR_TAIL_SIZE;
    boolean names =
        Disk.u32(tail) == 0
            && Disk.u16(tail + 4) == DIR_TAIL_SIZE
            && Disk.u8(tail + 6) == 0
            && Disk.u8(tail + 7) == DIR_TAIL_TYPE;
    if (names) {
      int crc = Crc.crc32c(directory.checksumSeed, at, blockSize - DIR_TAIL_SIZE);
      return crc == Disk.s32(tail + 8);
    }
    return isHashBlockRight(directory, at, blockSize);
  }

  private static boolean isHashBlockRight(Ext4Inode directory, long at, int blockSize) {
    int countAt;
    if (Disk.u16(at + 4) == blockSize) {
      countAt = 8;
    } else if (Disk.u16(at + 4) == 12 && Disk.u16(at + 16) == blockSize - 12) {
      countAt = 32;
    } else {
      return false;
    }
    int limit = Disk.u16(at + countAt);
    int count = Disk.u16(at + countAt + 2);
    int tail = countAt + 8 * limit;
    if (count > limit || tail + 8 > blockSize) {
      return false;
    }
    int crc = Crc.crc32c(directory.checksumSeed, at, countAt + 8 * count);
    crc = Crc.crc32c(crc, at + tail, 4);
    crc = Crc.crc32cZeroes(crc, 4);
    return crc == Disk.s32(at + tail + 4);
  }
}
