package dev.svc0.runtime.mm;

/**
 * What a mapping shows: a file's page cache, a shared anonymous object, a device.
 *
 * <p>Page indices count 4 KiB pages from the start of the object. <i>Linux:</i>
 * {@code vm_operations_struct} and the file behind a VMA.
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

  /** Lets go of a pin that {@link #fault} took. */
  void unpin(long pageIndex);

  /** A mapping of this object came into being; calls that invalidate pages reach it from now on. */
  void attach(VmMapping mapping);

  /** The mapping is gone. */
  void detach(VmMapping mapping);

  /** What /proc/PID/maps shows in its last column; empty for none. */
  String mapsName();

  /** Device number (major in bits 31…20) and inode number for /proc/PID/maps. */
  long mapsDevice();

  /** The inode number for /proc/PID/maps. */
  long mapsInode();
}
