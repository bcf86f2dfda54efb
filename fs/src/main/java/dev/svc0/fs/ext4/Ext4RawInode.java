package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.RawTimes;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.HostMemory;

/** An inode's bytes on disk, and how they become fields and back. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4RawInode {
  private static final long MAX_BLOCKS_32 = 0xffff_ffffL;
  private static final long MAX_BLOCKS_48 = 0xffff_ffff_ffffL;

  private Ext4RawInode() {}

  static void read(long at, Ext4Inode inode) {
    Ext4SuperBlock superBlock = inode.ext4;
    int inodeSize = superBlock.shape.inodeSize;
    inode.uid = Disk.u16(at + I_UID) | Disk.u16(at + I_UID_HIGH) << 16;
    inode.gid = Disk.u16(at + I_GID) | Disk.u16(at + I_GID_HIGH) << 16;
    inode.nlink = Disk.u16(at + I_LINKS_COUNT);
    inode.flags = Disk.s32(at + I_FLAGS);
    inode.generation = Disk.s32(at + I_GENERATION);
    inode.checksumSeed = superBlock.checksums.inodeSeed(inode.number(), inode.generation);
    boolean hasHigh = inode.isRegular() || inode.isDirectory();
    inode.setSize(Disk.join(Disk.u32(at + I_SIZE), hasHigh ? Disk.u32(at + I_SIZE_HIGH) : 0));
    inode.diskSize = inode.size();
    inode.fileAcl = Disk.join(Disk.u32(at + I_FILE_ACL), Disk.u16(at + I_FILE_ACL_HIGH));
    inode.deletedSeconds = Disk.u32(at + I_DTIME);
    inode.blocks512 = readBlocks(at, inode);
    inode.extraIsize = inodeSize > 128 ? Disk.u16(at + I_EXTRA_ISIZE) : 0;
    if (superBlock.hasProjects && RawTimes.hasExtra(at, inodeSize, I_PROJID)) {
      inode.projectId = Disk.s32(at + I_PROJID);
    }
    RawTimes.read(at, inodeSize, inode);
    for (int i = 0; i < EXT2_N_BLOCKS; i++) {
      inode.data[i] = Disk.s32(at + I_BLOCK + 4L * i);
    }
    inode.rdev = decodeDevice(inode.data[0], inode.data[1]);
    inode.setInodeFlags();
  }

  private static long readBlocks(long at, Ext4Inode inode) {
    long blocks = Disk.u32(at + I_BLOCKS);
    if (!inode.ext4.hasHugeFile) {
      return blocks;
    }
    blocks = Disk.join(blocks, Disk.u16(at + I_BLOCKS_HIGH));
    return inode.hasDiskFlag(EXT4_HUGE_FILE_FL) ? blocks << inode.ext4.shape.blockBits - 9 : blocks;
  }

  private static int decodeDevice(int old, int wide) {
    return old != 0
        ? (old >>> 8 & 0xff) << 20 | old & 0xff
        : (wide >>> 8 & 0xfff) << 20 | wide & 0xff | wide >>> 12 & 0xfff00;
  }

  /** Keeps a device number where block pointers would be. */
  static void encodeDevice(Ext4Inode inode, int rdev) {
    int major = rdev >>> 20;
    int minor = rdev & 0xfffff;
    boolean old = major < 256 && minor < 256;
    inode.data[0] = old ? major << 8 | minor : 0;
    inode.data[1] = old ? 0 : minor & 0xff | major << 8 | (minor & ~0xff) << 12;
    inode.rdev = rdev;
  }

  /** Writes all fields and the checksum; whether size or blocks changed. */
  @Traced("ext4_fill_raw_inode")
  static boolean write(long at, Ext4Inode inode) {
    Ext4SuperBlock superBlock = inode.ext4;
    int inodeSize = superBlock.shape.inodeSize;
    if (inode.isNew) {
      HostMemory.fill(at, inodeSize, (byte) 0);
      inode.isNew = false;
    }
    if (inodeSize > 128) {
      Disk.put16(at + I_EXTRA_ISIZE, inode.extraIsize);
    }
    Disk.put16(at + I_MODE, inode.mode);
    Disk.put16(at + I_UID, inode.uid);
    Disk.put16(at + I_UID_HIGH, inode.uid >>> 16);
    Disk.put16(at + I_GID, inode.gid);
    Disk.put16(at + I_GID_HIGH, inode.gid >>> 16);
    Disk.put16(at + I_LINKS_COUNT, inode.nlink);
    Disk.put32(at + I_DTIME, inode.deletedSeconds);
    Disk.put32(at + I_GENERATION, inode.generation);
    boolean changed = writeBlocks(at, inode);
    changed |= writeSize(at, inode);
    Disk.put32(at + I_FLAGS, inode.flags);
    Disk.put32(at + I_FILE_ACL, inode.fileAcl);
    Disk.put16(at + I_FILE_ACL_HIGH, (int) (inode.fileAcl >>> 32));
    RawTimes.write(at, inodeSize, inode);
    for (int i = 0; i < EXT2_N_BLOCKS; i++) {
      Disk.put32(at + I_BLOCK + 4L * i, inode.data[i]);
    }
    if (superBlock.hasProjects && RawTimes.hasExtra(at, inodeSize, I_PROJID)) {
      Disk.put32(at + I_PROJID, inode.projectId);
    }
    superBlock.checksums.setInode(inode.number(), at, inodeSize);
    return changed;
  }

  private static boolean writeSize(long at, Ext4Inode inode) {
    long old = Disk.join(Disk.u32(at + I_SIZE), Disk.u32(at + I_SIZE_HIGH));
    Disk.put32(at + I_SIZE, inode.diskSize);
    Disk.put32(at + I_SIZE_HIGH, inode.diskSize >>> 32);
    return old != inode.diskSize;
  }

  private static boolean writeBlocks(long at, Ext4Inode inode) {
    long blocks = inode.blocks512;
    long old = Disk.u32(at + I_BLOCKS);
    if (blocks > MAX_BLOCKS_32 && !inode.ext4.hasHugeFile) {
      throw new Ext4Exception(-Errno.EFBIG);
    }
    boolean huge = blocks > MAX_BLOCKS_48;
    inode.flags = huge ? inode.flags | EXT4_HUGE_FILE_FL : inode.flags & ~EXT4_HUGE_FILE_FL;
    blocks = huge ? blocks >>> inode.ext4.shape.blockBits - 9 : blocks;
    Disk.put32(at + I_BLOCKS, blocks);
    Disk.put16(at + I_BLOCKS_HIGH, (int) (blocks >>> 32));
    return old != (blocks & MAX_BLOCKS_32);
  }
}
