package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.sched.ThreadState;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** Handles joining and leaving the running transaction. <i>Linux:</i> fs/jbd2/transaction.c. */
@Traced(layer = Traced.Layer.JOURNAL)
final class Transactions {
  /** No transaction: an odd answer of a tid, which is any int. */
  static final long NO_TRANSACTION = Long.MIN_VALUE;

  /** Blocks of the log that are never promised to anybody. */
  private static final int SLACK = 32;

  private final Journal journal;

  Transactions(Journal journal) {
    this.journal = journal;
  }

  /** Sleeps on a condition of the journal's lock. */
  static void await(Condition condition) {
    ThreadState.flushPlugBeforeSleep();
    condition.awaitUninterruptibly();
  }

  Handle start(int blocks, int reservedBlocks, int revokeRecords) {
    int perBlock = journal.format.revokeRecordsPerBlock();
    int credits = blocks + Math.ceilDiv(revokeRecords, perBlock);
    Handle handle = new Handle(journal, credits, revokeRecords);
    if (reservedBlocks > 0) {
      handle.setReservation(new Handle(journal, reservedBlocks, 0));
    }
    long error = startThisHandle(handle);
    if (error != 0) {
      return Handle.failed(error);
    }
    Jbd2Points.handleStart(journal, handle);
    return handle;
  }

  /** Joins the running transaction with the handle's credits. 0 or −errno. */
  @Traced("start_this_handle")
  long startThisHandle(Handle handle) {
    int reserve = handle.reservedBlocks();
    int most = maxUserBuffers();
    if (reserve > most / 2 || reserve + handle.totalCredits > most) {
      return -Errno.ENOSPC;
    }
    journal.lock.lock();
    try {
      while (true) {
        if (journal.isAborted()) {
          return -Errno.EROFS;
        }
        if (!handle.reserved && journal.barrierCount > 0) {
          await(journal.transactionLocked);
          continue;
        }
        Transaction now = runningTransaction();
        if (!handle.reserved) {
          if (addTransactionCredits(now, handle.totalCredits, reserve)) {
            join(handle, now);
            return 0;
          }
        } else {
          // They have their room, and even a locked transaction lets them in.
          journal.reservedCredits -= handle.totalCredits;
          journal.reservedDone.signalAll();
          handle.reserved = false;
          join(handle, now);
          return 0;
        }
      }
    } finally {
      journal.lock.unlock();
    }
  }

  private static void join(Handle handle, Transaction now) {
    handle.transaction = now;
    now.updates++;
    now.handles++;
    now.lastOperation = ThreadState.currentOperation();
    handle.enter();
  }

  private Transaction runningTransaction() {
    Transaction now = journal.running;
    return now != null ? now : getTransaction();
  }

  /** A new running transaction. */
  @Traced("jbd2_get_transaction")
  private Transaction getTransaction() {
    int tid = journal.transactionSequence++;
    long expires = System.nanoTime() + journal.commitIntervalNanos;
    Transaction made = new Transaction(tid, expires);
    made.outstandingCredits = overheadBlocks() + journal.reservedCredits;
    journal.running = made;
    journal.commitWanted.signalAll(); // so that its age is watched
    return made;
  }

  /** Most blocks that handles can have in one transaction. */
  int maxUserBuffers() {
    return journal.maxTransactionBuffers - overheadBlocks();
  }

  /** Descriptor blocks and the commit block of the largest transaction. */
  private int overheadBlocks() {
    return Math.ceilDiv(journal.maxTransactionBuffers, journal.format.tagsPerBlock) + 1;
  }

  /** Takes credits; false after waiting, and then everything is looked at again. */
  @Traced("add_transaction_credits")
  private boolean addTransactionCredits(Transaction now, int blocks, int reserve) {
    int total = blocks + reserve;
    int most = journal.maxTransactionBuffers;
    if (now.state != Transaction.State.RUNNING) {
      waitTransactionLocked(now);
      return false;
    }
    if (now.outstandingCredits + total > most) {
      if (total + journal.reservedCredits > maxUserBuffers()) {
        await(journal.reservedDone);
      } else {
        waitTransactionLocked(now);
      }
      return false;
    }
    if (logSpaceLeft() < most) {
      journal.checkpoint.waitForSpace();
      return false;
    }
    if (reserve > 0 && journal.reservedCredits + reserve > most / 2) {
      await(journal.reservedDone);
      return false;
    }
    now.outstandingCredits += total;
    journal.reservedCredits += reserve;
    return true;
  }

