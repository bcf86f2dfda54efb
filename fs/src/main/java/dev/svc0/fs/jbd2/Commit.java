package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.*;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.JournalHead.Kind;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.sched.ThreadState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Brings one transaction to stable storage. Runs on the commit thread alone. <i>Linux:</i>
 * fs/jbd2/commit.c.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class Commit {
  /** Buffers looked at before the lock is offered to others. */
  private static final int BATCH = 64;

  private final Journal journal;
  private final LogWriter log;

  /** For a trace: when the phases of the commit under way began. */
  private final long[] times = new long[4];

  Commit(Journal journal) {
    this.journal = journal;
    log = new LogWriter(journal);
  }

  /** Commits the running transaction. */
  @Traced("jbd2_journal_commit_transaction")
  void commitTransaction() {
    ThreadState self = ThreadState.current();
    self.operationId = lastOperation();
    int tagBytes = journal.format.tagBytes();
    if (journal.flushed && !journal.isAborted()) {
      journal.checkpoint.writeTailOfEmptyLog();
    }
    Transaction transaction = lockRunning();
    times[1] = now();
    Jbd2Points.commitFlushing(journal, transaction);
    self.operationId = transaction.lastOperation;
    abortOn(journal.orderedInodes.submit(transaction), journal.abortsOnDataError);
    TransactionBlocks blocks = new TransactionBlocks(journal, log, transaction, tagBytes);
    BlockCore.blkStartPlug();
    blocks.writeRevokeRecords();
    setState(transaction, Transaction.State.COMMIT);
    times[2] = now();
    Jbd2Points.commitLogging(journal, transaction);
    blocks.writeBuffers();
    BlockCore.blkFinishPlug();
    // Whoever writes data may wait for a shadow with pages that are not on their way yet: first the
    // log, then the data. Linux lifts each shadow when its block of the log is written.
    abortOn(log.await(), true);
    blocks.release();
    unfileShadows(transaction);
    abortOn(journal.orderedInodes.finish(transaction), journal.abortsOnDataError);
    Tail tail = newTail();
    setState(transaction, Transaction.State.COMMIT_DFLUSH);
    flushOtherDevice(transaction, tail);
    setState(transaction, Transaction.State.COMMIT_JFLUSH);
    submitCommitRecord(transaction, blocks.commitChecksum());
    if (tail != null) {
      journal.checkpoint.updateLogTail(tail.tid, tail.block);
    }
    finish(transaction);
    times[3] = now();
    Jbd2Points.runStats(journal, transaction, times);
    Jbd2Points.endCommit(journal, transaction);
    self.operationId = 0;
  }

  /** For whom the running transaction is committed, as far as is known before it is locked. */
  private long lastOperation() {
    journal.lock.lock();
    try {
      Transaction running = journal.running;
      return running == null ? 0 : running.lastOperation;
    } finally {
      journal.lock.unlock();
    }
  }

  /** When something begins, if anybody wants to know. */
  private static long now() {
    return Jbd2Trace.jbd2RunStatsOn() ? System.nanoTime() : 0;
  }

  private void abortOn(long error, boolean abort) {
    if (error != 0 && abort) {
      journal.abort((int) error);
    }
  }

  private void setState(Transaction transaction, Transaction.State state) {
    journal.lock.lock();
    transaction.state = state;
    journal.lock.unlock();
  }

  /** Lets the open handles end, and makes the running transaction the committing one. */
  private Transaction lockRunning() {
    journal.lock.lock();
    try {
      Transaction transaction = journal.running;
      if (transaction == null) {
        throw new IllegalStateException("there is nothing to commit");
      }
      Jbd2Points.startCommit(journal, transaction);
      transaction.state = Transaction.State.LOCKED;
      times[0] = now();
      Jbd2Points.commitLocking(journal, transaction);
      waitUpdates(transaction);
      for (JournalHead head = transaction.reserved.first();
          head != null;
          head = transaction.reserved.first()) {
        refile(head); // somebody might have changed it, but did not
      }
      journal.checkpoint.cleanCheckpointList();
      transaction.outstandingCredits -= journal.reservedCredits;
      journal.revokes.switchTable();
      transaction.state = Transaction.State.FLUSH;
      transaction.logStart = journal.head;
      journal.committing = transaction;
      journal.running = null;
      journal.transactionLocked.signalAll();
      return transaction;
    } finally {
      journal.lock.unlock();
    }
  }

  @Traced("jbd2_journal_wait_updates")
  private void waitUpdates(Transaction transaction) {
    while (transaction.updates > 0) {
      Transactions.await(journal.updates);
    }
  }

  /** Where the log will begin when what is at its place now is flushed. */
  private record Tail(int tid, long block) {}

  @Traced("jbd2_journal_get_log_tail")
  private @Nullable Tail newTail() {
    journal.lock.lock();
    try {
      Transaction oldest = journal.checkpoint.oldest();
      if (oldest == null || oldest.tid == journal.tailSequence) {
        return null;
      }
      boolean worth = journal.checkpoint.freedBy(oldest.logStart) >= journal.maxTransactionBuffers;
      return worth ? new Tail(oldest.tid, oldest.logStart) : null;
    } finally {
      journal.lock.unlock();
    }
  }

  /** The log's flush reaches the data too, unless that is on another device. */
  private void flushOtherDevice(Transaction transaction, @Nullable Tail tail) {
    boolean other = journal.logDevice != journal.device;
    if (other && journal.barriers && (transaction.needDataFlush || tail != null)) {
      abortOn(BlockCore.blkdevIssueFlush(journal.device), true);
    }
  }

  /** The log has all buffers: they may be changed again. */
  private void unfileShadows(Transaction transaction) {
    journal.lock.lock();
    try {
      for (JournalHead head = transaction.shadow.first();
          head != null;
          head = transaction.shadow.first()) {
        journal.filing.file(head, transaction, Kind.FORGET);
      }
      journal.shadowDone.signalAll();
    } finally {
      journal.lock.unlock();
    }
  }

  /** Writes the block that makes the transaction valid, after all others, and waits. */
  @Traced("journal_submit_commit_record")
  private void submitCommitRecord(Transaction transaction, int checksum) {
    if (journal.isAborted()) {
      return;
    }
    LogFormat format = journal.format;
    long at = log.newDescriptor(JBD2_COMMIT_BLOCK, transaction.tid);
    long block = log.descriptorBlock();
    Instant now = Instant.now();
    BigEndian.put64(at + COMMIT_SEC, now.getEpochSecond());
    BigEndian.put32(at + COMMIT_NSEC, now.getNano());
    if (format.commitChecksums) {
      HostMemory.putByte(at + COMMIT_CHECKSUM_TYPE, (byte) JBD2_CRC32_CHKSUM);
      HostMemory.putByte(at + COMMIT_CHECKSUM_SIZE, (byte) 4);
      BigEndian.put32(at + COMMIT_CHECKSUM, checksum);
    } else if (format.checksums) {
      BigEndian.put32(at + COMMIT_CHECKSUM, format.commitChecksum(at));
    }
    long error = block;
    if (block > 0) {
      int order = journal.barriers ? ReqOp.PREFLUSH | ReqOp.FUA : 0;
      log.submit(at, block, order, transaction.lastOperation, 0);
      error = log.await();
    }
    journal.memory.free(at);
    abortOn(error, true);
  }

  /** What the commit leaves behind goes to checkpoints or to the next transaction. */
  private void finish(Transaction transaction) {
    journal.lock.lock();
    try {
      int done = 0;
      for (JournalHead head = transaction.forget.first();
          head != null;
          head = transaction.forget.first()) {
        finishBuffer(transaction, head);
        if (++done % BATCH == 0) {
          journal.lock.unlock();
          journal.lock.lock();
        }
      }
      if (transaction.checkpoint.first() != null) {
        journal.checkpointTransactions.add(transaction);
      }
      transaction.state = Transaction.State.COMMIT_CALLBACK;
    } finally {
      journal.lock.unlock();
    }
    journal.hooks.committed(journal, transaction.tid, journal.abortedError());
    journal.lock.lock();
    try {
      transaction.state = Transaction.State.FINISHED;
      journal.commitSequence = transaction.tid;
      journal.committing = null;
      if (transaction.checkpoint.first() == null) {
        journal.filing.dropTransaction(transaction);
      }
      journal.doneCommit.signalAll();
    } finally {
      journal.lock.unlock();
    }
  }

  private void finishBuffer(Transaction transaction, JournalHead head) {
    if (head.committedData != 0) {
      journal.memory.free(head.committedData);
      head.committedData = head.frozenData;
      head.frozenData = 0;
    } else {
      journal.filing.dropFrozen(head);
    }
    if (head.cpTransaction != null) {
      boolean unused = journal.filing.removeCheckpoint(head);
    }
    if (head.isFreed() && head.nextTransaction == null) {
      head.clearFreed();
      boolean unused = head.testAndClearJbdDirty();
    }
    if (head.isJbdDirty()) {
      journal.filing.insertCheckpoint(head, transaction);
      if (journal.isAborted()) {
        boolean unused = head.testAndClearJbdDirty();
      }
    }
    refile(head);
  }

  private void refile(JournalHead head) {
    if (journal.filing.refileBuffer(head)) {
      journal.filing.putJournalHead(head);
    }
  }
}
