package dev.svc0.runtime.buffer;

import dev.svc0.runtime.pagecache.PageCacheOwner;

/** How a file system finds, or makes, the device block behind a file block. */
@FunctionalInterface
public interface GetBlock {
  /** Only look. */
  int LOOKUP = 0;

  /** Allocate when there is a hole. */
  int CREATE = 1;

  /**
   * Maps a file block into the buffer head: sets device block and the mapped state, and the new
   * state when it was allocated now. A hole under {@link #LOOKUP} leaves it unmapped.
   *
   * @return 0 or −errno
   */
  long getBlock(PageCacheOwner owner, long fileBlock, BufferHead buffer, int mode);
}
