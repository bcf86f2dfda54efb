package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.jbd2.JournalHead.Kind;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.sched.ThreadState;
import org.jspecify.annotations.Nullable;

/**
 * How handles change buffers: asking first, telling afterwards, and taking it back. <i>Linux:</i>
 * fs/jbd2/transaction.c.
 */
@Traced(layer = Traced.Layer.JOURNAL)
final class BufferAccess {
  private final Journal journal;
  private final Filing filing;

  BufferAccess(Journal journal, Filing filing) {
    this.journal = journal;
    this.filing = filing;
  }

  long getWriteAccess(Handle handle, BufferHead buffer) {
    if (writeAccessGranted(handle, buffer)) {
      return 0;
    }
    JournalHead head = addJournalHead(buffer);
    try {
      return doGetWriteAccess(handle, head, false);
    } finally {
      putJournalHead(head);
    }
  }

  private JournalHead addJournalHead(BufferHead buffer) {
    journal.lock.lock();
    try {
      return filing.addJournalHead(buffer);
    } finally {
      journal.lock.unlock();
    }
  }

  private void putJournalHead(JournalHead head) {
    journal.lock.lock();
    try {
      filing.putJournalHead(head);
    } finally {
      journal.lock.unlock();
    }
  }

  /** Whether the handle's transaction has the buffer already. Without a lock. */
  @Traced("jbd2_write_access_granted")
  private boolean writeAccessGranted(Handle handle, BufferHead buffer) {
    Transaction now = handle.transaction;
    return now != null
        && buffer.journalData instanceof JournalHead head
        && head.belongsTo(now)
        && !head.isFreed();
  }

  /** Asks for a buffer that the transaction does not have. */
  @Traced("do_get_write_access")
  private long doGetWriteAccess(Handle handle, JournalHead head, boolean keepCommitted) {
    Transaction now = handle.requireTransaction();
    BufferHead buffer = head.buffer;
    while (true) {
      buffer.lock(); // a write of it that is under way ends with the old content
      journal.lock.lock();
      try {
        if (journal.isAborted()) {
          buffer.unlock();
          return -Errno.EROFS;
        }
        boolean taken = !isBeingLogged(head, now);
        if (taken) {
          take(now, head, keepCommitted);
        }
        buffer.unlock();
        if (taken) {
          journal.revokes.cancel(buffer.blockNumber);
          return 0;
        }
        Transactions.await(journal.shadowDone);
      } finally {
        journal.lock.unlock();
      }
    }
  }

  /** Whether the log is just getting the buffer's own content, which must not change then. */
  private boolean isBeingLogged(JournalHead head, Transaction now) {
    return !head.belongsTo(now)
        && head.transaction != null
        && head.kind == Kind.SHADOW
        && head.frozenData == 0
        && !journal.isDead();
  }

  /** Gives a buffer to the running transaction; what the committing one has is kept for it. */
  private void take(Transaction now, JournalHead head, boolean keepCommitted) {
    head.clearFreed();
    if (head.belongsTo(now)) {
      return;
    }
    head.modified = false;
    head.firstOperation = 0;
    if (head.transaction == null) {
      if (head.buffer.testAndClearDirty()) {
        head.setJbdDirty(); // from now on only the journal writes it
      }
      filing.fileBuffer(head, now, Kind.RESERVED);
      return;
    }
    boolean logged = head.kind == Kind.METADATA || keepCommitted;
    if (head.frozenData == 0 && logged) {
      freeze(head);
    }
    head.nextTransaction = now;
  }

  /** Keeps what the committing transaction will log. */
  @Traced("jbd2_freeze_jh_data")
  private void freeze(JournalHead head) {
    long copy = journal.memory.allocate();
    HostMemory.copy(head.buffer.address, copy, head.buffer.sizeBytes);
    head.frozenData = copy;
    bufferFrozenTrigger(head, copy);
  }

  @Traced("jbd2_buffer_frozen_trigger")
  static void bufferFrozenTrigger(JournalHead head, long data) {
    BufferTriggers triggers = head.triggers;
    if (triggers != null) {
      triggers.frozen(head.buffer, data, head.buffer.sizeBytes);
    }
  }

