package dev.svc0.fs.fsck;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.fs.extformat.Crc;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.GroupDescriptorLayout;
import dev.svc0.fs.extformat.SuperBlockLayout;
import dev.svc0.fs.extformat.XattrBlock;
import dev.svc0.runtime.abi.StatConstants;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The pass over all inodes: whose fields are right, and which blocks they have. */
final class InodeScan {
  private static final int FAST_LINK = 60;
  private static final int SECTOR = 512;
  private static final int XATTR_SUM = 16;

  private final Volume volume;

  /** Inodes in use; reserved ones always are. */
  final BitSet used = new BitSet();

  final short[] modes;
  final int[] links;

  /** For each directory its blocks by their place in it. */
  final Map<Integer, List<Long>> directories = new TreeMap<>();

  /** Inodes without a name that are not forgotten: being deleted, or the kernel's own. */
  final Set<Integer> nameless = new HashSet<>();

  private final Map<Long, Integer> xattrUsers = new HashMap<>();

  InodeScan(Volume volume) {
    this.volume = volume;
    modes = new short[(int) volume.shape.inodesCount + 1];
    links = new int[modes.length];
  }

  /** Where an inode is, copied into a buffer that holds its block. */
  private long at(long number, long buffer) throws IOException {
    int group = (int) ((number - 1) / volume.shape.inodesPerGroup);
    long index = (number - 1) % volume.shape.inodesPerGroup;
    long table =
        volume.groupWide(
            group, GroupDescriptorLayout.BG_INODE_TABLE, GroupDescriptorLayout.BG_INODE_TABLE_HI);
    volume.read(table + index / volume.shape.inodesPerBlock, buffer);
    return buffer + index % volume.shape.inodesPerBlock * volume.shape.inodeSize;
  }

  void scan() throws IOException {
    used.set(1, Math.min(volume.shape.firstInode, modes.length));
    orphans();
    long buffer = volume.buffer();
    for (int group = 0; group < volume.shape.groups; group++) {
      int count = volume.shape.inodesPerGroup;
      if (volume.groupFlag(group, GroupDescriptorLayout.EXT4_BG_INODE_UNINIT)) {
        continue;
      }
      if (volume.groupSums) {
        count -=
            volume.groupCount(
                group,
                GroupDescriptorLayout.BG_ITABLE_UNUSED,
                GroupDescriptorLayout.BG_ITABLE_UNUSED_HI);
      }
      long first = (long) group * volume.shape.inodesPerGroup + 1;
      for (int i = 0; i < count; i += volume.shape.inodesPerBlock) {
        long block = at(first + i, buffer);
        int here = Math.min(volume.shape.inodesPerBlock, count - i);
        for (int k = 0; k < here; k++) {
          one((int) first + i + k, block + (long) k * volume.shape.inodeSize);
        }
      }
    }
    xattrUsers();
  }

  /** Follows the list of inodes that were being deleted. */
  private void orphans() throws IOException {
    long buffer = volume.buffer();
    long next = volume.raw.u32(SuperBlockLayout.S_LAST_ORPHAN);
    while (next >= volume.shape.firstInode
        && next <= volume.shape.inodesCount
        && nameless.add((int) next)) {
      next = Disk.u32(at(next, buffer) + I_DTIME);
    }
    if (!nameless.isEmpty()) {
      volume.notes.add(nameless.size() + " files were being deleted; mounting finishes that");
    }
    for (int field : new int[] {620, 640}) { // s_prj_quota_inum, s_orphan_file_inum
      long number = volume.raw.u32(field);
      boolean meant =
          field == 620
              ? volume.raw.hasRoCompat(Features.RO_COMPAT_PROJECT)
              : volume.raw.hasCompat(Features.COMPAT_ORPHAN_FILE);
      if (meant && number > 0 && number <= volume.shape.inodesCount) {
        nameless.add((int) number);
      }
    }
  }

  private void one(int number, long inode) throws IOException {
    int mode = Disk.u16(inode + I_MODE);
    int count = Disk.u16(inode + I_LINKS_COUNT);
    boolean reserved = number < volume.shape.firstInode && number != EXT2_ROOT_INO;
    boolean orphan = nameless.contains(number);
    if (count == 0 && !orphan && !(reserved && mode != 0)) {
      if (mode != 0 && Disk.u32(inode + I_DTIME) == 0 && !reserved) {
        volume.problem("inode %d: it was deleted and has no time of deletion", number);
      }
      return;
    }
    used.set(number);
    modes[number] = (short) mode;
    links[number] = count;
    if (count > 0 && Disk.u32(inode + I_DTIME) != 0 && !orphan) {
      volume.problem("inode %d: it is in use and has a time of deletion", number);
    }
    if (!isSumRight(number, inode)) {
      volume.problem("inode %d: its checksum is wrong", number);
    }
    if (number == EXT2_RESIZE_INO) {
      new ResizeInode(volume, inode).check();
      return;
    }
    blocks(number, inode, mode);
  }

