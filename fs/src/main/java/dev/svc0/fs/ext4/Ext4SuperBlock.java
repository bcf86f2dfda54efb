package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.GroupDescriptorLayout.*;
import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.DirEntryLayout;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import org.jspecify.annotations.Nullable;

/** A mounted ext4; always read-only. <i>Linux:</i> fs/ext4/super.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4SuperBlock extends SuperBlock {
  final BlockDevice disk;
  final ExtGeometry shape;
  final Ext4Checksums checksums;
  final Ext4InodeTable table;
  final boolean hasFileType;
  final boolean hasHugeFile;

  private final Object holder;
  private final BufferHead superBuffer;
  private final RawSuperBlock raw;
  private final BufferHead[] descriptors;
  private int loaded;
  private long freeBlocks;
  private long freeInodes;
  private volatile @Nullable String lastError;

  Ext4SuperBlock(
      FileSystemType type,
      MountRequest request,
      BlockDevice disk,
      Object holder,
      BufferHead superBuffer,
      RawSuperBlock raw,
      ExtGeometry shape) {
    super(type, request);
    this.disk = disk;
    this.holder = holder;
    this.superBuffer = superBuffer;
    this.raw = raw;
    this.shape = shape;
    checksums = new Ext4Checksums(raw);
    table = new Ext4InodeTable(this);
    descriptors = new BufferHead[shape.descriptorBlocks];
    hasFileType = !raw.isOldRevision() && raw.hasIncompat(Features.INCOMPAT_FILETYPE);
    hasHugeFile = !raw.isOldRevision() && raw.hasRoCompat(Features.RO_COMPAT_HUGE_FILE);
    magic = FsMagic.EXT4_SUPER_MAGIC;
    blockSize = shape.blockSize;
    maxBytes = (1L << 32) - 1 << shape.blockBits;
    maxLinks = 65000;
    timeGranularityNanos = shape.inodeSize > 128 ? 1 : 1_000_000_000;
    setFlags(flags() | MountFlags.MS_RDONLY);
  }

  /** Reads and checks all group descriptors. */
  @Traced("ext4_check_descriptors")
  void loadGroups() throws MountException {
    for (int i = 0; i < descriptors.length; i++) {
      long at = shape.descriptorBlock(i);
      BufferHead block = at < shape.blocksCount ? Buffers.bread(disk, at, shape.blockSize) : null;
      if (block == null) {
        throw new MountException(
            Errno.EIO, "ext4: unable to read group descriptors in block " + at);
      }
      descriptors[i] = block;
      loaded = i + 1;
    }
    for (int group = 0; group < shape.groups; group++) {
      checkGroup(group);
      long at = descriptor(group);
      freeBlocks += count(at, BG_FREE_BLOCKS_COUNT, BG_FREE_BLOCKS_COUNT_HI);
      freeInodes += count(at, BG_FREE_INODES_COUNT, BG_FREE_INODES_COUNT_HI);
    }
  }

  private void checkGroup(int group) throws MountException {
    long at = descriptor(group);
    if (!checksums.isGroupRight(group, at, shape.descriptorSize)) {
      throw new MountException(
          Errno.EINVAL,
          "ext4: group %d: bg_checksum is 0x%04x, which is wrong: damaged, run e2fsck"
              .formatted(group, Disk.u16(at + BG_CHECKSUM)));
    }
    long inodeTable = inodeTable(group);
    if (inodeTable <= shape.firstDataBlock
        || inodeTable + shape.inodeTableBlocks > shape.blocksCount) {
      throw new MountException(
          Errno.EINVAL,
          "ext4: group %d: bg_inode_table is block %d, outside the file system: run e2fsck"
              .formatted(group, inodeTable));
    }
  }

  void releaseGroups() {
    for (int i = 0; i < loaded; i++) {
      Buffers.brelse(descriptors[i]);
    }
    loaded = 0;
  }

  private long descriptor(int group) {
    return descriptors[group / shape.descriptorsPerBlock].address
        + (long) (group % shape.descriptorsPerBlock) * shape.descriptorSize;
  }

  private int count(long at, int low, int high) {
    int upper = shape.descriptorSize >= 64 ? Disk.u16(at + high) << 16 : 0;
    return Disk.u16(at + low) | upper;
  }

  long inodeTable(int group) {
    long at = descriptor(group);
    long high = shape.descriptorSize >= 64 ? Disk.u32(at + BG_INODE_TABLE_HI) : 0;
    return Disk.join(Disk.u32(at + BG_INODE_TABLE), high);
  }

  void openRoot() throws MountException {
    long[] error = new long[1];
    Ext4Inode root = table.iget(InodeLayout.EXT2_ROOT_INO, error);
    if (root == null) {
      throw new MountException(
          (int) -error[0], "ext4: the root directory cannot be read: " + lastError);
    }
    if (!root.isDirectory() || root.size() == 0) {
      root.put();
      throw new MountException(Errno.EINVAL, "ext4: the root inode is no directory: run e2fsck");
    }
    setRoot(root);
  }

  /** The disk contradicts itself. −EUCLEAN. */
  @Traced("__ext4_error")
  long error(String message) {
    lastError = message;
    return -Errno.EUCLEAN;
  }

  @Override
  @Traced("ext4_statfs")
  public long statfs(StatFs result) {
    result.magic = magic;
    result.blockSize = blockSize;
    result.blocks = shape.blocksCount - raw.u32(S_OVERHEAD_CLUSTERS);
    result.blocksFree = freeBlocks;
    long reserved = raw.blocks(S_R_BLOCKS_COUNT, S_R_BLOCKS_COUNT_HI);
    result.blocksAvailable = Math.max(0, freeBlocks - reserved);
    result.files = shape.inodesCount;
    result.filesFree = freeInodes;
    result.nameMax = DirEntryLayout.EXT2_NAME_LEN;
    long uuid = raw.address() + S_UUID;
    result.fsid =
        Disk.join(Disk.u32(uuid), Disk.u32(uuid + 4))
            ^ Disk.join(Disk.u32(uuid + 8), Disk.u32(uuid + 12));
    return 0;
  }

  @Override
  public void evictInode(Inode inode) {
    table.evict((Ext4Inode) inode);
  }

  @Override
  public long remount(long newFlags, String options) {
    if ((newFlags & MountFlags.MS_RDONLY) == 0) {
      return -Errno.EROFS;
    }
    setFlags(newFlags);
    return 0;
  }

  @Override
  @Traced("ext4_put_super")
  public void putSuper() {
    table.dropAll();
    releaseGroups();
    Buffers.brelse(superBuffer);
    disk.unclaim(holder);
  }
}
