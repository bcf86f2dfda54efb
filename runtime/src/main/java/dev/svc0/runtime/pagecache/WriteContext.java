package dev.svc0.runtime.pagecache;

import org.jspecify.annotations.Nullable;

/** What write_begin hands to write_end. Reusable; one a writing thread. */
public final class WriteContext {
  /** The locked folio to copy into; set by write_begin. */
  public @Nullable Folio folio;

  /** What the file system wants to find again in write_end. */
  public @Nullable Object fsData;

  /**
   * Most bytes of the write that write_begin prepared; it may lower what it finds here. What is
   * behind them is for the next round.
   */
  public int most = Integer.MAX_VALUE;

  /** Not one write: a memory mapping may store to the page until it is written back. */
  public boolean forMapping;
}
