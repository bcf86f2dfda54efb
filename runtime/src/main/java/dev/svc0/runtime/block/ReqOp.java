package dev.svc0.runtime.block;

/**
 * What a bio asks for, and how. The numbers are the kernel's {@code req_op}; the flags are ours.
 */
public final class ReqOp {
  public static final int READ = 0;
  public static final int WRITE = 1;
  public static final int FLUSH = 2;
  public static final int DISCARD = 3;
  public static final int WRITE_ZEROES = 9;

  /** Somebody waits for it. */
  public static final int SYNC = 1 << 8;

  /** Metadata of a file system. */
  public static final int META = 1 << 9;

  /** Of high priority, as journal writes are. */
  public static final int PRIO = 1 << 10;

  /** Empty the device's write cache before this write. */
  public static final int PREFLUSH = 1 << 11;

  /** Complete only when this write itself is on stable storage. */
  public static final int FUA = 1 << 12;

  /** Read ahead: may fail without harm. */
  public static final int RAHEAD = 1 << 13;

  /** Written by the flusher. */
  public static final int BACKGROUND = 1 << 14;

  /** Idle-class, not merged. */
  public static final int NOMERGE = 1 << 15;

  private ReqOp() {}

  /** The operation alone. */
  public static int op(int opAndFlags) {
    return opAndFlags & 0xff;
  }

  /** Whether data goes to the device. */
  public static boolean isWrite(int opAndFlags) {
    return (opAndFlags & 1) != 0;
  }
}
