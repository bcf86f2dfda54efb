package dev.svc0.runtime.pagecache;

import org.jspecify.annotations.Nullable;

/**
 * A run of 2^order pages of one file in memory, aligned to its size. <i>Linux:</i> {@code folio}.
 *
 * <p>Counted: whoever keeps a folio holds a reference. The lock protects {@link #mapping}, the
 * content while it is read in, and {@link #privateData}.
 */
public final class Folio {
  /** The address space it belongs to; null once truncated away. */
  public volatile @Nullable AddressSpace mapping;

  /** First page of the file it holds. */
  public final long index;

  /** log2 of its number of pages. */
  public final int order;

  /** Host address of its first byte. */
  public final long address;

  /** What the file system keeps for it: usually the first buffer head. Protected by the lock. */
  public @Nullable Object privateData;

  /** The operation that made it dirty first since it was last clean. */
  public long firstOperation;

  /** The operation that wrote to it last. */
  public long lastOperation;

  /** How often it was written again while dirty. */
  public int overwrites;

  Folio(AddressSpace mapping, long index, int order, long address) {
    this.mapping = mapping;
    this.index = index;
    this.order = order;
    this.address = address;
  }

  /** Size in bytes. */
  public int sizeBytes() {
    return 4096 << order;
  }

  /** Position in the file of its first byte. */
  public long position() {
    return index << 12;
  }

  /** Waits for the lock and takes it. */
  public void lock() {
    throw new UnsupportedOperationException();
  }

  /** Takes the lock if it is free. */
  public boolean tryLock() {
    throw new UnsupportedOperationException();
  }

  /** Gives the lock back; may be called by a thread other than the one that took it. */
  public void unlock() {
    throw new UnsupportedOperationException();
  }

  /** Whether it is locked by anybody. */
  public boolean isLocked() {
    throw new UnsupportedOperationException();
  }

  /** Whether the content is that of the file. */
  public boolean isUptodate() {
    throw new UnsupportedOperationException();
  }

  /** The content is that of the file now. */
  public void markUptodate() {
    throw new UnsupportedOperationException();
  }

  /** Whether it must be written back. */
  public boolean isDirty() {
    throw new UnsupportedOperationException();
  }

  /** Whether a write of it is under way. */
  public boolean isWriteback() {
    throw new UnsupportedOperationException();
  }

  /** A read or write of it failed. */
  public void setError() {
    throw new UnsupportedOperationException();
  }

  /** Whether a read or write of it failed since it was last up to date. */
  public boolean hasError() {
    throw new UnsupportedOperationException();
  }

  /** Takes a reference. */
  public void get() {
    throw new UnsupportedOperationException();
  }

  /** Gives a reference back; the last one frees the frame. */
  public void put() {
    throw new UnsupportedOperationException();
  }
}
