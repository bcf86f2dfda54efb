package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.Journal;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.BufferIo;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.pagecache.PageWriteback;
import dev.svc0.runtime.pagecache.WritebackControl;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Write-back of files whose data is in the journal. <i>Linux:</i> ext4_journalled_writepages, the
 * parts of ext4_do_writepages for data=journal.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4LoggedPages {
  private static final int MAX_RUN = 2048;

  private final Ext4Writepages pages;
  private final Ext4Inode inode;
  private final AddressSpace mapping;
  private final WritebackControl control;
  private final Ext4RunMapper mapper;
  private final boolean mayMap;
  private final int bits;
  private final long[] run = new long[2];

  /** Pages were left dirty because a transaction has them. */
  private boolean uncommitted;

  Ext4LoggedPages(
      Ext4Writepages pages,
      Ext4Inode inode,
      WritebackControl control,
      Ext4RunMapper mapper,
      boolean mayMap) {
    this.pages = pages;
    this.inode = inode;
    this.control = control;
    this.mapper = mapper;
    this.mayMap = mayMap;
    mapping = inode.mapping();
    bits = inode.ext4.shape.blockBits;
  }

  /** Writes dirty pages run by run. */
  void write() {
    commitFirst();
    long from = control.rangeStart >>> 12;
    long last = control.rangeEnd >>> 12;
    int most = MAX_RUN;
    if (control.syncMode == WritebackControl.SyncMode.NONE) {
      most = (int) Math.min(most, Math.max(1, control.nrToWrite));
    }
    BlockCore.blkStartPlug();
    try {
      while (control.nrToWrite > 0
          && from <= last
          && Filemap.findDirtyRun(mapping, from, last, most, run)) {
        long result = writeRun();
        if (result < 0) {
          pages.note(result);
        }
        from = result < 0 ? run[0] + run[1] : result;
      }
    } finally {
      BlockCore.blkFinishPlug();
    }
    commitSoon();
  }

  /** Writes pages of the run; the index to go on from, or −errno. */
  private long writeRun() {
    boolean needsHandle = mayMap && (inode.storedToUnlogged || inode.status.delayed() > 0);
    Ext4Handle handle = null;
    try {
      if (needsHandle) {
        handle = Ext4Writepages.startFor(inode);
      }
      WritebackControl part = new WritebackControl();
      part.syncMode = control.syncMode;
      part.forBackground = control.forBackground;
      part.rangeStart = run[0] << 12;
      part.rangeEnd = (run[0] + run[1] << 12) - 1;
      List<Folio> folios = new ArrayList<>();
      Filemap.writeCachePages(
          mapping,
          part,
          (folio, own) -> {
            folio.get();
            folios.add(folio);
            return 0;
          });
      return write(handle, folios, run[0] + run[1]);
    } catch (Ext4Exception e) {
      return e.result;
    } finally {
      if (handle != null) {
        handle.stop();
      }
    }
  }

  /**
   * data=journal: what was committed is written to its place, what a transaction still has waits
   * for its commit, and pages that were stored to through a mapping go to the log.
   */
  private long write(@Nullable Ext4Handle handle, List<Folio> folios, long behind) {
    long next = behind;
    boolean journalled = false;
    int flags = control.syncMode == WritebackControl.SyncMode.ALL ? ReqOp.SYNC : ReqOp.BACKGROUND;
    List<BufferHead> started = new ArrayList<>();
    boolean full = false;
    for (Folio folio : folios) {
      if (full || !mayMap) {
        Ext4Writepages.giveUp(folio);
      } else if (!belongsInLog(folio)) {
        writeInPlace(folio, flags, started);
      } else if (handle == null) {
        Ext4Writepages.giveUp(folio); // stored to since this round began: the next one has a handle
      } else if (journalled
          && !handle.hasCredits((4096 >>> bits) * (Ext4Extents.INSERT_CREDITS + 1))) {
        full = true;
        next = folio.index;
        Ext4Writepages.giveUp(folio);
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

  /** Whether its content is for the log, or it was written before its file had that journalled. */
  private boolean belongsInLog(Folio folio) {
    return folio.isChecked() || !pages.hasAllPlaces(folio);
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
    BufferHead first = mapper.buffersOf(folio);
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
    pages.note(-Errno.EROFS);
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
        pages.note(failed);
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
      BufferHead first = mapper.buffersOf(folio);
      BufferHead at = first;
      do {
        if (block < end && at.isUptodate()) {
          if (Ext4RunMapper.needsPlace(at)) {
            mapper.takePlace(at, mapper.mapOneExtent(handle, block, 1).physical);
          }
          handle.getWriteAccess(at);
          handle.dirtyMetadata(at, inode);
        }
        block++;
        at = at.next;
      } while (at != first);
      mapper.updateDiskSize(handle, Math.min(end, block) << bits);
    } catch (Ext4Exception e) {
      pages.note(e.result);
    }
    Filemap.folioStartWriteback(folio);
    Filemap.folioEndWriteback(folio);
    folio.unlock();
    folio.put();
  }
}
