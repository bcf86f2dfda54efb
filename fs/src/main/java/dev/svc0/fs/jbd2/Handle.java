package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.sched.ThreadState;
import org.jspecify.annotations.Nullable;

/**
 * One atomic piece of a transaction: what a thread changes between {@link Journal#start} and {@link
 * #stop}. <i>Linux:</i> {@code handle_t}.
 *
 * <p>Used by the thread that started it. A file system without a journal has no handle: its
 * wrappers ({@code ext4HandleDirtyMetadata} …) take null and mark buffers dirty instead.
 */
@Traced(layer = Traced.Layer.JOURNAL)
public final class Handle {
  private final @Nullable Journal journal;
  private final long error;

  /** The transaction it has joined, or null. */
  @Nullable Transaction transaction;

  /** Blocks it may still use, those for revoke records with them. */
  int totalCredits;

  int revokeCredits;
  int revokesRequested;
  boolean sync;

  /** For a trace: what it asked for, and when it began; 0 when nobody wants to know. */
  int requestedCredits;

  long startNanos;

  /** Its credits were set aside by another handle, and it has not begun. */
  boolean reserved;

  /** The handle of another journal that the thread holds as well. */
  @Nullable Object outer;

  private @Nullable Handle reservation;
  private int depth = 1;

  Handle(Journal journal, int credits, int revokeRecords) {
    this.journal = journal;
    error = 0;
    totalCredits = credits;
    revokeCredits = revokeRecords;
    revokesRequested = revokeRecords;
  }

  private Handle(long error) {
    journal = null;
    this.error = error;
  }

  /** A handle that could not be started, as an ERR_PTR. */
  static Handle failed(long error) {
    return new Handle(error);
  }

  /** 0; or −errno when it could not be started, and then nothing else may be called on it. */
  public long error() {
    return error;
  }

  /** The journal it belongs to. */
  public Journal journal() {
    Journal mine = journal;
    if (mine == null) {
      throw new IllegalStateException("a handle that failed to start was used");
    }
    return mine;
  }

  Transaction requireTransaction() {
    Transaction now = transaction;
    if (now == null) {
      throw new IllegalStateException("a handle without a transaction was used");
    }
    return now;
  }

  void setReservation(Handle second) {
    second.reserved = true;
    reservation = second;
  }

  int reservedBlocks() {
    return reservation == null ? 0 : reservation.totalCredits;
  }

  /** The thread has it from now on. */
  void enter() {
    ThreadState self = ThreadState.current();
    outer = self.journalInfo;
    self.journalInfo = this;
  }

  /** The thread has it no longer. */
  void leave() {
    ThreadState self = ThreadState.current();
    if (self.journalInfo != this) {
      throw new IllegalStateException("a handle was stopped out of order, or by another thread");
    }
    self.journalInfo = outer;
    outer = null;
  }

  void nest() {
    depth++;
  }

  /** The transaction it belongs to. */
  public int tid() {
    return requireTransaction().tid;
  }

  /** Blocks that may still be dirtied under it. */
  public int credits() {
    if (revokesRequested == 0) {
      return totalCredits;
    }
    return totalCredits - Math.ceilDiv(revokesRequested, journal().revokeRecordsPerBlock());
  }

  /** Its end waits for the commit. <i>Linux:</i> h_sync. */
  public void setSync() {
    sync = true;
  }

  /** Whether the journal was aborted: nothing it does will reach the disk. */
  public boolean isAborted() {
    return transaction == null || journal().isAborted();
  }

  private BufferAccess access() {
    return journal().access;
  }

  /** Asks before a change of a buffer's content. 0 or −errno (−EROFS: aborted). */
  @Traced("jbd2_journal_get_write_access")
  public long getWriteAccess(BufferHead buffer) {
    return isAborted() ? -Errno.EROFS : access().getWriteAccess(this, buffer);
  }

  /** The same for a block just allocated, whose old content means nothing. */
  @Traced("jbd2_journal_get_create_access")
  public long getCreateAccess(BufferHead buffer) {
    return isAborted() ? -Errno.EROFS : access().getCreateAccess(this, buffer);
  }

