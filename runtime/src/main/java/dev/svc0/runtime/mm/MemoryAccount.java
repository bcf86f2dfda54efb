package dev.svc0.runtime.mm;

import java.util.concurrent.atomic.AtomicLong;

/** Counts pages in use against a limit. One account serves all processes of a kernel. */
public final class MemoryAccount {
  private final long limitPages;
  private final AtomicLong usedPages = new AtomicLong();

  /** An account that refuses to go above a limit, in pages of 4 KiB. */
  public MemoryAccount(long limitPages) {
    this.limitPages = limitPages;
  }

  /** Takes pages; false, with nothing taken, when the limit would be passed. */
  public boolean tryCharge(long pages) {
    if (usedPages.addAndGet(pages) > limitPages) {
      usedPages.addAndGet(-pages);
      return false;
    }
    return true;
  }

  /**
   * Takes pages although the limit may be passed: for memory that is given back at once, as when a
   * page changes hands.
   */
  public void charge(long pages) {
    usedPages.addAndGet(pages);
  }

  /** Gives pages back. */
  public void uncharge(long pages) {
    usedPages.addAndGet(-pages);
  }

  /** Pages taken now. */
  public long usedPages() {
    return usedPages.get();
  }

  /** The most that may be taken. */
  public long limitPages() {
    return limitPages;
  }
}
