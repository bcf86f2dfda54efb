package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.AddressSpaceOperations;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import dev.svc0.runtime.pagecache.WritebackControl;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A file of any kind: attributes, operations, page cache. A file system adds its own state in a
 * subclass. <i>Linux:</i> {@code inode}.
 *
 * <p>Attributes are protected by {@link #lock}; readers of a single one need no lock.
 */
public class Inode implements PageCacheOwner {
  private final SuperBlock superBlock;
  private final long number;
  private final InodeOperations operations;
  private FileOperations fileOperations;
  private final AddressSpace mapping;
  private final AtomicInteger references = new AtomicInteger(1);

  /** The inode lock. <i>Linux:</i> i_rwsem. */
  public final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** Type and permission bits (S_IF… | 07777). */
  public volatile int mode;

  public volatile int uid;
  public volatile int gid;
  public volatile int nlink;

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

  public final boolean isSymlink() {
    return type() == StatConstants.S_IFLNK;
  }

  /** One more user. <i>Linux:</i> ihold. */
  public final void hold() {
    references.incrementAndGet();
  }

  /** One user less; the last one of an unlinked or uncached inode evicts it. <i>Linux:</i> iput. */
  public final void put() {
    if (references.decrementAndGet() == 0) {
      superBlock.evictInode(this);
    }
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
  public int blockBits() {
    return Integer.numberOfTrailingZeros(superBlock.blockSize);
  }

  /** <i>Linux:</i> __mark_inode_dirty. */
  @Override
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
}
