package dev.svc0.runtime.block;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Writeback;
import dev.svc0.runtime.sched.ThreadState;

/**
 * Frames that direct I/O goes through, because a program may change or unmap its own memory while a
 * driver reads it. Bounded: who finds no room waits for others to finish. A few are kept for the
 * next I/O; what they hold then is what the last one left.
 */
public final class BouncePool {
  /** The default bound: 16 MiB, and an eighth of the frames where there are few. */
  private static final long MOST_PAGES = 4096;

  private static final int ORDERS = FrameAllocator.MAX_ORDER + 1;

  /** Pages kept of each size. */
  private static final int KEPT_PAGES = 32;

  private final FrameAllocator frames;
  private final Writeback writeback;
  private final long limitPages;
  private final long[][] kept = new long[ORDERS][];
  private final int[] count = new int[ORDERS];
  private long usedPages;
  private int waiting;

  BouncePool(FrameAllocator frames, Writeback writeback) {
    this.frames = frames;
    this.writeback = writeback;
    limitPages = Math.max(Math.min(MOST_PAGES, frames.limitPages() / 8), 1);
    for (int order = 0; order < ORDERS; order++) {
      kept[order] = new long[Math.max(KEPT_PAGES >> order, 1)];
    }
  }

  /** The most pages in use at a time. */
  public long limitPages() {
    return limitPages;
  }

  /** Pages in use now. */
  public synchronized long usedPages() {
    return usedPages;
  }

  /**
   * A run of 2^order pages with any content; waits while too many are in use.
   *
   * @return the host address, or −ENOMEM: try a smaller one
   */
  public long take(int order) {
    long pages = 1L << order;
    if (pages > limitPages) {
      return -Errno.ENOMEM;
    }
    synchronized (this) {
      if (usedPages + pages > limitPages) {
        awaitRoom(pages);
      }
      usedPages += pages;
      if (count[order] > 0) {
        return kept[order][--count[order]];
      }
    }
    return allocate(order);
  }

  /** The same without waiting, for who holds some already: −EAGAIN while too many are in use. */
  public long tryTake(int order) {
    long pages = 1L << order;
    if (pages > limitPages) {
      return -Errno.ENOMEM;
    }
    synchronized (this) {
      if (usedPages + pages > limitPages) {
        return -Errno.EAGAIN;
      }
      usedPages += pages;
      if (count[order] > 0) {
        return kept[order][--count[order]];
      }
    }
    return allocate(order);
  }

  private long allocate(int order) {
    long address = Filemap.allocFrames(writeback, frames, order);
    if (address < 0) {
      release(1L << order);
    }
    return address;
  }

  private void awaitRoom(long pages) {
    ThreadState.flushPlugBeforeSleep();
    waiting++;
    try {
      while (usedPages + pages > limitPages) {
        wait();
      }
    } catch (InterruptedException e) {
      awaitRoom(pages); // a host interrupt is a wake-up like any other
    } finally {
      waiting--;
    }
  }

  /** Gives a run back. */
  public void put(long address, int order) {
    boolean keep;
    synchronized (this) {
      keep = count[order] < kept[order].length;
      if (keep) {
        kept[order][count[order]++] = address;
      }
    }
    if (!keep) {
      frames.free(address, order);
    }
    release(1L << order);
  }

  private synchronized void release(long pages) {
    usedPages -= pages;
    if (waiting > 0) {
      notifyAll();
    }
  }

  /** Gives what was kept back to the frames. */
  synchronized void close() {
    for (int order = 0; order < ORDERS; order++) {
      while (count[order] > 0) {
        frames.free(kept[order][--count[order]], order);
      }
    }
  }
}
