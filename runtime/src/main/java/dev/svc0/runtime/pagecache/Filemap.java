package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.event.FilemapTrace;
import org.jspecify.annotations.Nullable;

/**
 * Reading and writing files through the page cache, and the way in to the other parts of it: the
 * states of a folio ({@link PageWriteback}) and taking folios out ({@link Truncate}). <i>Linux:</i>
 * mm/filemap.c.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class Filemap {
  /** It was used now. */
  public static final int FGP_ACCESSED = 1;

  /** Lock the folio. */
  public static final int FGP_LOCK = 2;

  /** Create it when absent. */
  public static final int FGP_CREAT = 4;

  /** It is going to be written: wait for stable content. */
  public static final int FGP_WRITE = 8;

  /** Do not wait for the lock. */
  public static final int FGP_NOWAIT = 32;

  /** What write_begin asks for. */
  public static final int FGP_WRITEBEGIN = FGP_LOCK | FGP_CREAT | FGP_WRITE;

  private Filemap() {}

  /** Writes one locked folio and unlocks it. */
  @FunctionalInterface
  public interface FolioWriter {
    /** 0 or −errno. */
    long write(Folio folio, WritebackControl control);
  }

  /** The largest window of read-ahead in pages, unless a device is told otherwise. */
  public static final int READAHEAD_PAGES = Readahead.MAX_PAGES;

  /** Instead of a window: what is not cached is not read. <i>Linux:</i> IOCB_NOIO. */
  public static final int CACHED_ONLY = -1;

  /** Starts reading a locked folio, which is unlocked when the data is there. */
  @FunctionalInterface
  public interface FolioReader {
    /** 0 or −errno. */
    long read(Folio folio);
  }

  /** As {@link #filemapRead(AddressSpace, long, IovIter, int)}, with the usual window. */
  public static long filemapRead(AddressSpace mapping, long position, IovIter to) {
    return filemapRead(mapping, position, to, READAHEAD_PAGES);
  }

  /**
   * Copies from the cache to the buffers, reading what is absent. Stops at the owner's size.
   *
   * @param readahead the largest window in pages; 0 for no reading ahead, {@link #CACHED_ONLY} for
   *     no reading at all
   * @return bytes copied, or −errno when none were (−EAGAIN: not cached)
   */
  @Traced("filemap_read")
  public static long filemapRead(AddressSpace mapping, long position, IovIter to, int readahead) {
    long done = 0;
    long at = position;
    while (to.count() > 0 && at < mapping.host().sizeBytes()) {
      Folio folio = mapping.find(at >>> 12);
      if (folio == null || !folio.isUptodate() || readahead >= 0 && folio.testAndClearReadahead()) {
        long error = filemapGetPages(mapping, at, to.count(), folio, readahead);
        if (error != 0) {
          return done > 0 ? done : error;
        }
        continue;
      }
      int offset = folio.offsetOf(at);
      long bytes = Math.min(folio.sizeBytes() - offset, mapping.host().sizeBytes() - at);
      bytes = Math.max(Math.min(bytes, to.count()), 0);
      long copied = to.copyToIter(folio.address + offset, bytes);
      folio.markAccessed();
      folio.put();
      done += copied;
      at += copied;
      if (copied < bytes) {
        return done > 0 ? done : -Errno.EFAULT;
      }
    }
    return done;
  }

  /** Brings a page in; gives the reference of what is there back. 0: look again, or −errno. */
  @Traced("filemap_get_pages")
  private static long filemapGetPages(
      AddressSpace mapping, long position, long bytes, @Nullable Folio present, int readahead) {
    long index = position >>> 12;
    if (readahead == CACHED_ONLY) {
      if (present != null) {
        present.put();
      }
      return -Errno.EAGAIN;
    }
    if (present != null) {
      if (present.isUptodate()) {
        Readahead.pageCacheAsyncRa(mapping, present, readahead);
        present.put();
        return 0;
      }
      long error = filemapUpdatePage(mapping, present);
      present.put();
      return error;
    }
    Readahead.pageCacheSyncRa(mapping, index, (position & 4095) + bytes + 4095 >>> 12, readahead);
    Folio folio = mapping.find(index);
    if (folio == null) {
      return filemapCreateFolio(mapping, index);
    }
    long error = folio.isUptodate() ? 0 : filemapUpdatePage(mapping, folio);
    folio.put();
    return error;
  }

  /** Waits for a read under way, or reads. 0 also when the folio was truncated away. */
  @Traced("filemap_update_page")
  private static long filemapUpdatePage(AddressSpace mapping, Folio folio) {
    folio.lock();
    if (folio.mapping != mapping || folio.isUptodate()) {
      folio.unlock();
      return 0;
    }
    return filemapReadFolio(mapping, folio);
  }

  @Traced("filemap_create_folio")
  private static long filemapCreateFolio(AddressSpace mapping, long index) {
    Folio folio = allocFolio(mapping, index, 0);
    if (folio == null) {
      return -Errno.ENOMEM;
    }
    long error = filemapAddFolio(mapping, folio) ? filemapReadFolio(mapping, folio) : 0;
    folio.put();
    return error;
  }

  /** Reads a locked folio and waits; it is unlocked afterwards. */
  @Traced("filemap_read_folio")
  private static long filemapReadFolio(AddressSpace mapping, Folio folio) {
    long error = mapping.operations().readFolio(folio);
    if (error != 0) {
      return error;
    }
    folio.waitLocked();
    return folio.isUptodate() || folio.mapping != mapping ? 0 : -Errno.EIO;
  }

  /**
   * Copies from the buffers into the cache, folio by folio, through write_begin and write_end. The
   * caller holds the inode lock.
   *
   * <p>An unreadable buffer is noticed after write_begin, as Linux 6.18 does it: the copy under the
   * folio's lock resolves no faults, and only when nothing could be copied they are resolved
   * without it.
   *
   * @return bytes written (short after EFAULT or ENOSPC), or −errno when none were
   */
  @Traced("generic_perform_write")
  public static long genericPerformWrite(AddressSpace mapping, long position, IovIter from) {
    ThreadState self = ThreadState.current();
    WriteContext context =
        self.writeContext instanceof WriteContext used ? used : new WriteContext();
    self.writeContext = null;
    long written = 0;
    long error = 0;
    long limit = Long.MAX_VALUE;
    long chunk = 4096L << mapping.largestOrder();
    while (from.count() > 0) {
      long at = position + written;
      int bytes = (int) Math.min(Math.min(chunk - (at & chunk - 1), from.count()), limit);
      mapping.writeback().balanceDirtyPagesRatelimited(mapping);
      context.most = Integer.MAX_VALUE;
      error = mapping.operations().writeBegin(mapping, at, bytes, context);
      if (error != 0) {
        if (error != -Errno.ENOSPC || bytes <= 4096 - (at & 4095)) {
          break;
        }
        chunk = 4096; // too little space for all of it: as many pages as there is space for
        continue;
      }
      bytes = insideFolio(context, at, bytes);
      int copied = copyFolioFromIter(context, at, bytes, from);
      long accepted = mapping.operations().writeEnd(mapping, at, bytes, copied, context);
      if (accepted != copied) {
        from.revert(copied - Math.max(accepted, 0));
      }
      if (accepted < 0) {
        error = accepted;
        break;
      }
      written += accepted;
      limit = Long.MAX_VALUE;
      if (accepted == 0) {
        if (copied > 0) {
          limit = copied;
        } else if (from.faultInReadable(bytes) == bytes) {
          error = -Errno.EFAULT;
          break;
        }
      }
    }
    self.writeContext = context;
    return written > 0 ? written : error;
  }

  /** How much of a range lies in the folio that write_begin found for its start. */
  private static int insideFolio(WriteContext context, long at, int bytes) {
    Folio folio = context.folio;
    if (folio == null) {
      throw new IllegalStateException("write_begin left no folio");
    }
    return Math.min(Math.min(bytes, context.most), folio.sizeBytes() - folio.offsetOf(at));
  }

  private static int copyFolioFromIter(WriteContext context, long at, int bytes, IovIter from) {
    Folio folio = context.folio;
    if (folio == null) {
      throw new IllegalStateException("write_begin left no folio");
    }
    return (int) from.copyFromIterAtomic(folio.address + folio.offsetOf(at), bytes);
  }

  /**
   * The folio at an index, created and locked if asked for, with a reference.
   *
   * @param flags FGP_ bits
   * @return the folio, or null when it is absent and was not to be created, is locked under {@link
   *     #FGP_NOWAIT}, or memory ran out
   */
  public static @Nullable Folio getFolio(AddressSpace mapping, long pageIndex, int flags) {
    return getFolio(mapping, pageIndex, flags, 0);
  }

  /**
   * The same; one that is created has 2^order pages if there is room for them, and fewer otherwise.
   *
   * @param order see {@link AddressSpace#orderFor}
   */
  @Traced("__filemap_get_folio")
  public static @Nullable Folio getFolio(
      AddressSpace mapping, long pageIndex, int flags, int order) {
    while (true) {
      Folio folio = mapping.find(pageIndex);
      if (folio == null) {
        if ((flags & FGP_CREAT) == 0) {
          return null;
        }
        folio = createFolio(mapping, pageIndex, flags, order);
        if (folio != null || mapping.tree.find(pageIndex) == null) {
          return folio;
        }
      } else if ((flags & FGP_LOCK) != 0) {
        folio = lockFound(mapping, folio, flags);
        if (folio == null && (flags & FGP_NOWAIT) != 0) {
          return null;
        }
      }
      if (folio != null) {
        folio.markAccessed();
        if ((flags & FGP_WRITE) != 0) {
          PageWriteback.folioWaitStable(folio);
        }
        return folio;
      }
    }
  }

  private static @Nullable Folio createFolio(
      AddressSpace mapping, long pageIndex, int flags, int largest) {
    for (int order = largest; order >= 0; order--) {
      Folio folio = allocFolio(mapping, pageIndex, order);
      if (folio == null) {
        continue;
      }
      if (filemapAddFolio(mapping, folio)) {
        if ((flags & FGP_LOCK) == 0) {
          folio.unlock();
        }
        return folio;
      }
      folio.put();
      if (mapping.tree.find(pageIndex) != null) {
        return null;
      }
    }
    return null;
  }

  private static @Nullable Folio lockFound(AddressSpace mapping, Folio folio, int flags) {
    if ((flags & FGP_NOWAIT) == 0) {
      folio.lock();
    } else if (!folio.tryLock()) {
      folio.put();
      return null;
    }
    if (folio.mapping == mapping) {
      return folio;
    }
    folio.unlock();
    folio.put();
    return null;
  }

  /** A folio in no cache yet, with one reference, zeroed; null when memory ran out. */
  @Traced("filemap_alloc_folio_noprof")
  static @Nullable Folio allocFolio(AddressSpace mapping, long pageIndex, int order) {
    return newFolio(mapping, pageIndex, order);
  }

  /** The same, for file systems whose pages live nowhere else. */
  public static @Nullable Folio newFolio(AddressSpace mapping, long pageIndex, int order) {
    long address = mapping.writeback().lru().allocate(mapping.frames(), order);
    return address < 0 ? null : new Folio(mapping, pageIndex, order, address);
  }

  /**
   * Frames for the kernel's own use, out of those of the page cache, whose clean folios give way.
   *
   * @return the host address of 2^order zeroed pages, or −ENOMEM
   */
  public static long allocFrames(Writeback writeback, FrameAllocator frames, int order) {
    return writeback.lru().allocate(frames, order);
  }

  /** Locks a new folio and puts it into its cache; false, unlocked, when somebody was faster. */
  @Traced("filemap_add_folio")
  static boolean filemapAddFolio(AddressSpace mapping, Folio folio) {
    return insertLocked(mapping, folio);
  }

  /** The same, for file systems whose pages live nowhere else. */
  public static boolean insertLocked(AddressSpace mapping, Folio folio) {
    folio.lock();
    if (!mapping.insert(folio)) {
      folio.unlock();
      return false;
    }
    if (FilemapTrace.mmFilemapAddToPageCacheOn()) {
      FilemapTrace.mmFilemapAddToPageCache(
          mapping.host().traceDevice(),
          mapping.host().traceInode(),
          folio.index,
          (byte) folio.order);
    }
    if (!mapping.isUnevictable()) {
      mapping.writeback().lru().add(folio);
    }
    return true;
  }

  /**
   * The up-to-date, unlocked folio at an index with a reference, read if need be; null with the
   * −errno in {@code error[0]} when that failed.
   */
  @Traced("read_mapping_folio")
  public static @Nullable Folio readMappingFolio(
      AddressSpace mapping, long pageIndex, long[] error) {
    while (true) {
      Folio folio = mapping.find(pageIndex);
      if (folio == null) {
        error[0] = filemapCreateFolio(mapping, pageIndex);
      } else if (folio.isUptodate()) {
        folio.markAccessed();
        return folio;
      } else {
        error[0] = filemapUpdatePage(mapping, folio);
        folio.put();
      }
      if (error[0] != 0) {
        return null;
      }
    }
  }

  /** Starts reading the absent folios of a range, each locked, through a way to do that. */
  @Traced("read_pages")
  public static void readAbsentFolios(
      AddressSpace mapping, long firstIndex, int pages, FolioReader reader) {
    for (long index = firstIndex; index < firstIndex + pages; index++) {
      if (mapping.tree.find(index) != null) {
        continue;
      }
      Folio folio = allocFolio(mapping, index, 0);
      if (folio == null) {
        return;
      }
      if (filemapAddFolio(mapping, folio)) {
        reader.read(folio); // a failure is met again when the page is needed
      }
      folio.put();
    }
  }

  /** Marks a folio dirty in its mapping and notes the operation; true when it was clean. */
  public static boolean filemapDirtyFolio(AddressSpace mapping, Folio folio) {
    return PageWriteback.filemapDirtyFolio(mapping, folio);
  }

  /** Marks a locked folio dirty through its mapping's operations. */
  public static boolean folioMarkDirty(Folio folio) {
    return PageWriteback.folioMarkDirty(folio);
  }

  /** Takes the dirty mark off before the folio is written; true when it was dirty. */
  public static boolean folioClearDirtyForIo(Folio folio) {
    return PageWriteback.folioClearDirtyForIo(folio);
  }

  /** The folio's write begins: sets the write-back mark. */
  public static void folioStartWriteback(Folio folio) {
    PageWriteback.folioStartWriteback(folio);
  }

  /** The folio's write is complete: clears the mark and wakes waiters. Any thread. */
  public static void folioEndWriteback(Folio folio) {
    PageWriteback.folioEndWriteback(folio);
  }

  /** Waits until no write of the folio is under way. */
  public static void folioWaitWriteback(Folio folio) {
    PageWriteback.folioWaitWriteback(folio);
  }

  /** Starts writing dirty folios in a byte range (end inclusive) and waits for what is busy. */
  @Traced("__filemap_fdatawrite_range")
  public static long filemapFdatawriteRange(AddressSpace mapping, long start, long end) {
    WritebackControl control = new WritebackControl();
    control.syncMode = WritebackControl.SyncMode.ALL;
    control.rangeStart = start;
    control.rangeEnd = end;
    return filemapFdatawriteWbc(mapping, control);
  }

  @Traced("filemap_fdatawrite_wbc")
  private static long filemapFdatawriteWbc(AddressSpace mapping, WritebackControl control) {
    return mapping.hasDirty() ? PageWriteback.doWritepages(mapping, control) : 0;
  }

  /** Waits for writes under way in a byte range; 0, or the error they met. */
  @Traced("filemap_fdatawait_range")
  public static long filemapFdatawaitRange(AddressSpace mapping, long start, long end) {
    waitForWriteback(mapping, start, end);
    return mapping.filemapCheckErrors();
  }

  /** Waits for writes under way in a byte range (end inclusive), leaving errors to be reported. */
  @Traced("__filemap_fdatawait_range")
  public static void waitForWriteback(AddressSpace mapping, long start, long end) {
    if (!mapping.hasWriteback()) {
      return;
    }
    Folio[] batch = new Folio[15];
    long last = end >>> 12;
    for (long first = start >>> 12; first <= last; ) {
      int count = mapping.filemapGetFoliosTag(first, last, PageTree.WRITEBACK, batch);
      if (count == 0) {
        return;
      }
      for (int i = 0; i < count; i++) {
        Folio folio = batch[i];
        first = folio.index + folio.pages();
        PageWriteback.folioWaitWriteback(folio);
        folio.put();
      }
    }
  }

  /**
   * Starts reading a byte range that will be wanted, at most a quarter of the frames; what fails is
   * met again when the page is needed. <i>Linux:</i> POSIX_FADV_WILLNEED, readahead(2).
   */
  public static void willNeed(AddressSpace mapping, long position, long bytes) {
    long first = position >>> 12;
    long end = position + bytes < 0 ? Long.MAX_VALUE : position + bytes;
    Readahead.forcePageCacheRa(mapping, first, (end - 1 >>> 12) + 1 - first);
  }

  /**
   * A page of a memory mapping is going to be read: reads it, if it is absent, with those around
   * it.
   *
   * @param before pages to read before it
   * @param pages to read together
   */
  public static void readAround(AddressSpace mapping, long pageIndex, int before, int pages) {
    Readahead.doSyncMmapReadahead(mapping, pageIndex, before, pages);
  }

  /** Whether anything in a byte range (end inclusive) is cached. */
  @Traced("filemap_range_has_page")
  public static boolean filemapRangeHasPage(AddressSpace mapping, long start, long end) {
    return isAnyMarked(mapping, start, end, PageTree.PRESENT);
  }

  /** Whether anything in a byte range (end inclusive) is dirty or being written. */
  @Traced("filemap_range_needs_writeback")
  public static boolean filemapRangeNeedsWriteback(AddressSpace mapping, long start, long end) {
    return isAnyMarked(mapping, start, end, PageTree.DIRTY)
        || isAnyMarked(mapping, start, end, PageTree.WRITEBACK);
  }

  private static boolean isAnyMarked(AddressSpace mapping, long start, long end, int mark) {
    Folio[] first = new Folio[1];
    if (mapping.gather(start >>> 12, end >>> 12, mark, first) == 0) {
      return false;
    }
    first[0].put();
    return true;
  }

  /** Writes a byte range and waits. */
  @Traced("filemap_write_and_wait_range")
  public static long filemapWriteAndWaitRange(AddressSpace mapping, long start, long end) {
    long error = 0;
    if (mapping.hasDirtyOrWriteback()) {
      error = filemapFdatawriteRange(mapping, start, end);
      if (error != -Errno.EIO) {
        waitForWriteback(mapping, start, end);
      }
    }
    long noted = mapping.filemapCheckErrors();
    return error == 0 ? noted : error;
  }

  /** Throws away cached folios from a position on, zeroing the tail of a partial one. */
  @Traced("truncate_inode_pages")
  public static void truncateInodePages(AddressSpace mapping, long newSize) {
    Truncate.truncateInodePagesRange(mapping, newSize, Long.MAX_VALUE);
  }

  /** Asks to let go of what is attached to a locked folio of a mapping; whether nothing is left. */
  public static boolean filemapReleaseFolio(Folio folio) {
    AddressSpace mapping = folio.mapping;
    return mapping == null || Truncate.filemapReleaseFolio(mapping, folio);
  }

  /** Takes a locked folio out of its cache. */
  public static void filemapRemoveFolio(AddressSpace mapping, Folio folio) {
    Truncate.filemapRemoveFolio(mapping, folio);
  }

  /** Throws away clean folios in a page range (end inclusive); −EBUSY when a dirty one stays. */
  public static long invalidateInodePages2Range(AddressSpace mapping, long first, long last) {
    return Truncate.invalidateInodePages2Range(mapping, first, last);
  }

  /**
   * Looks for dirty pages without locking them: the first run of neighbours in an index range (end
   * inclusive).
   *
   * @param most pages that the run may have
   * @param run receives its first index and its number of pages
   * @return whether there is any
   */
  public static boolean findDirtyRun(
      AddressSpace mapping, long first, long last, int most, long[] run) {
    Folio[] batch = new Folio[15];
    run[1] = 0;
    boolean open = true;
    for (long from = first; open && from <= last; ) {
      int count = mapping.gather(from, last, PageTree.DIRTY, batch);
      open = count > 0;
      for (int i = 0; i < count; i++) {
        Folio folio = batch[i];
        open &= run[1] == 0 || folio.index == run[0] + run[1] && run[1] < most;
        if (open) {
          run[0] = run[1] == 0 ? folio.index : run[0];
          run[1] += folio.pages();
          from = folio.index + folio.pages();
        }
        folio.put();
      }
    }
    return run[1] > 0;
  }

  /** What is dirty now in an index range (end inclusive) is what a sync writes. */
  public static void tagPagesForWriteback(AddressSpace mapping, long first, long last) {
    mapping.tagPagesForWriteback(first, last);
  }

  /**
   * Collects dirty folios in an index range (end inclusive), with references.
   *
   * @param tagged only those of {@link #tagPagesForWriteback}
   * @return how many
   */
  public static int filemapGetFoliosTag(
      AddressSpace mapping, long first, long last, boolean tagged, Folio[] batch) {
    return mapping.filemapGetFoliosTag(
        first, last, tagged ? PageTree.TOWRITE : PageTree.DIRTY, batch);
  }

  /** Gives each dirty folio in the control's range, locked and cleaned for I/O, to a writer. */
  public static long writeCachePages(
      AddressSpace mapping, WritebackControl control, FolioWriter writer) {
    return PageWriteback.writeCachePages(mapping, control, writer);
  }
}
