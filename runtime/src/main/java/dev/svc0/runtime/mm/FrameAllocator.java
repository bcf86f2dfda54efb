package dev.svc0.runtime.mm;

/**
 * Page frames of the page cache and of shared memory: runs of 2^order pages of 4 KiB, aligned to
 * their size, out of one memory file, so that a frame can be shown inside any process's window.
 *
 * <p>Thread-safe. The size is the bound of the page cache.
 */
public final class FrameAllocator implements AutoCloseable {
  /** The largest run: 2^9 pages, 2 MiB. */
  public static final int MAX_ORDER = 9;

  /** Bytes a frame. */
  public static final int PAGE_SIZE = 4096;

  /** log2 of {@link #PAGE_SIZE}. */
  public static final int PAGE_SHIFT = 12;

  private final long limitPages;

  /** An allocator of at most this many pages; host memory is used as frames are handed out. */
  public FrameAllocator(long limitPages) {
    this.limitPages = limitPages;
  }

  /** A run of 2^order zeroed pages: its host address, or −ENOMEM when the bound is reached. */
  public long allocate(int order) {
    throw new UnsupportedOperationException();
  }

  /** Gives a run back. */
  public void free(long address, int order) {
    throw new UnsupportedOperationException();
  }

  /** Shows frames at a page-aligned address of a reserved window instead of what is there. */
  public void showAt(long windowAddress, long frameAddress, int pages) {
    throw new UnsupportedOperationException();
  }

  /** Pages handed out now. */
  public long usedPages() {
    throw new UnsupportedOperationException();
  }

  /** The bound, in pages. */
  public long limitPages() {
    return limitPages;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
