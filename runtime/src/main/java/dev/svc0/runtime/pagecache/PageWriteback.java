package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.trace.event.WritebackTrace;

/** The dirty and write-back states of folios. <i>Linux:</i> mm/page-writeback.c. */
@Traced(layer = Traced.Layer.PAGECACHE)
public final class PageWriteback {
  private PageWriteback() {}

  @Traced("filemap_dirty_folio")
  static boolean filemapDirtyFolio(AddressSpace mapping, Folio folio) {
    if (!markDirtyQuietly(mapping, folio)) {
      return false;
    }
    mapping.host().markDirty(PageCacheOwner.DIRTY_PAGES);
    return true;
  }

  /**
   * Marks a folio dirty in its mapping and notes the operation, but does not tell the owner;
   * whether it was clean. For buffer heads, which tell it themselves.
   */
  public static boolean markDirtyQuietly(AddressSpace mapping, Folio folio) {
    boolean wasDirty = folio.testAndSetDirty();
    folio.noteWriter(wasDirty);
    if (wasDirty) {
      return false;
    }
    if (WritebackTrace.writebackDirtyFolioOn()) {
      PageCacheOwner host = mapping.host();
      WritebackTrace.writebackDirtyFolio(host.traceDevice(), host.traceInode(), folio.index);
    }
    accountDirty(mapping, folio);
    return true;
  }

  /** A dirty folio was written to again. */
  public static void noteOverwrite(Folio folio) {
    folio.noteWriter(true);
  }

  @Traced("__folio_mark_dirty")
  private static void accountDirty(AddressSpace mapping, Folio folio) {
    synchronized (mapping.tree) {
      if (folio.mapping == mapping) {
        mapping.writeback().accountDirtied(folio.pages());
        mapping.tree.setMark(folio, PageTree.DIRTY);
      }
    }
  }

  /**
   * Marks a folio of a mapping that no store stands behind ({@link AddressSpace#setUnevictable}):
   * nothing is counted, nothing written. True if it was clean.
   */
  @Traced("noop_dirty_folio")
  public static boolean noopDirtyFolio(Folio folio) {
    boolean wasDirty = folio.testAndSetDirty();
    folio.noteWriter(wasDirty);
    return !wasDirty;
  }

  @Traced("folio_mark_dirty")
  static boolean folioMarkDirty(Folio folio) {
    AddressSpace mapping = folio.mapping;
    return mapping != null && mapping.operations().dirtyFolio(mapping, folio);
  }

  /**
   * Locks a folio that was found by its mark if it is dirty still; false, unlocked, otherwise, or
   * when waiting for the lock was not wanted.
   */
  public static boolean lockDirty(AddressSpace mapping, Folio folio, boolean waits) {
    if (waits) {
      folio.lock();
    } else if (!folio.tryLock()) {
      return false;
    }
    if (folio.mapping == mapping) {
      if (folio.isDirty()) {
        return true;
      }
      forgetStaleMarks(mapping, folio);
    }
    folio.unlock();
    return false;
  }

  private static void forgetStaleMarks(AddressSpace mapping, Folio folio) {
    synchronized (mapping.tree) {
      mapping.tree.clearMark(folio, PageTree.TOWRITE);
      if (!folio.isDirty()) {
        mapping.tree.clearMark(folio, PageTree.DIRTY);
      }
    }
  }

  @Traced("folio_clear_dirty_for_io")
  public static boolean folioClearDirtyForIo(Folio folio) {
    AddressSpace mapping = folio.mapping;
    if (mapping == null) {
      return folio.testAndClearDirty();
    }
    mapping.writeProtect(folio);
    if (!folio.testAndClearDirty()) {
      return false;
    }
    mapping.writeback().accountCleaned(folio.pages());
    return true;
  }

  /** A folio could not be written now: it is dirty again, by the same writers as before. */
  @Traced("folio_redirty_for_writepage")
  public static void folioRedirty(Folio folio) {
    AddressSpace mapping = folio.mapping;
    if (mapping != null && !folio.testAndSetDirty()) {
      accountDirty(mapping, folio);
      mapping.host().markDirty(PageCacheOwner.DIRTY_PAGES);
    }
  }

  /** The content of a locked folio is not wanted any more: it is clean without being written. */
  public static void folioCancelDirty(Folio folio) {
    if (folio.isDirty()) {
      cancelDirty(folio);
    }
  }

