package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.BufferIo;
import dev.svc0.runtime.buffer.Buffers;
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
  }

  /** Writes. 0 or the first −errno. */
  @Traced("ext4_do_writepages")
  long run() {
    long last = control.rangeEnd >>> 12;
    long from = control.rangeStart >>> 12;
    int retries = 0;
    commitFirst();
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
    commitSoon();
    return error;
  }

  private boolean findRun(long from, long last) {
    int most = MAX_WRITEPAGES_EXTENT_LEN;
    if (control.syncMode == WritebackControl.SyncMode.NONE) {
      most = (int) Math.min(most, Math.max(1, control.nrToWrite));
    }
    return from <= last && Filemap.findDirtyRun(mapping, from, last, most, run);
  }

  private void note(long result) {
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
        handle = Ext4Handle.start(inode.ext4, Math.max(onePage, 3 * INSERT));
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
    folios.clear();
    Filemap.writeCachePages(mapping, part, this::collect);
    if (inode.journalsData()) {
      return writeLogged(handle);
    }
    control.nrToWrite -= folios.size();
    long next = run[0] + run[1];
    int mapped = 0;
    long failure = 0;
    try {
      mapped = handle == null ? folios.size() : mapFolios(handle);
    } catch (Ext4Exception e) {
      failure = e.result;
      mapped = mappedSoFar;
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

  private static void giveUp(Folio folio) {
    PageWriteback.folioRedirty(folio);
    folio.unlock();
    folio.put();
  }

  private int mappedSoFar;

  /** Gives the dirty buffers of the pages places; the number of pages that have all. */
  @Traced("mpage_map_and_submit_extent")
  private int mapFolios(Ext4Handle handle) {
    long end = inode.sizeInBlocks();
    mappedSoFar = 0;
    long mappedEnd = 0;
    Ext4Map map = new Ext4Map(0, 0);
    for (Folio folio : folios) {
      BufferHead first = buffersOf(folio);
      BufferHead at = first;
      long block = folio.position() >>> bits;
      do {
        if (at.isDirty() && block < end && needsPlace(at)) {
          if (!covers(map, block)) {
            if (!handle.hasCredits(INSERT + 4)) {
              updateDiskSize(handle, mappedEnd);
              return mappedSoFar;
            }
            map = mapOneExtent(handle, block, dirtyRunFrom(block, end));
          }
          takePlace(at, map.physical + block - map.block);
          mappedEnd = block + 1 << bits;
        } else if (at.isDirty() && block < end) {
          mappedEnd = block + 1 << bits;
        }
        block++;
        at = at.next;
      } while (at != first);
      mappedSoFar++;
    }
    updateDiskSize(handle, mappedEnd);
    return mappedSoFar;
  }

  private BufferHead buffersOf(Folio folio) {
    BufferHead first = Buffers.folioBuffers(folio);
    return first != null ? first : Buffers.createEmptyBuffers(folio, inode.ext4.blockSize);
  }

  private static boolean needsPlace(BufferHead buffer) {
    return !buffer.isMapped() || buffer.isDelay() || buffer.isUnwritten();
  }

  private static boolean covers(Ext4Map map, long block) {
    return map.state == Ext4Map.WRITTEN && block >= map.block && block < map.block + map.count;
  }

  /** Blocks from one on, up to the end of the run of pages, that have dirty data without place. */
  private int dirtyRunFrom(long block, long end) {
    int count = 0;
    long wanted = block;
    for (Folio folio : folios) {
      long index = folio.position() >>> bits;
      BufferHead first = buffersOf(folio);
      BufferHead at = first;
      do {
        if (index == wanted) {
          if (index >= end || !at.isDirty() || !needsPlace(at)) {
            return Math.max(1, count);
          }
          count++;
          wanted++;
        }
        index++;
        at = at.next;
      } while (at != first);
    }
    return Math.max(1, count);
  }

  @Traced("mpage_map_one_extent")
  private Ext4Map mapOneExtent(Ext4Handle handle, long block, int count) {
    Ext4Map map = new Ext4Map(block, count);
    int flags = Ext4Mapper.CREATE | Ext4Mapper.IO_SUBMIT;
    boolean promised = inode.status.nextDelayed(block, block + 1) >= 0;
    flags |= promised ? Ext4Mapper.DELAYED : 0;
    boolean complete = block + count >= inode.sizeInBlocks() && !inode.isOpenForWrite();
    flags |= complete ? Ext4Mapper.NO_PREALLOC : 0;
    Ext4Mapper.mapBlocks(handle, inode, map, flags);
    return map;
  }

  private void takePlace(BufferHead buffer, long physical) {
    Buffers.cleanBdevAliases(inode.ext4.disk, physical, buffer.sizeBytes);
    buffer.map(inode.ext4.disk, physical);
    buffer.clearDelay();
    buffer.clearUnwritten();
    buffer.clearNew();
  }

  private void updateDiskSize(Ext4Handle handle, long mappedEnd) {
    long size = Math.min(mappedEnd, inode.size());
    if (size > inode.diskSize) {
      inode.diskSize = size;
      inode.ext4.table.markInodeDirty(handle, inode);
    }
  }

  /** Writes the first pages; what has no place in them stays dirty. */
  @Traced("mpage_submit_folio")
  private void submit(int count) {
    int flags = control.syncMode == WritebackControl.SyncMode.ALL ? ReqOp.SYNC : ReqOp.BACKGROUND;
    Ext4IoSubmit io = new Ext4IoSubmit(inode, ReqOp.WRITE | flags);
    for (int i = 0; i < count; i++) {
      Folio folio = folios.get(i);
      submitFolio(io, folio);
      folio.unlock();
      folio.put();
    }
    io.submit();
  }

  @Traced("ext4_bio_write_folio")
  private void submitFolio(Ext4IoSubmit io, Folio folio) {
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
    BufferHead first = buffersOf(folio);
    BufferHead at = first;
    do {
      if (block >= end) {
        at.testAndClearDirty();
        at.setUptodate();
      } else if (at.isDirty()) {
        left |= needsPlace(at);
        any |= !needsPlace(at);
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

  /**
   * data=journal: what was committed is written to its place, what a transaction still has waits
   * for its commit, and pages that were stored to through a mapping go to the log.
   */
  private long writeLogged(@Nullable Ext4Handle handle) {
    long next = run[0] + run[1];
    boolean journalled = false;
    int flags = control.syncMode == WritebackControl.SyncMode.ALL ? ReqOp.SYNC : ReqOp.BACKGROUND;
    List<BufferHead> started = new ArrayList<>();
    boolean full = false;
    for (Folio folio : folios) {
      if (full || !mayMap) {
        giveUp(folio);
      } else if (!belongsInLog(folio)) {
        writeInPlace(folio, flags, started);
      } else if (handle == null) {
        giveUp(folio); // stored to since this round began: the next one has a handle
      } else if (journalled && !handle.hasCredits((4096 >>> bits) * (INSERT + 1))) {
        full = true;
        next = folio.index;
        giveUp(folio);
      } else {
        // The handle has credits for the first at least.
        journalled = true;
        control.nrToWrite--;
        journalFolio(handle, folio);
      }
    }
    finishInPlace(started);
    return next;
  }

  private boolean belongsInLog(Folio folio) {
    if (folio.isChecked()) {
      return true;
    }
    long end = inode.sizeInBlocks();
    long block = folio.position() >>> bits;
    BufferHead first = buffersOf(folio);
    BufferHead at = first;
    do {
      if (block++ < end && at.isDirty() && needsPlace(at)) {
        return true; // written before its file had its data journalled
      }
      at = at.next;
    } while (at != first);
    return false;
  }

  /**
   * Starts writing the committed buffers of a page. They are locked meanwhile, so that neither a
   * checkpoint takes them for written nor a handle changes them.
   */
  @Traced("ext4_bio_write_folio")
  private void writeInPlace(Folio folio, int flags, List<BufferHead> started) {
    long end = inode.sizeInBlocks();
    long block = folio.position() >>> bits;
    boolean left = false;
    BufferHead first = buffersOf(folio);
    BufferHead at = first;
    do {
      if (block++ >= end) {
        at.testAndClearDirty();
      } else if (at.isDirty()) {
        at.get();
        started.add(at);
        BufferIo.writeDirtyBuffer(at, flags);
      } else {
        left |= Journal.isUncommitted(at) && !lostWithJournal();
      }
      at = at.next;
    } while (at != first);
    if (left) {
      uncommitted = true;
      PageWriteback.folioRedirty(folio);
    } else {
      control.nrToWrite--;
      Filemap.folioStartWriteback(folio);
      Filemap.folioEndWriteback(folio);
    }
    folio.unlock();
    folio.put();
  }

  /** What an aborted journal has not committed is never written: nobody must wait for it. */
  private boolean lostWithJournal() {
    Journal journal = inode.ext4.journal;
    if (journal == null || !journal.isAborted()) {
      return false;
    }
    note(-Errno.EROFS);
    return true;
  }

  /** A sync waits for what was started. */
  private void finishInPlace(List<BufferHead> started) {
    for (BufferHead buffer : started) {
      if (control.syncMode == WritebackControl.SyncMode.ALL) {
        buffer.waitLocked();
      }
      Buffers.brelse(buffer);
    }
  }

  /** Pages were left dirty because a transaction has them. */
  private boolean uncommitted;

  /** data=journal: only a commit lets pages be written to their place. A sync waits for it. */
  private void commitFirst() {
    Journal journal = inode.ext4.journal;
    if (journal != null
        && mayMap
        && control.syncMode == WritebackControl.SyncMode.ALL
        && inode.journalsData()
        && mapping.hasDirty()
        && journal.currentHandle() == null) {
      long failed = journal.forceCommit();
      if (failed != 0) {
        note(failed);
      }
    }
  }

  /** Those who wait for pages to become clean need a commit now, not when it is due. */
  private void commitSoon() {
    Journal journal = inode.ext4.journal;
    if (uncommitted && journal != null) {
      boolean unused = journal.logStartCommit(journal.currentTid());
    }
  }

  @Traced("ext4_journal_folio_buffers")
  private void journalFolio(Ext4Handle handle, Folio folio) {
    folio.clearChecked();
    long end = inode.sizeInBlocks();
    long block = folio.position() >>> bits;
    try {
      BufferHead first = buffersOf(folio);
      BufferHead at = first;
      do {
        if (block < end && at.isUptodate()) {
          if (needsPlace(at)) {
            takePlace(at, mapOneExtent(handle, block, 1).physical);
          }
          handle.getWriteAccess(at);
          handle.dirtyMetadata(at, inode);
        }
        block++;
        at = at.next;
      } while (at != first);
      updateDiskSize(handle, Math.min(end, block) << bits);
    } catch (Ext4Exception e) {
      note(e.result);
    }
    Filemap.folioStartWriteback(folio);
    Filemap.folioEndWriteback(folio);
    folio.unlock();
    folio.put();
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
    Folio[] dropped = new Folio[1];
    for (long index = run[0]; index < run[0] + run[1]; index++) {
      dropped[0] = Filemap.getFolio(mapping, index, Filemap.FGP_LOCK);
      Folio folio = dropped[0];
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
