package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.DirEntryLayout;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.extformat.RawTimes;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A mounted ext2. <i>Linux:</i> fs/ext2/super.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2SuperBlock extends SuperBlock {
  final BlockDevice disk;
  final ExtGeometry shape;
  final Ext2Options options;
  final GroupDescriptors groups;
  final BlockAllocator blocks;
  final InodeAllocator inodes;
  final Ext2InodeTable table;
  final boolean hasFileType;

  /** Protects bitmaps, counters of groups and the superblock's bytes. */
  final ReentrantLock allocationLock = LockOrder.lock(LockClass.ALLOCATION);

  private final Object holder;
  private final BufferHead superBuffer;
  private final RawSuperBlock raw;

  /** What {@code s_state} gets at unmount. Protected by {@link #allocationLock}. */
  private int mountState;

  private volatile @Nullable String lastError;

  Ext2SuperBlock(
      FileSystemType type,
      MountRequest request,
      BlockDevice disk,
      Object holder,
      BufferHead superBuffer,
      RawSuperBlock raw,
      ExtGeometry shape,
      Ext2Options options) {
    super(type, request);
    this.disk = disk;
    this.holder = holder;
    this.superBuffer = superBuffer;
    this.raw = raw;
    this.shape = shape;
    this.options = options;
    groups = new GroupDescriptors(disk, shape);
    blocks = new BlockAllocator(this);
    inodes = new InodeAllocator(this);
    table = new Ext2InodeTable(this);
    hasFileType = !raw.isOldRevision() && raw.hasIncompat(Features.INCOMPAT_FILETYPE);
    mountState = raw.u16(S_STATE);
    magic = FsMagic.EXT2_SUPER_MAGIC;
    blockSize = shape.blockSize;
    maxBytes = BlockTree.maxSize(shape.blockBits);
    maxLinks = DirEntryLayout.EXT2_LINK_MAX;
    timeGranularityNanos = shape.inodeSize > 128 ? 1 : 1_000_000_000;
    timeMinSeconds = Integer.MIN_VALUE;
    timeMaxSeconds = shape.inodeSize > 128 ? RawTimes.MAX_SECONDS : Integer.MAX_VALUE;
  }

  void openRoot() throws MountException {
    long[] error = new long[1];
    Ext2Inode root = table.iget(InodeLayout.EXT2_ROOT_INO, error);
    if (root == null) {
      throw new MountException(
          (int) -error[0], "ext2: the root directory cannot be read: run e2fsck");
    }
    try {
      Ext2Mounter.checkRoot(root);
    } catch (MountException e) {
      root.put();
      throw e;
    }
    setRoot(root);
  }

  /** Marks it as in use on disk. */
  @Traced("ext2_setup_super")
  void setupSuper() {
    allocationLock.lock();
    try {
      if (raw.u16(S_MAX_MNT_COUNT) == 0) {
        raw.put16(S_MAX_MNT_COUNT, 0xffff);
      }
      raw.put16(S_MNT_COUNT, raw.u16(S_MNT_COUNT) + 1);
      raw.put32(S_MTIME, nowSeconds());
      raw.put16(S_STATE, mountState & ~EXT2_VALID_FS);
    } finally {
      allocationLock.unlock();
    }
    syncSuper(true);
  }

  long nowSeconds() {
    return vfs().clock().instant().getEpochSecond();
  }

  /** Makes choices repeatable: the same for the same file system at the same mount count. */
  long seed() {
    long uuid = raw.address() + S_UUID;
    return uuidHalf(uuid) ^ uuidHalf(uuid + 8) + raw.u16(S_MNT_COUNT);
  }

  /** Blocks set aside for the super-user. */
  long reservedBlocks() {
    return raw.u32(S_R_BLOCKS_COUNT);
  }

  boolean isOldRevision() {
    return raw.isOldRevision();
  }

  /** A file grew past 2 GiB: the superblock must say that there are such files. */
  @Traced("ext2_update_dynamic_rev")
  void requireLargeFile() {
    allocationLock.lock();
    try {
      if (!raw.isOldRevision() && raw.hasRoCompat(Features.RO_COMPAT_LARGE_FILE)) {
        return;
      }
      if (raw.isOldRevision()) {
        raw.put32(S_FIRST_INO, EXT2_GOOD_OLD_FIRST_INO);
        raw.put16(S_INODE_SIZE, EXT2_GOOD_OLD_INODE_SIZE);
        raw.put32(S_REV_LEVEL, EXT2_DYNAMIC_REV);
      }
      raw.put32(S_FEATURE_RO_COMPAT, raw.roCompat() | Features.RO_COMPAT_LARGE_FILE);
    } finally {
      allocationLock.unlock();
    }
    syncSuper(false);
  }

  /** Extended attributes are about to be there for the first time. */
  @Traced("ext2_xattr_update_super_block")
  void requireExtAttr() {
    allocationLock.lock();
    try {
      if (raw.hasCompat(Features.COMPAT_EXT_ATTR)) {
        return;
      }
      raw.put32(S_FEATURE_COMPAT, raw.compat() | Features.COMPAT_EXT_ATTR);
    } finally {
      allocationLock.unlock();
    }
    Buffers.markBufferDirty(superBuffer);
  }

  /**
   * The disk contradicts itself: notes it in the superblock and does what the option errors= says.
   *
   * @return −EUCLEAN
   */
  @Traced("ext2_error")
  long error(String message) {
    lastError = message;
    if (!isReadOnly()) {
      allocationLock.lock();
      try {
        mountState |= EXT2_ERROR_FS;
        raw.put16(S_STATE, raw.u16(S_STATE) | EXT2_ERROR_FS);
      } finally {
        allocationLock.unlock();
      }
      Buffers.markBufferDirty(superBuffer);
      if (options.errors != EXT2_ERRORS_CONTINUE) {
        setFlags(flags() | MountFlags.MS_RDONLY);
      }
    }
    return -Errno.EUCLEAN;
  }

  /** What was found wrong last; null for nothing. */
  @Nullable String lastError() {
    return lastError;
  }

  @Traced("ext2_sync_super")
  private long syncSuper(boolean wait) {
    allocationLock.lock();
    try {
      raw.put32(S_FREE_BLOCKS_COUNT, groups.freeBlocks());
      raw.put32(S_FREE_INODES_COUNT, groups.freeInodes());
      raw.put32(S_WTIME, nowSeconds());
    } finally {
      allocationLock.unlock();
    }
    Buffers.markBufferDirty(superBuffer);
    return wait ? Buffers.syncDirtyBuffer(superBuffer) : 0;
  }

  @Override
  @Traced("ext2_sync_fs")
  public long syncFs(boolean wait) {
    if (isReadOnly()) {
      return 0;
    }
    long result = syncSuper(wait);
    if (result == 0 && wait) {
      result = disk.sync();
    }
    return result;
  }

  @Override
  @Traced("ext2_statfs")
  public long statfs(StatFs result) {
    allocationLock.lock();
    try {
      long overhead = options.minixDf ? 0 : overhead();
      long reserved = reservedBlocks();
      result.magic = magic;
      result.blockSize = blockSize;
      result.blocks = shape.blocksCount - overhead;
      result.blocksFree = groups.freeBlocks();
      result.blocksAvailable = Math.max(0, groups.freeBlocks() - reserved);
      result.files = shape.inodesCount;
      result.filesFree = groups.freeInodes();
      result.nameMax = DirEntryLayout.EXT2_NAME_LEN;
      long uuid = raw.address() + S_UUID;
      result.fsid = uuidHalf(uuid) ^ uuidHalf(uuid + 8);
    } finally {
      allocationLock.unlock();
    }
    return 0;
  }

  private static long uuidHalf(long at) {
    return Disk.join(Disk.u32(at), Disk.u32(at + 4));
  }

  private long overhead() {
    long blocksUsed = shape.firstDataBlock;
    for (int group = 0; group < shape.groups; group++) {
      int copies = shape.groupHasSuper(group) ? 1 + shape.descriptorBlocks : 0;
      blocksUsed += copies + 2 + shape.inodeTableBlocks;
    }
    return blocksUsed;
  }

  @Override
  public long writeInode(Inode inode, WritebackControl control) {
    return table.writeInode((Ext2Inode) inode, control.syncMode == WritebackControl.SyncMode.ALL);
  }

  @Override
  public void dirtyInode(Inode inode, int flags) {
    ((Ext2Inode) inode).noteDirty(flags);
  }

  @Override
  public void evictInode(Inode inode) {
    table.evict((Ext2Inode) inode);
  }

  @Override
  @Traced("ext2_remount")
  public long remount(long newFlags, String text) {
    Ext2Options changed;
    try {
      changed = Ext2Options.parse(text);
    } catch (MountException e) {
      return -e.errno();
    }
    boolean readOnly = (newFlags & MountFlags.MS_RDONLY) != 0;
    if (readOnly == isReadOnly()) {
      options.copyFrom(changed);
      setFlags(newFlags);
      return 0;
    }
    if (readOnly) {
      return remountReadOnly(newFlags, changed);
    }
    if (disk.isReadOnly()) {
      return -Errno.EACCES;
    }
    if (!raw.isOldRevision() && (raw.roCompat() & ~Ext2Mounter.RO_COMPAT_SUPPORTED) != 0) {
      return -Errno.EROFS;
    }
    options.copyFrom(changed);
    mountState = raw.u16(S_STATE);
    setFlags(newFlags);
    setupSuper();
    return 0;
  }

  private long remountReadOnly(long newFlags, Ext2Options changed) {
    options.copyFrom(changed);
    long result = writeCleanState();
    setFlags(newFlags);
    return result;
  }

  private long writeCleanState() {
    allocationLock.lock();
    try {
      raw.put16(S_STATE, mountState);
    } finally {
      allocationLock.unlock();
    }
    return syncSuper(true);
  }

  @Override
  @Traced("ext2_put_super")
  public void putSuper() {
    table.dropAll();
    if (!isReadOnly()) {
      writeCleanState();
    }
    groups.release();
    Buffers.brelse(superBuffer);
    disk.sync();
    disk.unclaim(holder);
  }

  @Override
  public String showOptions() {
    return options.show();
  }
}
