package dev.svc0.runtime.pagecache;

import dev.svc0.runtime.abi.Errno;

/**
 * How a file system fills and empties the page cache of a file. <i>Linux:</i> {@code
 * address_space_operations}.
 *
 * <p>Writing comes in two generations: {@link #writeBegin} and {@link #writeEnd}, where the file
 * system finds the folio itself, or {@link #prepareWrite} and {@link #commitWrite} of 2.4, which
 * get a locked folio. Who has the older pair says so in {@link #preparesWrites}, and every caller
 * of the newer one finds the older behind it.
 */
public interface AddressSpaceOperations {
  /**
   * Reads a locked folio that is not up to date. Unlocks it when the data is there, perhaps later
   * and on another thread.
   *
   * @return 0 or −errno; on error the folio is unlocked and not up to date
   */
  long readFolio(Folio folio);

  /**
   * Reads several absent folios ahead; the default reads nothing, and they are read when needed.
   */
  default void readahead(AddressSpace mapping, long firstIndex, int pages) {}

  /** Writes dirty folios in the control's range. 0 or −errno. */
  default long writepages(AddressSpace mapping, WritebackControl control) {
    return 0;
  }

  /**
   * Prepares [position, position + bytes) for being overwritten: finds or creates the folio of the
   * position, locks it into the context, allocates blocks, reads what a partial write leaves.
   *
   * <p>The range is inside one page, unless the mapping has large folios: then it may reach behind
   * the end of the folio that is there, and what is meant is the part inside it.
   *
   * @return 0 or −errno (−ENOSPC, −EIO, −ENOMEM …); nothing is locked on error
   */
  default long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    return preparesWrites()
        ? PreparedWrite.writeBegin(mapping, position, bytes, context)
        : -Errno.EINVAL;
  }

  /**
   * Completes what {@link #writeBegin} began: marks dirty, grows the file, unlocks and releases the
   * folio.
   *
   * @param bytes what {@link #writeBegin} was asked for, or less where the folio ended before
   * @param copied bytes that really arrived, at most {@code bytes}
   * @return bytes accepted, at most {@code copied}, or −errno
   */
  default long writeEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    return preparesWrites()
        ? PreparedWrite.writeEnd(mapping, position, bytes, copied, context)
        : -Errno.EINVAL;
  }

  /** Whether writing is {@link #prepareWrite} and {@link #commitWrite}, as it was in 2.4. */
  default boolean preparesWrites() {
    return false;
  }

  /**
   * Prepares the bytes [from, to) of a locked folio for being overwritten: allocates blocks, reads
   * what a partial write leaves.
   *
   * @return 0 or −errno; the folio stays locked
   */
  default long prepareWrite(Folio folio, int from, int to) {
    return -Errno.EINVAL;
  }

  /**
   * The bytes [from, to) of a locked folio were overwritten: marks them dirty and grows the file.
   *
   * @return 0 or −errno; the folio stays locked
   */
  default long commitWrite(Folio folio, int from, int to) {
    return -Errno.EINVAL;
  }

  /**
   * A prepared write up to {@code end} failed, and no folio is locked any more: blocks allocated
   * behind the end of the file are not needed.
   */
  default void prepareFailed(AddressSpace mapping, long end) {}

  /** Marks a folio dirty; true when it was clean before. */
  default boolean dirtyFolio(AddressSpace mapping, Folio folio) {
    return Filemap.filemapDirtyFolio(mapping, folio);
  }

  /** Part of a locked folio is being truncated away: drop what the file system keeps for it. */
  default void invalidateFolio(Folio folio, int offset, int bytes) {}

  /** Asks to let go of private data of a clean, locked folio; false when it is still needed. */
  default boolean releaseFolio(Folio folio) {
    return true;
  }

  /** The device block that holds a file block, 0 for a hole, or −errno. */
  default long bmap(AddressSpace mapping, long block) {
    return -Errno.EINVAL;
  }
}
