package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.sched.ThreadState;
import org.jspecify.annotations.Nullable;

/**
 * The folios that can be given up for others, in the order in which they came; one that was used
 * since it was last looked at gets a second chance. <i>Linux:</i> mm/vmscan.c.
 *
 * <p><i>Locks:</i> the object's monitor protects the list; it is the innermost lock.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
final class FolioLru {
  private static final int BATCH = 32;
  private static final int ROUNDS = 50;
  private static final long PAUSE_MILLIS = 20;

  private final Writeback writeback;
  private @Nullable Folio oldest;
  private @Nullable Folio newest;
  private int size;
  private volatile @Nullable FrameAllocator served;

  FolioLru(Writeback writeback) {
    this.writeback = writeback;
  }

  /** Has an allocator ask here when it has no frames left for others than the page cache. */
  void serve(FrameAllocator frames) {
    if (served != frames) {
      served = frames;
      frames.setShrinker(() -> !ThreadState.current().memalloc && shrinkFor(frames));
    }
  }

  /** Gives up all clean folios that nobody uses. */
  void dropClean(FrameAllocator frames) {
    int freed = 1;
    while (freed > 0) {
      freed = shrinkFolioList(frames, true);
    }
  }

  /** Gives up clean folios for somebody who cannot wait; whether any. */
  private boolean shrinkFor(FrameAllocator frames) {
    return shrinkFolioList(frames, false) > 0 || shrinkFolioList(frames, true) > 0;
  }

  @Traced("folio_add_lru")
  synchronized void add(Folio folio) {
    if (folio.onLru) {
      return;
    }
    folio.onLru = true;
    folio.lruPrevious = newest;
    folio.lruNext = null;
    if (newest != null) {
      newest.lruNext = folio;
    } else {
      oldest = folio;
    }
    newest = folio;
    size++;
  }

  synchronized void remove(Folio folio) {
    if (!folio.onLru) {
      return;
    }
    folio.onLru = false;
    if (folio.lruPrevious != null) {
      folio.lruPrevious.lruNext = folio.lruNext;
    } else {
      oldest = folio.lruNext;
    }
    if (folio.lruNext != null) {
      folio.lruNext.lruPrevious = folio.lruPrevious;
    } else {
      newest = folio.lruPrevious;
    }
    folio.lruNext = null;
    folio.lruPrevious = null;
    size--;
  }

  private synchronized int size() {
    return size;
  }

  /** Takes the oldest folio off the list with a reference, or null. */
  private synchronized @Nullable Folio isolate() {
    Folio folio = oldest;
    while (folio != null) {
      remove(folio);
      if (folio.tryGet()) {
        return folio;
      }
      folio = oldest;
    }
    return null;
  }

  /**
   * A run of frames, after giving up clean folios and waiting for dirty ones when there is none
   * free.
   *
   * @return the host address or −ENOMEM
   */
  long allocate(FrameAllocator frames, int order) {
    return order == 0 ? allocatePage(frames) : allocateRun(frames, order);
  }

  /**
   * Several pages together, at the cost of as many clean ones; who gets none takes fewer. To give
   * up more would not help when what is free lies scattered.
   */
  private long allocateRun(FrameAllocator frames, int order) {
    ThreadState self = ThreadState.current();
    if (!self.memalloc && !hasRoom(frames, order)) {
      self.memalloc = true;
      try {
        int freed = 1;
        for (int sum = 0; !hasRoom(frames, order) && freed > 0 && sum < 1 << order; sum += freed) {
          freed = shrinkFolioList(frames, false);
        }
      } finally {
        self.memalloc = false;
      }
    }
    return hasRoom(frames, order) ? frames.allocateFree(order) : -Errno.ENOMEM;
  }

  private static boolean hasRoom(FrameAllocator frames, int order) {
    return frames.usedPages() + (1L << order) <= frames.limitPages() - reserve(frames);
  }

  private long allocatePage(FrameAllocator frames) {
    ThreadState self = ThreadState.current();
    if (self.memalloc || hasRoom(frames, 0)) {
      long address = frames.allocate(0);
      if (address > 0 || self.memalloc) {
        return address;
      }
    }
    self.memalloc = true;
    try {
      return tryToFreePages(frames);
    } finally {
      self.memalloc = false;
    }
  }

  /** Pages kept for those who free memory. */
  private static long reserve(FrameAllocator frames) {
    return Math.min(frames.limitPages() / 16, 128);
  }

  @Traced("try_to_free_pages")
  private long tryToFreePages(FrameAllocator frames) {
    int fruitless = 0;
    while (true) {
      int freed = shrinkFolioList(frames, fruitless > 0);
      if (hasRoom(frames, 0)) {
        long address = frames.allocate(0);
        if (address > 0) {
          return address;
        }
      }
      if (freed == 0 && !waitForWriteback(++fruitless)) {
        return frames.allocate(0); // the reserve is better than failing
      }
    }
  }

  /** Lets the flusher make folios clean; false when there is nothing to hope for. */
  private boolean waitForWriteback(int fruitless) {
    if (fruitless > ROUNDS) {
      return false;
    }
    if (writeback.dirtyPages() + writeback.writebackPages() == 0) {
      return fruitless <= 2; // once more, for folios that were used or locked a moment ago
    }
    writeback.wakeFlusher(BATCH * 4);
    writeback.awaitProgress(PAUSE_MILLIS);
    return true;
  }

  /** Looks at the oldest folios once each until enough are freed; the number of pages freed. */
  @Traced("shrink_folio_list")
  private int shrinkFolioList(FrameAllocator frames, boolean hard) {
    int freed = 0;
    for (int looked = size(); looked > 0 && freed < BATCH; looked--) {
      Folio folio = isolate();
      if (folio == null) {
        break;
      }
      if (tryToReclaim(folio, frames, hard)) {
        freed += folio.pages();
      } else {
        if (folio.mapping != null) {
          add(folio);
          if (folio.mapping == null) {
            remove(folio); // truncated in between
          }
        }
        folio.put();
      }
    }
    return freed;
  }

  /** Gives up a folio that nobody needs; its frame is free when this returns true. */
  private static boolean tryToReclaim(Folio folio, FrameAllocator frames, boolean hard) {
    if (folio.testAndClearReferenced() && !hard
        || folio.isDirty()
        || folio.isWriteback()
        || folio.frames() != frames
        || !folio.tryLock()) {
      return false;
    }
    AddressSpace mapping = folio.mapping;
    boolean gone = mapping != null && canGo(folio, mapping) && removeMapping(mapping, folio);
    folio.unlock();
    if (gone) {
      folio.freeFrozen();
    }
    return gone;
  }

  private static boolean canGo(Folio folio, AddressSpace mapping) {
    if (mapping.isMapped()) {
      mapping.unmapPages(folio.index, folio.index + folio.pages() - 1);
    }
    return !folio.isDirty()
        && !folio.isWriteback()
        && (folio.privateData == null || mapping.operations().releaseFolio(folio));
  }

  /** Takes a locked, clean folio that only the cache and the caller refer to out of the cache. */
  @Traced("__remove_mapping")
  static boolean removeMapping(AddressSpace mapping, Folio folio) {
    synchronized (mapping.tree) {
      if (!folio.freeze(2)) {
        return false;
      }
      if (folio.isDirty()) {
        folio.unfreeze(2);
        return false;
      }
      mapping.removeLocked(folio);
      return true;
    }
  }
}
