package dev.svc0.runtime.pagecache;

import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;

/**
 * Whose content an address space caches: an inode, or a block device. <i>Linux:</i> {@code
 * mapping->host}.
 */
public interface PageCacheOwner {
  /** The cache of its content. */
  AddressSpace mapping();

  /** Size of the content in bytes. */
  long sizeBytes();

  /** log2 of the block size the content is stored in, 9 to 12. */
  int blockBits();

  /**
   * Notes that pages or attributes changed, and puts the owner on the write-back list.
   *
   * @param flags {@link #DIRTY_PAGES}, {@link #DIRTY_SYNC}, {@link #DIRTY_DATASYNC}, or'ed
   */
  void markDirty(int flags);

  /** Writes the owner's own attributes (the inode) to its store. 0 or −errno. */
  long writeAttributes(WritebackControl control);

  /** What a message or a trace calls it, for example {@code ext2 inode 12}. */
  String describe();

  /** The device as a trace shows it: major in bits 31…20; of a device its own. */
  int traceDevice();

  /** The inode number as a trace shows it; 0 for the content of a device. */
  long traceInode();

  /** Pages of the largest window of read-ahead. <i>Linux:</i> ra_pages of its device. */
  default int readaheadPages() {
    return Filemap.READAHEAD_PAGES;
  }

  /** The kind of lock that its folios are to {@link LockOrder}. */
  default LockClass folioClass() {
    return LockClass.FOLIO;
  }

  /** Data pages are dirty. */
  int DIRTY_PAGES = 4;

  /** Attributes are dirty that fsync must write. */
  int DIRTY_SYNC = 1;

  /** Attributes are dirty that fdatasync must write too. */
  int DIRTY_DATASYNC = 2;
}