  private boolean isSumRight(int number, long inode) {
    if (!volume.metadataSums) {
      return true;
    }
    int size = volume.shape.inodeSize;
    int crc = volume.inodeSeed(number, inode);
    crc = Crc.crc32c(crc, inode, I_CHECKSUM_LO);
    crc = Crc.crc32cZeroes(crc, 2);
    crc = Crc.crc32c(crc, inode + I_CHECKSUM_LO + 2, 128 - I_CHECKSUM_LO - 2);
    int stored = Disk.u16(inode + I_CHECKSUM_LO);
    boolean wide = size > 128 && Disk.u16(inode + I_EXTRA_ISIZE) >= I_CHECKSUM_HI + 2 - 128;
    if (size > 128) {
      crc = Crc.crc32c(crc, inode + 128, I_CHECKSUM_HI - 128);
      crc = wide ? Crc.crc32cZeroes(crc, 2) : Crc.crc32c(crc, inode + I_CHECKSUM_HI, 2);
      crc = Crc.crc32c(crc, inode + I_CHECKSUM_HI + 2, size - I_CHECKSUM_HI - 2);
    }
    return wide
        ? crc == (stored | Disk.u16(inode + I_CHECKSUM_HI) << 16)
        : (crc & 0xffff) == stored;
  }

  private void blocks(int number, long inode, int mode) throws IOException {
    int type = mode & StatConstants.S_IFMT;
    int flags = Disk.s32(inode + I_FLAGS);
    long size = Disk.join(Disk.u32(inode + I_SIZE), Disk.u32(inode + I_SIZE_HIGH));
    boolean inline = (flags & EXT4_INLINE_DATA_FL) != 0;
    boolean fast =
        type == StatConstants.S_IFLNK && size < FAST_LINK && (flags & EXT4_EXTENTS_FL) == 0;
    boolean mapped =
        !inline
            && (type == StatConstants.S_IFREG
                || type == StatConstants.S_IFDIR
                || type == StatConstants.S_IFLNK && !fast);
    if (!isKnown(type) && mode != 0) {
      volume.problem("inode %d: its mode is %06o", number, mode);
    }
    List<Long> where = type == StatConstants.S_IFDIR ? new ArrayList<>() : null;
    BlockMap map =
        new BlockMap(
            volume,
            number,
            inode,
            (fileBlock, block) -> {
              if (where != null) {
                if (fileBlock != where.size()) {
                  volume.problem("inode %d: the directory has a hole", number);
                }
                where.add(block);
              }
            });
    if (mapped) {
      map.walk();
    }
    if (where != null) {
      directories.put(number, where);
      if (!inline && size != (long) where.size() * volume.blockSize) {
        volume.problem("inode %d: its size is %d for %d blocks", number, size, where.size());
      }
    } else if (map.lastWritten >= 0 && size < map.lastWritten * volume.blockSize) {
      volume.problem("inode %d: its size is %d, and there are blocks behind", number, size);
    }
    count(number, inode, flags, map.blocks + xattrBlock(number, inode));
  }

  private static boolean isKnown(int type) {
    return switch (type) {
      case StatConstants.S_IFREG,
          StatConstants.S_IFDIR,
          StatConstants.S_IFLNK,
          StatConstants.S_IFCHR,
          StatConstants.S_IFBLK,
          StatConstants.S_IFIFO,
          StatConstants.S_IFSOCK ->
          true;
      default -> false;
    };
  }

  private void count(int number, long inode, int flags, long blocks) {
    boolean huge = volume.raw.hasRoCompat(Features.RO_COMPAT_HUGE_FILE);
    long stored = Disk.join(Disk.u32(inode + I_BLOCKS), huge ? Disk.u16(inode + I_BLOCKS_HIGH) : 0);
    boolean inBlocks = huge && (flags & EXT4_HUGE_FILE_FL) != 0;
    long expected = inBlocks ? blocks : blocks * (volume.blockSize / SECTOR);
    if (stored != expected && !volume.raw.hasIncompat(Features.INCOMPAT_EA_INODE)) {
      volume.problem(
          "inode %d: its count of blocks is %d and should be %d", number, stored, expected);
    }
  }

  /** Claims the block of extended attributes, which several inodes may share; how many it is. */
  private long xattrBlock(int number, long inode) throws IOException {
    long high =
        volume.raw.hasIncompat(Features.INCOMPAT_64BIT) ? Disk.u16(inode + I_FILE_ACL_HIGH) : 0;
    long block = Disk.join(Disk.u32(inode + I_FILE_ACL), high);
    if (block == 0) {
      return 0;
    }
    if (xattrUsers.merge(block, 1, Integer::sum) == 1
        && !volume.claim(block, "attributes of inode " + number)) {
      xattrUsers.remove(block);
    }
    return 1;
  }

  private void xattrUsers() throws IOException {
    long buffer = volume.buffer();
    for (Map.Entry<Long, Integer> one : xattrUsers.entrySet()) {
      long block = one.getKey();
      volume.read(block, buffer);
      if (!XattrBlock.hasHeader(buffer)) {
        volume.problem("block %d: the attributes in it are damaged", block);
        continue;
      }
      if (XattrBlock.references(buffer) != one.getValue()) {
        volume.problem(
            "block %d: attributes of %d inodes, counted %d",
            block, XattrBlock.references(buffer), one.getValue());
      }
      int crc = Crc.crc32c(Crc.crc32c(volume.seed, (int) block), (int) (block >>> 32));
      crc = Crc.crc32c(crc, buffer, XATTR_SUM);
      crc = Crc.crc32cZeroes(crc, 4);
      crc = Crc.crc32c(crc, buffer + XATTR_SUM + 4, volume.blockSize - XATTR_SUM - 4);
      if (volume.metadataSums && crc != Disk.s32(buffer + XATTR_SUM)) {
        volume.problem("block %d: the checksum of the attributes is wrong", block);
      }
    }
  }
}
