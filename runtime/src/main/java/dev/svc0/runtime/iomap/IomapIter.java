package dev.svc0.runtime.iomap;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import org.jspecify.annotations.Nullable;

/** Walks a range of a file extent by extent. Reusable. <i>Linux:</i> {@code iomap_iter}. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class IomapIter {
  final Iomap iomap = new Iomap();
  private @Nullable PageCacheOwner owner;
  private int flags;
  private boolean mapped;
  private long started;

  /** Where the walk is. */
  long position;

  /** Bytes left from there. */
  long left;

  void init(PageCacheOwner owner, long position, long bytes, int flags) {
    this.owner = owner;
    this.position = position;
    this.left = bytes;
    this.flags = flags;
    mapped = false;
  }

  PageCacheOwner owner() {
    PageCacheOwner present = owner;
    if (present == null) {
      throw new IllegalStateException("not initialised");
    }
    return present;
  }

  /** Bytes that the current extent still covers. */
  long length() {
    return Math.min(left, iomap.offset + iomap.length - position);
  }

  /** Some bytes are done. */
  @Traced("iomap_iter_advance")
  void iomapIterAdvance(long bytes) {
    position += bytes;
    left -= bytes;
  }

  /**
   * Ends the last extent and begins the next.
   *
   * @param status what became of the last one: 0, or −errno, which ends the walk
   * @return 1: there is an extent to work on; 0: the end; or −errno
   */
  @Traced("iomap_iter")
  long iomapIter(IomapOps ops, long status) {
    if (mapped) {
      mapped = false;
      long done = position - started;
      long ended = ops.iomapEnd(owner(), started, done + left, done, flags, iomap);
      if (status < 0 || ended < 0) {
        return status < 0 ? status : ended;
      }
      if (done == 0) {
        return 0;
      }
    }
    if (left == 0) {
      return 0;
    }
    long error = ops.iomapBegin(owner(), position, left, flags, iomap);
    if (error < 0) {
      return error;
    }
    if (length() <= 0) {
      return -Errno.EIO;
    }
    mapped = true;
    started = position;
    return 1;
  }
}
