package dev.svc0.fs.ext2;

import static dev.svc0.fs.extformat.InodeLayout.*;

import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** An inode of ext2 in memory. <i>Linux:</i> {@code ext2_inode_info}. */
final class Ext2Inode extends Inode {
  /** Largest target that fits in the inode itself, with its NUL. */
  static final int FAST_SYMLINK_BYTES = 4 * EXT2_N_BLOCKS;

  final Ext2SuperBlock ext2;

  /** Block pointers, or the text of a fast symlink. Protected by {@link #treeLock}. */
  final int[] data = new int[EXT2_N_BLOCKS];

  /** Shared to look blocks up, exclusive to allocate or free them. <i>Linux:</i> truncate_mutex. */
  final ReentrantReadWriteLock treeLock = LockOrder.readWriteLock(LockClass.FILE_BLOCKS);

  /** EXT2_…_FL bits. */
  volatile int flags;

  /** Block of extended attributes; 0 for none. Protected by the inode lock. */
  volatile long fileAcl;

  /** When it was deleted, in seconds; 0 while it lives. */
  volatile long deletedSeconds;

  /** Fragment fields of old systems, kept as they are. */
  long fragmentAddress;

  /** Group whose inode table holds it. */
  final int group;

  /** Page where the last successful search of a directory ended. A hint. */
  volatile long lookupPage;

  /** Where the file's last block was allocated: its number in the file. By {@link #treeLock}. */
  long lastLogical = -1;

  /** The same as block of the device. */
  long lastPhysical;

  /** May take blocks that are set aside for the super-user. Set by whoever holds the inode lock. */
  volatile boolean mayUseReserve = true;

  /** Never written to its place: the place holds what an older inode left. */
  volatile boolean isNew;

  /** Protected by the stripe lock of the inode table. */
  boolean evicted;

  private final AtomicInteger dirty = new AtomicInteger();

  Ext2Inode(
      Ext2SuperBlock superBlock,
      long number,
      int mode,
      InodeOperations operations,
      FileOperations fileOperations,
      AddressSpaceOperations pageOperations) {
    super(superBlock, number, mode, operations, fileOperations, pageOperations);
    this.ext2 = superBlock;
    this.group = (int) ((number - 1) / superBlock.shape.inodesPerGroup);
  }

  /** Notes DIRTY_ bits until the inode is written to its buffer. */
  void noteDirty(int bits) {
    dirty.accumulateAndGet(bits, (old, more) -> old | more);
  }

  /** The DIRTY_ bits so far, which are clear afterwards. */
  int takeDirty() {
    return dirty.getAndSet(0);
  }

  /** Whether attributes changed that fdatasync must write. */
  boolean isDataDirty() {
    return (dirty.get() & PageCacheOwner.DIRTY_DATASYNC) != 0;
  }

  /** Whether any attribute changed. */
  boolean isDirty() {
    return dirty.get() != 0;
  }

  /** Marks all attributes dirty. */
  void markDirty() {
    markDirty(PageCacheOwner.DIRTY_SYNC | PageCacheOwner.DIRTY_DATASYNC);
  }

  /** More or less space used, in bytes. <i>Linux:</i> inode_add_bytes. */
  synchronized void addBytes(long bytes) {
    blocks512 = Math.max(0, blocks512 + (bytes >> 9));
  }

  /** Whether it is a symlink whose target is in the inode itself. */
  boolean isFastSymlink() {
    long attributeBlocks = fileAcl == 0 ? 0 : ext2.blockSize >>> 9;
    return isSymlink() && blocks512 == attributeBlocks;
  }

  /** Whether block pointers mean blocks: not a device, a FIFO, a socket or a fast symlink. */
  boolean hasBlockTree() {
    int type = type();
    return type == StatConstants.S_IFREG
        || type == StatConstants.S_IFDIR
        || type == StatConstants.S_IFLNK && !isFastSymlink();
  }

  /** Sets the S_ flags that follow from the EXT2_…_FL bits. <i>Linux:</i> ext2_set_inode_flags. */
  void setInodeFlags() {
    int bits = 0;
    bits |= (flags & EXT2_SYNC_FL) != 0 ? S_SYNC : 0;
    bits |= (flags & EXT2_APPEND_FL) != 0 ? S_APPEND : 0;
    bits |= (flags & EXT2_IMMUTABLE_FL) != 0 ? S_IMMUTABLE : 0;
    bits |= (flags & EXT2_NOATIME_FL) != 0 ? S_NOATIME : 0;
    bits |= (flags & EXT2_DIRSYNC_FL) != 0 ? S_DIRSYNC : 0;
    inodeFlags = bits;
  }

  /** Whether changes of this directory go to the disk at once. <i>Linux:</i> IS_DIRSYNC. */
  boolean isDirSync() {
    return isSync() || hasFlag(S_DIRSYNC);
  }
}
