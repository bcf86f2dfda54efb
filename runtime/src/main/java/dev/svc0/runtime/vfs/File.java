package dev.svc0.runtime.vfs;

import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An open file description, shared by every descriptor that was duplicated from it. <i>Linux:</i>
 * {@code file}.
 */
public final class File {
  public static final int FMODE_READ = 1;
  public static final int FMODE_WRITE = 2;

  /** The file has a position and can seek. */
  public static final int FMODE_LSEEK = 4;

  /** pread works. */
  public static final int FMODE_PREAD = 8;

  /** pwrite works. */
  public static final int FMODE_PWRITE = 16;

  /** The position is protected by {@link #positionLock} (regular files and directories). */
  public static final int FMODE_ATOMIC_POS = 0x8000;

  /** Opened with O_PATH: good for naming only. */
  public static final int FMODE_PATH = 0x4000;

  /** Reading is supplied and allowed. */
  public static final int FMODE_CAN_READ = 0x20000;

  /** Writing is supplied and allowed. */
  public static final int FMODE_CAN_WRITE = 0x40000;

  /** This open created the file. */
  public static final int FMODE_CREATED = 0x100000;

  /** There is no position (pipes, sockets). */
  public static final int FMODE_STREAM = 0x200000;

  /** RWF_NOWAIT is possible. */
  public static final int FMODE_NOWAIT = 0x8000000;

  /** Positions are unsigned (memory devices). */
  public static final int FMODE_UNSIGNED_OFFSET = 0x2000;

  /** It counts as a writer of its inode and its mount. */
  public static final int FMODE_WRITER = 0x10000;

  /** It counts among those that only read the inode. */
  static final int FMODE_READER = 0x1000000;

  /** O_DIRECT is possible. */
  public static final int FMODE_CAN_ODIRECT = 0x400000;

  private final Path path;
  private final Inode inode;
  private final FileOperations operations;
  private AddressSpace mapping;
  private final AtomicInteger references = new AtomicInteger(1);

  /** O_ flags; F_SETFL changes some. */
  public volatile int flags;

  /** FMODE_ bits. */
  public int mode;

  /** Position in bytes. Protected by {@link #positionLock} where FMODE_ATOMIC_POS is set. */
  public long position;

  /** Serialises calls that use the position. <i>Linux:</i> f_pos_lock. */
  public final ReentrantLock positionLock = LockOrder.lock(LockClass.FILE_POSITION);

  /** The rights of the opener. */
  public final Cred cred;

  /** What to do at the end; see {@link #whenClosed}. */
  private @Nullable List<Runnable> closeActions;

  /** Who gets signals about it: F_SETOWN. */
  public volatile int owner;

  /** Which signal: F_SETSIG. */
  public volatile int ownerSignal;

  /** Its F_NOTIFY watch. Protected by the monitor. */
  @Nullable Dnotify dnotify;

  /** Largest window of read-ahead in pages; 0 after POSIX_FADV_RANDOM. <i>Linux:</i> f_ra. */
  public volatile int readaheadPages = Filemap.READAHEAD_PAGES;

  /** For the driver. */
  public @Nullable Object privateData;

  /** Write-back errors seen so far by this file; see {@link AddressSpace#checkError}. */
  public int errorSequence;

  /** An open file; takes a reference of the inode. */
  public File(Path path, Inode inode, FileOperations operations, int flags, int mode, Cred cred) {
    this.path = path;
    this.inode = inode;
    this.operations = operations;
    this.flags = flags;
    this.mode = mode;
    this.cred = cred;
    this.mapping = inode.mapping();
    inode.hold();
    path.mount().hold();
    this.mode |= suppliedModes(operations.supplies());
    errorSequence = mapping.sampleError();
  }

  private int suppliedModes(int supplies) {
    int result = 0;
    int reads = FileOperations.READ | FileOperations.READ_ITER | FileOperations.AIO_READ;
    int writes = FileOperations.WRITE | FileOperations.WRITE_ITER | FileOperations.AIO_WRITE;
    if (hasMode(FMODE_READ) && (supplies & reads) != 0) {
      result |= FMODE_CAN_READ;
    }
    if (hasMode(FMODE_WRITE) && (supplies & writes) != 0) {
      result |= FMODE_CAN_WRITE;
    }
    return result;
  }

  /** Where it was opened. */
  public Path path() {
    return path;
  }

  /** What was opened. */
  public Inode inode() {
    return inode;
  }

  /** What can be done with it. */
  public FileOperations operations() {
    return operations;
  }

  /** The page cache that reads and writes go through: the inode's, or a block device's. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** An open of a block device node points it to the device's page cache. */
  public void setMapping(AddressSpace mapping) {
    this.mapping = mapping;
    errorSequence = mapping.sampleError();
  }

  /** Whether an FMODE_ bit is set. */
  public boolean hasMode(int bit) {
    return (mode & bit) != 0;
  }

  /** One more user. */
  public File get() {
    references.incrementAndGet();
    return this;
  }

  /** Tells the driver; on an error nothing of the open remains. 0 or −errno. */
  long openedBy(Caller caller) {
    if (inode.isRegular() || inode.isDirectory()) {
      mode |= FMODE_ATOMIC_POS;
    }
    long result = Leases.breakLease(inode, flags, caller);
    if (result == 0) {
      result = operations.open(inode, this, caller);
    }
    if (result != 0 && references.decrementAndGet() == 0) {
      letGo();
    }
    return result;
  }

  /** One more user, unless it is closed already. */
  boolean tryGet() {
    for (int now = references.get(); now > 0; now = references.get()) {
      if (references.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /** One user less; the last one closes. <i>Linux:</i> fput. */
  public void put() {
    if (references.decrementAndGet() == 0) {
      close();
    }
  }

  /** Does something when the last reference goes, before the driver hears of it. */
  synchronized void whenClosed(Runnable action) {
    List<Runnable> all = closeActions;
    if (all == null) {
      all = new ArrayList<>(1);
      closeActions = all;
    }
    all.add(action);
  }

  /** Does it no longer. */
  synchronized void forgetWhenClosed(Runnable action) {
    List<Runnable> all = closeActions;
    if (all != null) {
      all.remove(action);
    }
  }

  private synchronized List<Runnable> takeCloseActions() {
    List<Runnable> all = closeActions;
    closeActions = null;
    return all == null ? List.of() : all;
  }

  /** <i>Linux:</i> __fput. */
  private void close() {
    for (Runnable action : takeCloseActions()) {
      action.run();
    }
    if (!hasMode(FMODE_PATH)) {
      Fsnotify.close(this);
      FileLocks.locksRemoveFile(this);
      Leases.removeFile(this);
      operations.release(inode, this);
    }
    letGo();
  }

  private void letGo() {
    if (hasMode(FMODE_WRITER)) {
      inode.putWriteAccess();
    } else if (hasMode(FMODE_READER)) {
      inode.readers.decrementAndGet();
    }
    inode.put();
    path.mount().put();
  }

  /** Users now. */
  public int references() {
    return references.get();
  }
}
