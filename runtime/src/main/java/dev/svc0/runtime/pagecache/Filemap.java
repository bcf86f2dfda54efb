package dev.svc0.runtime.pagecache;

import dev.svc0.runtime.mm.IovIter;

/** Reading and writing files through the page cache. <i>Linux:</i> mm/filemap.c, mm/truncate.c. */
public final class Filemap {
  private Filemap() {}

  /**
   * Copies from the cache to the buffers, reading what is absent. Stops at the owner's size.
   *
   * @return bytes copied, or −errno when none were
   */
  public static long filemapRead(AddressSpace mapping, long position, IovIter to) {
    throw new UnsupportedOperationException();
  }

  /**
   * Copies from the buffers into the cache, folio by folio, through write_begin and write_end. The
   * caller holds the inode lock.
   *
   * @return bytes written (short after EFAULT or ENOSPC), or −errno when none were
   */
  public static long genericPerformWrite(AddressSpace mapping, long position, IovIter from) {
    throw new UnsupportedOperationException();
  }

  /**
   * The folio at an index, created and locked if asked for, with a reference. <i>Linux:</i>
   * __filemap_get_folio.
   *
   * @param flags FGP_ bits
   * @return the folio, or null when it is absent and was not to be created, or memory ran out
   */
  public static @org.jspecify.annotations.Nullable Folio getFolio(
      AddressSpace mapping, long pageIndex, int flags) {
    throw new UnsupportedOperationException();
  }

  /** Lock the folio. */
  public static final int FGP_LOCK = 2;

  /** Create it when absent. */
  public static final int FGP_CREAT = 4;

  /** It is going to be written: wait for stable content. */
  public static final int FGP_WRITE = 8;

  /** Do not wait for the lock. */
  public static final int FGP_NOWAIT = 32;

  /** What write_begin asks for. */
  public static final int FGP_WRITEBEGIN = FGP_LOCK | FGP_CREAT | FGP_WRITE;

  /** The up-to-date, unlocked folio at an index with a reference, read if need be; null with the
   * errno in {@code error[0]} when that failed. <i>Linux:</i> read_mapping_folio. */
  public static @org.jspecify.annotations.Nullable Folio readMappingFolio(
      AddressSpace mapping, long pageIndex, long[] error) {
    throw new UnsupportedOperationException();
  }

  /** Marks a folio dirty in its mapping and notes the operation; true when it was clean. */
  public static boolean filemapDirtyFolio(AddressSpace mapping, Folio folio) {
    throw new UnsupportedOperationException();
  }

  /** Marks a locked folio dirty through its mapping's operations. */
  public static boolean folioMarkDirty(Folio folio) {
    throw new UnsupportedOperationException();
  }

  /** Takes the dirty mark off before the folio is written; true when it was dirty. */
  public static boolean folioClearDirtyForIo(Folio folio) {
    throw new UnsupportedOperationException();
  }

  /** The folio's write begins: sets the write-back mark. */
  public static void folioStartWriteback(Folio folio) {
    throw new UnsupportedOperationException();
  }

  /** The folio's write is complete: clears the mark and wakes waiters. Any thread. */
  public static void folioEndWriteback(Folio folio) {
    throw new UnsupportedOperationException();
  }

  /** Waits until no write of the folio is under way. */
  public static void folioWaitWriteback(Folio folio) {
    throw new UnsupportedOperationException();
  }

  /** Starts writing dirty folios in a byte range (end inclusive) and waits for what is busy. */
  public static long filemapFdatawriteRange(AddressSpace mapping, long start, long end) {
    throw new UnsupportedOperationException();
  }

  /** Waits for writes under way in a byte range; 0, or the error they met. */
  public static long filemapFdatawaitRange(AddressSpace mapping, long start, long end) {
    throw new UnsupportedOperationException();
  }

  /** Writes a byte range and waits. */
  public static long filemapWriteAndWaitRange(AddressSpace mapping, long start, long end) {
    throw new UnsupportedOperationException();
  }

  /** Throws away cached folios from a position on, zeroing the tail of a partial one. */
  public static void truncateInodePages(AddressSpace mapping, long newSize) {
    throw new UnsupportedOperationException();
  }

  /** Throws away clean folios in a page range (end inclusive); −EBUSY when a dirty one stays. */
  public static long invalidateInodePages2Range(AddressSpace mapping, long first, long last) {
    throw new UnsupportedOperationException();
  }

  /** Gives each dirty folio in the control's range, locked and cleaned for I/O, to a writer. */
  public static long writeCachePages(
      AddressSpace mapping, WritebackControl control, FolioWriter writer) {
    throw new UnsupportedOperationException();
  }

  /** Writes one locked folio and unlocks it. */
  @FunctionalInterface
  public interface FolioWriter {
    /** 0 or −errno. */
    long write(Folio folio, WritebackControl control);
  }
}
