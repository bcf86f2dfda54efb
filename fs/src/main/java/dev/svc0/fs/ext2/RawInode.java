package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.RawTimes;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.HostMemory;

/**
 * Moves attributes between an inode in memory and its bytes on disk.
 *
 * <p>Differs from Linux's ext2 on purpose: inodes larger than 128 bytes keep nanoseconds, times
 * after 2038 and the birth time where ext4 keeps them, so that those fields never contradict the
 * seconds.
 */
final class RawInode {
  /** Bytes after the first 128 that are used: up to and with i_projid. */
  private static final int EXTRA_BYTES = I_PROJID + 4 - 128;

  private RawInode() {}

  /** Reads everything but mode, links and block pointers' meaning. */
  static void read(long at, int inodeSize, Ext2Inode inode) {
    inode.uid = Disk.u16(at + I_UID) | Disk.u16(at + I_UID_HIGH) << 16;
    inode.gid = Disk.u16(at + I_GID) | Disk.u16(at + I_GID_HIGH) << 16;
    inode.nlink = Disk.u16(at + I_LINKS_COUNT);
    inode.setSize(size(at));
    inode.blocks512 = Disk.u32(at + I_BLOCKS);
    inode.flags = Disk.s32(at + I_FLAGS);
    inode.fileAcl = Disk.u32(at + I_FILE_ACL);
    inode.fragmentAddress = Disk.u32(at + I_FADDR);
    inode.deletedSeconds = Disk.u32(at + I_DTIME);
    inode.generation = Disk.s32(at + I_GENERATION);
    for (int i = 0; i < EXT2_N_BLOCKS; i++) {
      inode.data[i] = Disk.s32(at + I_BLOCK + 4L * i);
    }
    RawTimes.read(at, inodeSize, inode);
  }

  /** Size in bytes: the upper half counts for regular files only. */
  static long size(long at) {
    long low = Disk.u32(at + I_SIZE);
    boolean regular = (Disk.u16(at + I_MODE) & StatConstants.S_IFMT) == StatConstants.S_IFREG;
    return regular ? Disk.join(low, Disk.u32(at + I_SIZE_HIGH)) : low;
  }

  /** Writes everything. A new inode's place is cleared first. */
  static void write(long at, int inodeSize, Ext2Inode inode) {
    if (inode.isNew) {
      HostMemory.fill(at, inodeSize, (byte) 0);
      if (inodeSize > 128) {
        Disk.put16(at + I_EXTRA_ISIZE, EXTRA_BYTES);
      }
      inode.isNew = false;
    }
    Disk.put16(at + I_MODE, inode.mode);
    Disk.put16(at + I_UID, inode.uid);
    Disk.put16(at + I_UID_HIGH, inode.uid >>> 16);
    Disk.put16(at + I_GID, inode.gid);
    Disk.put16(at + I_GID_HIGH, inode.gid >>> 16);
    Disk.put16(at + I_LINKS_COUNT, inode.nlink);
    Disk.put32(at + I_SIZE, inode.size());
    if (inode.isRegular()) {
      Disk.put32(at + I_SIZE_HIGH, inode.size() >>> 32);
    }
    Disk.put32(at + I_BLOCKS, inode.blocks512);
    Disk.put32(at + I_DTIME, inode.deletedSeconds);
    Disk.put32(at + I_FLAGS, inode.flags);
    Disk.put32(at + I_FADDR, inode.fragmentAddress);
    Disk.put32(at + I_FILE_ACL, inode.fileAcl);
    Disk.put32(at + I_GENERATION, inode.generation);
    writeBlocks(at, inode);
    RawTimes.write(at, inodeSize, inode);
  }

  private static void writeBlocks(long at, Ext2Inode inode) {
    if (inode.isCharacterDevice() || inode.isBlockDevice()) {
      writeDevice(at, inode.rdev);
      return;
    }
    for (int i = 0; i < EXT2_N_BLOCKS; i++) {
      Disk.put32(at + I_BLOCK + 4L * i, inode.data[i]);
    }
  }

  /** Small numbers the old way, in 16 bits; others in the second pointer. */
  private static void writeDevice(long at, int rdev) {
    int major = rdev >>> 20;
    int minor = rdev & 0xfffff;
    boolean old = major < 256 && minor < 256;
    Disk.put32(at + I_BLOCK, old ? major << 8 | minor : 0);
    Disk.put32(at + I_BLOCK + 4, old ? 0 : minor & 0xff | major << 8 | (minor & ~0xff) << 12);
    Disk.put32(at + I_BLOCK + 8, 0);
  }

  /** The device number of a device node, major in bits 31…20. */
  static int readDevice(Ext2Inode inode) {
    int old = inode.data[0];
    if (old != 0) {
      return (old >>> 8 & 0xff) << 20 | old & 0xff;
    }
    int wide = inode.data[1];
    return (wide >>> 8 & 0xfff) << 20 | wide & 0xff | wide >>> 12 & 0xfff00;
  }
}
