package dev.svc0.runtime.pagecache;

import dev.svc0.annotation.Traced;
import org.jspecify.annotations.Nullable;

/**
 * Walks the dirty folios in the range of a write-back, giving each locked and cleaned for I/O. What
 * becomes dirty after a sync began is not waited for: the sync marks what it must write at the
 * start. <i>Linux:</i> {@code writeback_iter}.
 */
@Traced(layer = Traced.Layer.PAGECACHE)
final class WritebackIter {
  private static final int BATCH = 15;

  private final AddressSpace mapping;
  private final WritebackControl control;
  private final boolean all;
  private final long last;
  private final int mark;
  private final Folio[] batch = new Folio[BATCH];
  private long first;
  private int count = -1;
  private int at;
  private @Nullable Folio given;

  WritebackIter(AddressSpace mapping, WritebackControl control) {
    this.mapping = mapping;
    this.control = control;
    all = control.syncMode == WritebackControl.SyncMode.ALL;
    first = control.rangeStart >>> 12;
    last = control.rangeEnd >>> 12;
    mark = all ? PageTree.TOWRITE : PageTree.DIRTY;
  }

  /** The next folio, which the caller writes and unlocks before it asks again; null at the end. */
  @Traced("writeback_iter")
  @Nullable Folio next() {
    if (count < 0 && all) {
      mapping.tagPagesForWriteback(first, last);
    }
    if (given != null) {
      given.put();
      given = null;
    }
    while (all || control.nrToWrite > 0) {
      if (at >= count && !refill()) {
        return null;
      }
      Folio folio = batch[at++];
      first = folio.index + folio.pages();
      if (folioPrepareWriteback(folio)) {
        control.nrToWrite -= folio.pages();
        given = folio;
        return folio;
      }
      folio.put();
    }
    while (at < count) {
      batch[at++].put();
    }
    return null;
  }

  private boolean refill() {
    at = 0;
    count = first > last ? 0 : mapping.filemapGetFoliosTag(first, last, mark, batch);
    return count > 0;
  }

  /**
   * Locks a folio and takes its dirty mark off; false, unlocked, when there is nothing to write.
   */
  private boolean folioPrepareWriteback(Folio folio) {
    if (!PageWriteback.lockDirty(mapping, folio, all)) {
      return false;
    }
    if (all && folio.isWriteback()) {
      PageWriteback.folioWaitWriteback(folio);
    }
    if (!folio.isWriteback() && PageWriteback.folioClearDirtyForIo(folio)) {
      return true;
    }
    folio.unlock();
    return false;
  }
}
