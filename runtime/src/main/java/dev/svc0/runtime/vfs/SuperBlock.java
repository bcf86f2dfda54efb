package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.pagecache.WritebackControl;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A mounted file system. <i>Linux:</i> {@code super_block} with its {@code super_operations}. */
public abstract class SuperBlock {
  private final Vfs vfs;
  private final FileSystemType type;
  private final @Nullable BlockDevice device;
  private final int deviceNumber;
  private volatile long flags;
  private @Nullable Dentry root;
  private boolean ended;

  /** Serialises renames between directories. */
  public final ReentrantLock renameLock =
      LockOrder.lock(isStacked() ? LockClass.STACKED_RENAME : LockClass.RENAME);

  /** Largest file size in bytes. */
  public long maxBytes = Long.MAX_VALUE;

  /** Block size in bytes. */
  public int blockSize = 4096;

  /** Whether cached entries must be asked about at each use: something else changes the names. */
  public boolean revalidates;

  /** Most links an inode may have. */
  public int maxLinks = Integer.MAX_VALUE;

  /** Resolution of its times in nanoseconds: 1, or 1_000_000_000. */
  public long timeGranularityNanos = 1;

  /** The earliest and the latest time it can keep, in seconds since the epoch. */
  public long timeMinSeconds = Long.MIN_VALUE;

  public long timeMaxSeconds = Long.MAX_VALUE;

  /** Identification in statfs. */
  public long magic;

  /** What /proc/mounts shows as source. */
  public String source;

  /** For a request; without a block device an anonymous device number is taken. */
  protected SuperBlock(FileSystemType type, MountRequest request) {
    this.vfs = request.vfs();
    this.type = type;
    this.device = request.device();
    this.flags = request.flags();
    this.source = request.source();
    BlockDevice disk = request.device();
    this.deviceNumber =
        disk == null ? vfs.nextAnonymousDevice() : disk.major() << 20 | disk.minor();
  }

  /** The kernel's VFS. */
  public final Vfs vfs() {
    return vfs;
  }

  /** Which kind of file system. */
  public final FileSystemType type() {
    return type;
  }

  /** The device it lives on, or null. */
  public final @Nullable BlockDevice device() {
    return device;
  }

  /** {@code st_dev} of its files: major in bits 31…20, minor in bits 19…0. */
  public final int deviceNumber() {
    return deviceNumber;
  }

  /** Its top directory. */
  public final Dentry root() {
    Dentry top = root;
    if (top == null) {
      throw new IllegalStateException("no root yet");
    }
    return top;
  }

  /** Sets the top directory; once, by mount. */
  protected final void setRoot(Inode inode) {
    root = Dentry.makeRoot(this, inode);
  }

  /** MS_ bits. */
  public final long flags() {
    return flags;
  }

  /** Changes MS_ bits. */
  public final void setFlags(long flags) {
    this.flags = flags;
  }

  /** True for the first caller: who ends it. */
  final synchronized boolean shutDownOnce() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  /** Whether it is mounted read-only. */
  public final boolean isReadOnly() {
    return (flags & MountFlags.MS_RDONLY) != 0;
  }

  /** Fills in sizes and counts. 0 or −errno. */
  public abstract long statfs(StatFs result);

  /** Writes everything dirty to the device; waits when asked to. 0 or −errno. */
  public long syncFs(boolean wait) {
    return 0;
  }

  /** Writes an inode's attributes to their place. 0 or −errno. */
  public long writeInode(Inode inode, WritebackControl control) {
    return 0;
  }

  /** An inode's attributes changed (its fields are set already). See {@link Inode#markDirty}. */
  public void dirtyInode(Inode inode, int flags) {}

  /**
   * The last user of an inode is gone: when it has no links, free what it occupies; drop its pages.
   */
  public void evictInode(Inode inode) {}

  /** Changes flags and options of the mounted file system. 0 or −errno. */
  public long remount(long newFlags, String options) {
    setFlags(newFlags);
    return 0;
  }

  /**
   * Unmounts: everything is synced by the caller before; write the final state, let go of the
   * device.
   */
  public void putSuper() {}

  /** Its options for /proc/mounts, each with a leading comma; empty for none. */
  public String showOptions() {
    return "";
  }

  /**
   * Whether it lies on other file systems, whose locks are taken with its own held. A constant of
   * the class, asked while it is made. <i>Linux:</i> s_stack_depth.
   */
  public boolean isStacked() {
    return false;
  }
}
