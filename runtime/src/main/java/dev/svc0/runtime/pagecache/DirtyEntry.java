package dev.svc0.runtime.pagecache;

import org.jspecify.annotations.Nullable;

/**
 * Where a mapping stands on the flusher's lists. All but {@link #state} protected by the flusher.
 */
final class DirtyEntry {
  /** On the list of dirty owners. */
  static final int QUEUED = 1;

  /** Being written by some thread. */
  static final int SYNCING = 2;

  /** Became dirty again while being written. */
  static final int REDIRTIED = 4;

  final AddressSpace mapping;

  /** The bits above. Written under the flusher's lock, read without. */
  volatile int state;

  /** When it became dirty, as {@link System#nanoTime} tells. */
  long dirtiedNanos;

  /** The flusher's round that looked at it last. */
  long roundNanos;

  @Nullable DirtyEntry next;
  @Nullable DirtyEntry previous;

  /** Whether it is on the list of mappings with writes under way. */
  boolean underWriteback;

  DirtyEntry(AddressSpace mapping) {
    this.mapping = mapping;
  }
}
