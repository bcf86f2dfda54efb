package dev.svc0.runtime.pagecache;

/** How much to write back, how, and what is left. <i>Linux:</i> {@code writeback_control}. */
public final class WritebackControl {
  /** Whether the caller waits for the data to be stable. */
  public enum SyncMode {
    /** Start writes; skip what is busy. */
    NONE,
    /** Write everything in range; wait for what is busy. */
    ALL
  }

  /** See {@link SyncMode}. */
  public SyncMode syncMode = SyncMode.NONE;

  /** First byte of the range. */
  public long rangeStart;

  /** Last byte of the range, inclusive. */
  public long rangeEnd = Long.MAX_VALUE;

  /** Pages that may still be written. */
  public long nrToWrite = Long.MAX_VALUE;

  /** Set when it is the periodic or background flusher that asks. */
  public boolean forBackground;
}
