package dev.svc0.runtime.iomap;

import dev.svc0.runtime.pagecache.PageCacheOwner;

/**
 * How a file system answers where a range lies, and hears what became of it. <i>Linux:</i>
 * iomap_ops.
 */
public interface IomapOps {
  /** It will be written. */
  int WRITE = 1;

  /** Bypassing the page cache. */
  int DIRECT = 16;

  /** Answer −EAGAIN instead of blocking. */
  int NOWAIT = 32;

  /** Only over blocks that are there: −EAGAIN for anything that needs allocation. */
  int OVERWRITE_ONLY = 64;

  /** Of {@link #dioEndIo}: some blocks that were written have no content yet. */
  int DIO_UNWRITTEN = 1;

  /**
   * Describes the extent at a position, allocating it for {@link #WRITE}; may describe less than
   * asked, but at least the first byte.
   *
   * @return 0 or −errno
   */
  long iomapBegin(PageCacheOwner owner, long position, long bytes, int flags, Iomap iomap);

  /**
   * The extent was used.
   *
   * @param done bytes really read or written
   * @return 0 or −errno
   */
  default long iomapEnd(
      PageCacheOwner owner, long position, long bytes, long done, int flags, Iomap iomap) {
    return 0;
  }

  /**
   * A direct write is over. <i>Linux:</i> end_io of iomap_dio_ops.
   *
   * @param bytes bytes that were written; 0 after an error
   * @param error 0 or −errno
   * @param flags DIO_ bits
   * @return 0 or −errno, which is what the write answers
   */
  default long dioEndIo(PageCacheOwner owner, long position, long bytes, long error, int flags) {
    return error;
  }
}
