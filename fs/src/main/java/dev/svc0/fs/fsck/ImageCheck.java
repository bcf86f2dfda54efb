package dev.svc0.fs.fsck;

import static dev.svc0.fs.extformat.GroupDescriptorLayout.*;
import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.fs.extformat.Bitmap;
import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.MountException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** One check of one image. */
public final class ImageCheck {
  private final Volume volume;
  private final InodeScan inodes;

  private ImageCheck(Volume volume) {
    this.volume = volume;
    this.inodes = new InodeScan(volume);
  }

  /**
   * Checks an image, which nobody may have mounted.
   *
   * @throws IOException when it cannot be read, or is of a kind that is not checked here
   */
  public static CheckReport check(Path image) throws IOException {
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.READ);
        Volume volume = new Volume(file)) {
      return new ImageCheck(volume).run();
    } catch (MountException e) {
      return new CheckReport(List.of(String.valueOf(e.getMessage())), List.of(), 0, 0, 0, 0);
    }
  }

  private CheckReport run() throws IOException {
    superBlock();
    for (int group = 0; group < volume.shape.groups; group++) {
      group(group);
    }
    inodes.scan();
    new DirectoryScan(volume, inodes).scan();
    long freeBlocks = 0;
    long freeInodes = 0;
    for (int group = 0; group < volume.shape.groups; group++) {
      freeBlocks += blockBitmap(group);
      freeInodes += inodeBitmap(group);
    }
    total(
        "free blocks", volume.raw.blocks(S_FREE_BLOCKS_COUNT, S_FREE_BLOCKS_COUNT_HI), freeBlocks);
    total("free inodes", volume.raw.u32(S_FREE_INODES_COUNT), freeInodes);
    return new CheckReport(
        List.copyOf(volume.problems),
        List.copyOf(volume.notes),
        volume.shape.inodesCount - freeInodes,
        volume.shape.inodesCount,
        volume.shape.blocksCount - freeBlocks,
        volume.shape.blocksCount);
  }

  private void superBlock() {
    if (volume.metadataSums
        && Crc.crc32c(Crc.CRC32C_START, volume.raw.address(), S_CHECKSUM)
            != (int) volume.raw.u32(S_CHECKSUM)) {
      volume.problem("the checksum of the superblock is wrong");
    }
    if (volume.raw.hasIncompat(Features.INCOMPAT_RECOVER)) {
      volume.notes.add(
          "the journal needs recovery, which mounting does; checked without what is in it");
    }
    if ((volume.raw.u16(S_STATE) & EXT2_ERROR_FS) != 0) {
      volume.notes.add("the file system is marked as one with errors");
    }
  }

  /** Claims what belongs to a group itself; checks its descriptor. */
  private void group(int group) {
    String owner = "group " + group;
    long first = volume.shape.groupFirstBlock(group);
    int copies = volume.shape.groupSuperBlocks(group);
    for (int i = 0; i < copies; i++) {
      volume.claim(first + i, owner + " (superblock and descriptors)");
    }
    volume.claim(
        volume.groupWide(group, BG_BLOCK_BITMAP, BG_BLOCK_BITMAP_HI), owner + " (block bitmap)");
    volume.claim(
        volume.groupWide(group, BG_INODE_BITMAP, BG_INODE_BITMAP_HI), owner + " (inode bitmap)");
    long table = volume.groupWide(group, BG_INODE_TABLE, BG_INODE_TABLE_HI);
    for (int i = 0; i < volume.shape.inodeTableBlocks; i++) {
      if (!volume.claim(table + i, owner + " (inode table)")) {
        break;
      }
    }
    if (!isDescriptorRight(group)) {
      volume.problem("group %d: the checksum of its descriptor is wrong", group);
    }
  }

  private boolean isDescriptorRight(int group) {
    long at = volume.descriptor(group);
    int size = volume.shape.descriptorSize;
    int stored = Disk.u16(at + BG_CHECKSUM);
    int rest = size - BG_CHECKSUM - 2;
    if (volume.metadataSums) {
      int crc = Crc.crc32c(Crc.crc32c(volume.seed, group), at, BG_CHECKSUM);
      crc = Crc.crc32c(Crc.crc32cZeroes(crc, 2), at + BG_CHECKSUM + 2, rest);
      return (crc & 0xffff) == stored;
    }
    if (volume.groupSums) {
      int crc = Crc.crc16(0xffff, volume.raw.address() + S_UUID, 16);
      crc = Crc.crc16(Crc.crc16(crc, group), at, BG_CHECKSUM);
      return (rest > 0 ? Crc.crc16(crc, at + BG_CHECKSUM + 2, rest) : crc) == stored;
    }
    return true;
  }

  /** Compares a group's bitmap of blocks with what was claimed; how many are free. */
  private int blockBitmap(int group) throws IOException {
    int bits = volume.shape.groupBlocks(group);
    int first = (int) volume.shape.groupFirstBlock(group);
    int free = bits - volume.used.get(first, first + bits).cardinality();
    if (!volume.groupFlag(group, EXT4_BG_BLOCK_UNINIT)) {
      long bitmap = bitmap(group, BG_BLOCK_BITMAP, BG_BLOCK_BITMAP_HI);
      compare("block", group, bitmap, bits, first, volume.used::get);
      sum("block", group, bitmap, volume.shape.blocksPerGroup, BG_BLOCK_BITMAP_CSUM);
    }
    groupTotal("free blocks", group, BG_FREE_BLOCKS_COUNT, BG_FREE_BLOCKS_COUNT_HI, free);
    return free;
  }

  private int inodeBitmap(int group) throws IOException {
    int bits = volume.shape.inodesPerGroup;
    int first = group * bits + 1;
    int free = bits - inodes.used.get(first, first + bits).cardinality();
    if (!volume.groupFlag(group, EXT4_BG_INODE_UNINIT)) {
      long bitmap = bitmap(group, BG_INODE_BITMAP, BG_INODE_BITMAP_HI);
      compare("inode", group, bitmap, bits, first, inodes.used::get);
      sum("inode", group, bitmap, bits, BG_INODE_BITMAP_CSUM);
    }
    groupTotal("free inodes", group, BG_FREE_INODES_COUNT, BG_FREE_INODES_COUNT_HI, free);
    int directories = 0;
    for (int number = first; number < first + bits && number < inodes.modes.length; number++) {
      boolean is = (inodes.modes[number] & StatConstants.S_IFMT) == StatConstants.S_IFDIR;
      directories += is ? 1 : 0;
    }
    groupTotal("directories", group, BG_USED_DIRS_COUNT, BG_USED_DIRS_COUNT_HI, directories);
    return free;
  }

  private long bitmap(int group, int low, int high) throws IOException {
    long buffer = volume.buffer();
    volume.read(volume.groupWide(group, low, high), buffer);
    return buffer;
  }

  private interface Bits {
    boolean get(int bit);
  }

  private void compare(String what, int group, long bitmap, int bits, int first, Bits expected) {
    for (int i = 0; i < bits; i++) {
      boolean set = Bitmap.test(bitmap, i);
      if (set != expected.get(first + i)) {
        volume.problem(
            set
                ? "%s %d is marked as used, and nobody uses it"
                : "%s %d is used, and marked as free",
            what,
            first + i);
      }
    }
    for (int i = bits; i < volume.blockSize * 8; i++) {
      if (!Bitmap.test(bitmap, i)) {
        volume.problem("group %d: the end of its %s bitmap is not filled up", group, what);
        break;
      }
    }
  }

  private void sum(String what, int group, long bitmap, int bits, int field) {
    int crc = Crc.crc32c(volume.seed, bitmap, bits / 8);
    int stored = volume.groupCount(group, field, field + 32);
    boolean wide = volume.shape.descriptorSize >= 64;
    if (volume.metadataSums && (wide ? crc : crc & 0xffff) != stored) {
      volume.problem("group %d: the checksum of its %s bitmap is wrong", group, what);
    }
  }

  private void groupTotal(String what, int group, int low, int high, int counted) {
    int stored = volume.groupCount(group, low, high);
    if (stored != counted) {
      volume.problem("group %d: %d %s, counted %d", group, stored, what, counted);
    }
  }

  /**
   * The totals are hints: a kernel that was not shut down leaves them, and mounting renews them.
   */
  private void total(String what, long stored, long counted) {
    if (stored != counted) {
      volume.notes.add("the superblock says %d %s, counted %d".formatted(stored, what, counted));
    }
  }
}
