package dev.svc0.fs.jbd2;

import dev.svc0.runtime.buffer.BufferHead;
import org.jspecify.annotations.Nullable;

/**
 * What the journal knows about a buffer. <i>Linux:</i> {@code journal_head}.
 *
 * <p>Lives while something refers to it: a transaction, a checkpoint, or who looks at it; and holds
 * a reference to the buffer. All of it is protected by {@link Journal#lock}; what is volatile is
 * also looked at without.
 */
final class JournalHead {
  /** Which list of its transaction it stands on. */
  enum Kind {
    NONE,
    /** Changed, goes to the log. */
    METADATA,
    /** In the log already, or not wanted any more; looked at when the commit is done. */
    FORGET,
    /** On its way to the log: must not be changed. */
    SHADOW,
    /** Somebody may change it. */
    RESERVED
  }

  /** Private bits of {@link BufferHead}: dirty, but only the journal may write it. */
  static final int BIT_JBD_DIRTY = 0;

  /** Freed while a committing transaction still had it. */
  static final int BIT_FREED = 1;

  final BufferHead buffer;

  /** How many refer to it. */
  int references;

  /** The transaction that has it: the running or the committing one. */
  volatile @Nullable Transaction transaction;

  /** The running one, while {@link #transaction} commits. */
  volatile @Nullable Transaction nextTransaction;

  /** The committed transaction whose place in the log is kept until the buffer is written. */
  @Nullable Transaction cpTransaction;

  volatile Kind kind = Kind.NONE;

  /** The newest transaction that has it has changed it, and paid a credit. */
  volatile boolean modified;

  /** Copy of what the committing transaction logs, when the buffer has changed since; or 0. */
  long frozenData;

  /** What a bitmap held before the running transaction; or 0. */
  long committedData;

  @Nullable BufferTriggers triggers;

  /** The first and last operation that changed it in the newest transaction. */
  long firstOperation;

  long lastOperation;

  @Nullable JournalHead previous;
  @Nullable JournalHead next;
  @Nullable JournalHead cpPrevious;
  @Nullable JournalHead cpNext;

  JournalHead(BufferHead buffer) {
    this.buffer = buffer;
  }

  boolean isJbdDirty() {
    return buffer.testPrivate(BIT_JBD_DIRTY);
  }

  void setJbdDirty() {
    buffer.testAndSetPrivate(BIT_JBD_DIRTY);
  }

  boolean testAndClearJbdDirty() {
    return buffer.testAndClearPrivate(BIT_JBD_DIRTY);
  }

  boolean isFreed() {
    return buffer.testPrivate(BIT_FREED);
  }

  void setFreed() {
    buffer.testAndSetPrivate(BIT_FREED);
  }

  void clearFreed() {
    buffer.testAndClearPrivate(BIT_FREED);
  }

  /** Notes who changes it. */
  void noteOperation(long operation) {
    if (firstOperation == 0) {
      firstOperation = operation;
    }
    lastOperation = operation;
  }

  boolean belongsTo(Transaction which) {
    return transaction == which || nextTransaction == which;
  }
}
