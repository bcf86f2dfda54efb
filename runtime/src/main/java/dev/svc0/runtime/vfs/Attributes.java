package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.Inotify;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.abi.StatConstants;

/**
 * Changing attributes and sizes. 0 or −errno each. <i>Linux:</i> fs/attr.c, fs/open.c, fs/utimes.c.
 */
@Traced(layer = Traced.Layer.VFS)
public final class Attributes {
  /** utimensat: the time is now. */
  public static final int UTIME_NOW = 0x3fffffff;

  /** utimensat: leave this time alone. */
  public static final int UTIME_OMIT = 0x3ffffffe;

  private static final int NSEC_PER_SEC = 1_000_000_000;

  /** Why a file is truncated. */
  public enum Truncate {
    /** O_TRUNC: times change even when the size does not. */
    OPEN,
    /** truncate(2): times change only with the size, as POSIX lets it. */
    PATH,
    /** ftruncate(2): times always change. */
    FILE
  }

  private Attributes() {}

  /** chmod. */
  @Traced("chmod_common")
  public static long chmodCommon(Path path, int mode, Caller caller) {
    long result = Permissions.mntWantWrite(path.mount());
    if (result != 0) {
      return result;
    }
    Inode inode = path.dentry().requireInode();
    SetAttributes change = new SetAttributes();
    change.valid = SetAttributes.ATTR_MODE | SetAttributes.ATTR_CTIME;
    change.mode = mode & 07777;
    return lockedChange(path, inode, change, caller);
  }

