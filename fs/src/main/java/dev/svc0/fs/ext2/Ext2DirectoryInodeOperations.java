package dev.svc0.fs.ext2;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.DirEntryLayout;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeTimes;
import org.jspecify.annotations.Nullable;

/** Names: looking up, making, linking, removing. <i>Linux:</i> fs/ext2/namei.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext2DirectoryInodeOperations extends Ext2FileInodeOperations {
  @Override
  @Traced("ext2_lookup")
  public long lookup(Inode directory, Dentry entry) {
    if (entry.name().length() > DirEntryLayout.EXT2_NAME_LEN) {
      return -Errno.ENAMETOOLONG;
    }
    Ext2Inode parent = (Ext2Inode) directory;
    long number = Ext2Directory.inodeByName(parent, entry.name());
    if (number <= 0) {
      return number;
    }
    long[] error = new long[1];
    Ext2Inode inode = parent.ext2.table.iget(number, error);
    if (inode == null) {
      if (error[0] != -Errno.ESTALE) {
        return error[0];
      }
      parent.ext2.error(
          "directory " + parent.number() + ": deleted inode " + number + " referenced");
      return -Errno.EIO;
    }
    entry.instantiate(inode);
    return 0;
  }

  /** Whether the caller may take blocks that are set aside. */
  static boolean mayUseReserve(Ext2SuperBlock superBlock, Cred cred) {
    return cred.capable(Capability.CAP_SYS_RESOURCE)
        || superBlock.options.resUid == cred.fsuid()
        || superBlock.options.resGid != 0 && cred.inGroup(superBlock.options.resGid);
  }

  private static @Nullable Ext2Inode newInode(
      Ext2Inode directory, int mode, Caller caller, long[] error) {
    boolean reserve = mayUseReserve(directory.ext2, caller.cred());
    directory.mayUseReserve = reserve;
    Ext2Inode inode = directory.ext2.inodes.newInode(directory, mode, caller.cred(), error);
    if (inode != null) {
      inode.mayUseReserve = reserve;
    }
    return inode;
  }

  @Override
  @Traced("ext2_create")
  public long create(Inode directory, Dentry entry, int mode, Caller caller) {
    long[] error = new long[1];
    int type = StatConstants.S_IFREG | mode & 07777;
    Ext2Inode inode = newInode((Ext2Inode) directory, type, caller, error);
    return inode == null ? error[0] : addNondir((Ext2Inode) directory, entry, inode);
  }

  @Traced("ext2_add_nondir")
  private static long addNondir(Ext2Inode directory, Dentry entry, Ext2Inode inode) {
    long result = Ext2Directory.addLink(directory, entry.name(), inode);
    if (result != 0) {
      return discard(inode, result);
    }
    entry.instantiate(inode);
    return 0;
  }

  /** A new inode that found no place: gone again. */
  private static long discard(Ext2Inode inode, long result) {
    inode.nlink = 0;
    inode.markDirty();
    inode.put();
    return result;
  }

  @Override
  @Traced("ext2_mknod")
  public long mknod(Inode directory, Dentry entry, int mode, int rdev, Caller caller) {
    long[] error = new long[1];
    Ext2Inode inode = newInode((Ext2Inode) directory, mode, caller, error);
    if (inode == null) {
      return error[0];
    }
    inode.rdev = rdev;
    inode.markDirty();
    return addNondir((Ext2Inode) directory, entry, inode);
  }

  @Override
  @Traced("ext2_symlink")
  public long symlink(Inode directory, Dentry entry, String target, Caller caller) {
    Ext2Inode parent = (Ext2Inode) directory;
    if (target.length() + 1 > parent.ext2.blockSize) {
      return -Errno.ENAMETOOLONG;
    }
    long[] error = new long[1];
    Ext2Inode inode = newInode(parent, StatConstants.S_IFLNK | 0777, caller, error);
    if (inode == null) {
      return error[0];
    }
    long result = Ext2SymlinkInodeOperations.setTarget(inode, target);
    if (result != 0) {
      return discard(inode, result);
    }
    inode.markDirty();
    return addNondir(parent, entry, inode);
  }

  @Override
  @Traced("ext2_link")
  public long link(Inode target, Inode directory, Dentry entry) {
    Ext2Inode inode = (Ext2Inode) target;
    if (inode.nlink >= DirEntryLayout.EXT2_LINK_MAX) {
      return -Errno.EMLINK;
    }
    InodeTimes.touchChanged(inode);
    inode.nlink++;
    inode.markDirty();
    inode.hold();
    long result = Ext2Directory.addLink((Ext2Inode) directory, entry.name(), inode);
    if (result != 0) {
      decLink(inode);
      inode.put();
      return result;
    }
    entry.instantiate(inode);
    return 0;
  }

  private static void decLink(Ext2Inode inode) {
    inode.nlink = Math.max(0, inode.nlink - 1);
    inode.markDirty();
  }

  private static void incLink(Ext2Inode inode) {
    inode.nlink++;
    inode.markDirty();
  }

  @Override
  @Traced("ext2_mkdir")
  public long mkdir(Inode directory, Dentry entry, int mode, Caller caller) {
    Ext2Inode parent = (Ext2Inode) directory;
    if (parent.nlink >= DirEntryLayout.EXT2_LINK_MAX) {
      return -Errno.EMLINK;
    }
    long[] error = new long[1];
    incLink(parent);
    Ext2Inode inode = newInode(parent, StatConstants.S_IFDIR | mode & 07777, caller, error);
    if (inode == null) {
      decLink(parent);
      return error[0];
    }
    incLink(inode);
    long result = Ext2Directory.makeEmpty(inode, parent);
    if (result == 0) {
      result = Ext2Directory.addLink(parent, entry.name(), inode);
    }
    if (result != 0) {
      decLink(parent);
      return discard(inode, result);
    }
    entry.instantiate(inode);
    return 0;
  }

  @Override
  @Traced("ext2_unlink")
  public long unlink(Inode directory, Dentry entry) {
    Ext2Inode parent = (Ext2Inode) directory;
    long[] error = new long[1];
    DirEntry found = Ext2Directory.findEntry(parent, entry.name(), error);
    if (found == null) {
      return error[0] == 0 ? -Errno.ENOENT : error[0];
    }
    long result = Ext2Directory.deleteEntry(parent, found);
    if (result != 0) {
      return result;
    }
    Ext2Inode inode = (Ext2Inode) entry.requireInode();
    inode.ctimeSeconds = parent.ctimeSeconds;
    inode.ctimeNanos = parent.ctimeNanos;
    decLink(inode);
    return 0;
  }

  @Override
  @Traced("ext2_rmdir")
  public long rmdir(Inode directory, Dentry entry) {
    Ext2Inode inode = (Ext2Inode) entry.requireInode();
    long result = Ext2Directory.emptyDir(inode);
    if (result == 0) {
      result = unlink(directory, entry);
    }
    if (result == 0) {
      inode.setSize(0);
      decLink(inode);
      decLink((Ext2Inode) directory);
    }
    return result;
  }

  @Override
  @Traced("ext2_rename")
  public long rename(
      Inode oldDirectory, Dentry oldEntry, Inode newDirectory, Dentry newEntry, int flags) {
    if ((flags & ~FsConstants.RENAME_NOREPLACE) != 0) {
      return -Errno.EINVAL;
    }
    return new Ext2Rename((Ext2Inode) oldDirectory, oldEntry, (Ext2Inode) newDirectory, newEntry)
        .run();
  }

  @Override
  @Traced("ext2_tmpfile")
  public @Nullable Inode tmpfile(Inode directory, int mode, Caller caller, long[] error) {
    int type = StatConstants.S_IFREG | mode & 07777;
    Ext2Inode inode = newInode((Ext2Inode) directory, type, caller, error);
    if (inode != null) {
      inode.nlink = 0;
      inode.markDirty();
    }
    return inode;
  }
}