  @Traced("__folio_cancel_dirty")
  private static void cancelDirty(Folio folio) {
    AddressSpace mapping = folio.mapping;
    if (!folio.testAndClearDirty() || mapping == null) {
      return;
    }
    if (mapping.isUnevictable()) {
      return; // without a store, nothing was counted
    }
    synchronized (mapping.tree) {
      mapping.tree.clearMark(folio, PageTree.DIRTY);
      mapping.writeback().accountCleaned(folio.pages());
    }
  }

  @Traced("__folio_start_writeback")
  static void folioStartWriteback(Folio folio) {
    AddressSpace mapping = mappingOf(folio);
    boolean first;
    synchronized (mapping.tree) {
      if (folio.testAndSetWriteback()) {
        throw new IllegalStateException("written twice at once: " + folio);
      }
      first = mapping.writebackBegins();
      mapping.tree.setMark(folio, PageTree.WRITEBACK);
      if (!folio.isDirty()) {
        mapping.tree.clearMark(folio, PageTree.DIRTY);
      }
      mapping.tree.clearMark(folio, PageTree.TOWRITE);
      mapping.writeback().accountWriteback(folio.pages());
    }
    folio.get();
    if (WritebackTrace.writebackFolioStartOn()) {
      WritebackTrace.writebackFolioStart(
          folio.firstOperation,
          mapping.host().traceDevice(),
          mapping.host().traceInode(),
          folio.index,
          folio.lastOperation,
          folio.overwrites);
    }
    if (first) {
      mapping.writeback().markInodeWriteback(mapping);
    }
  }

  @Traced("folio_end_writeback")
  static void folioEndWriteback(Folio folio) {
    if (folioEndWritebackInt(folio)) {
      folio.wake();
    }
    folio.put();
  }

  /** Takes the mark off; whether somebody waits for that. */
  @Traced("__folio_end_writeback")
  private static boolean folioEndWritebackInt(Folio folio) {
    AddressSpace mapping = mappingOf(folio);
    if (WritebackTrace.writebackFolioEndOn()) {
      WritebackTrace.writebackFolioEnd(
          folio.firstOperation,
          mapping.host().traceDevice(),
          mapping.host().traceInode(),
          folio.index);
    }
    Writeback writeback = mapping.writeback();
    boolean last;
    boolean waiters;
    synchronized (mapping.tree) {
      last = mapping.writebackEnds();
      mapping.tree.clearMark(folio, PageTree.WRITEBACK);
      writeback.accountWriteback(-folio.pages());
      waiters = folio.clearWriteback();
    }
    if (last) {
      writeback.clearInodeWriteback(mapping);
    }
    return waiters;
  }

  private static AddressSpace mappingOf(Folio folio) {
    AddressSpace mapping = folio.mapping;
    if (mapping == null) {
      throw new IllegalStateException("write-back of a folio that belongs to nobody");
    }
    return mapping;
  }

  @Traced("folio_wait_writeback")
  public static void folioWaitWriteback(Folio folio) {
    if (folio.isWriteback()) {
      AddressSpace mapping = folio.mapping;
      if (WritebackTrace.folioWaitWritebackOn() && mapping != null) {
        WritebackTrace.folioWaitWriteback(
            mapping.host().traceDevice(), mapping.host().traceInode(), folio.index);
      }
      folio.awaitWriteback();
    }
  }

  /** Waits for a write under way only where the content must not change meanwhile. */
  @Traced("folio_wait_stable")
  public static void folioWaitStable(Folio folio) {
    AddressSpace mapping = folio.mapping;
    if (mapping != null && mapping.hasStableWrites()) {
      folioWaitWriteback(folio);
    }
  }

  @Traced("do_writepages")
  static long doWritepages(AddressSpace mapping, WritebackControl control) {
    if (control.nrToWrite <= 0) {
      return 0;
    }
    return mapping.operations().writepages(mapping, control);
  }

  static long writeCachePages(
      AddressSpace mapping, WritebackControl control, Filemap.FolioWriter writer) {
    WritebackIter iter = new WritebackIter(mapping, control);
    long error = 0;
    for (Folio folio = iter.next(); folio != null; folio = iter.next()) {
      long result = writer.write(folio, control);
      error = error == 0 ? result : error;
    }
    return error;
  }
}
