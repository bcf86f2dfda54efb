package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * What a file system does with names and attributes. <i>Linux:</i> {@code inode_operations}.
 *
 * <p>The VFS has checked permissions, types and limits before, and holds the inode locks of the
 * directories that change. Names have been checked: not empty, no slash, not too long.
 */
public interface InodeOperations {
  /**
   * Looks a name up in a directory: instantiates the entry, or leaves it negative.
   *
   * @return 0, also when there is no such name, or −errno
   */
  default long lookup(Inode directory, Dentry entry) {
    return -Errno.ENOTDIR;
  }

  /**
   * Whether a cached entry, negative ones too, still holds. Asked only when {@link
   * SuperBlock#revalidates} is set. <i>Linux:</i> d_revalidate.
   */
  default boolean revalidate(Inode directory, Dentry entry) {
    return true;
  }

  /** Creates a regular file and instantiates the entry. 0 or −errno. */
  default long create(Inode directory, Dentry entry, int mode, Caller caller) {
    return -Errno.EACCES;
  }

  /** Adds a second name for an inode. 0 or −errno. */
  default long link(Inode target, Inode directory, Dentry entry) {
    return -Errno.EPERM;
  }

  /** Removes a name that is no directory, and lowers the link count. 0 or −errno. */
  default long unlink(Inode directory, Dentry entry) {
    return -Errno.EPERM;
  }

  /** Creates a symbolic link. 0 or −errno. */
  default long symlink(Inode directory, Dentry entry, String target, Caller caller) {
    return -Errno.EPERM;
  }

  /** Creates a directory. 0 or −errno. */
  default long mkdir(Inode directory, Dentry entry, int mode, Caller caller) {
    return -Errno.EPERM;
  }

  /** Removes an empty directory. 0 or −errno (−ENOTEMPTY). */
  default long rmdir(Inode directory, Dentry entry) {
    return -Errno.EPERM;
  }

  /** Creates a device node, FIFO or socket. 0 or −errno. */
  default long mknod(Inode directory, Dentry entry, int mode, int rdev, Caller caller) {
    return -Errno.EPERM;
  }

  /**
   * Moves a name, replacing the target if there is one (both kinds match, a directory is empty).
   *
   * @param flags RENAME_ bits; refuse with −EINVAL what is not supported
   */
  default long rename(
      Inode oldDirectory, Dentry oldEntry, Inode newDirectory, Dentry newEntry, int flags) {
    return -Errno.EPERM;
  }

  /** A nameless file in a directory (O_TMPFILE), link count 0; null with the errno in error[0]. */
  default @Nullable Inode tmpfile(Inode directory, int mode, Caller caller, long[] error) {
    error[0] = -Errno.EOPNOTSUPP;
    return null;
  }

  /** The target of a symbolic link; null with the errno in error[0]. */
  default @Nullable String getLink(Inode inode, Caller caller, long[] error) {
    error[0] = -Errno.EINVAL;
    return null;
  }

  /**
   * The place a magic link (/proc/PID/fd/N) leads to, without going through its text; null for an
   * ordinary one.
   */
  default @Nullable Path followMagicLink(Inode inode, Caller caller) {
    return null;
  }

  /** Changes attributes: checks were made; applies them and marks the inode dirty. 0 or −errno. */
  default long setattr(Inode inode, SetAttributes change, Caller caller) {
    return InodeAttributes.simpleSetattr(inode, change);
  }

  /** Called before attributes are read, for file systems that compute them. */
  default void getattr(Inode inode) {}

  /**
   * The permission check.
   *
   * @param mask MAY_READ 4, MAY_WRITE 2, MAY_EXEC 1, or'ed
   * @return 0 or −EACCES
   */
  default long permission(Inode inode, int mask, Caller caller) {
    return InodeAttributes.genericPermission(inode, mask, caller.cred());
  }

  /** The value of an extended attribute; null with the errno in error[0] (−ENODATA). */
  default byte @Nullable [] getxattr(Inode inode, String name, long[] error) {
    error[0] = -Errno.EOPNOTSUPP;
    return null;
  }

  /** Sets an extended attribute, or removes it when the value is null. 0 or −errno. */
  default long setxattr(Inode inode, String name, byte @Nullable [] value, int flags) {
    return -Errno.EOPNOTSUPP;
  }

  /** The names of the extended attributes, each followed by NUL. */
  default String listxattr(Inode inode) {
    return "";
  }
}