  /**
   * The same for a bitmap: the content before this transaction is kept until it commits, see {@link
   * Journal#committedData}.
   */
  @Traced("jbd2_journal_get_undo_access")
  public long getUndoAccess(BufferHead buffer) {
    return isAborted() ? -Errno.EROFS : access().getUndoAccess(this, buffer);
  }

  /** Sets what is done to the buffer's content before it is logged. After get…Access. */
  @Traced("jbd2_journal_set_triggers")
  public void setTriggers(BufferHead buffer, @Nullable BufferTriggers triggers) {
    if (buffer.journalData instanceof JournalHead head) {
      head.triggers = triggers;
    }
  }

  /**
   * The content of a buffer was changed.
   *
   * @return 0 or −errno (−ENOSPC: no credits left, −EINVAL: no access was asked for; both are bugs)
   */
  @Traced("jbd2_journal_dirty_metadata")
  public long dirtyMetadata(BufferHead buffer) {
    return access().dirtyMetadata(this, buffer);
  }

  /** The block is not used any more and need not be journalled. Gives the reference back. */
  @Traced("jbd2_journal_forget")
  public long forget(BufferHead buffer) {
    return access().forget(this, buffer);
  }

  /**
   * The block was freed: recovery must not write what the log holds for it.
   *
   * @param buffer its buffer if the caller has it (forgotten, its reference given back), or null
   */
  @Traced("jbd2_journal_revoke")
  public long revoke(long block, @Nullable BufferHead buffer) {
    return access().revoke(this, block, buffer);
  }

  /**
   * Asks for more credits without leaving the transaction.
   *
   * @return 0; 1 when the transaction has no room, {@link #restart} then; −errno
   */
  public long extend(int blocks, int revokeRecords) {
    return isAborted() ? -Errno.EROFS : journal().transactions.extend(this, blocks, revokeRecords);
  }

  /** Ends this piece and begins another with new credits, perhaps in a later transaction. */
  public long restart(int blocks, int revokeRecords) {
    return journal().transactions.restart(this, blocks, revokeRecords);
  }

  /** Credits for revoke records that are left. */
  public int revokeCredits() {
    return revokeCredits;
  }

  /**
   * data=ordered: the commit of this transaction starts writing bytes [start, start + length) of
   * the file and waits. 0 or −EROFS.
   */
  @Traced("jbd2_journal_inode_ranged_write")
  public long inodeRangedWrite(JournalInode inode, long start, long length) {
    if (isAborted()) {
      return -Errno.EROFS;
    }
    journal().orderedInodes.file(requireTransaction(), inode, start, length, true);
    return 0;
  }

  /** The same when the writing is under way already: the commit only waits. */
  @Traced("jbd2_journal_inode_ranged_wait")
  public long inodeRangedWait(JournalInode inode, long start, long length) {
    if (isAborted()) {
      return -Errno.EROFS;
    }
    journal().orderedInodes.file(requireTransaction(), inode, start, length, false);
    return 0;
  }

  /** Takes the reserved handle that {@link Journal#start} made with this one, or null. */
  public @Nullable Handle takeReserved() {
    Handle second = reservation;
    reservation = null;
    return second;
  }

  /** Begins the work of a reserved handle. 0, or −errno and the handle is gone. */
  @Traced("jbd2_journal_start_reserved")
  public long startReserved() {
    if (!reserved) {
      throw new IllegalStateException("not a reserved handle");
    }
    long result = journal().transactions.startThisHandle(this);
    if (result != 0) {
      freeReserved();
    }
    return result;
  }

  /** Gives a reserved handle back that was never started. */
  @Traced("jbd2_journal_free_reserved")
  public void freeReserved() {
    journal().transactions.freeReserved(this);
  }

  /** Ends it. 0 or −errno (−EIO: the journal was aborted; with {@link #setSync} the commit). */
  @Traced("jbd2_journal_stop")
  public long stop() {
    if (--depth > 0) {
      return isAborted() ? -Errno.EIO : 0;
    }
    return journal().transactions.stop(this);
  }
}
