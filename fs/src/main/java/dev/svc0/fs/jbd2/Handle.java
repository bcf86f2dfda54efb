package dev.svc0.fs.jbd2;

import dev.svc0.runtime.buffer.BufferHead;
import org.jspecify.annotations.Nullable;

/**
 * One atomic piece of a transaction: what a thread changes between {@link Journal#start} and {@link
 * #stop}. <i>Linux:</i> {@code handle_t}.
 *
 * <p>Used by the thread that started it. A file system without a journal has no handle: its
 * wrappers ({@code ext4HandleDirtyMetadata} …) take null and mark buffers dirty instead.
 */
public final class Handle {
  private static final String LATER = "not here yet";

  private final long error;

  private Handle(long error) {
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
    throw new UnsupportedOperationException(LATER);
  }

  /** The transaction it belongs to. */
  public int tid() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Blocks that may still be dirtied under it. */
  public int credits() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Its end waits for the commit. <i>Linux:</i> h_sync. */
  public void setSync() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Whether the journal was aborted: nothing it does will reach the disk. */
  public boolean isAborted() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Asks before a change of a buffer's content. 0 or −errno (−EROFS: aborted). */
  public long getWriteAccess(BufferHead buffer) {
    throw new UnsupportedOperationException(LATER);
  }

  /** The same for a block just allocated, whose old content means nothing. */
  public long getCreateAccess(BufferHead buffer) {
    throw new UnsupportedOperationException(LATER);
  }

  /**
   * The same for a bitmap: the content before this transaction is kept until it commits, see {@link
   * Journal#committedData}.
   */
  public long getUndoAccess(BufferHead buffer) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Sets what is done to the buffer's content before it is logged. After get…Access. */
  public void setTriggers(BufferHead buffer, @Nullable BufferTriggers triggers) {
    throw new UnsupportedOperationException(LATER);
  }

  /** The content of a buffer was changed. 0 or −errno (−ENOSPC: no credits left, a bug). */
  public long dirtyMetadata(BufferHead buffer) {
    throw new UnsupportedOperationException(LATER);
  }

  /** The block is not used any more and need not be journalled. Gives the reference back. */
  public long forget(BufferHead buffer) {
    throw new UnsupportedOperationException(LATER);
  }

  /**
   * The block was freed: recovery must not write what the log holds for it.
   *
   * @param buffer its buffer if the caller has it (forgotten, its reference given back), or null
   */
  public long revoke(long block, @Nullable BufferHead buffer) {
    throw new UnsupportedOperationException(LATER);
  }

  /**
   * Asks for more credits without leaving the transaction.
   *
   * @return 0; 1 when the transaction has no room, {@link #restart} then; −errno
   */
  public long extend(int blocks, int revokeRecords) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Ends this piece and begins another with new credits, perhaps in a later transaction. */
  public long restart(int blocks, int revokeRecords) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Credits for revoke records that are left. */
  public int revokeCredits() {
    throw new UnsupportedOperationException(LATER);
  }

  /**
   * data=ordered: the commit of this transaction starts writing bytes [start, start + length) of
   * the file and waits. <i>Linux:</i> jbd2_journal_inode_ranged_write.
   */
  public long inodeRangedWrite(JournalInode inode, long start, long length) {
    throw new UnsupportedOperationException(LATER);
  }

  /** The same when the writing is under way already: the commit only waits. */
  public long inodeRangedWait(JournalInode inode, long start, long length) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Wants to be told when the transaction has committed. */
  public void addCommitCallback(CommitCallback callback) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Takes the reserved handle that {@link Journal#start} made with this one, or null. */
  public @Nullable Handle takeReserved() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Begins the work of a reserved handle. 0, or −errno and the handle is gone. */
  public long startReserved() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Gives a reserved handle back that was never started. */
  public void freeReserved() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Ends it. 0 or −errno (−EIO: the journal was aborted; with {@link #setSync} the commit). */
  public long stop() {
    throw new UnsupportedOperationException(LATER);
  }
}
