package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Inotify;
import dev.svc0.runtime.abi.StatConstants;
import org.jspecify.annotations.Nullable;

/** Extended attributes: who may, and which names are meant. <i>Linux:</i> fs/xattr.c. */
public final class Xattr {
  /** Capabilities of a program file. */
  public static final String CAPABILITY = "security.capability";

  private static final String SECURITY = "security.";
  private static final String TRUSTED = "trusted.";
  private static final String USER = "user.";

  private Xattr() {}

  /** <i>Linux:</i> xattr_permission. 0 or −errno. */
  private static long permission(Inode inode, String name, int mask, Caller caller) {
    boolean writes = (mask & InodeAttributes.MAY_WRITE) != 0;
    if (name.equals(USER) || name.equals(TRUSTED) || name.equals(SECURITY)) {
      return -Errno.EINVAL; // a handler of everything below a prefix, and nothing below it
    }
    if (writes && (inode.hasFlag(Inode.S_IMMUTABLE) || inode.hasFlag(Inode.S_APPEND))) {
      return -Errno.EPERM;
    }
    if (name.startsWith(SECURITY) || name.startsWith("system.")) {
      return securityPermission(name, writes, caller);
    }
    if (name.startsWith(TRUSTED)) {
      boolean may = caller.cred().capable(Capability.CAP_SYS_ADMIN);
      return may ? 0 : writes ? -Errno.EPERM : -Errno.ENODATA;
    }
    if (name.startsWith(USER)) {
      if (!inode.isRegular() && !inode.isDirectory()) {
        return writes ? -Errno.EPERM : -Errno.ENODATA;
      }
      boolean sticky = (inode.mode & StatConstants.S_ISVTX) != 0;
      if (writes
          && inode.isDirectory()
          && sticky
          && !Permissions.ownerOrCapable(inode, caller.cred())) {
        return -Errno.EPERM;
      }
    }
    return Permissions.inodePermission(inode, mask, caller);
  }

  private static long securityPermission(String name, boolean writes, Caller caller) {
    if (!writes) {
      return 0;
    }
    int needed = name.equals(CAPABILITY) ? Capability.CAP_SETFCAP : Capability.CAP_SYS_ADMIN;
    return caller.cred().capable(needed) ? 0 : -Errno.EPERM;
  }

  /** setxattr; null removes. 0 or −errno. */
  public static long set(
      Path path, String name, byte @Nullable [] value, int flags, Caller caller) {
    Inode inode = path.dentry().requireInode();
    long result = Permissions.mntWantWrite(path.mount());
    if (result == 0) {
      result = permission(inode, name, InodeAttributes.MAY_WRITE, caller);
    }
    if (result != 0) {
      return result;
    }
    inode.lock.writeLock().lock();
    try {
      result = inode.operations().setxattr(inode, name, value, flags);
      if (result == 0) {
        inode.inodeFlags &= ~Inode.S_NOSEC;
        Fsnotify.attrib(path.dentry(), inode, Inotify.IN_ATTRIB);
      }
      return result;
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  /** getxattr; null with −errno in error[0]. */
  public static byte @Nullable [] get(Inode inode, String name, Caller caller, long[] error) {
    error[0] = permission(inode, name, InodeAttributes.MAY_READ, caller);
    return error[0] != 0 ? null : inode.operations().getxattr(inode, name, error);
  }

  /** listxattr: the names the caller may see, each followed by NUL. */
  public static String list(Inode inode, Caller caller) {
    String all = inode.operations().listxattr(inode);
    if (all.isEmpty() || caller.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return all;
    }
    StringBuilder visible = new StringBuilder();
    for (String name : all.split("\0", -1)) {
      if (!name.isEmpty() && !name.startsWith(TRUSTED)) {
        visible.append(name).append('\0');
      }
    }
    return visible.toString();
  }
}
