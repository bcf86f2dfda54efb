package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.abi.StatConstants;

/** Who may do what. <i>Linux:</i> the checks of fs/namei.c. */
public final class Permissions {
  private Permissions() {}

  /**
   * Whether a caller may read, write or execute (search) an inode.
   *
   * @param mask MAY_ bits of {@link InodeAttributes}
   * @return 0, −EROFS, −EPERM (immutable), −EACCES
   */
  public static long inodePermission(Inode inode, int mask, Caller caller) {
    if ((mask & InodeAttributes.MAY_WRITE) != 0) {
      if (inode.superBlock().isReadOnly()
          && (inode.isRegular() || inode.isDirectory() || inode.isSymlink())) {
        return -Errno.EROFS;
      }
      if (inode.hasFlag(Inode.S_IMMUTABLE)) {
        return -Errno.EPERM;
      }
    }
    return inode.operations().permission(inode, mask & 7, caller);
  }

  /** The same through a mount, which may be read-only by itself. */
  public static long pathPermission(Path path, int mask, Caller caller) {
    return inodePermission(path.dentry().requireInode(), mask, caller);
  }

  /**
   * access(2): with the real ids, unless told otherwise.
   *
   * @param mode R_OK, W_OK, X_OK, or'ed
   */
  public static long access(
      Caller caller, int dirfd, String name, int mode, int lookup, boolean effective) {
    Caller asking = effective ? caller : new RealIdCaller(caller);
    return Namei.withPath(
        asking,
        dirfd,
        name,
        lookup,
        (path, inode) -> {
          boolean noexec = (path.mount().flags() & MountFlags.MS_NOEXEC) != 0;
          if ((mode & InodeAttributes.MAY_EXEC) != 0 && inode.isRegular() && noexec) {
            return -Errno.EACCES;
          }
          long result = inodePermission(inode, mode, asking);
          boolean special = !inode.isRegular() && !inode.isDirectory() && !inode.isSymlink();
          if (result != 0 || (mode & InodeAttributes.MAY_WRITE) == 0 || special) {
            return result;
          }
          return mntWantWrite(path.mount());
        });
  }

  /** 0, or −EROFS when nothing may be changed through a mount. <i>Linux:</i> mnt_want_write. */
  public static long mntWantWrite(Mount mount) {
    return mount.isReadOnly() ? -Errno.EROFS : 0;
  }

  /** Whether the caller owns an inode, or may act as if. <i>Linux:</i> inode_owner_or_capable. */
  public static boolean ownerOrCapable(Inode inode, Cred cred) {
    return inode.uid == cred.fsuid() || cred.capable(Capability.CAP_FOWNER);
  }

  /** <i>Linux:</i> may_create. 0 or −errno. */
  static long mayCreate(Inode directory, Dentry entry, Caller caller) {
    if (!entry.isNegative()) {
      return -Errno.EEXIST;
    }
    if (directory.hasFlag(Inode.S_DEAD)) {
      return -Errno.ENOENT;
    }
    return inodePermission(directory, InodeAttributes.MAY_WRITE | InodeAttributes.MAY_EXEC, caller);
  }

  /** <i>Linux:</i> may_delete. 0 or −errno. */
  static long mayDelete(Inode directory, Dentry victim, boolean wantDirectory, Caller caller) {
    Inode inode = victim.inode();
    if (inode == null) {
      return -Errno.ENOENT;
    }
    long result =
        inodePermission(directory, InodeAttributes.MAY_WRITE | InodeAttributes.MAY_EXEC, caller);
    if (result != 0) {
      return result;
    }
    if (directory.hasFlag(Inode.S_APPEND)
        || isSticky(directory, inode, caller.cred())
        || inode.hasFlag(Inode.S_APPEND)
        || inode.hasFlag(Inode.S_IMMUTABLE)) {
      return -Errno.EPERM;
    }
    if (wantDirectory) {
      if (!inode.isDirectory()) {
        return -Errno.ENOTDIR;
      }
      if (victim.parent() == null) {
        return -Errno.EBUSY;
      }
    } else if (inode.isDirectory()) {
      return -Errno.EISDIR;
    }
    return directory.hasFlag(Inode.S_DEAD) ? -Errno.ENOENT : 0;
  }

  /** Whether the sticky bit protects an entry from the caller. <i>Linux:</i> check_sticky. */
  private static boolean isSticky(Inode directory, Inode inode, Cred cred) {
    return (directory.mode & StatConstants.S_ISVTX) != 0
        && inode.uid != cred.fsuid()
        && directory.uid != cred.fsuid()
        && !cred.capable(Capability.CAP_FOWNER);
  }

  /** Whether the caller is in a group or may act as if. <i>Linux:</i> in_group_or_capable. */
  static boolean inGroupOrCapable(Inode inode, Cred cred) {
    return cred.inGroup(inode.gid) || cred.capable(Capability.CAP_FSETID);
  }

  /**
   * The mode of a new file in a directory: without set-gid when the directory hands its group down
   * and the caller is not in it. <i>Linux:</i> mode_strip_sgid.
   */
  static int modeStripSgid(Inode directory, int mode, Cred cred) {
    int both = StatConstants.S_ISGID | StatConstants.S_IXGRP;
    if ((mode & StatConstants.S_IFMT) == StatConstants.S_IFDIR
        || (directory.mode & StatConstants.S_ISGID) == 0
        || (mode & both) != both
        || inGroupOrCapable(directory, cred)) {
      return mode;
    }
    return mode & ~StatConstants.S_ISGID;
  }

  /** Owner, group, mode and times of a new inode in a directory. <i>Linux:</i> inode_init_owner. */
  public static void inodeInitOwner(Inode inode, Inode directory, int mode, Cred cred) {
    inode.uid = cred.fsuid();
    inode.mode = mode;
    if ((directory.mode & StatConstants.S_ISGID) != 0) {
      inode.gid = directory.gid;
      if ((mode & StatConstants.S_IFMT) == StatConstants.S_IFDIR) {
        inode.mode = mode | StatConstants.S_ISGID;
      }
    } else {
      inode.gid = cred.fsgid();
    }
  }
}
