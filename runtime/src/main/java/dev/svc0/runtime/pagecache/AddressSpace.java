package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.FrameAllocator;
import dev.svc0.runtime.mm.VmMapping;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.trace.event.FilemapTrace;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * All cached folios of one file or device, by page index, with dirty and write-back marks.
 * <i>Linux:</i> {@code address_space}, {@code i_mapping}.
 *
 * <p><i>Locks:</i> the tree's monitor protects the tree and the counts; looking a folio up takes
 * none.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class AddressSpace {
  private static final int AS_EIO = 1;
  private static final int AS_ENOSPC = 2;

  private final PageCacheOwner host;
  private final FrameAllocator frames;
  private final Writeback writeback;
  private AddressSpaceOperations operations;

  /** Protects itself and the counts below. */
  final PageTree tree = new PageTree();

  /** Where this mapping stands on the lists of dirty owners. */
  final DirtyEntry dirtyEntry = new DirtyEntry(this);

  private volatile long pages;
  private volatile long writebackFolios;
  private volatile boolean unevictable;
  private volatile boolean stableWrites;
  private volatile int largestOrder;

  private final ErrorSequence errors = new ErrorSequence();
  private final AtomicInteger errorFlags = new AtomicInteger();
  private final List<VmMapping> mappings = new CopyOnWriteArrayList<>();

  /**
   * Held for reading while folios are brought in by faults, for writing while pages are taken out
   * by truncation. <i>Linux:</i> invalidate_lock.
   */
  public final ReentrantReadWriteLock invalidateLock =
      LockOrder.readWriteLock(LockClass.INVALIDATE);

  /** Metadata buffers that belong to this file. Owned by the buffer package. */
  public volatile @Nullable Object privateList;

  /** An empty one. */
  public AddressSpace(
      PageCacheOwner host,
      AddressSpaceOperations operations,
      FrameAllocator frames,
      Writeback writeback) {
    this.host = host;
    this.operations = operations;
    this.frames = frames;
    this.writeback = writeback;
    writeback.lru().serve(frames);
  }

  /** Whose content this is. */
  public PageCacheOwner host() {
    return host;
  }

  /** How it is filled and emptied. */
  public AddressSpaceOperations operations() {
    return operations;
  }

  /** Changes how it is filled and emptied; only while it is empty. */
  public void setOperations(AddressSpaceOperations operations) {
    this.operations = operations;
  }

  /** Where frames come from. */
  public FrameAllocator frames() {
    return frames;
  }

  /** Who brings its dirty folios to the store. */
  public Writeback writeback() {
    return writeback;
  }

  /** Its folios are the only copy of the content: never reclaimed, as tmpfs needs it. */
  public void setUnevictable() {
    unevictable = true;
  }

  boolean isUnevictable() {
    return unevictable;
  }

  /**
   * Lets folios be larger than a page, up to 2^order pages: the owner's operations work on any
   * size. <i>Linux:</i> mapping_set_large_folios.
   */
  public void setLargeFolios(int order) {
    largestOrder = Math.min(order, FrameAllocator.MAX_ORDER);
  }

  /** log2 of the most pages a folio of it may have. <i>Linux:</i> mapping_max_folio_order. */
  public int largestOrder() {
    return largestOrder;
  }

  /**
   * log2 of the pages of a folio that is made at an index for so many bytes from its start: as
   * large as fits into them and its place is aligned for. <i>Linux:</i> fgf_set_order.
   */
  public int orderFor(long pageIndex, long bytes) {
    int most = largestOrder;
    if (most == 0 || bytes < 8192) {
      return 0;
    }
    int wanted = 63 - Long.numberOfLeadingZeros(bytes) - FrameAllocator.PAGE_SHIFT;
    return Math.min(Math.min(wanted, most), Long.numberOfTrailingZeros(pageIndex));
  }

  /** A folio's content must not change while it is written: checksums are made of it. */
  public void setStableWrites() {
    stableWrites = true;
  }

  boolean hasStableWrites() {
    return stableWrites;
  }

  /** The folio at a page index with a reference taken, or null. */
  @Traced("filemap_get_entry")
  public @Nullable Folio find(long pageIndex) {
    while (true) {
      Folio folio = tree.find(pageIndex);
      if (folio == null) {
        return null;
      }
      if (folio.tryGet()) {
        if (folio.mapping == this) {
          return folio;
        }
        folio.put();
      }
    }
  }

  /** Number of cached pages. */
  public long pages() {
    return pages;
  }

  /** Whether any folio is dirty or under write-back. */
  public boolean hasDirtyOrWriteback() {
    synchronized (tree) {
      return tree.anyMarked(PageTree.DIRTY) || tree.anyMarked(PageTree.WRITEBACK);
    }
  }

  /** Whether any folio is dirty. */
  public boolean hasDirty() {
    synchronized (tree) {
      return tree.anyMarked(PageTree.DIRTY);
    }
  }

  boolean hasWriteback() {
    return writebackFolios != 0;
  }

  /** Puts a folio in; takes the cache's reference. False when there is one already. */
  @Traced("__filemap_add_folio")
  boolean insert(Folio folio) {
    synchronized (tree) {
      if (!tree.insert(folio)) {
        return false;
      }
      folio.get();
      pages = pages + folio.pages();
      return true;
    }
  }

  /** Takes a folio out, without giving back the cache's reference. Holder of the tree's monitor. */
  void removeLocked(Folio folio) {
    if (FilemapTrace.mmFilemapDeleteFromPageCacheOn()) {
      FilemapTrace.mmFilemapDeleteFromPageCache(
          host().traceDevice(), host().traceInode(), folio.index, (byte) folio.order);
    }
    tree.remove(folio);
    folio.mapping = null;
    pages = pages - folio.pages();
  }

  /** Collects referenced folios with a mark in an index range (end inclusive). */
  int gather(long from, long last, int mark, Folio[] batch) {
    synchronized (tree) {
      return tree.gather(from, last, mark, batch);
    }
  }

  /** What is dirty now in an index range (end inclusive) is to be written by a sync. */
  @Traced("tag_pages_for_writeback")
  void tagPagesForWriteback(long first, long last) {
    synchronized (tree) {
      tree.copyMark(first, last, PageTree.DIRTY, PageTree.TOWRITE);
    }
  }

  /** Collects referenced folios that are dirty, being written or to be written. */
  @Traced("filemap_get_folios_tag")
  int filemapGetFoliosTag(long from, long last, int mark, Folio[] batch) {
    return gather(from, last, mark, batch);
  }

  /** One more folio is being written; whether it is the first. Holder of the tree's monitor. */
  boolean writebackBegins() {
    long before = writebackFolios;
    writebackFolios = before + 1;
    return before == 0;
  }

  /** One folio less is being written; whether it was the last. Holder of the tree's monitor. */
  boolean writebackEnds() {
    long left = writebackFolios - 1;
    writebackFolios = left;
    return left == 0;
  }

  /**
   * Notes a write-back error so that every open file reports it once. <i>Linux:</i>
   * mapping_set_error.
   */
  public void setError(long negativeErrno) {
    if (negativeErrno == 0) {
      return;
    }
    errors.set((int) -negativeErrno);
    int flag = negativeErrno == -Errno.ENOSPC ? AS_ENOSPC : AS_EIO;
    errorFlags.getAndUpdate(flags -> flags | flag);
  }

  /** The error noted since it was last asked, for callers without an open file; 0 or −errno. */
  @Traced("filemap_check_errors")
  public long filemapCheckErrors() {
    if (errorFlags.get() == 0) {
      return 0;
    }
    int flags = errorFlags.getAndSet(0);
    if ((flags & AS_EIO) != 0) {
      return -Errno.EIO;
    }
    return (flags & AS_ENOSPC) != 0 ? -Errno.ENOSPC : 0;
  }

  /** The current error sequence, for a file that is being opened. <i>Linux:</i> errseq_sample. */
  public int sampleError() {
    return errors.sample();
  }

  /**
   * The error noted since a sample, as −errno, or 0; marks it seen. What the file keeps from then
   * on is what {@link #advanceError} returns. <i>Linux:</i> errseq_check_and_advance.
   */
  public long checkError(int since) {
    int now = errors.advance(since);
    return now == since ? 0 : ErrorSequence.errorOf(now);
  }

  /**
   * Marks what was noted since a sample as seen.
   *
   * @return the new sample; when it differs from the old one, {@link #errorOf} tells the error
   */
  public int advanceError(int since) {
    return errors.advance(since);
  }

  /** −errno that a sample carries. */
  public static long errorOf(int sample) {
    return ErrorSequence.errorOf(sample);
  }

  /** Whether an error was noted since a sample, as −errno or 0; does not mark it seen. */
  public long peekError(int since) {
    return errors.check(since);
  }

  /** Adds a memory mapping of this content. */
  public void addMapping(VmMapping mapping) {
    mappings.add(mapping);
  }

  /** Removes a memory mapping of this content. */
  public void removeMapping(VmMapping mapping) {
    mappings.remove(mapping);
  }

  /** Whether any process has it mapped. */
  public boolean isMapped() {
    return !mappings.isEmpty();
  }

  /** How many mappings show a page. */
  public int mapCount(long pageIndex) {
    int count = 0;
    for (VmMapping mapping : mappings) {
      count += mapping.shows(pageIndex) ? 1 : 0;
    }
    return count;
  }

  /** Whether stores through a mapping reach it. <i>Linux:</i> mapping_writably_mapped. */
  public boolean isWritablyMapped() {
    for (VmMapping mapping : mappings) {
      if (mapping.mayWriteShared()) {
        return true;
      }
    }
    return false;
  }

  /** Takes pages out of every memory mapping (end inclusive). */
  @Traced("unmap_mapping_pages")
  public void unmapPages(long first, long last) {
    for (VmMapping mapping : mappings) {
      mapping.unmapPages(first, last);
    }
  }

  /** Makes the next store to a folio through any memory mapping fault again. */
  @Traced("folio_mkclean")
  void writeProtect(Folio folio) {
    for (VmMapping mapping : mappings) {
      for (int page = 0; page < folio.pages(); page++) {
        mapping.writeProtect(folio.index + page);
      }
    }
  }
}
