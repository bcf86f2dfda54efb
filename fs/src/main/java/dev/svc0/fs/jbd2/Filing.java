package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.JournalHead.Kind;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.sched.ThreadState;

/**
 * Which list of which transaction a buffer stands on. <i>Linux:</i> fs/jbd2/transaction.c,
 * fs/jbd2/checkpoint.c. Every caller holds {@link Journal#lock}.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class Filing {
  private final Journal journal;

  Filing(Journal journal) {
    this.journal = journal;
  }

  /** What the journal knows about a buffer, referred to once more; made if it knew nothing. */
  @Traced("jbd2_journal_add_journal_head")
  JournalHead addJournalHead(BufferHead buffer) {
    JournalHead head = buffer.journalData instanceof JournalHead known ? known : attach(buffer);
    head.references++;
    return head;
  }

  private static JournalHead attach(BufferHead buffer) {
    JournalHead made = new JournalHead(buffer);
    buffer.get();
    buffer.journalData = made;
    return made;
  }

  /** One more refers to what the journal knows about a buffer. */
  @Traced("jbd2_journal_grab_journal_head")
  private static void grabJournalHead(JournalHead head) {
    head.references++;
  }

  /** One less refers to it; what nobody refers to is forgotten. */
  @Traced("jbd2_journal_put_journal_head")
  void putJournalHead(JournalHead head) {
    if (--head.references > 0) {
      return;
    }
    dropCopies(head);
    head.clearFreed();
    head.buffer.journalData = null;
    head.buffer.put();
  }

  private void dropCopies(JournalHead head) {
    dropFrozen(head);
    if (head.committedData != 0) {
      journal.memory.free(head.committedData);
      head.committedData = 0;
    }
  }

  /** The log has what was frozen. */
  void dropFrozen(JournalHead head) {
    if (head.frozenData != 0) {
      journal.memory.free(head.frozenData);
      head.frozenData = 0;
    }
  }

  /** Puts a buffer on a list of a transaction, with the lock taken for it. */
  @Traced("jbd2_journal_file_buffer")
  void file(JournalHead head, Transaction transaction, Kind kind) {
    journal.lock.lock();
    try {
      fileBuffer(head, transaction, kind);
    } finally {
      journal.lock.unlock();
    }
  }

  /** Puts a buffer on a list of a transaction, from wherever it is. */
  @Traced("__jbd2_journal_file_buffer")
  void fileBuffer(JournalHead head, Transaction transaction, Kind kind) {
    // A buffer that is dirty behind the journal's back would be written before the commit.
    boolean dirty = head.buffer.testAndClearDirty() | head.testAndClearJbdDirty();
    if (head.transaction != null) {
      tempUnlinkBuffer(head);
    } else {
      grabJournalHead(head);
    }
    head.transaction = transaction;
    head.kind = kind;
    transaction.list(kind).add(head);
    if (dirty) {
      head.setJbdDirty();
    }
  }

  @Traced("__jbd2_journal_temp_unlink_buffer")
  private void tempUnlinkBuffer(JournalHead head) {
    Transaction transaction = head.transaction;
    if (transaction == null || head.kind == Kind.NONE) {
      return;
    }
    transaction.list(head.kind).remove(head);
    head.kind = Kind.NONE;
    if (journal.isAborted()) {
      boolean unused = head.testAndClearJbdDirty();
    } else if (head.testAndClearJbdDirty()) {
      exposeDirty(head);
    }
  }

  /** The log has it: from now on it may be written to its place, in the name of who changed it. */
  private static void exposeDirty(JournalHead head) {
    ThreadState self = ThreadState.current();
    long operation = self.operationId;
    self.operationId = head.lastOperation;
    Buffers.markBufferDirty(head.buffer);
    self.operationId = operation;
  }

  /** Takes a buffer out of its transaction, whose reference the caller gives back. */
  @Traced("__jbd2_journal_unfile_buffer")
  void unfileBuffer(JournalHead head) {
    tempUnlinkBuffer(head);
    head.transaction = null;
    head.nextTransaction = null;
  }

  /**
   * Its transaction is done with it: to the next one that has it, or to none, and then the caller
   * gives the transaction's reference back.
   *
   * @return whether no transaction has it any more
   */
  @Traced("__jbd2_journal_refile_buffer")
  boolean refileBuffer(JournalHead head) {
    Transaction next = head.nextTransaction;
    if (next == null) {
      unfileBuffer(head);
      return true;
    }
    boolean dirty = head.testAndClearJbdDirty();
    tempUnlinkBuffer(head);
    head.nextTransaction = null;
    Kind kind = head.isFreed() ? Kind.FORGET : head.modified ? Kind.METADATA : Kind.RESERVED;
    fileBuffer(head, next, kind);
    if (dirty) {
      head.setJbdDirty();
    }
    return false;
  }

  /** A committed transaction waits until the buffer is at its place. */
  @Traced("__jbd2_journal_insert_checkpoint")
  void insertCheckpoint(JournalHead head, Transaction transaction) {
    grabJournalHead(head);
    head.cpTransaction = transaction;
    transaction.checkpoint.add(head);
  }

  /** The buffer is at its place, or need not be; whether its transaction has none left. */
  @Traced("__jbd2_journal_remove_checkpoint")
  boolean removeCheckpoint(JournalHead head) {
    Transaction transaction = head.cpTransaction;
    if (transaction == null) {
      return false;
    }
    if (head.buffer.hasWriteIoError()) {
      journal.checkpointIoError = true;
    }
    transaction.checkpoint.remove(head);
    head.cpTransaction = null;
    putJournalHead(head);
    if (transaction.checkpoint.first() != null || transaction.state != Transaction.State.FINISHED) {
      return false;
    }
    dropTransaction(transaction);
    return true;
  }

  @Traced("__jbd2_journal_drop_transaction")
  void dropTransaction(Transaction transaction) {
    Jbd2Points.dropTransaction(journal, transaction);
    boolean unused = journal.checkpointTransactions.remove(transaction);
  }

  /** Drops a buffer from its checkpoint if it is clean and idle; whether it did. */
  @Traced("jbd2_journal_try_remove_checkpoint")
  boolean tryRemoveCheckpoint(JournalHead head) {
    if (head.transaction != null || !head.buffer.tryLock()) {
      return false;
    }
    boolean dirty = head.buffer.isDirty();
    head.buffer.unlock();
    if (dirty) {
      return false;
    }
    boolean unused = removeCheckpoint(head);
    return true;
  }
}
