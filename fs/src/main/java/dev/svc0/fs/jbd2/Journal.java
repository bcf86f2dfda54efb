package dev.svc0.fs.jbd2;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.pagecache.Folio;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.vfs.MountException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The log of a mounted file system. <i>Linux:</i> {@code journal_t}, fs/jbd2/journal.c.
 *
 * <p>Life: {@link #initInode} or {@link #initDev}, options, {@link #load} (which recovers), any
 * number of {@link #start} … {@link Handle#stop}, {@link #destroy}.
 */
@Traced(layer = Traced.Layer.JOURNAL)
public final class Journal {
  private static final long DEFAULT_COMMIT_NANOS = 5_000_000_000L;

  /** Where the log is, which may be another device than that of the file system. */
  final BlockDevice logDevice;

  final BlockDevice device;
  final int blockSize;
  final long fileSystemBlocks;
  final long journalBlocks;
  final LongUnaryOperator bmap;

  /** Protects every field of transactions, buffers and the log; see the package. */
  final ReentrantLock lock = new ReentrantLock();

  /** A locked transaction makes room for a new one, or one ends being locked. */
  final Condition transactionLocked = lock.newCondition();

  /** The last handle of a locked transaction ended. */
  final Condition updates = lock.newCondition();

  /** A commit is done. */
  final Condition doneCommit = lock.newCondition();

  /** The commit thread is wanted. */
  final Condition commitWanted = lock.newCondition();

  /** Buffers are not on their way to the log any more; a commit has done with an inode. */
  final Condition shadowDone = lock.newCondition();

  /** Reserved credits became free. */
  final Condition reservedDone = lock.newCondition();

  /** One at a time makes room in the log or writes its superblock's tail. Before {@link #lock}. */
  final ReentrantLock checkpointMutex = new ReentrantLock();

  final JournalMemory memory;
  final RevokeTable revokes = new RevokeTable();
  final Filing filing = new Filing(this);
  final BufferAccess access = new BufferAccess(this, filing);
  final Transactions transactions = new Transactions(this);
  final Checkpoint checkpoint = new Checkpoint(this);
  final Commit commit = new Commit(this);
  final OrderedInodes orderedInodes = new OrderedInodes(this);

  JournalHooks hooks = new JournalHooks() {};
  volatile long commitIntervalNanos = DEFAULT_COMMIT_NANOS;
  volatile boolean barriers = true;
  private boolean wiped;
  private long replayed;
  private @Nullable LogSuperBlock loadedSuper;
  private @Nullable CommitThread thread;

  volatile LogFormat format;
  int maxTransactionBuffers;

  /** First and one behind the last block of the log that commits use. */
  long first;

  long end;

  /** Next free block, first used block, and how many are free. */
  long head;

  long tail;
  long free;
  int tailSequence;
  int transactionSequence;
  volatile int commitSequence;
  volatile int commitRequest;

  volatile @Nullable Transaction running;
  volatile @Nullable Transaction committing;

  /** Committed ones with buffers that are not at their place, oldest first. */
  final Deque<Transaction> checkpointTransactions = new ArrayDeque<>();

  int reservedCredits;
  int barrierCount;

  /** The superblock says that the log is empty: it must be told before the next commit. */
  boolean flushed;

  private volatile int abortErrno;
  private volatile int recordedErrno;
  private volatile boolean dead;
  volatile boolean checkpointIoError;
  volatile boolean abortsOnDataError;

  private Journal(
      BlockDevice logDevice,
      BlockDevice device,
      int blockSize,
      long fileSystemBlocks,
      long journalBlocks,
      LongUnaryOperator bmap) {
    this.logDevice = logDevice;
    this.device = device;
    this.blockSize = blockSize;
    this.fileSystemBlocks = fileSystemBlocks;
    this.journalBlocks = journalBlocks;
    this.bmap = bmap;
    memory = new JournalMemory(blockSize);
    format = new LogFormat(blockSize, 0, 0, 0);
  }

  /**
   * The journal in a file of the file system.
   *
   * @param fileSystemBlocks blocks of the file system; nothing is written beyond
   * @param journalBlocks size of the journal's file in blocks
   * @param bmap from a block of the file to one of the device; 0 or −errno when there is none
   */
  @Traced("jbd2_journal_init_inode")
  public static Journal initInode(
      BlockDevice device,
      int blockSize,
      long fileSystemBlocks,
      long journalBlocks,
      LongUnaryOperator bmap) {
    LongUnaryOperator inside =
        logBlock -> {
          long block = bmap.applyAsLong(logBlock);
          return block < fileSystemBlocks ? block : 0;
        };
    return new Journal(device, device, blockSize, fileSystemBlocks, journalBlocks, inside);
  }

  /** The journal on a device of its own, beginning at a block of it. */
  @Traced("jbd2_journal_init_dev")
  public static Journal initDev(
      BlockDevice journalDevice,
      BlockDevice fileSystemDevice,
      long firstBlock,
      long journalBlocks,
      int blockSize,
      long fileSystemBlocks) {
    return new Journal(
        journalDevice,
        fileSystemDevice,
        blockSize,
        fileSystemBlocks,
        journalBlocks,
        logBlock -> firstBlock + logBlock);
  }

  /** How data=ordered data is written. Before {@link #load}. */
  public void setHooks(JournalHooks hooks) {
    this.hooks = hooks;
  }

  /** How long a transaction gathers changes at most; 5 s unless told. */
  public void setCommitInterval(long nanos) {
    commitIntervalNanos = nanos;
  }

  /** Commits are separated by cache flushes (the default, barrier=1). */
  public void enableBarriers() {
    barriers = true;
    tellBarriers();
  }

  /** No cache flushes (barrier=0, nobarrier). */
  public void disableBarriers() {
    barriers = false;
    tellBarriers();
  }

  private void tellBarriers() {
    LogSuperBlock known = loadedSuper;
    if (known != null) {
      known.barriers = barriers;
    }
  }

  /** An error in data of data=ordered aborts the journal (data_err=abort). */
  public void abortOnDataError() {
    abortsOnDataError = true;
  }

  /** The superblock of a loaded journal. */
  LogSuperBlock superBlock() {
    LogSuperBlock known = loadedSuper;
    if (known == null) {
      throw new IllegalStateException("the journal is not loaded");
    }
    return known;
  }

  private LogSuperBlock loadSuperBlock() throws MountException {
    LogSuperBlock known = loadedSuper;
    if (known == null) {
      known = LogSuperBlock.load(logDevice, blockSize, journalBlocks, bmap);
      loadedSuper = known;
      tellBarriers();
    }
    return known;
  }

  /**
   * Reads the superblock, recovers what a crash left, and starts the commit thread. Not called when
   * the device is write-protected and needs recovery.
   *
   * @throws MountException when the journal cannot be used or recovered (−EUCLEAN, −EIO, −EINVAL);
   *     {@link #destroy} gives back what it has all the same
   */
  @Traced("jbd2_journal_load")
  public void load() throws MountException {
    LogSuperBlock superBlock = loadSuperBlock();
    recordedErrno = superBlock.errno();
    int sequence = superBlock.sequence();
    head = superBlock.first();
    if (superBlock.start() != 0) {
      JournalRecovery recovery = new JournalRecovery(this, superBlock);
      if (wiped) {
        recovery.skip(superBlock);
      } else {
        recovery.recover();
      }
      replayed = recovery.replayedBlocks();
      sequence = recovery.nextSequence();
    }
    journalReset(superBlock, sequence);
    CommitThread worker = new CommitThread(this);
    thread = worker;
    worker.start();
  }

  /** Begins with an empty log. */
  @Traced("journal_reset")
  private void journalReset(LogSuperBlock superBlock, int sequence) throws MountException {
    if (superBlock.maxLength() < JournalLayout.JBD2_MIN_JOURNAL_BLOCKS) {
      throw new MountException(
          Errno.EINVAL, "jbd2: the journal is too short: " + superBlock.maxLength() + " blocks");
    }
    format = superBlock.format();
    first = superBlock.first();
    end = superBlock.end();
    head = first;
    tail = first;
    free = end - first;
    tailSequence = sequence;
    transactionSequence = sequence;
    commitSequence = sequence - 1;
    commitRequest = commitSequence;
    maxTransactionBuffers = (int) Math.min(end / 4, Integer.MAX_VALUE / 4);
    flushed = true;
    if (superBlock.start() != 0 && superBlock.markEmpty(sequence) != 0) {
      throw new MountException(Errno.EIO, "jbd2: writing to " + logDevice.name() + " failed");
    }
  }

  /** Blocks that {@link #load} brought to their place. */
  public long replayedBlocks() {
    return replayed;
  }

  /**
   * Forgets what the log holds without replaying it: for a file system that says that it was
   * unmounted cleanly. Before {@link #load}.
   */
  @Traced("jbd2_journal_wipe")
  public void wipe() throws MountException {
    loadSuperBlock();
    wiped = true;
  }

  /**
   * Sets features (JBD2_FEATURE_INCOMPAT_ …) in the journal's superblock; whether they hold. After
   * {@link #load}, before the first handle.
   */
  @Traced("jbd2_journal_set_features")
  public boolean setFeatures(int compat, int incompat) {
    boolean set = superBlock().setFeatures(compat, incompat);
    format = superBlock().format();
    return set;
  }

  /** Takes features away, under the same conditions. */
  @Traced("jbd2_journal_clear_features")
  public void clearFeatures(int compat, int incompat) {
    superBlock().clearFeatures(compat, incompat);
    format = superBlock().format();
  }

  /** The same as {@link #start(int, int, int)} with nothing reserved and no revoke records. */
  @Traced("jbd2_journal_start")
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
  @Traced("jbd2__journal_start")
  public Handle start(int blocks, int reservedBlocks, int revokeRecords) {
    Handle outer = currentHandle();
    if (outer != null) {
      outer.nest();
      return outer;
    }
    return transactions.start(blocks, reservedBlocks, revokeRecords);
  }

  /** The handle of the calling thread in this journal, or null. <i>Linux:</i> journal_info. */
  public @Nullable Handle currentHandle() {
    Object info = ThreadState.current().journalInfo;
    while (info instanceof Handle handle) {
      if (handle.journal() == this) {
        return handle;
      }
      info = handle.outer;
    }
    return null;
  }

  /** Most blocks a handle may ask for. */
  public int maxTransactionBuffers() {
    return transactions.maxUserBuffers();
  }

  /** Revoke records that one descriptor block holds. */
  public int revokeRecordsPerBlock() {
    return format.revokeRecordsPerBlock();
  }

  /** The running transaction, or the one that is going to run. */
  public int currentTid() {
    lock.lock();
    try {
      Transaction now = running;
      return now != null ? now.tid : transactionSequence;
    } finally {
      lock.unlock();
    }
  }

  /** The last transaction that is on stable storage. */
  public int commitSequence() {
    return commitSequence;
  }

  /** Whether tid a is the same as b or later. */
  public static boolean tidGeq(int a, int b) {
    return a - b >= 0;
  }

  /** Asks for the commit of a transaction and returns; whether that starts one. */
  @Traced("jbd2_log_start_commit")
  public boolean logStartCommit(int tid) {
    return transactions.logStartCommit(tid);
  }

  /** Waits until a transaction has committed. 0 or −EIO. */
  @Traced("jbd2_log_wait_commit")
  public long logWaitCommit(int tid) {
    return transactions.logWaitCommit(tid);
  }

  /** Commits a transaction unless it has been, and waits: what fsync calls. 0 or −EIO. */
  @Traced("jbd2_complete_transaction")
  public long completeTransaction(int tid) {
    return transactions.completeTransaction(tid);
  }

  /** Commits what is running or committing and waits. 0 or −EIO. */
  @Traced("jbd2_journal_force_commit")
  public long forceCommit() {
    long tid = transactions.startCommitOfNewest();
    return tid == Transactions.NO_TRANSACTION ? abortedError() : logWaitCommit((int) tid);
  }

  /** The same for a thread that holds a handle: only starts it. Whether there was anything. */
  @Traced("jbd2_journal_force_commit_nested")
  public boolean forceCommitNested() {
    return transactions.startCommitOfNewest() != Transactions.NO_TRANSACTION;
  }

  /** Whether the commit of a transaction will still flush the cache of the device. */
  @Traced("jbd2_trans_will_send_data_barrier")
  public boolean transWillSendDataBarrier(int tid) {
    return transactions.transWillSendDataBarrier(tid);
  }

  /** Whether a transaction has committed. */
  @Traced("jbd2_transaction_committed")
  public boolean transactionCommitted(int tid) {
    return tidGeq(commitSequence, tid);
  }

  /** Commits, brings everything to its place and marks the log as empty. 0 or −errno. */
  @Traced("jbd2_journal_flush")
  public long flush() {
    long error = forceCommit();
    long written = checkpoint.emptyLog();
    return error != 0 ? error : written;
  }

  /** Waits until no handle is open and lets none start, until {@link #unlockUpdates}. */
  @Traced("jbd2_journal_lock_updates")
  public void lockUpdates() {
    transactions.lockUpdates();
  }

  /** See {@link #lockUpdates}. */
  @Traced("jbd2_journal_unlock_updates")
  public void unlockUpdates() {
    transactions.unlockUpdates();
  }

  /**
   * Stops all work: nothing is written any more, and the errno is recorded in the superblock.
   *
   * @param reason an errno of either sign
   */
  @Traced("jbd2_journal_abort")
  public void abort(int reason) {
    int errno = -Math.abs(reason);
    lock.lock();
    try {
      if (abortErrno != 0) {
        return;
      }
      abortErrno = errno;
      recordedErrno = errno;
      Transaction now = running;
      if (now != null) {
        transactions.logStartCommitLocked(now.tid);
      }
      transactionLocked.signalAll();
      reservedDone.signalAll();
    } finally {
      lock.unlock();
    }
    // An error here changes nothing: the journal is aborted already.
    long unused = superBlock().updateErrno(errno);
  }

  /** The commit thread has failed: nobody shall wait for it. */
  void commitDied() {
    lock.lock();
    try {
      dead = true;
      abortErrno = abortErrno == 0 ? -Errno.EIO : abortErrno;
      doneCommit.signalAll();
      transactionLocked.signalAll();
      reservedDone.signalAll();
      shadowDone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isDead() {
    return dead;
  }

  /** Whether it was aborted. */
  public boolean isAborted() {
    return abortErrno != 0;
  }

  /** 0, or −EIO when it was aborted. */
  long abortedError() {
    return abortErrno == 0 ? 0 : -Errno.EIO;
  }

  /** The errno recorded in the superblock, negative, or 0: the file system needs a check. */
  @Traced("jbd2_journal_errno")
  public long errno() {
    return recordedErrno;
  }

  /** Clears {@link #errno} after it was noted in the file system's superblock. 0 or −errno. */
  @Traced("jbd2_journal_clear_err")
  public long clearErr() {
    if (isAborted()) {
      return -Errno.EROFS;
    }
    recordedErrno = 0;
    return superBlock().updateErrno(0);
  }

  /** A file goes away: waits until no commit works on it and forgets it. */
  @Traced("jbd2_journal_release_jbd_inode")
  public void releaseJbdInode(JournalInode inode) {
    orderedInodes.release(inode);
  }

  /**
   * A file is going to be truncated: data that the committing transaction must write is written
   * first. 0 or −errno.
   */
  @Traced("jbd2_journal_begin_ordered_truncate")
  public long beginOrderedTruncate(JournalInode inode, long newSize) {
    return orderedInodes.beginTruncate(inode, newSize);
  }

  /** release_folio: drops the buffers of a folio if the journal does not need them. */
  @Traced("jbd2_journal_try_to_free_buffers")
  public boolean tryToFreeBuffers(Folio folio) {
    return FolioBuffers.tryToFree(this, folio);
  }

  /** Whether a transaction that has not committed has changed a buffer. */
  public static boolean isUncommitted(BufferHead buffer) {
    return buffer.journalData instanceof JournalHead head && head.isJbdDirty();
  }

  /** invalidate_folio of data=journal. 0 or −EBUSY: the committing transaction still needs it. */
  @Traced("jbd2_journal_invalidate_folio")
  public long invalidateFolio(Folio folio, int offset, int bytes) {
    return FolioBuffers.invalidate(this, folio, offset, bytes);
  }

  /**
   * Host address of what a bitmap held before the running transaction, after {@link
   * Handle#getUndoAccess}; 0 when it is the same as now.
   */
  public long committedData(BufferHead buffer) {
    return buffer.journalData instanceof JournalHead head ? head.committedData : 0;
  }

  /** Commits, checkpoints, writes an empty log's superblock, ends the thread. 0 or −errno. */
  @Traced("jbd2_journal_destroy")
  public long destroy() {
    CommitThread worker = thread;
    long error = 0;
    if (worker != null) {
      worker.end();
      thread = null;
      error = checkpoint.finish();
    }
    LogSuperBlock known = loadedSuper;
    if (known != null) {
      known.release();
      loadedSuper = null;
    }
    memory.close();
    return error;
  }
}
