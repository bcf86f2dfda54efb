package dev.svc0.runtime.pagecache;

import dev.svc0.runtime.abi.Errno;

/**
 * How a file system fills and empties the page cache of a file. <i>Linux:</i> {@code
 * address_space_operations}.
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
   * Prepares [position, position + bytes), inside one folio, for being overwritten: finds or
   * creates the folio, locks it into the context, allocates blocks, reads what a partial write
   * leaves.
   *
   * @return 0 or −errno (−ENOSPC, −EIO, −ENOMEM …); nothing is locked on error
   */
  default long writeBegin(AddressSpace mapping, long position, int bytes, WriteContext context) {
    return -Errno.EINVAL;
  }

  /**
   * Completes what {@link #writeBegin} began: marks dirty, grows the file, unlocks and releases the
   * folio.
   *
   * @param copied bytes that really arrived, at most {@code bytes}
   * @return bytes accepted, at most {@code copied}, or −errno
   */
  default long writeEnd(
      AddressSpace mapping, long position, int bytes, int copied, WriteContext context) {
    return -Errno.EINVAL;
  }

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
