package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.SuperBlockLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.DirEntryLayout;
import dev.svc0.fs.extformat.Disk;
import dev.svc0.fs.extformat.ExtGeometry;
import dev.svc0.fs.extformat.Features;
import dev.svc0.fs.extformat.InodeLayout;
import dev.svc0.fs.extformat.RawSuperBlock;
import dev.svc0.fs.extformat.RawTimes;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A mounted ext4. <i>Linux:</i> fs/ext4/super.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4SuperBlock extends SuperBlock {
  private static final int REPORT_BYTES = 32;
  private static final int MOST_RESERVED = 4096;

  final BlockDevice disk;
  final ExtGeometry shape;
  final Ext4Options options;
  final Ext4Checksums checksums;
  final Ext4Groups groups;
  final Ext4BlockAllocator blocks;
  final Ext4InodeAllocator inodes;
  final Ext4InodeTable table;
  final Ext4Orphans orphans;
  final Ext4XattrCache xattrCache = new Ext4XattrCache();
  final BufferHead superBuffer;
  final RawSuperBlock raw;
  final boolean hasFileType;
  final boolean hasHugeFile;
  final boolean hasProjects;
  final boolean hasDirIndex;
  final boolean hasDirNlink;

  /** Groups whose metadata lies together; 1 without flex_bg. */
  final int flexGroups;

  /** Secret and kind of the hashes of names. */
  final Ext4Hash hash;

  /** The log; null for a file system without one, and while it is not opened. */
  volatile @Nullable Journal journal;

  /** Mounted read-only, but what a crash left is being put right. */
  volatile boolean recovering;

  private final Object holder;
  private volatile @Nullable String lastError;
  private volatile boolean aborted;

  Ext4SuperBlock(
      FileSystemType type,
      MountRequest request,
      BlockDevice disk,
      Object holder,
      BufferHead superBuffer,
      RawSuperBlock raw,
      ExtGeometry shape,
      Ext4Options options) {
    super(type, request);
    this.disk = disk;
    this.holder = holder;
    this.superBuffer = superBuffer;
    this.raw = raw;
    this.shape = shape;
    this.options = options;
    checksums = new Ext4Checksums(raw);
    groups = new Ext4Groups(this);
    blocks = new Ext4BlockAllocator(this);
    inodes = new Ext4InodeAllocator(this);
    table = new Ext4InodeTable(this);
    orphans = new Ext4Orphans(this);
    hash = new Ext4Hash(raw);
    boolean dynamic = !raw.isOldRevision();
    hasFileType = dynamic && raw.hasIncompat(Features.INCOMPAT_FILETYPE);
    hasHugeFile = dynamic && raw.hasRoCompat(Features.RO_COMPAT_HUGE_FILE);
    hasProjects = dynamic && raw.hasRoCompat(Features.RO_COMPAT_PROJECT);
    hasDirIndex = dynamic && raw.hasCompat(Features.COMPAT_DIR_INDEX);
    hasDirNlink = dynamic && raw.hasRoCompat(Features.RO_COMPAT_DIR_NLINK);
    boolean flex = dynamic && raw.hasIncompat(Features.INCOMPAT_FLEX_BG);
    int logFlex = Disk.u8(raw.address() + S_LOG_GROUPS_PER_FLEX);
    flexGroups = flex && logFlex > 0 && logFlex < 31 ? 1 << logFlex : 1;
    magic = FsMagic.EXT4_SUPER_MAGIC;
    blockSize = shape.blockSize;
    maxBytes = Math.min((1L << 32) - 1 << shape.blockBits, maxByBlockCount());
    timeGranularityNanos = shape.inodeSize > 128 ? 1 : 1_000_000_000;
    timeMinSeconds = Integer.MIN_VALUE;
    timeMaxSeconds = shape.inodeSize > 128 ? RawTimes.MAX_SECONDS : Integer.MAX_VALUE;
  }

  /** What the count of blocks of an inode can say. */
  private long maxByBlockCount() {
    return hasHugeFile ? Long.MAX_VALUE : (0xffff_ffffL << 9) - (64L << shape.blockBits);
  }

  boolean usesExtents() {
    return !raw.isOldRevision() && raw.hasIncompat(Features.INCOMPAT_EXTENTS);
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

  // What others ask

  long nowSeconds() {
    return vfs().clock().instant().getEpochSecond();
  }

  /** Blocks set aside for the super-user. */
  long reservedBlocks() {
    return raw.blocks(S_R_BLOCKS_COUNT, S_R_BLOCKS_COUNT_HI);
  }

  /** Blocks set aside for what must not fail. <i>Linux:</i> ext4_calculate_resv_clusters. */
  long reservedClusters() {
    return usesExtents() ? Math.min(shape.blocksCount / 50, MOST_RESERVED) : 0;
  }

  /** A transaction that what is read now belongs to at the latest; 0 without a journal. */
  int knownTid() {
    Journal log = journal;
    return log == null ? 0 : log.commitSequence();
  }

  /** Where a file without blocks begins: in its inode's group, or beside the metadata. */
  @Traced("ext4_inode_to_goal_block")
  long inodeToGoalBlock(Ext4Inode inode) {
    int group = inode.group;
    if (flexGroups >= 4) {
      group &= -flexGroups;
      if (inode.isRegular() && group + 1 < shape.groups) {
        group++;
      }
    }
    return shape.groupFirstBlock(group);
  }

  /** Whether freed blocks may come back when a transaction commits; commits it. */
  @Traced("ext4_should_retry_alloc")
  boolean shouldRetryAllocation() {
    Journal log = journal;
    if (log == null || !blocks.hasUncommitted()) {
      return false;
    }
    return log.forceCommit() == 0;
  }

  /** A block just allocated for metadata: zeroed, in a buffer with a reference. */
  BufferHead newMetadata(Ext4Handle handle, long block) {
    BufferHead buffer = Buffers.bdevGetblk(disk, block, blockSize);
    if (buffer == null) {
      throw new Ext4Exception(-Errno.ENOMEM);
    }
    boolean done = false;
    buffer.lock();
    try {
      handle.getCreateAccess(buffer);
      HostMemory.fill(buffer.address, blockSize, (byte) 0);
      buffer.testAndClearPrivate(ExtentPath.VERIFIED);
      buffer.setUptodate();
      done = true;
      return buffer;
    } finally {
      buffer.unlock();
      if (!done) {
        Buffers.brelse(buffer);
      }
    }
  }

  /** Frees blocks of a file; those of directories and symlinks may be in the log. */
  void freeFileBlocks(Ext4Handle handle, Ext4Inode inode, long block, long count) {
    blocks.freeBlocks(handle, inode, block, count, inode.isDataMetadata());
  }

  // The superblock on disk

  /** The superblock is going to be changed under a handle: asks first, and locks its buffer. */
  void lockSuper(Ext4Handle handle) {
    handle.getWriteAccess(superBuffer);
    superBuffer.lock();
  }

  /** It was changed: its checksum follows, and others may change it. */
  void unlockSuper() {
    Ext4Checksums.putSuperBlockChecksum(raw);
    superBuffer.unlock();
  }

  /** A file grew past 2 GiB: the superblock must say that there are such files. */
  @Traced("ext4_update_dynamic_rev")
  void requireLargeFile(Ext4Handle handle) {
    lockSuper(handle);
    raw.put32(S_FEATURE_RO_COMPAT, raw.roCompat() | Features.RO_COMPAT_LARGE_FILE);
    unlockSuper();
    handle.dirtyMetadata(superBuffer);
  }

  /** Extended attributes are about to be there for the first time. */
  @Traced("ext4_xattr_update_super_block")
  void requireExtAttr(Ext4Handle handle) {
    if (!raw.hasCompat(Features.COMPAT_EXT_ATTR)) {
      lockSuper(handle);
      raw.put32(S_FEATURE_COMPAT, raw.compat() | Features.COMPAT_EXT_ATTR);
      unlockSuper();
      handle.dirtyMetadata(superBuffer);
    }
  }

  /** Writes the superblock past the journal. 0 or −errno. */
  @Traced("ext4_commit_super")
  long commitSuper() {
    raw.put32(S_WTIME, nowSeconds());
    raw.putBlocks(S_FREE_BLOCKS_COUNT, S_FREE_BLOCKS_COUNT_HI, groups.freeBlocks());
    raw.put32(S_FREE_INODES_COUNT, groups.freeInodes());
    Ext4Checksums.putSuperBlockChecksum(raw);
    Buffers.markBufferDirty(superBuffer);
    return Buffers.syncDirtyBuffer(superBuffer);
  }

  /** Marks it as in use on disk. */
  @Traced("ext4_setup_super")
  void setupSuper() {
    if (raw.u16(S_MAX_MNT_COUNT) == 0) {
      raw.put16(S_MAX_MNT_COUNT, 0xffff);
    }
    raw.put16(S_MNT_COUNT, raw.u16(S_MNT_COUNT) + 1);
    raw.put32(S_MTIME, nowSeconds());
    if (journal == null) {
      raw.put16(S_STATE, raw.u16(S_STATE) & ~EXT2_VALID_FS);
    } else {
      raw.put32(S_FEATURE_INCOMPAT, raw.incompat() | Features.INCOMPAT_RECOVER);
      if (raw.hasCompat(Features.COMPAT_ORPHAN_FILE)) {
        raw.put32(S_FEATURE_RO_COMPAT, raw.roCompat() | Features.RO_COMPAT_ORPHAN_PRESENT);
      }
    }
    commitSuper();
  }

  /** Ends writing: the log is empty, the superblock says so. 0 or −errno. */
  @Traced("ext4_mark_recovery_complete")
  private long markClean() {
    if (journal == null) {
      raw.put16(S_STATE, raw.u16(S_STATE) | EXT2_VALID_FS);
    } else {
      raw.put32(S_FEATURE_INCOMPAT, raw.incompat() & ~Features.INCOMPAT_RECOVER);
      if (orphans.isEmpty()) {
        raw.put32(S_FEATURE_RO_COMPAT, raw.roCompat() & ~Features.RO_COMPAT_ORPHAN_PRESENT);
      }
    }
    return commitSuper();
  }

  // Errors

  /**
   * The disk contradicts itself: notes it in the superblock and does what the option errors= says.
   * A panic is a clean stop: nothing is written any more.
   *
   * @return −EUCLEAN
   */
  @Traced("__ext4_error")
  long error(String message) {
    if (Ext4Trace.ext4ErrorOn()) {
      Ext4Trace.ext4Error(Ext4Points.device(this), message);
    }
    lastError = message;
    if (!isReadOnly() && !aborted) {
      noteError(message);
      if (options.errors != EXT2_ERRORS_CONTINUE) {
        abort(message);
      } else {
        commitSuper();
      }
    }
    return -Errno.EUCLEAN;
  }

  @Traced("save_error_info")
  private synchronized void noteError(String message) {
    raw.put16(S_STATE, raw.u16(S_STATE) | EXT2_ERROR_FS);
    long now = nowSeconds();
    byte[] text = new byte[REPORT_BYTES];
    byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, text, 0, Math.min(bytes.length, REPORT_BYTES - 1));
    if (raw.u32(S_ERROR_COUNT) == 0) {
      raw.put32(S_FIRST_ERROR_TIME, now);
      HostMemory.copy(text, 0, raw.address() + S_FIRST_ERROR_FUNC, REPORT_BYTES);
    }
    raw.put32(S_LAST_ERROR_TIME, now);
    HostMemory.copy(text, 0, raw.address() + S_LAST_ERROR_FUNC, REPORT_BYTES);
    raw.put32(S_ERROR_COUNT, raw.u32(S_ERROR_COUNT) + 1);
  }

  /** Nothing can be written any more: read-only from now on. */
  @Traced("ext4_abort")
  void abort(String message) {
    if (aborted) {
      return;
    }
    aborted = true;
    lastError = message;
    Journal log = journal;
    if (log != null && !log.isAborted()) {
      log.abort(Errno.EIO);
    }
    setFlags(flags() | MountFlags.MS_RDONLY);
    raw.put16(S_STATE, raw.u16(S_STATE) | EXT2_ERROR_FS);
    commitSuper();
  }

  /** Something that is no damage, but that somebody may want to know. */
  @Traced("__ext4_warning")
  void noteWarning(String message) {
    lastError = message;
  }

  /** What was found wrong last; null for nothing. */
  @Nullable String lastError() {
    return lastError;
  }

  // The VFS

  @Override
  @Traced("ext4_sync_fs")
  public long syncFs(boolean wait) {
    if (Ext4Trace.ext4SyncFsOn()) {
      Ext4Trace.ext4SyncFs(Ext4Points.device(this), wait ? 1 : 0);
    }
    if (isReadOnly()) {
      return 0;
    }
    Journal log = journal;
    if (log == null) {
      return wait ? disk.sync() : 0;
    }
    if (wait) {
      long result = log.forceCommit();
      return result;
    }
    log.logStartCommit(log.currentTid());
    return 0;
  }

  @Override
  @Traced("ext4_statfs")
  public long statfs(StatFs result) {
    long free = Math.max(0, groups.freeBlocks() - blocks.reserved());
    long kept = reservedBlocks() + reservedClusters();
    result.magic = magic;
    result.blockSize = blockSize;
    result.blocks = shape.blocksCount - (options.minixDf ? 0 : raw.u32(S_OVERHEAD_CLUSTERS));
    result.blocksFree = free;
    result.blocksAvailable = Math.max(0, free - kept);
    result.files = shape.inodesCount;
    result.filesFree = groups.freeInodes();
    result.nameMax = DirEntryLayout.EXT2_NAME_LEN;
    long uuid = raw.address() + S_UUID;
    result.fsid =
        Disk.join(Disk.u32(uuid), Disk.u32(uuid + 4))
            ^ Disk.join(Disk.u32(uuid + 8), Disk.u32(uuid + 12));
    return 0;
  }

  @Override
  @Traced("ext4_dirty_inode")
  public void dirtyInode(Inode inode, int flags) {
    if (isReadOnly() && !recovering) {
      return;
    }
    try (Ext4Handle handle = Ext4Handle.start((Ext4Inode) inode, 2)) {
      table.markInodeDirty(handle, (Ext4Inode) inode);
    } catch (Ext4Exception e) {
      lastError = "inode " + inode.number() + " cannot be written: errno " + -e.result;
    }
  }

  /** The inode is in its block already; without a journal, a sync brings that to the disk. */
  @Override
  @Traced("ext4_write_inode")
  public long writeInode(Inode inode, WritebackControl control) {
    boolean wait = control.syncMode == WritebackControl.SyncMode.ALL;
    return journal == null && wait && !isReadOnly() ? table.syncInode((Ext4Inode) inode) : 0;
  }

  @Override
  public void evictInode(Inode inode) {
    table.evict((Ext4Inode) inode);
  }

  @Override
  @Traced("ext4_remount")
  public long remount(long newFlags, String text) {
    Ext4Options changed;
    try {
      changed = Ext4Options.parse(text);
    } catch (MountException e) {
      return -e.errno();
    }
    boolean readOnly = (newFlags & MountFlags.MS_RDONLY) != 0;
    if (aborted && !readOnly) {
      return -Errno.EROFS;
    }
    if (!readOnly && isReadOnly()) {
      long refused = refuseWriting();
      if (refused != 0) {
        return refused;
      }
    }
    long result = options.copyFrom(changed);
    if (result != 0) {
      return result;
    }
    Journal log = journal;
    if (log != null) {
      applyTo(log);
    }
    if (readOnly && !isReadOnly()) {
      result = stopWriting();
      setFlags(newFlags);
      return result;
    }
    boolean begins = !readOnly && isReadOnly();
    setFlags(newFlags);
    return begins ? beginWriting() : 0;
  }

  private long refuseWriting() {
    if (disk.isReadOnly()) {
      return -Errno.EACCES;
    }
    boolean refused =
        !raw.isOldRevision()
            && ((raw.roCompat() & ~Ext4Mounter.RO_COMPAT_SUPPORTED) != 0
                || (raw.incompat() & Ext4Mounter.INCOMPAT_READ_ONLY) != 0);
    return refused ? -Errno.EROFS : 0;
  }

  private long beginWriting() {
    try {
      Ext4Mounter.beginWriting(this);
      return 0;
    } catch (MountException e) {
      setFlags(flags() | MountFlags.MS_RDONLY);
      return -e.errno();
    }
  }

  /** Commit interval and barriers as the options say. */
  void applyTo(Journal log) {
    log.setCommitInterval(options.commitSeconds * 1_000_000_000L);
    if (options.barriers) {
      log.enableBarriers();
    } else {
      log.disableBarriers();
    }
  }

  private long stopWriting() {
    Journal log = journal;
    long result = 0;
    if (log != null) {
      result = log.flush();
    }
    if (!aborted) {
      long clean = markClean();
      result = result == 0 ? clean : result;
    }
    long synced = disk.sync();
    return result == 0 ? synced : result;
  }

  @Override
  @Traced("ext4_put_super")
  public void putSuper() {
    table.dropAll();
    Journal log = journal;
    boolean wrote = !isReadOnly();
    boolean whole = true;
    if (log != null) {
      whole = log.destroy() == 0 && !aborted;
    }
    if (wrote && whole) {
      markClean();
    }
    groups.release();
    Buffers.brelse(superBuffer);
    disk.sync();
    disk.unclaim(holder);
  }

  @Override
  public String showOptions() {
    return options.show(raw.hasCompat(Features.COMPAT_HAS_JOURNAL));
  }
}
