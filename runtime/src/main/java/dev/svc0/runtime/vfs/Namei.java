package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatConstants;
import org.jspecify.annotations.Nullable;

/**
 * Names: finding, creating, removing them. Descriptors and names are those of the system calls; all
 * methods give 0 or −errno. <i>Linux:</i> fs/namei.c.
 */
@Traced(layer = Traced.Layer.VFS)
public final class Namei {
  private static final int PATH_MAX = 4096;

  private Namei() {}

  /** What is done at the end of a walk, while the place is held. */
  @FunctionalInterface
  public interface PathAction {
    /** A result or −errno. */
    long apply(Path path, Inode inode);
  }

  /** The checks of a path that is read from a program. <i>Linux:</i> getname_flags. */
  static long checkName(String name, int flags) {
    if (name.length() >= PATH_MAX) {
      return -Errno.ENAMETOOLONG;
    }
    return name.isEmpty() && (flags & Lookup.EMPTY) == 0 ? -Errno.ENOENT : 0;
  }

  /**
   * Walks to a place and does something there.
   *
   * @param flags {@link Lookup} flags
   */
  @Traced("filename_lookup")
  public static long withPath(Caller caller, int dirfd, String name, int flags, PathAction action) {
    long checked = checkName(name, flags);
    if (checked != 0) {
      return checked;
    }
    long[] error = new long[1];
    Nameidata nd = Nameidata.pathInit(caller, dirfd, name, flags, error);
    if (nd == null) {
      return error[0];
    }
    try (nd) {
      long result = nd.pathLookupat(name);
      return result != 0 ? result : action.apply(nd.path(), nd.inode);
    }
  }

  /** Does something at the entry of a new name, under the directory's lock. */
  @FunctionalInterface
  private interface CreateAction {
    long apply(Nameidata parent, Dentry entry);
  }

  /** <i>Linux:</i> filename_create. The parent's walk is positioned before the last component. */
  private static long filenameCreate(
      Caller caller, int dirfd, String name, boolean directory, CreateAction action) {
    long checked = checkName(name, 0);
    if (checked != 0) {
      return checked;
    }
    long[] error = new long[1];
    Nameidata nd = Nameidata.pathInit(caller, dirfd, name, 0, error);
    if (nd == null) {
      return error[0];
    }
    try (nd) {
      long result = nd.pathParentat(name);
      if (result != 0) {
        return result;
      }
      if (nd.lastType != Nameidata.LastType.NORM) {
        return -Errno.EEXIST;
      }
      nd.inode.lock.writeLock().lock();
      try {
        Dentry entry = nd.vfs.dentries().lookup(nd.dentry, nd.inode, nd.last, error);
        if (entry == null) {
          return error[0];
        }
        if (!entry.isNegative()) {
          return -Errno.EEXIST;
        }
        if (!directory && nd.lastHasSlash) {
          return -Errno.ENOENT;
        }
        result = Permissions.mntWantWrite(nd.mount);
        return result != 0 ? result : action.apply(nd, entry);
      } finally {
        nd.inode.lock.writeLock().unlock();
      }
    }
  }

  /** mkdirat(2). */
  public static long mkdirat(Caller caller, int dirfd, String name, int mode) {
    return filenameCreate(
        caller,
        dirfd,
        name,
        true,
        (nd, entry) -> vfsMkdir(nd.inode, entry, mode & ~caller.fs().umask, caller));
  }

  @Traced("vfs_mkdir")
  static long vfsMkdir(Inode directory, Dentry entry, int mode, Caller caller) {
    long result = Permissions.mayCreate(directory, entry, caller);
    if (result != 0) {
      return result;
    }
    int bits =
        mode
            & (StatConstants.S_IRWXU
                | StatConstants.S_IRWXG
                | StatConstants.S_IRWXO
                | StatConstants.S_ISVTX);
    if (directory.nlink >= directory.superBlock().maxLinks) {
      return -Errno.EMLINK;
    }
    result = directory.operations().mkdir(directory, entry, bits, caller);
    if (result == 0) {
      Fsnotify.create(directory, entry, true);
    }
    return result;
  }