  private static long lockedChange(Path path, Inode inode, SetAttributes change, Caller caller) {
    inode.lock.writeLock().lock();
    try {
      return notifyChange(path, inode, change, caller);
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  /** chown; −1 leaves an id alone. */
  @Traced("chown_common")
  public static long chownCommon(Path path, int uid, int gid, Caller caller) {
    long result = Permissions.mntWantWrite(path.mount());
    if (result != 0) {
      return result;
    }
    Inode inode = path.dentry().requireInode();
    SetAttributes change = new SetAttributes();
    change.valid = SetAttributes.ATTR_CTIME;
    if (uid != -1) {
      change.valid |= SetAttributes.ATTR_UID;
      change.uid = uid;
    }
    if (gid != -1) {
      change.valid |= SetAttributes.ATTR_GID;
      change.gid = gid;
    }
    inode.lock.writeLock().lock();
    try {
      if (!inode.isDirectory()) {
        int kill =
            inode.mode & StatConstants.S_ISUID
                | GenericFile.setattrShouldDropSgid(inode, caller.cred());
        if (kill != 0) {
          change.valid |= SetAttributes.ATTR_MODE | KILL;
          change.mode = inode.mode & ~kill & 07777;
        }
      }
      return notifyChange(path, inode, change, caller);
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  /** In valid: the mode only loses set-id bits, which needs no right of its own. */
  private static final int KILL = 1 << 20;

  /** In valid: the time was given, not now. */
  private static final int ATIME_SET = 1 << 21;

  private static final int MTIME_SET = 1 << 22;

  /** In valid: both times are now, which needs only write permission. */
  private static final int TOUCH = 1 << 23;

  /** utimensat after the walk: times in seconds and nanoseconds, UTIME_NOW, UTIME_OMIT. */
  @Traced("vfs_utimes")
  public static long vfsUtimes(
      Path path, long atime, long atimeNanos, long mtime, long mtimeNanos, Caller caller) {
    if (!nsecValid(atimeNanos) || !nsecValid(mtimeNanos)) {
      return -Errno.EINVAL;
    }
    long result = Permissions.mntWantWrite(path.mount());
    if (result != 0) {
      return result;
    }
    Inode inode = path.dentry().requireInode();
    SetAttributes change = new SetAttributes();
    change.valid = SetAttributes.ATTR_CTIME;
    long now = InodeTimes.currentTime(inode);
    long nowSeconds = Math.floorDiv(now, (long) NSEC_PER_SEC);
    int nowNanos = (int) Math.floorMod(now, (long) NSEC_PER_SEC);
    if (atimeNanos != UTIME_OMIT) {
      boolean given = atimeNanos != UTIME_NOW;
      change.valid |= SetAttributes.ATTR_ATIME | (given ? ATIME_SET : 0);
      change.atimeSeconds = given ? InodeTimes.clampSeconds(inode, atime) : nowSeconds;
      change.atimeNanos = given ? InodeTimes.truncateNanos(inode, atime, atimeNanos) : nowNanos;
    }
    if (mtimeNanos != UTIME_OMIT) {
      boolean given = mtimeNanos != UTIME_NOW;
      change.valid |= SetAttributes.ATTR_MTIME | (given ? MTIME_SET : 0);
      change.mtimeSeconds = given ? InodeTimes.clampSeconds(inode, mtime) : nowSeconds;
      change.mtimeNanos = given ? InodeTimes.truncateNanos(inode, mtime, mtimeNanos) : nowNanos;
    }
    boolean bothNow = atimeNanos == UTIME_NOW && mtimeNanos == UTIME_NOW;
    if (bothNow) {
      change.valid |= TOUCH;
    } else {
      change.valid |= ATIME_SET;
    }
    return lockedChange(path, inode, change, caller);
  }

  private static boolean nsecValid(long nanos) {
    return nanos == UTIME_NOW || nanos == UTIME_OMIT || nanos >= 0 && nanos < NSEC_PER_SEC;
  }

  /** Checks a change and applies it, with the inode lock held. */
  @Traced("notify_change")
  static long notifyChange(Path path, Inode inode, SetAttributes change, Caller caller) {
    int valid = change.valid;
    boolean explicit = (valid & (ATIME_SET | MTIME_SET)) != 0;
    int attributes = SetAttributes.ATTR_MODE | SetAttributes.ATTR_UID | SetAttributes.ATTR_GID;
    if (((valid & attributes) != 0 || explicit)
        && (inode.hasFlag(Inode.S_IMMUTABLE) || inode.hasFlag(Inode.S_APPEND))) {
      return -Errno.EPERM;
    }
    long result = (valid & TOUCH) != 0 ? mayTouch(inode, caller) : 0;
    if (result == 0) {
      result = setattrPrepare(inode, change, caller);
    }
    if (result != 0) {
      return result;
    }
    boolean killOnly = (valid & KILL) != 0;
    if (inode.isSymlink() && (valid & SetAttributes.ATTR_MODE) != 0 && !killOnly) {
      return -Errno.EOPNOTSUPP;
    }
    long now = InodeTimes.currentTime(inode);
    change.ctimeSeconds = Math.floorDiv(now, (long) NSEC_PER_SEC);
    change.ctimeNanos = (int) Math.floorMod(now, (long) NSEC_PER_SEC);
    change.valid &= ~(KILL | ATIME_SET | MTIME_SET | TOUCH);
    result = inode.operations().setattr(inode, change, caller);
    if (result == 0) {
      if ((valid & (SetAttributes.ATTR_MODE | SetAttributes.ATTR_UID)) != 0) {
        inode.inodeFlags &= ~Inode.S_NOSEC;
      }
      Fsnotify.attrib(path.dentry(), inode, eventOf(valid));
    }
    return result;
  }

  private static int eventOf(int valid) {
    if ((valid & SetAttributes.ATTR_SIZE) != 0) {
      return Inotify.IN_MODIFY;
    }
    return Inotify.IN_ATTRIB;
  }

  private static long mayTouch(Inode inode, Caller caller) {
    if (inode.hasFlag(Inode.S_IMMUTABLE)) {
      return -Errno.EPERM;
    }
    return Permissions.ownerOrCapable(inode, caller.cred())
        ? 0
        : Permissions.inodePermission(inode, InodeAttributes.MAY_WRITE, caller);
  }

  @Traced("setattr_prepare")
  private static long setattrPrepare(Inode inode, SetAttributes change, Caller caller) {
    Cred cred = caller.cred();
    if (change.has(SetAttributes.ATTR_SIZE)) {
      long result = inodeNewsizeOk(inode, change.size, caller);
      if (result != 0) {
        return result;
      }
    }
    if (change.has(SetAttributes.ATTR_UID) && !chownOk(inode, change.uid, cred)
        || change.has(SetAttributes.ATTR_GID) && !chgrpOk(inode, change.gid, cred)) {
      return -Errno.EPERM;
    }
    if (change.has(SetAttributes.ATTR_MODE) && (change.valid & KILL) == 0) {
      if (!Permissions.ownerOrCapable(inode, cred)) {
        return -Errno.EPERM;
      }
      if (!Permissions.inGroupOrCapable(inode, cred)) {
        change.mode &= ~StatConstants.S_ISGID;
      }
    }
    boolean explicit = (change.valid & (ATIME_SET | MTIME_SET)) != 0;
    return explicit && !Permissions.ownerOrCapable(inode, cred) ? -Errno.EPERM : 0;
  }

  private static boolean chownOk(Inode inode, int uid, Cred cred) {
    return inode.uid == cred.fsuid() && uid == inode.uid || cred.capable(Capability.CAP_CHOWN);
  }

  private static boolean chgrpOk(Inode inode, int gid, Cred cred) {
    return inode.uid == cred.fsuid() && (cred.inGroup(gid) || gid == inode.gid)
        || cred.capable(Capability.CAP_CHOWN);
  }

  /**
   * Whether a file may have a size: the limits of the caller and of the file system. 0 or −errno.
   */
  @Traced("inode_newsize_ok")
  public static long inodeNewsizeOk(Inode inode, long size, Caller caller) {
    if (size < 0) {
      return -Errno.EINVAL;
    }
    if (size > inode.size()) {
      long limit = caller.rlimit(Rlimits.RLIMIT_FSIZE);
      if (limit != Rlimits.RLIM_INFINITY && Long.compareUnsigned(size, limit) > 0) {
        caller.sendSignal(Signals.SIGXFSZ);
        return -Errno.EFBIG;
      }
      if (size > inode.superBlock().maxBytes) {
        return -Errno.EFBIG;
      }
    }
    return 0;
  }

  /** Sets the size after the caller's rights to write were checked. */
  @Traced("do_truncate")
  static long doTruncate(Path path, Inode inode, long length, Truncate why, Caller caller) {
    if (length < 0) {
      return -Errno.EINVAL;
    }
    inode.lock.writeLock().lock();
    try {
      SetAttributes change = new SetAttributes();
      change.valid = SetAttributes.ATTR_SIZE;
      change.size = length;
      if (why != Truncate.PATH || length != inode.size()) {
        change.valid |= SetAttributes.ATTR_MTIME | SetAttributes.ATTR_CTIME;
        long now = InodeTimes.currentTime(inode);
        change.mtimeSeconds = Math.floorDiv(now, (long) NSEC_PER_SEC);
        change.mtimeNanos = (int) Math.floorMod(now, (long) NSEC_PER_SEC);
      }
      int kill = GenericFile.setattrShouldDropSuidgid(inode, caller.cred());
      if (kill != 0) {
        change.valid |= SetAttributes.ATTR_MODE | KILL;
        change.mode = inode.mode & ~kill & 07777;
      }
      return notifyChange(path, inode, change, caller);
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  /** truncate(2) after the walk. */
  @Traced("vfs_truncate")
  public static long vfsTruncate(Path path, Inode inode, long length, Caller caller) {
    if (inode.isDirectory()) {
      return -Errno.EISDIR;
    }
    if (!inode.isRegular()) {
      return -Errno.EINVAL;
    }
    long result = Permissions.mntWantWrite(path.mount());
    if (result == 0) {
      result = Permissions.inodePermission(inode, InodeAttributes.MAY_WRITE, caller);
    }
    if (result != 0) {
      return result;
    }
    if (inode.hasFlag(Inode.S_APPEND)) {
      return -Errno.EPERM;
    }
    if (!inode.getWriteAccess()) {
      return -Errno.ETXTBSY;
    }
    try {
      result = Leases.breakLease(inode, Fcntl.O_WRONLY, caller);
      return result != 0 ? result : doTruncate(path, inode, length, Truncate.PATH, caller);
    } finally {
      inode.putWriteAccess();
    }
  }

  /** ftruncate(2) after the descriptor was found. */
  @Traced("do_ftruncate")
  public static long doFtruncate(File file, long length, Caller caller) {
    if (!file.inode().isRegular() || !file.hasMode(File.FMODE_WRITE)) {
      return -Errno.EINVAL;
    }
    if (file.inode().hasFlag(Inode.S_APPEND)) {
      return -Errno.EPERM;
    }
    return doTruncate(file.path(), file.inode(), length, Truncate.FILE, caller);
  }

  /** fallocate(2) after the descriptor was found. */
  @Traced("vfs_fallocate")
  public static long vfsFallocate(File file, int mode, long offset, long bytes, Caller caller) {
    if (offset < 0 || bytes <= 0) {
      return -Errno.EINVAL;
    }
    long bad = checkFallocateMode(mode);
    if (bad != 0) {
      return bad;
    }
    if (!file.hasMode(File.FMODE_WRITE)) {
      return -Errno.EBADF;
    }
    Inode inode = file.inode();
    if ((mode & ~FsConstants.FALLOC_FL_KEEP_SIZE) != 0 && inode.hasFlag(Inode.S_APPEND)
        || inode.hasFlag(Inode.S_IMMUTABLE)) {
      return -Errno.EPERM;
    }
    if (inode.isFifo()) {
      return -Errno.ESPIPE;
    }
    if (inode.isDirectory()) {
      return -Errno.EISDIR;
    }
    if (!inode.isRegular() && !inode.isBlockDevice()) {
      return -Errno.ENODEV;
    }
    if (offset + bytes < 0 || offset + bytes > inode.superBlock().maxBytes) {
      return -Errno.EFBIG;
    }
    long result = file.operations().fallocate(file, mode, offset, bytes, caller);
    if (result == 0) {
      Fsnotify.modify(file);
    }
    return result;
  }

  private static long checkFallocateMode(int mode) {
    int kinds =
        FsConstants.FALLOC_FL_PUNCH_HOLE
            | FsConstants.FALLOC_FL_COLLAPSE_RANGE
            | FsConstants.FALLOC_FL_ZERO_RANGE
            | FsConstants.FALLOC_FL_INSERT_RANGE
            | FsConstants.FALLOC_FL_UNSHARE_RANGE;
    boolean keep = (mode & FsConstants.FALLOC_FL_KEEP_SIZE) != 0;
    if ((mode & ~(kinds | FsConstants.FALLOC_FL_KEEP_SIZE)) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    return switch (mode & kinds) {
      case 0, FsConstants.FALLOC_FL_ZERO_RANGE, FsConstants.FALLOC_FL_UNSHARE_RANGE -> 0;
      case FsConstants.FALLOC_FL_PUNCH_HOLE -> keep ? 0 : -Errno.EOPNOTSUPP;
      case FsConstants.FALLOC_FL_COLLAPSE_RANGE, FsConstants.FALLOC_FL_INSERT_RANGE ->
          keep ? -Errno.EOPNOTSUPP : 0;
      default -> -Errno.EOPNOTSUPP;
    };
  }
}
