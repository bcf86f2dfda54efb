package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatConstants;
import org.jspecify.annotations.Nullable;

/**
 * A file system under another one: its names are reached without a path walk and without permission
 * checks, by who stands in front of it. <i>Linux:</i> lookup_one and the vfs_ functions as
 * overlayfs uses them.
 *
 * <p><i>Locks:</i> each method takes the inode locks of the layer's own directories; callers hold
 * those of the file system in front, which come before.
 */
public final class Layer {
  private final Vfs vfs;
  private final Mount mount;

  /** Over a file system that is mounted nowhere else. */
  public Layer(Vfs vfs, SuperBlock superBlock) {
    this.vfs = vfs;
    this.mount = vfs.mounts().internal(superBlock, superBlock.root());
  }

  /** Its file system. */
  public SuperBlock superBlock() {
    return mount.superBlock();
  }

  /** The entry of a name, positive or negative; null with −errno in error[0]. */
  public @Nullable Dentry lookup(Dentry parent, String name, long[] error) {
    return vfs.dentries().lookup(parent, parent.requireInode(), name, error);
  }

  /** What is done to a directory under its lock. */
  @FunctionalInterface
  public interface DirectoryAction {
    /** 0 or −errno. */
    long apply(Inode directory);
  }

  /** Does something under a directory's lock. */
  public long locked(Dentry directory, DirectoryAction action) {
    Inode inode = directory.requireInode();
    inode.lock.writeLock().lock();
    try {
      return action.apply(inode);
    } finally {
      inode.lock.writeLock().unlock();
    }
  }

  /** Removes a name; a directory must be empty. 0 or −errno. */
  public long remove(Dentry parent, Dentry entry) {
    boolean directory = entry.requireInode().isDirectory();
    long result =
        locked(
            parent,
            inode ->
                directory
                    ? inode.operations().rmdir(inode, entry)
                    : inode.operations().unlink(inode, entry));
    if (result == 0) {
      vfs.dentries().dropTree(entry);
    }
    return result;
  }

  /**
   * Moves a name over another one, or exchanges the two. 0 or −errno.
   *
   * @param flags 0 or RENAME_EXCHANGE
   */
  public long rename(
      Dentry oldParent, Dentry oldEntry, Dentry newParent, Dentry newEntry, int flags) {
    SuperBlock superBlock = superBlock();
    superBlock.renameLock.lock();
    try {
      Inode from = oldParent.requireInode();
      Inode to = newParent.requireInode();
      long result = from.operations().rename(from, oldEntry, to, newEntry, flags);
      if (result == 0 && flags == FsConstants.RENAME_EXCHANGE) {
        Dentry.exchange(oldEntry, newEntry);
      } else if (result == 0) {
        vfs.dentries().dropTree(newEntry);
        oldEntry.move(newParent, newEntry.name());
      }
      return result;
    } finally {
      superBlock.renameLock.unlock();
    }
  }

  /** Opens an entry; null with −errno in error[0]. */
  public @Nullable File open(Dentry entry, int flags, Caller caller, long[] error) {
    return Open.vfsOpen(new Path(mount, entry), entry.requireInode(), flags, caller, error);
  }

  /** Whether an inode is the mark of a name that was removed. */
  public static boolean isWhiteout(Inode inode) {
    return inode.isCharacterDevice() && inode.rdev == 0;
  }

  /** The mode of such a mark. */
  public static int whiteoutMode() {
    return StatConstants.S_IFCHR;
  }

  /** Lets go of it: the file system in front is gone. 0 or −errno. */
  public long close() {
    mount.put();
    return Mounting.shutDown(superBlock());
  }
}