  long getCreateAccess(Handle handle, BufferHead buffer) {
    Transaction now = handle.requireTransaction();
    journal.lock.lock();
    try {
      JournalHead head = filing.addJournalHead(buffer);
      while (isBeingLogged(head, now)) {
        Transactions.await(journal.shadowDone);
      }
      if (head.transaction == null) {
        // What freed the block has committed, so its old content need not be written.
        buffer.testAndClearDirty();
      }
      take(now, head, false);
      journal.revokes.cancel(buffer.blockNumber);
      filing.putJournalHead(head);
      return 0;
    } finally {
      journal.lock.unlock();
    }
  }

  long getUndoAccess(Handle handle, BufferHead buffer) {
    JournalHead head = addJournalHead(buffer);
    long error = doGetWriteAccess(handle, head, true);
    journal.lock.lock();
    try {
      if (error == 0 && head.committedData == 0) {
        long copy = journal.memory.allocate();
        HostMemory.copy(buffer.address, copy, buffer.sizeBytes);
        head.committedData = copy;
      }
      return error;
    } finally {
      filing.putJournalHead(head);
      journal.lock.unlock();
    }
  }

  long dirtyMetadata(Handle handle, BufferHead buffer) {
    if (handle.isAborted()) {
      return -Errno.EROFS;
    }
    if (!(buffer.journalData instanceof JournalHead head)) {
      return -Errno.EUCLEAN;
    }
    Transaction now = handle.requireTransaction();
    long operation = ThreadState.currentOperation();
    if (head.modified && head.belongsTo(now)) {
      head.noteOperation(operation);
      return 0;
    }
    journal.lock.lock();
    try {
      if (!head.belongsTo(now)) {
        return -Errno.EINVAL;
      }
      if (!head.modified) {
        if (handle.credits() <= 0) {
          return -Errno.ENOSPC;
        }
        head.modified = true;
        handle.totalCredits--;
      }
      head.noteOperation(operation);
      head.setJbdDirty();
      if (head.transaction == now && head.kind != Kind.METADATA) {
        filing.fileBuffer(head, now, Kind.METADATA);
      }
      return 0;
    } finally {
      journal.lock.unlock();
    }
  }

  /** The block is not used any more. */
  long forget(Handle handle, BufferHead buffer) {
    Transaction now = handle.transaction;
    journal.lock.lock();
    try {
      if (now != null && buffer.journalData instanceof JournalHead head) {
        if (forgetHead(handle, now, head)) {
          return 0; // the reference was given back with it
        }
      } else {
        Buffers.bforget(buffer);
        return 0;
      }
    } finally {
      journal.lock.unlock();
    }
    Buffers.brelse(buffer);
    return 0;
  }

  /** Takes a buffer out of the transaction as far as that goes; whether it was released. */
  private boolean forgetHead(Handle handle, Transaction now, JournalHead head) {
    BufferHead buffer = head.buffer;
    boolean paid = head.modified;
    head.modified = false;
    if (head.transaction == now) {
      buffer.testAndClearDirty();
      boolean unused = head.testAndClearJbdDirty();
      handle.totalCredits += paid ? 1 : 0;
      if (head.cpTransaction != null) {
        // The commit of this transaction makes the old content in the log unnecessary.
        filing.fileBuffer(head, now, Kind.FORGET);
      } else {
        filing.unfileBuffer(head);
        filing.putJournalHead(head);
      }
      return false;
    }
    if (head.transaction != null) {
      head.setFreed();
      if (head.nextTransaction == null) {
        head.nextTransaction = now;
      } else {
        handle.totalCredits += paid ? 1 : 0;
      }
      return false;
    }
    if (head.cpTransaction == null || !buffer.isDirty()) {
      filing.removeCheckpoint(head);
      Buffers.bforget(buffer);
      return true;
    }
    // Not at its place yet: its block must not be used again before this transaction commits.
    buffer.testAndClearDirty();
    filing.fileBuffer(head, now, Kind.FORGET);
    return false;
  }

  long revoke(Handle handle, long block, @Nullable BufferHead buffer) {
    if (handle.transaction == null) {
      Buffers.brelse(buffer);
      return 0;
    }
    if (handle.revokeCredits <= 0) {
      return -Errno.EIO;
    }
    int feature = JournalLayout.FEATURE_INCOMPAT_REVOKE;
    if ((journal.superBlock().incompat() & feature) == 0 && !journal.setFeatures(0, feature)) {
      return -Errno.EINVAL;
    }
    if (buffer != null) {
      long error = handle.forget(buffer);
      if (error != 0) {
        return error;
      }
    }
    handle.revokeCredits--;
    journal.lock.lock();
    try {
      journal.revokes.insert(block);
      return 0;
    } finally {
      journal.lock.unlock();
    }
  }
}
