package dev.svc0.fs.jbd2;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.vfs.MountException;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The log of a mounted file system. <i>Linux:</i> {@code journal_t}, fs/jbd2/journal.c.
 *
 * <p>Life: {@link #initInode} or {@link #initDev}, options, {@link #load} (which recovers), any
 * number of {@link #start} … {@link Handle#stop}, {@link #destroy}.
 */
public final class Journal {
  private static final String LATER = "not here yet";

  private Journal() {}

  /**
   * The journal in a file of the file system.
   *
   * @param fileSystemBlocks blocks of the file system; nothing is written beyond
   * @param journalBlocks size of the journal's file in blocks
   * @param bmap from a block of the file to one of the device; 0 or −errno when there is none
   */
  public static Journal initInode(
      BlockDevice device,
      int blockSize,
      long fileSystemBlocks,
      long journalBlocks,
      LongUnaryOperator bmap) {
    throw new UnsupportedOperationException(LATER);
  }

  /** The journal on a device of its own, beginning at a block of it. */
  public static Journal initDev(
      BlockDevice journalDevice,
      BlockDevice fileSystemDevice,
      long firstBlock,
      long journalBlocks,
      int blockSize,
      long fileSystemBlocks) {
    throw new UnsupportedOperationException(LATER);
  }

  /** How data=ordered data is written. Before {@link #load}. */
  public void setHooks(JournalHooks hooks) {
    throw new UnsupportedOperationException(LATER);
  }

  /** How long a transaction gathers changes at most; 5 s unless told. */
  public void setCommitInterval(long nanos) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Commits are separated by cache flushes (the default, barrier=1). */
  public void enableBarriers() {
    throw new UnsupportedOperationException(LATER);
  }

  /** No cache flushes (barrier=0, nobarrier). */
  public void disableBarriers() {
    throw new UnsupportedOperationException(LATER);
  }

  /**
   * Reads the superblock, recovers what a crash left, and starts the commit thread. Not called when
   * the device is write-protected and needs recovery.
   *
   * @throws MountException when the journal cannot be used or recovered (−EUCLEAN, −EIO, −EINVAL)
   */
  public void load() throws MountException {
    throw new UnsupportedOperationException(LATER);
  }

  /** Blocks that {@link #load} brought to their place. */
  public long replayedBlocks() {
    throw new UnsupportedOperationException(LATER);
  }

  /**
   * Forgets what the log holds without replaying it: for a file system that says that it was
   * unmounted cleanly. Before {@link #load}.
   */
  public void wipe() throws MountException {
    throw new UnsupportedOperationException(LATER);
  }

  /** Sets features (JBD2_FEATURE_INCOMPAT_ …) in the journal's superblock; whether they hold. */
  public boolean setFeatures(int compat, int incompat) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Takes features away. */
  public void clearFeatures(int compat, int incompat) {
    throw new UnsupportedOperationException(LATER);
  }

  /** The same as {@link #start(int, int, int)} with nothing reserved and no revoke records. */
  public Handle start(int blocks) {
    return start(blocks, 0, 0);
  }

  /**
   * Begins an atomic piece of work of the calling thread; the handle it has already when it has
   * one, counted. Waits while the running transaction is full or locked, and for room in the log.
   *
   * @param blocks blocks that will be dirtied at most
   * @param reservedBlocks credits of a second handle, to be started later without waiting
   * @param revokeRecords revoke records at most
   * @return a handle, or one whose {@link Handle#error} is −EROFS (aborted), −ENOSPC (more blocks
   *     than any transaction may have)
   */
  public Handle start(int blocks, int reservedBlocks, int revokeRecords) {
    throw new UnsupportedOperationException(LATER);
  }

  /** The handle of the calling thread in this journal, or null. <i>Linux:</i> journal_info. */
  public @Nullable Handle currentHandle() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Most blocks a handle may ask for. */
  public int maxTransactionBuffers() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Revoke records that one descriptor block holds. */
  public int revokeRecordsPerBlock() {
    throw new UnsupportedOperationException(LATER);
  }

  /** The running transaction, or the one that is going to run. */
  public int currentTid() {
    throw new UnsupportedOperationException(LATER);
  }

  /** The last transaction that is on stable storage. */
  public int commitSequence() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Whether tid a is the same as b or later. */
  public static boolean tidGeq(int a, int b) {
    return a - b >= 0;
  }

  /** Asks for the commit of a transaction and returns; whether that starts one. */
  public boolean logStartCommit(int tid) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Waits until a transaction has committed. 0 or −EIO. */
  public long logWaitCommit(int tid) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Commits a transaction unless it has been, and waits: what fsync calls. 0 or −EIO. */
  public long completeTransaction(int tid) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Commits what is running or committing and waits. 0 or −EIO. */
  public long forceCommit() {
    throw new UnsupportedOperationException(LATER);
  }

  /** The same for a thread that holds a handle or locks: starts without waiting for a handle. */
  public boolean forceCommitNested() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Whether the commit of a transaction will flush the cache of the file system's device. */
  public boolean transWillSendDataBarrier(int tid) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Commits, brings everything to its place and marks the log as empty. 0 or −errno. */
  public long flush() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Waits until no handle is open and lets none start, until {@link #unlockUpdates}. */
  public void lockUpdates() {
    throw new UnsupportedOperationException(LATER);
  }

  /** See {@link #lockUpdates}. */
  public void unlockUpdates() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Stops all work: nothing is written any more, and the errno is recorded in the superblock. */
  public void abort(int errno) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Whether it was aborted. */
  public boolean isAborted() {
    throw new UnsupportedOperationException(LATER);
  }

  /** The errno recorded in the superblock, negative, or 0: the file system needs a check. */
  public long errno() {
    throw new UnsupportedOperationException(LATER);
  }

  /** Clears {@link #errno} after it was noted in the file system's superblock. 0 or −errno. */
  public long clearErr() {
    throw new UnsupportedOperationException(LATER);
  }

  /** A file goes away: waits until no commit works on it and forgets it. */
  public void releaseJbdInode(JournalInode inode) {
    throw new UnsupportedOperationException(LATER);
  }

  /**
   * A file is going to be truncated: data that the committing transaction must write is written
   * first. 0 or −errno. <i>Linux:</i> jbd2_journal_begin_ordered_truncate.
   */
  public long beginOrderedTruncate(JournalInode inode, long newSize) {
    throw new UnsupportedOperationException(LATER);
  }

  /** release_folio: drops the buffers of a folio if the journal does not need them. */
  public boolean tryToFreeBuffers(Folio folio) {
    throw new UnsupportedOperationException(LATER);
  }

  /** invalidate_folio of data=journal. 0 or −EBUSY: the committing transaction still needs it. */
  public long invalidateFolio(Folio folio, int offset, int bytes) {
    throw new UnsupportedOperationException(LATER);
  }

  /**
   * Host address of what a bitmap held before the running transaction, after {@link
   * Handle#getUndoAccess}; 0 when it is the same as now.
   */
  public long committedData(BufferHead buffer) {
    throw new UnsupportedOperationException(LATER);
  }

  /** Commits, checkpoints, writes an empty log's superblock, ends the thread. 0 or −errno. */
  public long destroy() {
    throw new UnsupportedOperationException(LATER);
  }
}
