package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.pagecache.PageCacheOwner;

/** Times in inodes. <i>Linux:</i> fs/inode.c. */
@Traced(layer = Traced.Layer.VFS)
public final class InodeTimes {
  /** Update what reading changes. */
  public static final int S_ATIME = 1;

  /** Update what writing changes. */
  public static final int S_MTIME = 2;

  /** Update what any change changes. */
  public static final int S_CTIME = 4;

  private static final long DAY_SECONDS = 24 * 60 * 60;

  private InodeTimes() {}

  /**
   * The time of the last clock tick in nanoseconds since the epoch, cut to what the file system
   * keeps.
   */
  @Traced("current_time")
  public static long currentTime(Inode inode) {
    return coarseTime(inode);
  }

  private static long coarseTime(Inode inode) {
    long millis = inode.superBlock().vfs().coarseMillis();
    long nanos = millis * 1_000_000;
    return nanos - Math.floorMod(nanos, inode.superBlock().timeGranularityNanos);
  }

  /** The seconds of a time that somebody gives, as the file system can keep it. */
  static long clampSeconds(Inode inode, long seconds) {
    SuperBlock superBlock = inode.superBlock();
    return Math.clamp(seconds, superBlock.timeMinSeconds, superBlock.timeMaxSeconds);
  }

  /** Its nanoseconds; none at and beyond the limits. <i>Linux:</i> timestamp_truncate. */
  static int truncateNanos(Inode inode, long seconds, long nanos) {
    SuperBlock superBlock = inode.superBlock();
    boolean inside = seconds > superBlock.timeMinSeconds && seconds < superBlock.timeMaxSeconds;
    return inside ? (int) (nanos - nanos % superBlock.timeGranularityNanos) : 0;
  }

  private static long seconds(long time) {
    return Math.floorDiv(time, 1_000_000_000L);
  }

  private static int nanos(long time) {
    return (int) Math.floorMod(time, 1_000_000_000L);
  }

  /** A new inode: all times are now. */
  public static void setAll(Inode inode) {
    long now = currentTime(inode);
    inode.atimeSeconds = seconds(now);
    inode.atimeNanos = nanos(now);
    setMtime(inode, now);
    setCtime(inode, now);
    inode.btimeSeconds = seconds(now);
    inode.btimeNanos = nanos(now);
  }

  private static void setMtime(Inode inode, long now) {
    inode.mtimeSeconds = seconds(now);
    inode.mtimeNanos = nanos(now);
  }

  private static void setCtime(Inode inode, long now) {
    inode.ctimeSeconds = seconds(now);
    inode.ctimeNanos = nanos(now);
  }

  /** Content changed: mtime and ctime are now; the caller marks it dirty. */
  public static void touchModified(Inode inode) {
    setMtime(inode, inodeSetCtimeCurrent(inode));
  }

  /** Attributes changed: ctime is now; the caller marks it dirty. */
  public static void touchChanged(Inode inode) {
    inodeSetCtimeCurrent(inode);
  }

  @Traced("inode_set_ctime_current")
  private static long inodeSetCtimeCurrent(Inode inode) {
    long now = coarseTime(inode);
    setCtime(inode, now);
    return now;
  }

  /**
   * Before a write: moves mtime and ctime on if a tick has passed since. 0 or −errno. <i>Linux:</i>
   * file_update_time_flags.
   */
  @Traced("file_update_time_flags")
  static long fileUpdateTimeFlags(File file) {
    Inode inode = file.inode();
    long now = currentTime(inode);
    int update = 0;
    if (inode.mtimeSeconds != seconds(now) || inode.mtimeNanos != nanos(now)) {
      update |= S_MTIME;
    }
    if (inode.ctimeSeconds != seconds(now) || inode.ctimeNanos != nanos(now)) {
      update |= S_CTIME;
    }
    return update == 0 || !mntGetWriteAccessFile(file) ? 0 : genericUpdateTime(inode, now, update);
  }

  /** Whether the mount lets the file's inode be changed. */
  @Traced("mnt_get_write_access_file")
  private static boolean mntGetWriteAccessFile(File file) {
    return !file.path().mount().isReadOnly();
  }

  /** Sets the times and notes it. */
  @Traced("generic_update_time")
  static long genericUpdateTime(Inode inode, long now, int update) {
    inodeUpdateTimestamps(inode, now, update);
    inode.markDirty(PageCacheOwner.DIRTY_SYNC);
    return 0;
  }

  @Traced("inode_update_timestamps")
  static void inodeUpdateTimestamps(Inode inode, long read, int update) {
    long now = (update & S_CTIME) != 0 ? inodeSetCtimeCurrent(inode) : read;
    if ((update & S_ATIME) != 0) {
      inode.atimeSeconds = seconds(now);
      inode.atimeNanos = nanos(now);
    }
    if ((update & S_MTIME) != 0) {
      setMtime(inode, now);
    }
  }

  /** A file was read: moves its access time on, unless the mount's rules say no. */
  @Traced("touch_atime")
  public static void touchAtime(Mount mount, Inode inode) {
    if (!atimeNeedsUpdate(mount, inode)) {
      return;
    }
    genericUpdateTime(inode, currentTime(inode), S_ATIME);
  }

  /** <i>Linux:</i> atime_needs_update, with relatime unless strictatime was asked for. */
  private static boolean atimeNeedsUpdate(Mount mount, Inode inode) {
    int flags = mount.flags();
    long superFlags = inode.superBlock().flags();
    if (inode.hasFlag(Inode.S_NOATIME)
        || mount.isReadOnly()
        || ((flags | superFlags) & MountFlags.MS_NOATIME) != 0
        || inode.isDirectory() && ((flags | superFlags) & MountFlags.MS_NODIRATIME) != 0) {
      return false;
    }
    long now = currentTime(inode);
    if (inode.atimeSeconds == seconds(now) && inode.atimeNanos == nanos(now)) {
      return false;
    }
    return (superFlags & MountFlags.MS_STRICTATIME) != 0 || relatimeNeedsUpdate(inode, now);
  }

  private static boolean relatimeNeedsUpdate(Inode inode, long now) {
    if (notAfter(inode.atimeSeconds, inode.atimeNanos, inode.mtimeSeconds, inode.mtimeNanos)
        || notAfter(inode.atimeSeconds, inode.atimeNanos, inode.ctimeSeconds, inode.ctimeNanos)) {
      return true;
    }
    return seconds(now) - inode.atimeSeconds >= DAY_SECONDS;
  }

  private static boolean notAfter(long seconds, int nanos, long otherSeconds, int otherNanos) {
    return seconds < otherSeconds || seconds == otherSeconds && nanos <= otherNanos;
  }
}
