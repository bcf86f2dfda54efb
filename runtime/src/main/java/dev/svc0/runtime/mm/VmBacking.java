package dev.svc0.runtime.mm;

/**
 * What a mapping shows: a file's page cache, a shared anonymous object, a device.
 *
 * <p>Page indices count 4 KiB pages from the start of the object. <i>Linux:</i> {@code
 * vm_operations_struct} and the file behind a VMA.
 *
 * <p><i>Locks:</i> called with the lock of the process's memory held (but for {@link #sync} and
 * {@link #unpin}), so a backing that copies to or from user memory under its own locks must not
 * resolve faults there. It may call its mappings with its locks held: they take nothing but an
 * innermost lock, and call nothing but {@link #unpin}.
 */
public interface VmBacking {
  /**
   * The frame that holds a page, brought up to date and pinned until {@link #unpin}.
   *
   * @return the frame's host address, or −errno: −EFAULT past the end (SIGBUS), −EIO, −ENOMEM
   */
  long fault(long pageIndex);

  /**
   * A shared mapping is about to write to a page for the first time since it was last clean.
   *
   * @return 0 or −errno (−ENOSPC, −EROFS, −EIO: SIGBUS)
   */
  long pageMkwrite(long pageIndex);

  /**
   * Brings pages in that may be wanted with one that faults, if that one is absent. Errors are met
   * when a page is needed.
   */
  default void readAround(long pageIndex, int before, int pages) {}

  /** Starts bringing in pages that will be wanted: MADV_WILLNEED. */
  default void willNeed(long firstPageIndex, long pages) {}

  /**
   * Lets go of a pin that {@link #fault} took. Takes no lock that is held while calling a mapping.
   */
  void unpin(long pageIndex);

  /** A mapping of this object came into being; calls that invalidate pages reach it from now on. */
  void attach(VmMapping mapping);

  /** The mapping is gone. */
  void detach(VmMapping mapping);

  /**
   * Writes a range of pages to where they last, and waits: msync(MS_SYNC).
   *
   * @return 0 or −errno
   */
  default long sync(long firstPageIndex, long lastPageIndex) {
    return 0;
  }

  /** How many mappings show a page now. <i>Linux:</i> {@code folio_mapcount}. */
  int mapCount(long pageIndex);

  /** Whether the content has no place but memory: it counts as shmem. */
  boolean inMemory();

  /** What /proc/PID/maps shows in its last column; empty for none. */
  String mapsName();

  /** Device number (major in bits 31…20) and inode number for /proc/PID/maps. */
  long mapsDevice();

  /** The inode number for /proc/PID/maps. */
  long mapsInode();
}
