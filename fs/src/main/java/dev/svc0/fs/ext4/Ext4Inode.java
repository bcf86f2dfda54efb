package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.JournalInode;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** An inode of ext4 in memory. <i>Linux:</i> {@code ext4_inode_info}. */
final class Ext4Inode extends Inode {
  /** Largest target that fits in the inode itself, with its NUL. */
  static final int FAST_SYMLINK_BYTES = 4 * EXT2_N_BLOCKS;

  final Ext4SuperBlock ext4;

  /** Group whose inode table holds it. */
  final int group;

  /**
   * Root of the tree of extents, block pointers, or the text of a fast symlink. Protected by {@link
   * #dataLock}.
   */
  final int[] data = new int[EXT2_N_BLOCKS];

  /** Shared to look blocks up, exclusive to allocate or free them. <i>Linux:</i> i_data_sem. */
  final ReentrantReadWriteLock dataLock = LockOrder.readWriteLock(LockClass.FILE_BLOCKS);

  /** Protects extended attributes. <i>Linux:</i> xattr_sem. */
  final ReentrantLock xattrLock = new ReentrantLock();

  /** What is known of the map of blocks, delayed allocations above all. */
  final Ext4ExtentStatus status = new Ext4ExtentStatus(this);

  /** Its data as the journal sees it. */
  final JournalInode journalInode = new JournalInode(mapping());

  /** Blocks set aside for its appends. Protected by the allocation lock. */
  final Ext4Prealloc.Of preallocations = new Ext4Prealloc.Of();

  /** EXT4_…_FL bits. */
  volatile int flags;

  /** Block of extended attributes; 0 for none. Protected by {@link #xattrLock}. */
  volatile long fileAcl;

  /** The access ACL as it is on disk, null for none; or that it was not read. By xattrLock. */
  volatile byte @Nullable [] accessAcl = Ext4Acl.NOT_READ;

  /** The size that is on the disk: data behind it has no blocks yet. <i>Linux:</i> i_disksize. */
  volatile long diskSize;

  /** What checksums of its blocks begin with. */
  int checksumSeed;

  /** Bytes of fields behind the first 128. */
  int extraIsize;

  /** Project it belongs to. */
  int projectId;

  /** When it was deleted, or the next orphan; 0 while it lives. By the lock of orphans. */
  volatile long deletedSeconds;

  /** Slot in the file of orphans plus 1, 0 for none. By the lock of orphans. */
  int orphanSlot;

  boolean onOrphanList;

  /** The transaction that last changed it, and the last that fdatasync must wait for. */
  volatile int syncTid;

  volatile int dataSyncTid;

  /** May take blocks that are set aside for the super-user. Set by whoever holds the inode lock. */
  volatile boolean mayUseReserve = true;

  /** Never written to its place: the place holds what an older inode left. */
  volatile boolean isNew;

  /** A name of it may not be on the disk: without a journal, its fsync brings that there. */
  volatile boolean newEntry;

  /** Truncated to nothing: closing it after a rewrite allocates at once. */
  volatile boolean allocateOnClose;

  /** data=journal: pages marked as checked were stored to without the journal knowing. */
  volatile boolean storedToUnlogged;

  /** Block of the directory where the last search ended. A hint. */
  volatile int lookupBlock;

  /** Its last user is gone, and somebody works on that. Protected by {@link #status}. */
  boolean evicting;

  /** It is gone. Protected by {@link #status}. */
  boolean evicted;

  Ext4Inode(
      Ext4SuperBlock superBlock,
      long number,
      int mode,
      InodeOperations operations,
      FileOperations fileOperations,
      AddressSpaceOperations pageOperations) {
    super(superBlock, number, mode, operations, fileOperations, pageOperations);
    this.ext4 = superBlock;
    this.group = (int) ((number - 1) / superBlock.shape.inodesPerGroup);
  }

  boolean hasDiskFlag(int flag) {
    return (flags & flag) != 0;
  }

  boolean hasExtents() {
    return hasDiskFlag(EXT4_EXTENTS_FL);
  }

  /** More or less space used, in blocks. */
  void addBlocks(long blocks) {
    if (blocks >= 0) {
      addBytes(blocks);
    } else {
      subBytes(-blocks);
    }
  }

  @Traced(value = "inode_add_bytes", layer = Traced.Layer.FILESYSTEM)
  private synchronized void addBytes(long blocks) {
    blocks512 += blocks << ext4.shape.blockBits - 9;
  }

  @Traced(value = "inode_sub_bytes", layer = Traced.Layer.FILESYSTEM)
  private synchronized void subBytes(long blocks) {
    blocks512 = Math.max(0, blocks512 - (blocks << ext4.shape.blockBits - 9));
  }

  /** Whether it is a symlink whose target is in the inode itself. */
  boolean isFastSymlink() {
    long attributeBlocks = fileAcl == 0 ? 0 : ext4.blockSize >>> 9;
    return isSymlink() && blocks512 == attributeBlocks;
  }

  /** Whether {@link #data} means blocks: not a device, a FIFO, a socket or a fast symlink. */
  boolean hasBlockMap() {
    int type = type();
    return type == StatConstants.S_IFREG
        || type == StatConstants.S_IFDIR
        || type == StatConstants.S_IFLNK && !isFastSymlink();
  }

  /** Whether its data goes through the journal. <i>Linux:</i> ext4_should_journal_data. */
  boolean journalsData() {
    return isRegular()
        && ext4.journal != null
        && (ext4.options.data == Ext4Options.Data.JOURNAL || hasDiskFlag(EXT2_JOURNAL_DATA_FL));
  }

  /** Whether its blocks may be in the log. */
  boolean isDataMetadata() {
    return !isRegular() || journalsData();
  }

  /** Whether commits wait for its data. <i>Linux:</i> ext4_should_order_data. */
  boolean ordersData() {
    return isRegular()
        && ext4.journal != null
        && ext4.options.data == Ext4Options.Data.ORDERED
        && !journalsData();
  }

  /** Sets the S_ flags that follow from the EXT4_…_FL bits. <i>Linux:</i> ext4_set_inode_flags. */
  void setInodeFlags() {
    int bits = inodeFlags & ~(S_SYNC | S_APPEND | S_IMMUTABLE | S_NOATIME | S_DIRSYNC);
    bits |= hasDiskFlag(EXT2_SYNC_FL) ? S_SYNC : 0;
    bits |= hasDiskFlag(EXT2_APPEND_FL) ? S_APPEND : 0;
    bits |= hasDiskFlag(EXT2_IMMUTABLE_FL) ? S_IMMUTABLE : 0;
    bits |= hasDiskFlag(EXT2_NOATIME_FL) ? S_NOATIME : 0;
    bits |= hasDiskFlag(EXT2_DIRSYNC_FL) ? S_DIRSYNC : 0;
    inodeFlags = bits;
    setMappingOrder();
  }

  /**
   * Files whose data is journalled keep to single pages: a transaction has credits for one.
   * <i>Linux:</i> ext4_set_inode_mapping_order.
   */
  private void setMappingOrder() {
    mapping().setLargeFolios(isRegular() && !journalsData() ? FrameAllocator.MAX_ORDER : 0);
  }

  /** Whether changes of this directory go to the disk at once. <i>Linux:</i> IS_DIRSYNC. */
  boolean isDirSync() {
    return isSync() || hasFlag(S_DIRSYNC);
  }

  /** Blocks that hold bytes [0, size). */
  long sizeInBlocks() {
    return size() + ext4.blockSize - 1 >>> ext4.shape.blockBits;
  }
}
