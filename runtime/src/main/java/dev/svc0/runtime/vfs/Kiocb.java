package dev.svc0.runtime.vfs;

/**
 * One read or write under way: file, position, flags, caller. Reusable; one a thread. <i>Linux:</i>
 * {@code kiocb}.
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
  public final File file;

  /** On whose behalf. */
  public final Caller caller;

  /** Position in bytes; moved by the operation. */
  public long position;

  /** IOCB_ bits. */
  public int flags;

  /** For one operation. */
  public Kiocb(File file, Caller caller, long position, int flags) {
    this.file = file;
    this.caller = caller;
    this.position = position;
    this.flags = flags;
  }

  /** Whether a flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
