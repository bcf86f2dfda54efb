package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of any kind: attributes, operations, page cache. A file system adds its own state in a
 * subclass. <i>Linux:</i> {@code inode}.
 *
 * <p>Attributes are protected by {@link #lock}; readers of a single one need no lock.
 */
public class Inode implements PageCacheOwner {
  /** i_flags: write through. */
  public static final int S_SYNC = 1;

  /** i_flags: no access time. */
  public static final int S_NOATIME = 2;

  /** i_flags: append only. */
  public static final int S_APPEND = 4;

  /** i_flags: nothing may change. */
  public static final int S_IMMUTABLE = 8;

  /** i_flags: removed, but still open. */
  public static final int S_DEAD = 16;

  /** i_flags: directory changes are written through. */
  public static final int S_DIRSYNC = 64;

  /** i_flags: known to have no set-id bits and no capabilities that a write would take away. */
  public static final int S_NOSEC = 4096;

  private final SuperBlock superBlock;
  private final long number;
  private final InodeOperations operations;
  private FileOperations fileOperations;
  private final AddressSpace mapping;
  private final AtomicInteger references = new AtomicInteger(1);
  private final AtomicInteger writers = new AtomicInteger();

  /** Locks held on ranges of it; made when the first one is taken. Owned by {@link FileLocks}. */
  volatile @Nullable FileLockContext lockContext;

  /** Who wants to hear before it is opened; null where nobody ever did. */
  volatile @Nullable Leases leases;

  /** Open files that only read. <i>Linux:</i> i_readcount. */
  final AtomicInteger readers = new AtomicInteger();

  /** Who watches it. Owned by {@link Fsnotify}. */
  volatile @Nullable NotifyMarks notifyMarks;

  /** The inode lock. <i>Linux:</i> i_rwsem. */
  public final ReentrantReadWriteLock lock;

  /** Type and permission bits (S_IF… | 07777). */
  public volatile int mode;

  public volatile int uid;
  public volatile int gid;
  public volatile int nlink;

  /** F_SEAL_ bits, which a file in memory heeds; all but memfd_create(2)'s own are sealed so. */
  public volatile int seals = Fcntl.F_SEAL_SEAL;

  /** What stands behind a FIFO or another special file while it is open. Owned by its driver. */
  public volatile @Nullable Object special;

  /** Device number of a device node: major in bits 31…20. */
  public int rdev;

  private volatile long size;

  /** Space used, in units of 512 bytes. */
  public volatile long blocks512;

  public volatile long atimeSeconds;
  public volatile int atimeNanos;
  public volatile long mtimeSeconds;
  public volatile int mtimeNanos;
  public volatile long ctimeSeconds;
  public volatile int ctimeNanos;

  /** Birth time; {@code btimeNanos} is −1 when the file system keeps none. */
  public volatile long btimeSeconds;

  public volatile int btimeNanos = -1;

  /** Generation number, for file handles. */
  public int generation;

  /** O_TMPFILE without O_EXCL: may get a name although it has none. Protected by {@link #lock}. */
  public boolean linkable;

  /** S_SYNC, S_NOATIME, S_APPEND, S_IMMUTABLE, S_DIRSYNC as in Linux's i_flags. */
  public volatile int inodeFlags;

  /** An inode of a file system. */
  public Inode(
      SuperBlock superBlock,
      long number,
      int mode,
      InodeOperations operations,
      FileOperations fileOperations,
      AddressSpaceOperations pageOperations) {
    this.superBlock = superBlock;
    lock =
        LockOrder.readWriteLock(superBlock.isStacked() ? LockClass.STACKED_INODE : LockClass.INODE);
    this.number = number;
    this.mode = mode;
    this.operations = operations;
    this.fileOperations = fileOperations;
    this.mapping =
        new AddressSpace(
            this, pageOperations, superBlock.vfs().frames(), superBlock.vfs().writeback());
  }

  /** The file system it belongs to. */
  public final SuperBlock superBlock() {
    return superBlock;
  }

  /** Inode number. */
  public final long number() {
    return number;
  }

  /** What can be done with it as a name or an object. */
  public final InodeOperations operations() {
    return operations;
  }

  /** What can be done with it once open. */
  public final FileOperations fileOperations() {
    return fileOperations;
  }

  /** Changes what an open will find (device nodes, FIFOs). */
  public final void setFileOperations(FileOperations operations) {
    fileOperations = operations;
  }

  /** Its page cache. */
  public final AddressSpace mapping() {
    return mapping;
  }

  /** Size in bytes. <i>Linux:</i> i_size_read. */
  public final long size() {
    return size;
  }

  /** Sets the size; holder of the lock. <i>Linux:</i> i_size_write. */
  public final void setSize(long bytes) {
    size = bytes;
  }

  /** S_IF… part of the mode. */
  public final int type() {
    return mode & StatConstants.S_IFMT;
  }

  public final boolean isDirectory() {
    return type() == StatConstants.S_IFDIR;
  }

  public final boolean isRegular() {
    return type() == StatConstants.S_IFREG;
  }

  public final boolean isFifo() {
    return type() == StatConstants.S_IFIFO;
  }

  public final boolean isCharacterDevice() {
    return type() == StatConstants.S_IFCHR;
  }

  public final boolean isBlockDevice() {
    return type() == StatConstants.S_IFBLK;
  }

  public final boolean isSymlink() {
    return type() == StatConstants.S_IFLNK;
  }

  /** One more user. <i>Linux:</i> ihold. */
  public final void hold() {
    references.incrementAndGet();
  }

  /** One more user, unless it is being evicted already. <i>Linux:</i> igrab. */
  public final boolean tryHold() {
    for (int now = references.get(); now > 0; now = references.get()) {
      if (references.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Takes the only reference there is, so that nobody can get one any more. */
  final boolean freezeLast() {
    return references.compareAndSet(1, 0);
  }

  /** One user less; the last one of an unlinked or uncached inode evicts it. <i>Linux:</i> iput. */
  public final void put() {
    if (references.decrementAndGet() == 0) {
      if (notifyMarks != null) {
        Fsnotify.inodeDeleted(this);
      }
      superBlock.evictInode(this);
    }
  }

  /** One more open file that may write; false while a program runs from it (ETXTBSY). */
  public final boolean getWriteAccess() {
    for (int now = writers.get(); now >= 0; now = writers.get()) {
      if (writers.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /** One less. */
  public final void putWriteAccess() {
    writers.decrementAndGet();
  }

  /** Whether any open file may write to it. <i>Linux:</i> inode_is_open_for_write. */
  public final boolean isOpenForWrite() {
    return writers.get() > 0;
  }

  /** Open files that may write to it. */
  final int openWriters() {
    return Math.max(writers.get(), 0);
  }

  /** A program runs from it: no writers; false while there are some (ETXTBSY). */
  public final boolean denyWriteAccess() {
    for (int now = writers.get(); now <= 0; now = writers.get()) {
      if (writers.compareAndSet(now, now - 1)) {
        return true;
      }
    }
    return false;
  }

  /** The program is gone. */
  public final void allowWriteAccess() {
    writers.incrementAndGet();
  }

  /** Whether writes go through to the store: by its own flag or the mount's. */
  public final boolean isSync() {
    return (inodeFlags & S_SYNC) != 0 || (superBlock.flags() & MountFlags.MS_SYNCHRONOUS) != 0;
  }

  /** Whether an i_flags bit is set. */
  public final boolean hasFlag(int bit) {
    return (inodeFlags & bit) != 0;
  }

  /** Users now. */
  public final int references() {
    return references.get();
  }

  @Override
  public final long sizeBytes() {
    return size;
  }

  @Override
  public int readaheadPages() {
    BlockDevice device = superBlock.device();
    return device == null ? Filemap.READAHEAD_PAGES : device.readaheadPages();
  }

  @Override
  public int blockBits() {
    return Integer.numberOfTrailingZeros(superBlock.blockSize);
  }

  @Override
  @Traced(value = "__mark_inode_dirty", layer = Traced.Layer.VFS)
  public void markDirty(int flags) {
    if ((flags & (DIRTY_SYNC | DIRTY_DATASYNC)) != 0) {
      superBlock.dirtyInode(this, flags);
    }
    superBlock.vfs().writeback().addDirty(this, mapping);
  }

  @Override
  public long writeAttributes(WritebackControl control) {
    return superBlock.writeInode(this, control);
  }

  @Override
  public String describe() {
    return superBlock.type().name() + " inode " + number;
  }

  @Override
  public int traceDevice() {
    return superBlock.deviceNumber();
  }

  @Override
  public long traceInode() {
    return number;
  }
}
