package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.sched.Sleeper;
import dev.svc0.runtime.sched.WaitQueue;
import org.jspecify.annotations.Nullable;

/**
 * One read or write under way: file, position, flags, caller. Reusable; one a thread, see {@link
 * IoContext}. <i>Linux:</i> {@code kiocb}.
 */
public final class Kiocb {
  /** Append: the position is the end of the file, taken under the inode lock. */
  public static final int IOCB_APPEND = 1;

  /** Bypass the page cache. */
  public static final int IOCB_DIRECT = 2;

  /** The data must be stable before the call returns. */
  public static final int IOCB_DSYNC = 4;

  /** Data and all attributes must be stable. */
  public static final int IOCB_SYNC = 8;

  /** Do not block: −EAGAIN. */
  public static final int IOCB_NOWAIT = 16;

  /** It is a write. */
  public static final int IOCB_WRITE = 32;

  /** The open file. */
  public File file;

  /** On whose behalf. */
  public Caller caller;

  /** Position in bytes; moved by the operation. */
  public long position;

  /** IOCB_ bits. */
  public int flags;

  private @Nullable WaitQueue retryQueue;
  private volatile boolean kicked;

  /** For one operation. */
  public Kiocb(File file, Caller caller, long position, int flags) {
    this.file = file;
    this.caller = caller;
    this.position = position;
    this.flags = flags;
  }

  /** Starts over for another operation, with the flags the file was opened with. */
  public Kiocb init(File newFile, Caller newCaller, long newPosition, int extraFlags) {
    file = newFile;
    caller = newCaller;
    position = newPosition;
    flags = iocbFlags(newFile) | extraFlags;
    return this;
  }

  /** Whether a flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The largest window of read-ahead; {@link Filemap#CACHED_ONLY} for who does not wait. */
  public int readaheadPages() {
    return has(IOCB_NOWAIT) ? Filemap.CACHED_ONLY : file.readaheadPages;
  }

  /** IOCB_ bits that follow from how a file is open. <i>Linux:</i> iocb_flags. */
  public static int iocbFlags(File file) {
    int open = file.flags;
    int result = 0;
    if ((open & Fcntl.O_APPEND) != 0) {
      result |= IOCB_APPEND;
    }
    if ((open & Fcntl.O_DIRECT) != 0) {
      result |= IOCB_DIRECT;
    }
    if ((open & Fcntl.O_DSYNC) != 0 || file.inode().isSync()) {
      result |= IOCB_DSYNC;
    }
    if ((open & Fcntl.__O_SYNC) != 0) {
      result |= IOCB_SYNC;
    }
    return result;
  }

  /**
   * A driver that answered {@link FileOperations#EIOCBRETRY} can go on. <i>Linux:</i> kick_iocb.
   */
  public void kick() {
    kicked = true;
    retryWaiters().wakeUp();
  }

  /** Waits for {@link #kick}. <i>Linux:</i> wait_on_retry_sync_kiocb. */
  void waitOnRetry() {
    retryWaiters().waitEvent(Sleeper.UNINTERRUPTIBLE, () -> kicked, WaitQueue.NO_DEADLINE);
    kicked = false;
  }

  private synchronized WaitQueue retryWaiters() {
    WaitQueue queue = retryQueue;
    if (queue == null) {
      queue = new WaitQueue();
      retryQueue = queue;
    }
    return queue;
  }
}
