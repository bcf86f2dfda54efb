package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;

/**
 * Reading before it is asked for. What was read before is seen from the cache itself: a miss right
 * after cached pages is a sequential read, and a marked folio says when to read the next window.
 * <i>Linux:</i> mm/readahead.c, its context read-ahead.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
final class Readahead {
  /** The largest window: 128 KiB, as read_ahead_kb has it by default. */
  static final int MAX_PAGES = 32;

  private static final int FIRST_PAGES = 4;

  private Readahead() {}

  /**
   * A page is absent: reads it and, if the reading is sequential, some after it.
   *
   * @param most pages of the largest window; 0 for what is wanted and no more
   */
  @Traced("page_cache_sync_ra")
  static void pageCacheSyncRa(AddressSpace mapping, long index, long wantedPages, int most) {
    if (most == 0) {
      forcePageCacheRa(mapping, index, wantedPages);
      return;
    }
    int window;
    long history = index == 0 ? 0 : historyPages(mapping, index);
    if (index == 0 || history > 0 || wantedPages > 1) {
      long base = Math.max(Math.max(wantedPages, history) * 2, FIRST_PAGES);
      window = (int) Math.min(base, most);
    } else {
      window = 1;
    }
    int wanted = (int) Math.min(wantedPages, window);
    doPageCacheRa(mapping, index, window, Math.min(wanted, window - 1));
  }

  /** A marked folio is read: what follows the window is brought in meanwhile. */
  @Traced("page_cache_async_ra")
  static void pageCacheAsyncRa(AddressSpace mapping, Folio marked, int most) {
    if (most == 0) {
      return;
    }
    long index = marked.index;
    // Past the folio itself: if it were marked again, its reader would never get on.
    long start = index + marked.pages();
    while (start < index + most && mapping.tree.find(start) != null) {
      start++;
    }
    if (mapping.tree.find(start) != null) {
      return; // enough is there
    }
    int window = (int) Math.clamp((start - index) * 2, FIRST_PAGES, most);
    doPageCacheRa(mapping, start, window, 0);
  }

  /** Reads a range that will be wanted, as far as it is absent, window by window. */
  @Traced("force_page_cache_ra")
  static void forcePageCacheRa(AddressSpace mapping, long first, long pages) {
    long last = first + Math.min(pages, mapping.frames().limitPages() / 4);
    for (long at = first; at < last; at += MAX_PAGES) {
      doPageCacheRa(mapping, at, (int) Math.min(MAX_PAGES, last - at), 0);
    }
  }

  /** A fault finds a page absent: reads it with those around it. */
  @Traced("do_sync_mmap_readahead")
  static void doSyncMmapReadahead(AddressSpace mapping, long index, int before, int pages) {
    if (mapping.tree.find(index) == null) {
      doPageCacheRa(mapping, Math.max(index - before, 0), pages, pages - 1);
    }
  }

  /** How many pages before an index are cached, up to the window. */
  private static long historyPages(AddressSpace mapping, long index) {
    long history = 0;
    while (history < MAX_PAGES
        && history < index
        && mapping.tree.find(index - 1 - history) != null) {
      history++;
    }
    return history;
  }

  /** Reads a window up to the end of the content, and marks the page at an offset in it. */
  @Traced("do_page_cache_ra")
  private static void doPageCacheRa(AddressSpace mapping, long first, int window, int markAt) {
    long endIndex = mapping.host().sizeBytes() + 4095 >>> 12;
    int pages = (int) Math.min(window, endIndex - first);
    if (pages <= 0) {
      return;
    }
    mapping.operations().readahead(mapping, first, pages);
    if (pages > 1) {
      Folio marked = mapping.find(first + Math.min(markAt, pages - 1));
      if (marked != null) {
        marked.setReadahead();
        marked.put();
      }
    }
  }
}