  /** mknodat(2), and mkfifo. */
  public static long mknodat(Caller caller, int dirfd, String name, int mode, int rdev) {
    switch (mode & StatConstants.S_IFMT) {
      case 0,
          StatConstants.S_IFREG,
          StatConstants.S_IFCHR,
          StatConstants.S_IFBLK,
          StatConstants.S_IFIFO,
          StatConstants.S_IFSOCK -> {}
      case StatConstants.S_IFDIR -> {
        return -Errno.EPERM;
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    return filenameCreate(
        caller,
        dirfd,
        name,
        false,
        (nd, entry) -> {
          int bits = Permissions.modeStripSgid(nd.inode, mode & ~caller.fs().umask, caller.cred());
          int type = mode & StatConstants.S_IFMT;
          return type == 0 || type == StatConstants.S_IFREG
              ? vfsCreate(nd.inode, entry, bits, caller)
              : vfsMknod(nd.inode, entry, bits, rdev, caller);
        });
  }

  @Traced("vfs_create")
  static long vfsCreate(Inode directory, Dentry entry, int mode, Caller caller) {
    long result = Permissions.mayCreate(directory, entry, caller);
    if (result != 0) {
      return result;
    }
    int bits = mode & 07777 | StatConstants.S_IFREG;
    result = directory.operations().create(directory, entry, bits, caller);
    if (result == 0) {
      Fsnotify.create(directory, entry, false);
    }
    return result;
  }

  @Traced("vfs_mknod")
  private static long vfsMknod(Inode directory, Dentry entry, int mode, int rdev, Caller caller) {
    long result = Permissions.mayCreate(directory, entry, caller);
    if (result != 0) {
      return result;
    }
    int type = mode & StatConstants.S_IFMT;
    boolean device = type == StatConstants.S_IFCHR || type == StatConstants.S_IFBLK;
    if (device && !caller.cred().capable(Capability.CAP_MKNOD)) {
      return -Errno.EPERM;
    }
    result = directory.operations().mknod(directory, entry, mode, device ? rdev : 0, caller);
    if (result == 0) {
      Fsnotify.create(directory, entry, false);
    }
    return result;
  }

  /** symlinkat(2). */
  public static long symlinkat(Caller caller, String target, int dirfd, String name) {
    long checked = checkName(target, 0);
    if (checked != 0) {
      return checked;
    }
    return filenameCreate(
        caller, dirfd, name, false, (nd, entry) -> vfsSymlink(nd.inode, entry, target, caller));
  }

  @Traced("vfs_symlink")
  private static long vfsSymlink(Inode directory, Dentry entry, String target, Caller caller) {
    long result = Permissions.mayCreate(directory, entry, caller);
    if (result != 0) {
      return result;
    }
    result = directory.operations().symlink(directory, entry, target, caller);
    if (result == 0) {
      Fsnotify.create(directory, entry, false);
    }
    return result;
  }

  /**
   * linkat(2) after its flags were checked.
   *
   * @param lookupFlags how the old name is walked
   */
  public static long linkat(
      Caller caller, int oldDirfd, String oldName, int newDirfd, String newName, int lookupFlags) {
    return withPath(
        caller,
        oldDirfd,
        oldName,
        lookupFlags,
        (old, inode) ->
            filenameCreate(
                caller,
                newDirfd,
                newName,
                false,
                (nd, entry) ->
                    nd.mount != old.mount()
                        ? -Errno.EXDEV
                        : vfsLink(old, inode, nd.inode, entry, caller)));
  }

  @Traced("vfs_link")
  private static long vfsLink(Path old, Inode inode, Inode directory, Dentry entry, Caller caller) {
    long result = Permissions.mayCreate(directory, entry, caller);
    if (result != 0) {
      return result;
    }
    if (directory.superBlock() != inode.superBlock()) {
      return -Errno.EXDEV;
    }
    if (inode.hasFlag(Inode.S_APPEND) || inode.hasFlag(Inode.S_IMMUTABLE) || inode.isDirectory()) {
      return -Errno.EPERM;
    }
    inode.lock.writeLock().lock();
    try {
      if (inode.nlink == 0 && !inode.linkable) {
        return -Errno.ENOENT;
      }
      if (inode.nlink >= inode.superBlock().maxLinks) {
        return -Errno.EMLINK;
      }
      result = directory.operations().link(inode, directory, entry);
      if (result == 0) {
        inode.linkable = false;
      }
    } finally {
      inode.lock.writeLock().unlock();
    }
    if (result == 0) {
      Fsnotify.link(directory, entry, inode);
    }
    return result;
  }

  /** unlinkat(2) without AT_REMOVEDIR. */
  public static long unlinkat(Caller caller, int dirfd, String name) {
    return removeAt(caller, dirfd, name, false);
  }

  /** unlinkat(2) with AT_REMOVEDIR. */
  public static long rmdirat(Caller caller, int dirfd, String name) {
    return removeAt(caller, dirfd, name, true);
  }

  private static long removeAt(Caller caller, int dirfd, String name, boolean directory) {
    long checked = checkName(name, 0);
    if (checked != 0) {
      return checked;
    }
    long[] error = new long[1];
    Nameidata nd = Nameidata.pathInit(caller, dirfd, name, 0, error);
    if (nd == null) {
      return error[0];
    }
    try (nd) {
      long result = nd.pathParentat(name);
      if (result == 0) {
        result = directory ? lastTypeForRmdir(nd) : lastTypeForUnlink(nd);
      }
      if (result == 0) {
        result = Permissions.mntWantWrite(nd.mount);
      }
      return result != 0 ? result : removeLast(nd, directory, error);
    }
  }

  private static long lastTypeForRmdir(Nameidata nd) {
    return switch (nd.lastType) {
      case NORM -> 0;
      case DOTDOT -> -Errno.ENOTEMPTY;
      case DOT -> -Errno.EINVAL;
      case ROOT -> -Errno.EBUSY;
    };
  }

  private static long lastTypeForUnlink(Nameidata nd) {
    return nd.lastType == Nameidata.LastType.NORM ? 0 : -Errno.EISDIR;
  }

  private static long removeLast(Nameidata nd, boolean directory, long[] error) {
    Inode victim = null;
    nd.inode.lock.writeLock().lock();
    try {
      Dentry entry = nd.vfs.dentries().lookup(nd.dentry, nd.inode, nd.last, error);
      if (entry == null) {
        return error[0];
      }
      victim = entry.inode();
      if (victim == null || !victim.tryHold()) {
        victim = null;
        return -Errno.ENOENT;
      }
      if (!directory && nd.lastHasSlash) {
        return victim.isDirectory() ? -Errno.EISDIR : -Errno.ENOTDIR;
      }
      return directory
          ? vfsRmdir(nd.vfs, nd.inode, entry, nd.caller)
          : vfsUnlink(nd.vfs, nd.inode, entry, nd.caller);
    } finally {
      nd.inode.lock.writeLock().unlock();
      if (victim != null) {
        victim.put();
      }
    }
  }

  @Traced("vfs_unlink")
  static long vfsUnlink(Vfs vfs, Inode directory, Dentry entry, Caller caller) {
    long result = Permissions.mayDelete(directory, entry, false, caller);
    if (result != 0) {
      return result;
    }
    Inode target = entry.requireInode();
    target.lock.writeLock().lock();
    try {
      if (MountTable.isMountPoint(entry)) {
        return -Errno.EBUSY;
      }
      result = directory.operations().unlink(directory, entry);
    } finally {
      target.lock.writeLock().unlock();
    }
    if (result == 0) {
      Fsnotify.unlink(directory, entry, target);
      vfs.dentries().drop(entry);
    }
    return result;
  }

  @Traced("vfs_rmdir")
  private static long vfsRmdir(Vfs vfs, Inode directory, Dentry entry, Caller caller) {
    long result = Permissions.mayDelete(directory, entry, true, caller);
    if (result != 0) {
      return result;
    }
    Inode target = entry.requireInode();
    target.lock.writeLock().lock();
    try {
      if (MountTable.isMountPoint(entry)) {
        return -Errno.EBUSY;
      }
      result = directory.operations().rmdir(directory, entry);
      if (result == 0) {
        target.inodeFlags |= Inode.S_DEAD;
        dropChildren(vfs, entry);
      }
    } finally {
      target.lock.writeLock().unlock();
    }
    if (result == 0) {
      Fsnotify.unlink(directory, entry, target);
      vfs.dentries().drop(entry);
    }
    return result;
  }

  /** The negative entries below a directory that was removed. */
  static void dropChildren(Vfs vfs, Dentry directory) {
    for (Dentry child : directory.children.values()) {
      vfs.dentries().drop(child);
    }
  }

  /** The place of a name, for the kernel's own use; null with −errno in error[0]. */
  public static @Nullable Path kernPath(Caller caller, String name, int flags, long[] error) {
    Path[] result = new Path[1];
    error[0] =
        withPath(
            caller,
            Fcntl.AT_FDCWD,
            name,
            flags,
            (path, inode) -> {
              result[0] = path;
              return 0;
            });
    return error[0] == 0 ? result[0] : null;
  }
}
