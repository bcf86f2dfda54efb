package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import org.jspecify.annotations.Nullable;

/** Moving names. <i>Linux:</i> do_renameat2, vfs_rename of fs/namei.c. */
@Traced(layer = Traced.Layer.VFS)
public final class Rename {
  private static final int SUPPORTED =
      FsConstants.RENAME_NOREPLACE | FsConstants.RENAME_EXCHANGE | FsConstants.RENAME_WHITEOUT;

  private final Caller caller;
  private final Vfs vfs;
  private final Nameidata from;
  private final Nameidata to;
  private final int flags;
  private final long[] error = new long[1];
  private @Nullable Dentry trap;

  private Rename(Caller caller, Nameidata from, Nameidata to, int flags) {
    this.caller = caller;
    this.vfs = from.vfs;
    this.from = from;
    this.to = to;
    this.flags = flags;
  }

  /** Whether the flags can be meant together. 0 or −EINVAL. */
  public static long checkFlags(int flags) {
    int notWithExchange = FsConstants.RENAME_NOREPLACE | FsConstants.RENAME_WHITEOUT;
    boolean exchange = (flags & FsConstants.RENAME_EXCHANGE) != 0;
    boolean bad = (flags & ~SUPPORTED) != 0 || exchange && (flags & notWithExchange) != 0;
    return bad ? -Errno.EINVAL : 0;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** renameat2(2). 0 or −errno. */
  public static long renameat2(
      Caller caller, int oldDirfd, String oldName, int newDirfd, String newName, int flags) {
    long checked = checkFlags(flags);
    if (checked == 0) {
      checked = Namei.checkName(oldName, 0);
    }
    if (checked == 0) {
      checked = Namei.checkName(newName, 0);
    }
    if (checked != 0) {
      return checked;
    }
    long[] error = new long[1];
    Nameidata from = Nameidata.pathInit(caller, oldDirfd, oldName, 0, error);
    if (from == null) {
      return error[0];
    }
    try (from) {
      long result = from.pathParentat(oldName);
      if (result != 0) {
        return result;
      }
      Nameidata to = Nameidata.pathInit(caller, newDirfd, newName, 0, error);
      if (to == null) {
        return error[0];
      }
      try (to) {
        result = to.pathParentat(newName);
        return result != 0 ? result : new Rename(caller, from, to, flags).run();
      }
    }
  }

  private long run() {
    if (from.mount != to.mount) {
      return -Errno.EXDEV;
    }
    if (from.lastType != Nameidata.LastType.NORM) {
      return -Errno.EBUSY;
    }
    if (to.lastType != Nameidata.LastType.NORM) {
      return has(FsConstants.RENAME_NOREPLACE) ? -Errno.EEXIST : -Errno.EBUSY;
    }
    long result = Permissions.mntWantWrite(from.mount);
    if (result != 0) {
      return result;
    }
    if (from.inode == to.inode) {
      from.inode.lock.writeLock().lock();
      try {
        return underLocks();
      } finally {
        from.inode.lock.writeLock().unlock();
      }
    }
    return lockedBoth();
  }

  /** <i>Linux:</i> lock_rename: the ancestor first. */
  private long lockedBoth() {
    SuperBlock superBlock = from.inode.superBlock();
    superBlock.renameLock.lock();
    try {
      Inode first = from.inode;
      Inode second = to.inode;
      if (to.dentry.isAncestorOf(from.dentry)) {
        first = to.inode;
        second = from.inode;
        trap = childOnWay(to.dentry, from.dentry);
      } else if (from.dentry.isAncestorOf(to.dentry)) {
        trap = childOnWay(from.dentry, to.dentry);
      }
      first.lock.writeLock().lock();
      second.lock.writeLock().lock();
      try {
        return underLocks();
      } finally {
        second.lock.writeLock().unlock();
        first.lock.writeLock().unlock();
      }
    } finally {
      superBlock.renameLock.unlock();
    }
  }

  private static @Nullable Dentry childOnWay(Dentry ancestor, Dentry below) {
    Dentry at = below;
    for (Dentry up = at.parent(); up != null && up != ancestor; up = at.parent()) {
      at = up;
    }
    return at;
  }

  private long underLocks() {
    Dentry oldEntry = vfs.dentries().lookup(from.dentry, from.inode, from.last, error);
    if (oldEntry == null) {
      return error[0];
    }
    Inode source = oldEntry.inode();
    if (source == null || !source.tryHold()) {
      return -Errno.ENOENT;
    }
    Inode target = null;
    try {
      Dentry newEntry = vfs.dentries().lookup(to.dentry, to.inode, to.last, error);
      if (newEntry == null) {
        return error[0];
      }
      target = newEntry.inode();
      if (target != null) {
        target.hold();
      }
      long result = checkEntries(oldEntry, source, newEntry, target);
      return result != 0 ? result : vfsRename(oldEntry, source, newEntry, target);
    } finally {
      source.put();
      if (target != null) {
        target.put();
      }
    }
  }

  private long checkEntries(
      Dentry oldEntry, Inode source, Dentry newEntry, @Nullable Inode target) {
    boolean exchange = has(FsConstants.RENAME_EXCHANGE);
    if (has(FsConstants.RENAME_NOREPLACE) && target != null) {
      return -Errno.EEXIST;
    }
    if (exchange) {
      if (target == null) {
        return -Errno.ENOENT;
      }
      if (!target.isDirectory() && to.lastHasSlash) {
        return -Errno.ENOTDIR;
      }
    }
    if (!source.isDirectory() && (from.lastHasSlash || !exchange && to.lastHasSlash)) {
      return -Errno.ENOTDIR;
    }
    if (oldEntry == trap) {
      return -Errno.EINVAL;
    }
    if (newEntry == trap) {
      return exchange ? -Errno.EINVAL : -Errno.ENOTEMPTY;
    }
    return 0;
  }

  @Traced("vfs_rename")
  private long vfsRename(Dentry oldEntry, Inode source, Dentry newEntry, @Nullable Inode target) {
    if (source == target) {
      return 0;
    }
    boolean directory = source.isDirectory();
    long result = Permissions.mayDelete(from.inode, oldEntry, directory, caller);
    if (result == 0) {
      if (target == null) {
        result = Permissions.mayCreate(to.inode, newEntry, caller);
      } else {
        boolean victimDirectory =
            has(FsConstants.RENAME_EXCHANGE) ? target.isDirectory() : directory;
        result = Permissions.mayDelete(to.inode, newEntry, victimDirectory, caller);
      }
    }
    if (result == 0 && from.inode != to.inode) {
      result = mayMoveDirectories(source, target);
    }
    return result != 0 ? result : lockedChildren(oldEntry, source, newEntry, target);
  }

  /** A directory that gets another parent is written to. */
  private long mayMoveDirectories(Inode source, @Nullable Inode target) {
    long result = 0;
    if (source.isDirectory()) {
      result = Permissions.inodePermission(source, InodeAttributes.MAY_WRITE, caller);
    }
    if (result == 0 && has(FsConstants.RENAME_EXCHANGE) && target != null && target.isDirectory()) {
      result = Permissions.inodePermission(target, InodeAttributes.MAY_WRITE, caller);
    }
    return result;
  }

  private long lockedChildren(
      Dentry oldEntry, Inode source, Dentry newEntry, @Nullable Inode target) {
    Inode first = source;
    Inode second = target;
    if (second != null && comesBefore(second, first)) {
      first = second;
      second = source;
    }
    first.lock.writeLock().lock();
    try {
      if (second != null) {
        second.lock.writeLock().lock();
      }
      try {
        return move(oldEntry, source, newEntry, target);
      } finally {
        if (second != null) {
          second.lock.writeLock().unlock();
        }
      }
    } finally {
      first.lock.writeLock().unlock();
    }
  }

  /** Directories before other files, then by number. */
  private static boolean comesBefore(Inode one, Inode other) {
    if (one.isDirectory() != other.isDirectory()) {
      return one.isDirectory();
    }
    return one.number() < other.number();
  }

  private long move(Dentry oldEntry, Inode source, Dentry newEntry, @Nullable Inode target) {
    if (MountTable.isMountPoint(oldEntry) || MountTable.isMountPoint(newEntry)) {
      return -Errno.EBUSY;
    }
    if (tooManyLinks(source, target)) {
      return -Errno.EMLINK;
    }
    String oldName = oldEntry.name();
    long result = from.inode.operations().rename(from.inode, oldEntry, to.inode, newEntry, flags);
    if (result != 0) {
      return result;
    }
    vfs.dentries().renameStep();
    try {
      if (has(FsConstants.RENAME_EXCHANGE)) {
        Dentry.exchange(oldEntry, newEntry);
      } else {
        replaced(newEntry, target);
        oldEntry.move(to.dentry, to.last);
      }
    } finally {
      vfs.dentries().renameStep();
    }
    Fsnotify.move(from.inode, oldName, to.inode, to.last, source);
    if (target != null && has(FsConstants.RENAME_EXCHANGE)) {
      Fsnotify.move(to.inode, to.last, from.inode, oldName, target);
    }
    return 0;
  }

  private void replaced(Dentry newEntry, @Nullable Inode target) {
    if (target != null && target.isDirectory()) {
      target.inodeFlags |= Inode.S_DEAD;
      Namei.dropChildren(vfs, newEntry);
    }
    vfs.dentries().drop(newEntry);
    if (target != null) {
      Fsnotify.replaced(target);
    }
  }

  private boolean tooManyLinks(Inode source, @Nullable Inode target) {
    if (from.inode == to.inode) {
      return false;
    }
    int max = source.superBlock().maxLinks;
    boolean targetIsDirectory = target != null && target.isDirectory();
    if (source.isDirectory() && !targetIsDirectory && to.inode.nlink >= max) {
      return true;
    }
    return has(FsConstants.RENAME_EXCHANGE)
        && !source.isDirectory()
        && targetIsDirectory
        && from.inode.nlink >= max;
  }
}
