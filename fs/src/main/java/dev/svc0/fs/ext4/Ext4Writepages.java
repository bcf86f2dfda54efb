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
import org.jspecify.annotations.Nullable;

/**
 * One write-back of a file: takes runs of dirty pages, gives their delayed blocks places, and
 * writes with bios over many pages. <i>Linux:</i> ext4_do_writepages of fs/ext4/inode.c.
 *
 * <p>A handle is started before pages are locked: a commit locks pages while it waits for handles.
 * The pages of a run that the handle has no credits for stay dirty and come with the next one.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Writepages {
  private static final int MAX_WRITEPAGES_EXTENT_LEN = 2048;
  private static final int RETRIES = 3;

  private final Ext4Inode inode;
  private final AddressSpace mapping;
  private final WritebackControl control;

  /** Blocks may be chosen; not so in a commit, which writes what has places. */
  private final boolean mayMap;

  private final Ext4RunMapper mapper;
  private final Ext4LoggedPages logged;
  private final int bits;
  private final long[] run = new long[2];
  private long error;

  /** Pages of the run that are locked, and clean as far as the page cache knows. */
  private final List<Folio> folios = new ArrayList<>();

  Ext4Writepages(Ext4Inode inode, WritebackControl control, boolean mayMap) {
    this.inode = inode;
    this.control = control;
    this.mayMap = mayMap;
    mapping = inode.mapping();
    bits = inode.ext4.shape.blockBits;
    mapper = new Ext4RunMapper(inode);
    logged = new Ext4LoggedPages(this, inode, control, mapper, mayMap);
  }

  /** Writes. 0 or the first −errno. */
  @Traced("ext4_do_writepages")
  long run() {
    long last = control.rangeEnd >>> 12;
    long from = control.rangeStart >>> 12;
    long before = control.nrToWrite;
    int retries = 0;
    Ext4Points.writepages(inode, control);
    logged.commitFirst();
    BlockCore.blkStartPlug();
    try {
      while (control.nrToWrite > 0 && findRun(from, last)) {
        long result = writeRun();
        if (result == -Errno.ENOSPC && retries < RETRIES && inode.ext4.shouldRetryAllocation()) {
          retries++;
          continue;
        }
        if (result < 0) {
          dropRun(result);
        }
        from = result < 0 ? run[0] + run[1] : result;
      }
    } finally {
      BlockCore.blkFinishPlug();
    }
    logged.commitSoon();
    Ext4Points.writepagesResult(inode, error, before - control.nrToWrite, control);
    return error;
  }

  private boolean findRun(long from, long last) {
    int most = MAX_WRITEPAGES_EXTENT_LEN;
    if (control.syncMode == WritebackControl.SyncMode.NONE) {
      most = (int) Math.min(most, Math.max(1, control.nrToWrite));
    }
    return from <= last && Filemap.findDirtyRun(mapping, from, last, most, run);
  }

  void note(long result) {
    error = error == 0 ? result : error;
    mapping.setError(result);
  }

  /** Writes pages of the run; the index to go on from, or −errno when a page got no place. */
  private long writeRun() {
    boolean needsHandle = mayMap && needsMapping();
    Ext4Handle handle = null;
    try {
      if (needsHandle) {
        // Enough for one page at least, so that each round comes further.
        int onePage = (4096 >>> bits) * (INSERT + 1) + 8;
        handle = Ext4Handle.start(inode, Math.max(onePage, 3 * INSERT));
      }
      return prepareAndSubmit(handle);
    } catch (Ext4Exception e) {
      return e.result;
    } finally {
      if (handle != null) {
        handle.stop();
      }
    }
  }

  private static final int INSERT = Ext4Extents.INSERT_CREDITS;

  private boolean needsMapping() {
    if (inode.journalsData()) {
      return inode.storedToUnlogged || inode.status.delayed() > 0;
    }
    return inode.status.delayed() > 0 || mayHoldUnwritten();
  }

  /** Whether any block of the run may be in a hole or unwritten. */
  private boolean mayHoldUnwritten() {
    long block = run[0] << 12 - bits;
    long end = run[0] + run[1] << 12 - bits;
    end = Math.min(end, inode.sizeInBlocks());
    while (block < end) {
      Ext4Map map = new Ext4Map(block, end - block);
      Ext4Mapper.lookup(inode, map);
      if (map.state != Ext4Map.WRITTEN) {
        return true;
      }
      block += Math.max(1, map.count);
    }
    return false;
  }

  @Traced("mpage_prepare_extent_to_map")
  private long prepareAndSubmit(@Nullable Ext4Handle handle) {
    WritebackControl part = new WritebackControl();
    part.syncMode = control.syncMode;
    part.forBackground = control.forBackground;
    part.rangeStart = run[0] << 12;
    part.rangeEnd = (run[0] + run[1] << 12) - 1;
    if (Ext4Trace.ext4DaWritePagesOn()) {
      Ext4Trace.ext4DaWritePages(
          inode.traceDevice(),
          inode.number(),
          run[0],
          control.nrToWrite,
          control.syncMode.ordinal());
    }
    folios.clear();
    Filemap.writeCachePages(mapping, part, this::collect);
    if (inode.journalsData()) {
      return logged.write(handle, folios, run[0] + run[1]);
    }
    for (Folio folio : folios) {
      control.nrToWrite -= folio.pages();
    }
    long next = run[0] + run[1];
    int mapped = 0;
    long failure = 0;
    try {
      mapped = handle == null ? folios.size() : mapper.mapFolios(handle, folios);
    } catch (Ext4Exception e) {
      failure = e.result;
      mapped = mapper.mapped();
    }
    submit(mapped);
    if (mapped < folios.size()) {
      next = folios.get(mapped).index;
      for (int i = mapped; i < folios.size(); i++) {
        giveUp(folios.get(i));
      }
      if (failure != 0) {
        run[1] = run[0] + run[1] - next;
        run[0] = next;
        return failure;
      }
    }
    return next;
  }

  private long collect(Folio folio, WritebackControl part) {
    folio.get();
    folios.add(folio);
    return 0;
  }

  static void giveUp(Folio folio) {
    PageWriteback.folioRedirty(folio);
    folio.unlock();
    folio.put();
  }

  /** Writes the first pages; what has no place in them stays dirty. */
  private void submit(int count) {
    int flags = control.syncMode == WritebackControl.SyncMode.ALL ? ReqOp.SYNC : ReqOp.BACKGROUND;
    Ext4IoSubmit io = new Ext4IoSubmit(inode, ReqOp.WRITE | flags);
    for (int i = 0; i < count; i++) {
      processPageBufs(io, folios.get(i));
    }
    io.submit();
  }

  @Traced("mpage_process_page_bufs")
  private void processPageBufs(Ext4IoSubmit io, Folio folio) {
    submitFolio(io, folio);
    folioDone(folio);
  }

  @Traced("mpage_submit_folio")
  private void submitFolio(Ext4IoSubmit io, Folio folio) {
    writeFolio(io, folio);
  }

  @Traced("mpage_folio_done")
  private static void folioDone(Folio folio) {
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

  /** Pages of the run got no place: what they hold is lost, and the error says so. */
  @Traced("mpage_release_unused_pages")
  private void dropRun(long result) {
    note(result);
    if (result == -Errno.EROFS || !mayMap) {
      return;
    }
    inode.ext4.error(
        "inode %d: data of pages %d+%d is lost: errno %d"
            .formatted(inode.number(), run[0], run[1], -result));
    long index = run[0];
    while (index < run[0] + run[1]) {
      Folio folio = Filemap.getFolio(mapping, index, Filemap.FGP_LOCK);
      index = folio == null ? index + 1 : folio.index + folio.pages();
      if (folio != null) {
        mapping.operations().invalidateFolio(folio, 0, folio.sizeBytes());
        PageWriteback.folioCancelDirty(folio);
        folio.clearUptodate();
        folio.unlock();
        folio.put();
      }
    }
  }
}
