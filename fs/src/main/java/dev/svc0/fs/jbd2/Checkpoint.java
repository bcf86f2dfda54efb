package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.BufferIo;
import dev.svc0.runtime.buffer.Buffers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings committed buffers to their places, so that the log can be used again. <i>Linux:</i>
 * fs/jbd2/checkpoint.c.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class Checkpoint {
  private static final int BATCH = 64;

  private final Journal journal;

  /** For a trace: buffers written by the checkpoint under way. Protected by the mutex. */
  private int written;

  Checkpoint(Journal journal) {
    this.journal = journal;
  }

  /** Waits until the log has room for a large transaction. Releases and takes the lock again. */
  @Traced("__jbd2_log_wait_for_space")
  void waitForSpace() {
    journal.lock.unlock();
    try {
      journal.checkpointMutex.lock();
      try {
        makeSpace();
      } finally {
        journal.checkpointMutex.unlock();
      }
    } finally {
      journal.lock.lock();
    }
  }

  private void makeSpace() {
    Transaction other;
    boolean some;
    journal.lock.lock();
    try {
      if (journal.isAborted()
          || journal.transactions.logSpaceLeft() >= journal.maxTransactionBuffers) {
        return;
      }
      some = !journal.checkpointTransactions.isEmpty();
      other = journal.committing;
    } finally {
      journal.lock.unlock();
    }
    if (some) {
      logDoCheckpoint();
    } else if (!cleanupJournalTail()) {
      if (other == null) {
        journal.abort(-Errno.EIO); // nothing holds the log's blocks, and yet there are too few
      } else {
        waitCommitUnlocked(other.tid);
      }
    }
  }

  /** Writes the buffers of the oldest committed transaction. */
  @Traced("jbd2_log_do_checkpoint")
  private void logDoCheckpoint() {
    boolean moved = cleanupJournalTail();
    Jbd2Points.checkpoint(journal, moved ? 0 : 1);
    long start = System.nanoTime();
    written = 0;
    Transaction oldest;
    journal.lock.lock();
    try {
      oldest = journal.checkpointTransactions.peekFirst();
    } finally {
      journal.lock.unlock();
    }
    while (oldest != null && checkpointOnce(oldest)) {
      // until none of its buffers is left
    }
    if (oldest != null) {
      Jbd2Points.checkpointStats(journal, oldest.tid, System.nanoTime() - start, written);
    }
    boolean unused = cleanupJournalTail();
  }

  /** Writes some of a transaction's buffers; false: there are none. */
  private boolean checkpointOnce(Transaction oldest) {
    List<BufferHead> batch = new ArrayList<>();
    BufferHead busy = null;
    Transaction wanted = null;
    journal.lock.lock();
    try {
      JournalHead head = oldest.checkpoint.first();
      if (head == null || journal.isAborted()) {
        return false;
      }
      while (head != null && batch.size() < BATCH) {
        JournalHead next = head.cpNext;
        BufferHead buffer = head.buffer;
        if (head.transaction != null) {
          wanted = head.transaction;
        } else if (!buffer.tryLock()) {
          buffer.get();
          brelse(busy);
          busy = buffer;
        } else {
          boolean dirty = buffer.isDirty();
          buffer.unlock();
          if (dirty) {
            buffer.get();
            batch.add(buffer);
          } else {
            boolean unused = journal.filing.removeCheckpoint(head);
          }
        }
        head = next;
      }
    } finally {
      journal.lock.unlock();
    }
    written += batch.size();
    flushBatch(batch);
    waitFor(busy, batch.isEmpty() && busy == null ? wanted : null);
    return true;
  }

  private static void brelse(@Nullable BufferHead buffer) {
    Buffers.brelse(buffer);
  }

  private void waitFor(@Nullable BufferHead busy, @Nullable Transaction wanted) {
    if (busy != null) {
      busy.waitLocked();
      brelse(busy);
    } else if (wanted != null) {
      // Changed again since: only the commit of that change lets it be written.
      boolean unused = journal.logStartCommit(wanted.tid);
      waitCommitUnlocked(wanted.tid);
    }
  }

  /**
   * Waits for a commit without the mutex, which that commit may want for the log's tail. Other
   * checkpoints may have gone on meanwhile.
   */
  private void waitCommitUnlocked(int tid) {
    journal.checkpointMutex.unlock();
    try {
      long unused = journal.logWaitCommit(tid);
    } finally {
      journal.checkpointMutex.lock();
    }
  }

  @Traced("__flush_batch")
  private static void flushBatch(List<BufferHead> batch) {
    if (batch.isEmpty()) {
      return;
    }
    batch.sort(Comparator.comparingLong((BufferHead buffer) -> buffer.blockNumber));
    BlockCore.blkStartPlug();
    for (BufferHead buffer : batch) {
      BufferIo.writeDirtyBuffer(buffer, ReqOp.SYNC | ReqOp.META);
    }
    BlockCore.blkFinishPlug();
    for (BufferHead buffer : batch) {
      brelse(buffer);
    }
  }

  /** Drops what was written meanwhile by others. Holder of the journal's lock. */
  @Traced("__jbd2_journal_clean_checkpoint_list")
  void cleanCheckpointList() {
    for (Transaction transaction : List.copyOf(journal.checkpointTransactions)) {
      if (!shrinkOneCpList(transaction)) {
        return; // a younger one cannot free the log before an older
      }
    }
  }

  /** Drops the clean buffers of a transaction; whether none is left. */
  @Traced("journal_shrink_one_cp_list")
  private boolean shrinkOneCpList(Transaction transaction) {
    JournalHead head = transaction.checkpoint.first();
    while (head != null) {
      JournalHead next = head.cpNext;
      if (!journal.filing.tryRemoveCheckpoint(head)) {
        return false;
      }
      head = next;
    }
    return true;
  }

  /** The oldest transaction the log must keep, or null. Holder of the journal's lock. */
  @Nullable Transaction oldest() {
    Transaction oldest = journal.checkpointTransactions.peekFirst();
    return oldest != null ? oldest : journal.committing;
  }

  /** Blocks between the log's begin and a block. Holder of the journal's lock. */
  long freedBy(long block) {
    long freed = block - journal.tail;
    return freed < 0 ? freed + journal.end - journal.first : freed;
  }

  /** Frees the log up to the oldest transaction that it must keep; whether that was something. */
  @Traced("jbd2_cleanup_journal_tail")
  private boolean cleanupJournalTail() {
    int tid;
    long block;
    journal.lock.lock();
    try {
      if (journal.isAborted()) {
        return false;
      }
      Transaction oldest = oldest();
      Transaction now = journal.running;
      tid = oldest != null ? oldest.tid : now != null ? now.tid : journal.transactionSequence;
      block = oldest != null ? oldest.logStart : journal.head;
      if (tid == journal.tailSequence) {
        return false;
      }
    } finally {
      journal.lock.unlock();
    }
    if (journal.barriers) {
      long error = BlockCore.blkdevIssueFlush(journal.device);
      if (error != 0) {
        journal.abort((int) error);
        return false;
      }
    }
    return moveTail(tid, block);
  }

  /** The same during a commit, whose flush has made everything stable. */
  void updateLogTail(int tid, long block) {
    journal.checkpointMutex.lock();
    try {
      boolean newer;
      journal.lock.lock();
      try {
        newer = tid - journal.tailSequence > 0;
      } finally {
        journal.lock.unlock();
      }
      if (newer) {
        boolean unused = moveTail(tid, block);
      }
    } finally {
      journal.checkpointMutex.unlock();
    }
  }

  @Traced("__jbd2_update_log_tail")
  private boolean moveTail(int tid, long block) {
    if (journal.checkpointIoError && !journal.isAborted()) {
      journal.abort(-Errno.EIO); // what the log still has must be replayed
    }
    if (journal.isAborted()) {
      return false;
    }
    long error = journal.superBlock().updateLogTail(tid, block, ReqOp.FUA);
    if (error != 0) {
      journal.abort((int) error);
      return false;
    }
    journal.lock.lock();
    try {
      Jbd2Points.updateLogTail(journal, tid, block, freedBy(block));
      journal.free += freedBy(block);
      journal.tailSequence = tid;
      journal.tail = block;
    } finally {
      journal.lock.unlock();
    }
    return true;
  }

  /** The log was empty as far as its superblock says: the next commit must be found. */
  void writeTailOfEmptyLog() {
    journal.checkpointMutex.lock();
    try {
      if (!journal.flushed) {
        return;
      }
      journal.flushed = false;
      int flags = 0; // the flush before the commit block makes it stable in time
      long error = journal.superBlock().updateLogTail(journal.tailSequence, journal.tail, flags);
      if (error != 0) {
        journal.abort((int) error);
      }
    } finally {
      journal.checkpointMutex.unlock();
    }
  }

  /** Brings everything to its place and says that the log is empty. 0 or −EIO. */
  long emptyLog() {
    journal.checkpointMutex.lock();
    try {
      while (hasCheckpoints() && !journal.isAborted()) {
        logDoCheckpoint();
      }
      boolean unused = cleanupJournalTail();
      if (journal.isAborted()) {
        return -Errno.EIO;
      }
      long error = journal.superBlock().markEmpty(journal.tailSequence);
      journal.flushed = error == 0;
      return error;
    } finally {
      journal.checkpointMutex.unlock();
    }
  }

  private boolean hasCheckpoints() {
    journal.lock.lock();
    try {
      return !journal.checkpointTransactions.isEmpty();
    } finally {
      journal.lock.unlock();
    }
  }

  /** The end: empties the log, or lets go of everything if it was aborted. 0 or −EIO. */
  long finish() {
    long error = emptyLog();
    if (error != 0) {
      dropAll();
    }
    return error;
  }

  @Traced("jbd2_journal_destroy_checkpoint")
  private void dropAll() {
    journal.lock.lock();
    try {
      for (Transaction transaction : List.copyOf(journal.checkpointTransactions)) {
        for (JournalHead head = transaction.checkpoint.first();
            head != null;
            head = transaction.checkpoint.first()) {
          boolean unused = journal.filing.removeCheckpoint(head);
        }
      }
    } finally {
      journal.lock.unlock();
    }
  }
}
