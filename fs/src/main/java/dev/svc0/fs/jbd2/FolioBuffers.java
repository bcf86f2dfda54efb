package dev.svc0.fs.jbd2;

import dev.svc0.fs.jbd2.JournalHead.Kind;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.pagecache.Folio;

/** Folios that are given up or truncated while the journal has their buffers. */
final class FolioBuffers {
  private FolioBuffers() {}

  /** Drops what only waits for its checkpoint, then the buffers; whether all are gone. */
  static boolean tryToFree(Journal journal, Folio folio) {
    BufferHead first = Buffers.folioBuffers(folio);
    if (first == null) {
      return true;
    }
    journal.lock.lock();
    try {
      BufferHead at = first;
      do {
        if (at.journalData instanceof JournalHead head
            && (head.cpTransaction == null || !journal.filing.tryRemoveCheckpoint(head))) {
          return false;
        }
        at = at.next;
      } while (at != first);
    } finally {
      journal.lock.unlock();
    }
    return Buffers.tryToFreeBuffers(folio);
  }

  /** Takes the buffers of a range out of the journal. 0 or −EBUSY. */
  static long invalidate(Journal journal, Folio folio, int offset, int bytes) {
    BufferHead first = Buffers.folioBuffers(folio);
    if (first == null) {
      return 0;
    }
    boolean partial = offset > 0 || bytes < folio.sizeBytes();
    int end = offset + bytes;
    int start = 0;
    boolean mayFree = true;
    BufferHead at = first;
    do {
      int next = start + at.sizeBytes;
      if (next > end) {
        return 0;
      }
      if (offset <= start) {
        long result = unmapBuffer(journal, at, partial);
        if (result == -Errno.EBUSY) {
          return result;
        }
        mayFree &= result == FREE;
      }
      start = next;
      at = at.next;
    } while (at != first);
    if (!partial && mayFree) {
      Buffers.tryToFreeBuffers(folio);
    }
    return 0;
  }

  /** Whether it is unmapped and free. */
  private static final long FREE = 0;

  /** It is unmapped, but a transaction or a checkpoint still has it. */
  private static final long UNMAPPED = 1;

  /** The committing transaction still needs it as it is; its folio goes away as a whole. */
  private static final long KEPT = 2;

  /** FREE, UNMAPPED, KEPT, or −EBUSY: wait for the commit. */
  private static long unmapBuffer(Journal journal, BufferHead buffer, boolean partial) {
    buffer.lock();
    journal.lock.lock();
    try {
      long result = FREE;
      if (buffer.journalData instanceof JournalHead head) {
        result = takeOut(journal, head, partial);
      }
      if (result == FREE || result == UNMAPPED) {
        zap(buffer); // it may be used again for the part of the folio behind the file's new end
      }
      return result;
    } finally {
      journal.lock.unlock();
      buffer.unlock();
    }
  }

  private static long takeOut(Journal journal, JournalHead head, boolean partial) {
    Transaction has = head.transaction;
    if (has != null && has == journal.committing) {
      if (partial) {
        return -Errno.EBUSY;
      }
      head.setFreed();
      if (journal.running != null && head.isJbdDirty()) {
        head.nextTransaction = journal.running;
      }
      head.modified = false;
      return KEPT;
    }
    if (has != null) {
      return dispose(journal, head, has);
    }
    Transaction next = journal.running != null ? journal.running : journal.committing;
    if (head.cpTransaction == null || !head.buffer.isDirty() || next == null) {
      journal.filing.removeCheckpoint(head);
      return FREE;
    }
    // The truncation must commit before the old content need not be written any more.
    return dispose(journal, head, next);
  }

  private static long dispose(Journal journal, JournalHead head, Transaction transaction) {
    head.buffer.testAndClearDirty();
    boolean unused = head.testAndClearJbdDirty();
    head.modified = false;
    if (head.cpTransaction == null) {
      journal.filing.unfileBuffer(head);
      journal.filing.putJournalHead(head);
      return FREE;
    }
    journal.filing.fileBuffer(head, transaction, Kind.FORGET);
    return UNMAPPED;
  }

  private static void zap(BufferHead buffer) {
    buffer.testAndClearDirty();
    buffer.clearMapped();
    buffer.clearNew();
    buffer.clearDelay();
    buffer.clearUnwritten();
    buffer.device = null;
  }
}