  /** Waits until another transaction can begin, and sees to it that this one ends. */
  @Traced("wait_transaction_locked")
  private void waitTransactionLocked(Transaction now) {
    logStartCommitLocked(now.tid);
    if (journal.running == now && !journal.isAborted()) {
      await(journal.transactionLocked);
    }
  }

  /** Blocks of the log nobody may need. */
  long logSpaceLeft() {
    long left = journal.free - SLACK;
    Transaction other = journal.committing;
    if (other != null) {
      left -= other.outstandingCredits;
    }
    return Math.max(left, 0);
  }

  /** Asks for more credits. 0, 1 for no room, or −errno. */
  @Traced("jbd2_journal_extend")
  long extend(Handle handle, int blocks, int revokeRecords) {
    Transaction now = handle.requireTransaction();
    if (journal.isAborted()) {
      return -Errno.EROFS;
    }
    int perBlock = journal.format.revokeRecordsPerBlock();
    int more =
        blocks
            + Math.ceilDiv(handle.revokesRequested + revokeRecords, perBlock)
            - Math.ceilDiv(handle.revokesRequested, perBlock);
    journal.lock.lock();
    try {
      if (now.state != Transaction.State.RUNNING
          || now.outstandingCredits + more > journal.maxTransactionBuffers) {
        return 1;
      }
      now.outstandingCredits += more;
    } finally {
      journal.lock.unlock();
    }
    Jbd2Points.handleExtend(journal, handle, handle.totalCredits, more);
    handle.totalCredits += more;
    handle.requestedCredits += more;
    handle.revokeCredits += revokeRecords;
    handle.revokesRequested += revokeRecords;
    return 0;
  }

  /** Leaves the transaction and joins one with new credits. 0 or −errno. */
  @Traced("jbd2__journal_restart")
  long restart(Handle handle, int blocks, int revokeRecords) {
    if (journal.isAborted()) {
      return 0; // as if it had worked: the next get_write_access says what happened
    }
    int tid = handle.requireTransaction().tid;
    stopThisHandle(handle);
    handle.transaction = null;
    boolean unused = logStartCommit(tid);
    handle.totalCredits = blocks + Math.ceilDiv(revokeRecords, journal.revokeRecordsPerBlock());
    handle.revokesRequested = revokeRecords;
    handle.revokeCredits = revokeRecords;
    long result = startThisHandle(handle);
    if (result == 0) {
      handle.requestedCredits = handle.totalCredits;
      Jbd2Points.handleRestart(journal, handle);
    }
    return result;
  }

  /** Gives back what a handle did not use, and leaves the transaction. */
  @Traced("stop_this_handle")
  void stopThisHandle(Handle handle) {
    Transaction now = handle.requireTransaction();
    handle.leave();
    journal.lock.lock();
    try {
      int used = handle.revokesRequested - handle.revokeCredits;
      if (used > 0) {
        int perBlock = journal.format.revokeRecordsPerBlock();
        int before = Math.ceilDiv(now.outstandingRevokes, perBlock);
        now.outstandingRevokes += used;
        handle.totalCredits -= Math.ceilDiv(now.outstandingRevokes, perBlock) - before;
      }
      now.outstandingCredits -= handle.totalCredits;
      Handle unstarted = handle.takeReserved();
      if (unstarted != null) {
        unreserve(now, unstarted.totalCredits);
      }
      if (--now.updates == 0) {
        journal.updates.signalAll();
      }
    } finally {
      journal.lock.unlock();
    }
  }

  /** A reserved handle will never be started. */
  void freeReserved(Handle handle) {
    journal.lock.lock();
    try {
      unreserve(journal.running, handle.totalCredits);
    } finally {
      journal.lock.unlock();
    }
  }

