package dev.svc0.fs.jbd2;

/** Fires jbd2's tracepoints with what they record of handles and transactions. */
final class Jbd2Points {
  private Jbd2Points() {}

  private static int device(Journal journal) {
    return journal.device.major() << 20 | journal.device.minor();
  }

  private static int sync(Transaction transaction) {
    return transaction.synchronous ? 1 : 0;
  }

  static void handleStart(Journal journal, Handle handle) {
    handle.requestedCredits = handle.totalCredits;
    if (Jbd2Trace.jbd2HandleStatsOn()) {
      handle.startNanos = System.nanoTime();
    }
    if (Jbd2Trace.jbd2HandleStartOn()) {
      Jbd2Trace.jbd2HandleStart(device(journal), handle.tid(), handle.totalCredits);
    }
  }

  static void handleRestart(Journal journal, Handle handle) {
    if (Jbd2Trace.jbd2HandleRestartOn()) {
      Jbd2Trace.jbd2HandleRestart(device(journal), handle.tid(), handle.totalCredits);
    }
  }

  static void handleExtend(Journal journal, Handle handle, int before, int asked) {
    if (Jbd2Trace.jbd2HandleExtendOn()) {
      Jbd2Trace.jbd2HandleExtend(device(journal), handle.tid(), before, asked);
    }
  }

  static void handleStats(Journal journal, Handle handle) {
    if (Jbd2Trace.jbd2HandleStatsOn()) {
      long start = handle.startNanos;
      Jbd2Trace.jbd2HandleStats(
          device(journal),
          handle.tid(),
          start == 0 ? 0 : System.nanoTime() - start,
          handle.sync ? 1 : 0,
          handle.requestedCredits,
          handle.requestedCredits - handle.totalCredits);
    }
  }

  static void startCommit(Journal journal, Transaction transaction) {
    if (Jbd2Trace.jbd2StartCommitOn()) {
      Jbd2Trace.jbd2StartCommit(device(journal), sync(transaction), transaction.tid);
    }
  }

  static void commitLocking(Journal journal, Transaction transaction) {
    if (Jbd2Trace.jbd2CommitLockingOn()) {
      Jbd2Trace.jbd2CommitLocking(device(journal), sync(transaction), transaction.tid);
    }
  }

  static void commitFlushing(Journal journal, Transaction transaction) {
    if (Jbd2Trace.jbd2CommitFlushingOn()) {
      Jbd2Trace.jbd2CommitFlushing(device(journal), sync(transaction), transaction.tid);
    }
  }

  static void commitLogging(Journal journal, Transaction transaction) {
    if (Jbd2Trace.jbd2CommitLoggingOn()) {
      Jbd2Trace.jbd2CommitLogging(device(journal), sync(transaction), transaction.tid);
    }
  }

  static void dropTransaction(Journal journal, Transaction transaction) {
    if (Jbd2Trace.jbd2DropTransactionOn()) {
      Jbd2Trace.jbd2DropTransaction(device(journal), sync(transaction), transaction.tid);
    }
  }

  static void endCommit(Journal journal, Transaction transaction) {
    if (Jbd2Trace.jbd2EndCommitOn()) {
      Jbd2Trace.jbd2EndCommit(
          device(journal), sync(transaction), transaction.tid, journal.tailSequence);
    }
  }

  /**
   * How long the phases of a commit took.
   *
   * @param times when the transaction was locked, flushed, logged, and when it ended
   */
  static void runStats(Journal journal, Transaction transaction, long[] times) {
    if (Jbd2Trace.jbd2RunStatsOn()) {
      Jbd2Trace.jbd2RunStats(
          device(journal),
          transaction.tid,
          times[0] - (transaction.expiresNanos - journal.commitIntervalNanos),
          times[1] - times[0],
          times[2] - times[1],
          times[3] - times[2],
          transaction.handles,
          transaction.outstandingCredits,
          transaction.loggedBlocks);
    }
  }

  static void checkpoint(Journal journal, long result) {
    if (Jbd2Trace.jbd2CheckpointOn()) {
      Jbd2Trace.jbd2Checkpoint(device(journal), (int) result);
    }
  }

  static void checkpointStats(Journal journal, int tid, long nanos, int written) {
    if (Jbd2Trace.jbd2CheckpointStatsOn()) {
      Jbd2Trace.jbd2CheckpointStats(device(journal), tid, nanos, written);
    }
  }

  static void updateLogTail(Journal journal, int tid, long block, long freed) {
    if (Jbd2Trace.jbd2UpdateLogTailOn()) {
      Jbd2Trace.jbd2UpdateLogTail(device(journal), journal.tailSequence, tid, block, freed);
    }
  }

  static void submitInodeData(Journal journal, JournalInode inode) {
    if (Jbd2Trace.jbd2SubmitInodeDataOn()) {
      Jbd2Trace.jbd2SubmitInodeData(device(journal), inode.mapping().host().traceInode());
    }
  }
}
