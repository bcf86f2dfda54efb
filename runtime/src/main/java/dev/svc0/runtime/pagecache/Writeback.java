package dev.svc0.runtime.pagecache;

/**
 * Brings dirty owners and their folios to the store: in the background when too much is dirty, by age,
 * and when asked. One a kernel, with threads of its own. <i>Linux:</i> fs/fs-writeback.c,
 * mm/page-writeback.c.
 */
public final class Writeback implements AutoCloseable {
  /** Starts the flusher. */
  public Writeback() {
    // The owner of this package fills this in.
  }

  /** Puts an owner on the dirty list. Called by {@link PageCacheOwner#markDirty}. */
  public void addDirty(PageCacheOwner owner, AddressSpace mapping) {
    throw new UnsupportedOperationException();
  }

  /** Takes an owner off every list, waiting for a write of it that is under way. */
  public void forget(PageCacheOwner owner) {
    throw new UnsupportedOperationException();
  }

  /** Slows a writer down when too much is dirty. <i>Linux:</i> balance_dirty_pages_ratelimited. */
  public void balanceDirtyPagesRatelimited(AddressSpace mapping) {
    throw new UnsupportedOperationException();
  }

  /** Writes one owner: its pages, then its attributes. 0 or −errno. */
  public long writeOwner(PageCacheOwner owner, AddressSpace mapping, WritebackControl control) {
    throw new UnsupportedOperationException();
  }

  /** Writes every dirty owner that the filter accepts and waits. The first error, or 0. */
  public long sync(java.util.function.Predicate<PageCacheOwner> which) {
    throw new UnsupportedOperationException();
  }

  /** Dirty pages now, over all files. */
  public long dirtyPages() {
    throw new UnsupportedOperationException();
  }

  /** Stops the flusher; nothing is written. Whoever wants the data synced it before. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