  private void unreserve(@Nullable Transaction now, int credits) {
    journal.reservedCredits -= credits;
    if (now != null) {
      now.outstandingCredits -= credits;
    }
    journal.reservedDone.signalAll();
  }

  /** Ends a handle: commits first if it is synchronous. 0 or −errno. */
  long stop(Handle handle) {
    Transaction now = handle.transaction;
    if (now == null) {
      return journal.abortedError(); // a restart failed
    }
    boolean expired = now.expiresNanos - System.nanoTime() <= 0;
    int tid = now.tid;
    boolean sync = handle.sync;
    now.synchronous |= sync;
    Jbd2Points.handleStats(journal, handle);
    stopThisHandle(handle);
    if (sync || expired) {
      boolean unused = logStartCommit(tid);
    }
    if (sync && !ThreadState.current().memalloc) {
      return logWaitCommit(tid);
    }
    return journal.abortedError();
  }

  boolean logStartCommit(int tid) {
    journal.lock.lock();
    try {
      return logStartCommitLocked(tid);
    } finally {
      journal.lock.unlock();
    }
  }

  /** Asks for a commit of the running transaction if that is the one meant. */
  @Traced("__jbd2_log_start_commit")
  boolean logStartCommitLocked(int tid) {
    Transaction now = journal.running;
    if (now == null || now.tid != tid || journal.commitRequest == tid) {
      return false;
    }
    journal.commitRequest = tid;
    journal.commitWanted.signalAll();
    return true;
  }

  /** Starts the commit of the newest transaction: its tid, or {@link #NO_TRANSACTION}. */
  long startCommitOfNewest() {
    journal.lock.lock();
    try {
      Transaction now = journal.running;
      if (now != null) {
        logStartCommitLocked(now.tid);
        return now.tid;
      }
      Transaction other = journal.committing;
      return other != null ? other.tid : NO_TRANSACTION;
    } finally {
      journal.lock.unlock();
    }
  }

  long logWaitCommit(int tid) {
    if (!Journal.tidGeq(journal.commitSequence, tid)) {
      journal.lock.lock();
      try {
        while (!Journal.tidGeq(journal.commitSequence, tid) && !journal.isDead()) {
          await(journal.doneCommit);
        }
      } finally {
        journal.lock.unlock();
      }
    }
    return journal.abortedError();
  }

  long completeTransaction(int tid) {
    journal.lock.lock();
    try {
      Transaction now = journal.running;
      Transaction other = journal.committing;
      if (now != null && now.tid == tid) {
        logStartCommitLocked(tid);
      } else if (other == null || other.tid != tid) {
        return 0;
      }
    } finally {
      journal.lock.unlock();
    }
    return journal.logWaitCommit(tid);
  }

  boolean transWillSendDataBarrier(int tid) {
    if (!journal.barriers || Journal.tidGeq(journal.commitSequence, tid)) {
      return false;
    }
    journal.lock.lock();
    try {
      Transaction other = journal.committing;
      if (other == null || other.tid != tid) {
        return true;
      }
      // Behind this point its flush has been sent already, perhaps before the caller's data.
      return other.isBefore(Transaction.State.COMMIT_DFLUSH)
          && (journal.logDevice == journal.device || other.needDataFlush);
    } finally {
      journal.lock.unlock();
    }
  }

  void lockUpdates() {
    journal.lock.lock();
    try {
      while (journal.barrierCount > 0) {
        await(journal.transactionLocked);
      }
      journal.barrierCount++;
      while (journal.reservedCredits > 0) {
        await(journal.reservedDone);
      }
      Transaction now = journal.running;
      while (now != null && now.updates > 0) {
        await(journal.updates);
        now = journal.running;
      }
    } finally {
      journal.lock.unlock();
    }
  }

  void unlockUpdates() {
    journal.lock.lock();
    try {
      journal.barrierCount--;
      journal.transactionLocked.signalAll();
    } finally {
      journal.lock.unlock();
    }
  }
}
