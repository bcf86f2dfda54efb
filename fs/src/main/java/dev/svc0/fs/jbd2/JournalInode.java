package dev.svc0.fs.jbd2;

import dev.svc0.runtime.pagecache.AddressSpace;
import org.jspecify.annotations.Nullable;

/**
 * A file whose data must reach the disk before, or with, a transaction that makes it reachable.
 * <i>Linux:</i> {@code jbd2_inode}. One an inode; the journal's list lock protects it.
 */
public final class JournalInode {
  private final AddressSpace mapping;

  /** The transaction that must write the data, or null. */
  @Nullable Transaction transaction;

  /** The next one, while {@link #transaction} commits. */
  @Nullable Transaction nextTransaction;

  /** The commit must start writing the data. */
  boolean writeData;

  /** The commit must wait for the data. */
  boolean waitData;

  /** A commit works on it. */
  boolean committing;

  long dirtyStart;
  long dirtyEnd;

  /** For a file. */
  public JournalInode(AddressSpace mapping) {
    this.mapping = mapping;
  }

  /** Whose pages. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** First byte of the range. */
  public long dirtyStart() {
    return dirtyStart;
  }

  /** Last byte of the range. */
  public long dirtyEnd() {
    return dirtyEnd;
  }
}
