package dev.svc0.fs.tmpfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;

/** A tmpfs that is filled before it is mounted, owned by root throughout. */
public final class TmpfsNodes {
  private final TmpfsSuperBlock superBlock;
  private final TmpfsInode top;

  /** An empty one, with the options of the request. */
  public TmpfsNodes(FileSystemType type, MountRequest request) throws MountException {
    superBlock = new TmpfsSuperBlock(type, request, TmpfsOptions.parse(request));
    top = (TmpfsInode) superBlock.root().requireInode();
  }

  /** The file system. */
  public SuperBlock superBlock() {
    return superBlock;
  }

  /** Adds a device node, FIFO or empty file to the top directory. */
  public void addNode(String name, int mode, int rdev) throws MountException {
    add(name, mode, rdev);
  }

  /** Adds a symbolic link to the top directory. */
  public void addSymlink(String name, String target) throws MountException {
    TmpfsInode inode = add(name, StatConstants.S_IFLNK | 0777, 0);
    inode.target = target;
    inode.setSize(target.length());
  }

  /** Adds an empty directory to the top directory. */
  public void addDirectory(String name, int mode) throws MountException {
    TmpfsInode inode = add(name, StatConstants.S_IFDIR | mode, 0);
    inode.nlink = 2;
    inode.parent = top;
    top.nlink++;
  }

  private TmpfsInode add(String name, int mode, int rdev) throws MountException {
    TmpfsInode inode = superBlock.newInode(mode, rdev);
    if (inode == null) {
      throw new MountException(Errno.ENOSPC, "nr_inodes leaves no room for " + name);
    }
    inode.nlink = 1;
    top.lock.writeLock().lock();
    try {
      if (top.find(name) != null) {
        throw new MountException(Errno.EEXIST, name + " is there already");
      }
      top.add(name, inode);
      Dentry root = superBlock.root();
      superBlock.vfs().dropStale(root, child -> child.inode() == null);
    } finally {
      top.lock.writeLock().unlock();
    }
    return inode;
  }
}
