package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.pagecache.PageCacheOwner;

/**
 * Attributes and permissions as most file systems want them. <i>Linux:</i> fs/attr.c, fs/namei.c.
 */
public final class InodeAttributes {
  public static final int MAY_EXEC = 1;
  public static final int MAY_WRITE = 2;
  public static final int MAY_READ = 4;

  private InodeAttributes() {}

  /** Owner, group and other bits, then capabilities. 0 or −EACCES. */
  public static long genericPermission(Inode inode, int mask, Cred cred) {
    int mode = inode.mode;
    int bits;
    if (inode.uid == cred.fsuid()) {
      bits = mode >>> 6;
    } else if (cred.inGroup(inode.gid)) {
      bits = mode >>> 3;
    } else {
      bits = mode;
    }
    if ((mask & ~bits & 7) == 0) {
      return 0;
    }
    return capable(inode, mask, cred) ? 0 : -Errno.EACCES;
  }

  /** Whether a capability lets a caller do what mode or ACL do not. */
  public static boolean capable(Inode inode, int mask, Cred cred) {
    if (inode.isDirectory()) {
      if ((mask & MAY_WRITE) == 0 && cred.capable(Capability.CAP_DAC_READ_SEARCH)) {
        return true;
      }
      return cred.capable(Capability.CAP_DAC_OVERRIDE);
    }
    if (mask == MAY_READ && cred.capable(Capability.CAP_DAC_READ_SEARCH)) {
      return true;
    }
    boolean execWithoutAnyExecBit = (mask & MAY_EXEC) != 0 && (inode.mode & 0111) == 0;
    return !execWithoutAnyExecBit && cred.capable(Capability.CAP_DAC_OVERRIDE);
  }

  /** Copies the fields that count into the inode, cuts the page cache, marks dirty. 0. */
  public static long simpleSetattr(Inode inode, SetAttributes change) {
    if (change.has(SetAttributes.ATTR_SIZE)) {
      inode.setSize(change.size);
      Filemap.truncateInodePages(inode.mapping(), change.size);
    }
    setattrCopy(inode, change);
    inode.markDirty(PageCacheOwner.DIRTY_SYNC | PageCacheOwner.DIRTY_DATASYNC);
    return 0;
  }

  /** Copies everything but the size. */
  public static void setattrCopy(Inode inode, SetAttributes change) {
    if (change.has(SetAttributes.ATTR_UID)) {
      inode.uid = change.uid;
    }
    if (change.has(SetAttributes.ATTR_GID)) {
      inode.gid = change.gid;
    }
    if (change.has(SetAttributes.ATTR_ATIME)) {
      inode.atimeSeconds = change.atimeSeconds;
      inode.atimeNanos = change.atimeNanos;
    }
    if (change.has(SetAttributes.ATTR_MTIME)) {
      inode.mtimeSeconds = change.mtimeSeconds;
      inode.mtimeNanos = change.mtimeNanos;
    }
    if (change.has(SetAttributes.ATTR_CTIME)) {
      inode.ctimeSeconds = change.ctimeSeconds;
      inode.ctimeNanos = change.ctimeNanos;
    }
    if (change.has(SetAttributes.ATTR_MODE)) {
      inode.mode = inode.type() | change.mode & 07777;
    }
  }
}
