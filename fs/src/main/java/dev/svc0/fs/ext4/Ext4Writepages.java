package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageWriteback;
import dev.svc0.runtime.pagecache.WritebackControl;
import java.util.ArrayList;
import java.util.List;

/**
 * One write-back of a file: writes what has its places, gives runs of delayed blocks places, and
 * writes with bios over many pages. <i>Linux:</i> ext4_do_writepages of fs/ext4/inode.c.
 *
 * <p>It goes in passes. The first needs no handle, and ends at the first page that has blocks
 * without a place. Each of the others starts a handle before it locks pages, as a commit locks
 * pages while it waits for handles, and takes one run of pages that need places; those that the
 * handle has no credits for stay dirty and come with the next one.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Writepages {
  private static final int MAX_WRITEPAGES_EXTENT_LEN = 2048;
  private static final int RETRIES = 3;
  private static final int INSERT = Ext4Extents.INSERT_CREDITS;

  private final Ext4Inode inode;
  private final AddressSpace mapping;
  private final WritebackControl control;

  /** Blocks may be chosen; not so in a commit, which writes what has places. */
  private final boolean mayMap;

  /** What is dirty now is written, and waited for where it is being written. */
  private final boolean all;

  private final Ext4RunMapper mapper;
  private final int bits;
  private final long last;
  private final Folio[] batch = new Folio[15];
  private long next;
  private boolean scannedUntilEnd;
  private long error;

  /** Pages of the pass that are locked and still dirty: they need places. */
  private final List<Folio> folios = new ArrayList<>();

  private int pages;

  Ext4Writepages(Ext4Inode inode, WritebackControl control, boolean mayMap) {
    this.inode = inode;
    this.control = control;
    this.mayMap = mayMap;
    all = control.syncMode == WritebackControl.SyncMode.ALL;
    mapping = inode.mapping();
    bits = inode.ext4.shape.blockBits;
    mapper = new Ext4RunMapper(inode);
    next = control.rangeStart >>> 12;
    last = control.rangeEnd >>> 12;
  }

  /** Writes. 0 or the first −errno. */
  @Traced("ext4_do_writepages")
  long run() {
    long before = control.nrToWrite;
    Ext4Points.writepages(inode, control);
    if (inode.journalsData()) {
      new Ext4LoggedPages(this, inode, control, mapper, mayMap).write();
    } else {
      write();
    }
    Ext4Points.writepagesResult(inode, error, before - control.nrToWrite, control);
    return error;
  }

  void note(long result) {
    error = error == 0 ? result : error;
    mapping.setError(result);
  }

  private void write() {
    int flags = all ? ReqOp.SYNC : ReqOp.BACKGROUND;
    Ext4IoSubmit io = Ext4IoSubmit.init(inode, ReqOp.WRITE | flags);
    if (all) {
      Filemap.tagPagesForWriteback(mapping, next, last);
    }
    BlockCore.blkStartPlug();
    try {
      prepareExtentToMap(io, false);
      releaseUnusedPages(0, 0);
      io.submit();
      int retries = 0;
      while (mayMap && !scannedUntilEnd && control.nrToWrite > 0) {
        long result = mapPass(io);
        if (result == -Errno.ENOSPC && retries < RETRIES && inode.ext4.shouldRetryAllocation()) {
          retries++;
        } else if (result < 0) {
          dropRun(result);
        }
      }
    } finally {
      BlockCore.blkFinishPlug();
    }
  }

  /** Gives one run of pages places and writes them. 0, or −errno when they got none. */
  private long mapPass(Ext4IoSubmit io) {
    long failure = 0;
    Ext4Handle handle = null;
    int written = 0;
    try {
      handle = startFor(inode);
      prepareExtentToMap(io, true);
      written = folios.isEmpty() ? 0 : mapAndSubmitExtent(io, handle);
    } catch (Ext4Exception e) {
      failure = e.result;
      written = mapper.mapped();
    } finally {
      if (handle != null) {
        handle.stop();
      }
    }
    releaseUnusedPages(written, failure);
    io.submit();
    return failure;
  }

  /**
   * Locks dirty pages from the next on and writes those that have their places, up to the first
   * that needs one; if that may be given, up to the end of a run of those.
   */
  @Traced("mpage_prepare_extent_to_map")
  private void prepareExtentToMap(Ext4IoSubmit io, boolean map) {
    if (Ext4Trace.ext4DaWritePagesOn()) {
      Ext4Trace.ext4DaWritePages(
          inode.traceDevice(), inode.number(), next, control.nrToWrite, control.syncMode.ordinal());
    }
    int count = fill();
    while (count > 0) {
      boolean more = true;
      for (int i = 0; i < count; i++) {
        Folio folio = batch[i];
        more &= folios.isEmpty() || folio.index == next; // a run has no gap
        if (more && lock(folio)) {
          more = processPageBufs(io, folio, map);
        } else {
          folio.put();
        }
      }
      count = more ? fill() : 0;
    }
  }

  /** Looks for the next dirty pages, with references; their number. */
  private int fill() {
    int count =
        next > last || control.nrToWrite <= 0
            ? 0
            : Filemap.filemapGetFoliosTag(mapping, next, last, all, batch);
    scannedUntilEnd |= count == 0;
    return count;
  }

  /** Whether a page is dirty, locked now, and not being written. */
  private boolean lock(Folio folio) {
    if (!PageWriteback.lockDirty(mapping, folio, all)) {
      next = folio.index + folio.pages();
      return false;
    }
    if (all) {
      PageWriteback.folioWaitWriteback(folio);
    } else if (folio.isWriteback()) {
      folio.unlock();
      next = folio.index + folio.pages();
      return false;
    }
    return true;
  }

  /**
   * Takes a page into the run, or writes it at once; false when the pass ends with or before it.
   */
  @Traced("mpage_process_page_bufs")
  private boolean processPageBufs(Ext4IoSubmit io, Folio folio, boolean map) {
    boolean complete = !mayMap || hasAllPlaces(folio);
    if (complete && folios.isEmpty()) {
      next = folio.index + folio.pages();
      submitFolio(io, folio);
      folioDone(folio);
      scannedUntilEnd |= next << 12 >= inode.size();
      return !scannedUntilEnd && control.nrToWrite > 0;
    }
    if (complete) {
      folio.unlock();
      folio.put();
      return false;
    }
    folios.add(folio);
    if (!map) {
      return false;
    }
    next = folio.index + folio.pages();
    pages += folio.pages();
    scannedUntilEnd |= next << 12 >= inode.size();
    return !scannedUntilEnd
        && pages < MAX_WRITEPAGES_EXTENT_LEN
        && (all || pages < control.nrToWrite);
  }

  /** Whether all dirty blocks of a page inside the file have their places. */
  boolean hasAllPlaces(Folio folio) {
    long end = inode.sizeInBlocks();
    long block = folio.position() >>> bits;
    BufferHead first = mapper.buffersOf(folio);
    BufferHead at = first;
    do {
      if (block++ < end && at.isDirty() && Ext4RunMapper.needsPlace(at)) {
        return false;
      }
      at = at.next;
    } while (at != first);
    return true;
  }

  /** Gives the pages of the run places and starts writing them; how many have all of theirs. */
  @Traced("mpage_map_and_submit_extent")
  private int mapAndSubmitExtent(Ext4IoSubmit io, Ext4Handle handle) {
    long failure = 0;
    try {
      mapper.mapFolios(handle, folios);
    } catch (Ext4Exception e) {
      failure = e.result;
    }
    int mapped = mapper.mapped();
    mapAndSubmitBuffers(io, mapped);
    if (mapped > 0) {
      Folio newest = folios.get(mapped - 1);
      mapper.updateDiskSize(handle, newest.position() + newest.sizeBytes());
    }
    Ext4Exception.check(failure);
    return mapped;
  }

  /**
   * Starts writing the first pages of the run. One behind them of which some blocks got places goes
   * too, so that no commit finds places without content; the rest of it stays dirty.
   */
  @Traced("mpage_map_and_submit_buffers")
  private void mapAndSubmitBuffers(Ext4IoSubmit io, int mapped) {
    for (int i = 0; i < mapped; i++) {
      submitFolio(io, folios.get(i));
    }
    if (mapped < folios.size() && mapper.isPartly()) {
      Folio part = folios.get(mapped);
      submitFolio(io, part);
      if (all) {
        Filemap.tagPagesForWriteback(mapping, part.index, part.index);
      }
    }
  }

  @Traced("mpage_submit_folio")
  private void submitFolio(Ext4IoSubmit io, Folio folio) {
    PageWriteback.folioClearDirtyForIo(folio);
    writeFolio(io, folio);
  }

  @Traced("mpage_folio_done")
  private void folioDone(Folio folio) {
    control.nrToWrite -= folio.pages();
    folio.unlock();
    folio.put();
  }

  @Traced("ext4_bio_write_folio")
  private void writeFolio(Ext4IoSubmit io, Folio folio) {
    long size = inode.size();
    if (folio.position() >= size) {
      return;
    }
    if (folio.position() + folio.sizeBytes() > size) {
      int inside = (int) (size - folio.position());
      HostMemory.fill(folio.address + inside, folio.sizeBytes() - inside, (byte) 0);
    }
    long end = inode.sizeInBlocks();
    long block = folio.position() >>> bits;
    boolean left = false;
    boolean any = false;
    BufferHead first = mapper.buffersOf(folio);
    BufferHead at = first;
    do {
      if (block >= end) {
        at.testAndClearDirty();
        at.setUptodate();
      } else if (at.isDirty()) {
        left |= Ext4RunMapper.needsPlace(at);
        any |= !Ext4RunMapper.needsPlace(at);
      }
      block++;
      at = at.next;
    } while (at != first);
    if (left) {
      PageWriteback.folioRedirty(folio);
    }
    if (any) {
      io.add(folio, first);
    } else if (!left) {
      Filemap.folioStartWriteback(folio);
      Filemap.folioEndWriteback(folio);
    }
  }

  /** Lets go of the run's pages: the first are being written, the others come again. */
  @Traced("mpage_release_unused_pages")
  private void releaseUnusedPages(int written, long failure) {
    for (int i = 0; i < folios.size(); i++) {
      Folio folio = folios.get(i);
      if (i == written) {
        next = folio.index;
        scannedUntilEnd = false;
      }
      if (i < written) {
        folioDone(folio);
      } else {
        folio.unlock();
        folio.put();
      }
    }
    dropEnd = failure != 0 && written < folios.size() ? endOf(folios.getLast()) : next;
    folios.clear();
    pages = 0;
  }

  private static long endOf(Folio folio) {
    return folio.index + folio.pages();
  }

  /** Behind the pages that got no places in the last pass. */
  private long dropEnd;

  /** Pages got no place: what they hold is lost, and the error says so. */
  private void dropRun(long result) {
    note(result);
    long index = next;
    next = Math.max(dropEnd, index + 1);
    if (dropEnd == index) {
      scannedUntilEnd = true; // not even a handle was to be had
    }
    if (result == -Errno.EROFS || dropEnd == index) {
      return;
    }
    inode.ext4.error(
        "inode %d: data of pages %d+%d is lost: errno %d"
            .formatted(inode.number(), index, dropEnd - index, -result));
    while (index < dropEnd) {
      Folio folio = Filemap.getFolio(mapping, index, Filemap.FGP_LOCK);
      index = folio == null ? index + 1 : endOf(folio);
      if (folio != null) {
        drop(folio);
      }
    }
  }

  private void drop(Folio folio) {
    PageWriteback.folioWaitWriteback(folio);
    mapping.operations().invalidateFolio(folio, 0, folio.sizeBytes());
    PageWriteback.folioCancelDirty(folio);
    folio.clearUptodate();
    folio.unlock();
    folio.put();
  }

  /** A page cannot be written now. */
  static void giveUp(Folio folio) {
    PageWriteback.folioRedirty(folio);
    folio.unlock();
    folio.put();
  }

  /** A handle with credits for one page at least, so that each pass comes further. */
  static Ext4Handle startFor(Ext4Inode inode) {
    int onePage = (4096 >>> inode.ext4.shape.blockBits) * (INSERT + 1) + 8;
    return Ext4Handle.start(inode, Math.max(onePage, 3 * INSERT));
  }
}
