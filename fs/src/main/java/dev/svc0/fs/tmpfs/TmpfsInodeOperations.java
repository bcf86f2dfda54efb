package dev.svc0.fs.tmpfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeAttributes;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.InodeTimes;
import dev.svc0.runtime.vfs.Permissions;
import dev.svc0.runtime.vfs.SetAttributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and attributes in a tmpfs. <i>Linux:</i> shmem_dir_inode_operations. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class TmpfsInodeOperations implements InodeOperations {
  static final TmpfsInodeOperations INSTANCE = new TmpfsInodeOperations();

  private TmpfsInodeOperations() {}

  @Override
  public long lookup(Inode directory, Dentry entry) {
    TmpfsInode.Entry found = ((TmpfsInode) directory).find(entry.name());
    if (found != null) {
      found.inode().hold();
      entry.instantiate(found.inode());
    }
    return 0;
  }

  @Override
  public long create(Inode directory, Dentry entry, int mode, Caller caller) {
    return mknod(directory, entry, mode, 0, caller);
  }

  @Override
  @Traced("shmem_mknod")
  public long mknod(Inode directory, Dentry entry, int mode, int rdev, Caller caller) {
    TmpfsInode inode = newInode(directory, mode, rdev, caller);
    if (inode == null) {
      return -Errno.ENOSPC;
    }
    inode.nlink = 1;
    addEntry((TmpfsInode) directory, entry, inode);
    return 0;
  }

  private static @Nullable TmpfsInode newInode(Inode directory, int mode, int rdev, Caller caller) {
    TmpfsInode inode = ((TmpfsSuperBlock) directory.superBlock()).newInode(mode, rdev);
    if (inode != null) {
      Permissions.inodeInitOwner(inode, directory, mode, caller.cred());
    }
    return inode;
  }

  /** The link keeps one reference of the inode, the entry another one. */
  private static void addEntry(TmpfsInode directory, Dentry entry, TmpfsInode inode) {
    directory.add(entry.name(), inode);
    InodeTimes.touchModified(directory);
    inode.hold();
    entry.instantiate(inode);
  }

  @Override
  public long mkdir(Inode directory, Dentry entry, int mode, Caller caller) {
    TmpfsInode inode = newInode(directory, mode | StatConstants.S_IFDIR, 0, caller);
    if (inode == null) {
      return -Errno.ENOSPC;
    }
    inode.nlink = 2;
    inode.parent = (TmpfsInode) directory;
    directory.nlink++;
    addEntry((TmpfsInode) directory, entry, inode);
    return 0;
  }

  @Override
  public long symlink(Inode directory, Dentry entry, String target, Caller caller) {
    TmpfsInode inode = newInode(directory, StatConstants.S_IFLNK | 0777, 0, caller);
    if (inode == null) {
      return -Errno.ENOSPC;
    }
    inode.nlink = 1;
    inode.target = target;
    inode.setSize(target.length());
    addEntry((TmpfsInode) directory, entry, inode);
    return 0;
  }

  @Override
  public long link(Inode target, Inode directory, Dentry entry) {
    TmpfsInode inode = (TmpfsInode) target;
    if (inode.nlink == 0) {
      inode.hold(); // the first name of a file that had none
    }
    inode.nlink++;
    InodeTimes.touchChanged(inode);
    addEntry((TmpfsInode) directory, entry, inode);
    return 0;
  }

  @Override
  public long unlink(Inode directory, Dentry entry) {
    removeName((TmpfsInode) directory, entry.name(), (TmpfsInode) entry.requireInode());
    return 0;
  }

  private static void removeName(TmpfsInode directory, String name, TmpfsInode inode) {
    directory.remove(name);
    InodeTimes.touchModified(directory);
    InodeTimes.touchChanged(inode);
    dropLink(inode);
  }

  private static void dropLink(TmpfsInode inode) {
    inode.nlink--;
    if (inode.nlink == 0) {
      inode.put();
    }
  }

  @Override
  public long rmdir(Inode directory, Dentry entry) {
    TmpfsInode inode = (TmpfsInode) entry.requireInode();
    if (!inode.isEmpty()) {
      return -Errno.ENOTEMPTY;
    }
    directory.nlink--;
    inode.nlink--;
    removeName((TmpfsInode) directory, entry.name(), inode);
    return 0;
  }

  @Override
  @Traced("shmem_rename2")
  public long rename(
      Inode oldDirectory, Dentry oldEntry, Inode newDirectory, Dentry newEntry, int flags) {
    TmpfsInode from = (TmpfsInode) oldDirectory;
    TmpfsInode to = (TmpfsInode) newDirectory;
    TmpfsInode moved = (TmpfsInode) oldEntry.requireInode();
    TmpfsInode target = (TmpfsInode) newEntry.inode();
    if ((flags & FsConstants.RENAME_EXCHANGE) != 0 && target != null) {
      exchange(from, oldEntry.name(), moved, to, newEntry.name(), target);
      return 0;
    }
    if (target != null && target.isDirectory() && !target.isEmpty()) {
      return -Errno.ENOTEMPTY;
    }
    TmpfsInode whiteout = null;
    if ((flags & FsConstants.RENAME_WHITEOUT) != 0) {
      whiteout = ((TmpfsSuperBlock) from.superBlock()).newInode(StatConstants.S_IFCHR, 0);
      if (whiteout == null) {
        return -Errno.ENOSPC;
      }
      whiteout.nlink = 1;
    }
    if (target != null) {
      replaceTarget(to, newEntry.name(), target);
    }
    from.remove(oldEntry.name());
    if (whiteout != null) {
      from.add(oldEntry.name(), whiteout);
    }
    to.add(newEntry.name(), moved);
    reparent(moved, from, to);
    touchAll(from, to, moved);
    return 0;
  }

  private static void replaceTarget(TmpfsInode directory, String name, TmpfsInode target) {
    if (target.isDirectory()) {
      target.nlink--;
      directory.nlink--;
    }
    directory.remove(name);
    InodeTimes.touchChanged(target);
    dropLink(target);
  }

  private static void reparent(TmpfsInode moved, TmpfsInode from, TmpfsInode to) {
    if (moved.isDirectory() && from != to) {
      moved.parent = to;
      from.nlink--;
      to.nlink++;
    }
  }

  private static void touchAll(TmpfsInode from, TmpfsInode to, TmpfsInode moved) {
    InodeTimes.touchModified(from);
    InodeTimes.touchModified(to);
    InodeTimes.touchChanged(moved);
  }

  private static void exchange(
      TmpfsInode from,
      String oldName,
      TmpfsInode moved,
      TmpfsInode to,
      String newName,
      TmpfsInode target) {
    from.change(oldName, target);
    to.change(newName, moved);
    reparent(moved, from, to);
    reparent(target, to, from);
    touchAll(from, to, moved);
    InodeTimes.touchChanged(target);
  }

  @Override
  public @Nullable Inode tmpfile(Inode directory, int mode, Caller caller, long[] error) {
    TmpfsInode inode = newInode(directory, mode, 0, caller);
    if (inode == null) {
      error[0] = -Errno.ENOSPC;
    }
    return inode;
  }

  @Override
  public @Nullable String getLink(Inode inode, Caller caller, long[] error) {
    String target = ((TmpfsInode) inode).target;
    if (target == null) {
      error[0] = -Errno.EINVAL;
    }
    return target;
  }

  @Override
  @Traced("shmem_setattr")
  public long setattr(Inode inode, SetAttributes change, Caller caller) {
    if (TmpfsSeals.forbidChange(inode, change)) {
      return -Errno.EPERM;
    }
    if (change.has(SetAttributes.ATTR_SIZE)) {
      TmpfsInode file = (TmpfsInode) inode;
      long was = file.size();
      file.setSize(change.size);
      if (change.size < was) {
        Filemap.truncateInodePages(file.mapping(), change.size);
        file.recalculate();
      }
    }
    InodeAttributes.setattrCopy(inode, change);
    return 0;
  }

  @Override
  public byte @Nullable [] getxattr(Inode inode, String name, long[] error) {
    if (!isSupported(name)) {
      error[0] = -Errno.EOPNOTSUPP;
      return null;
    }
    Map<String, byte[]> all = ((TmpfsInode) inode).xattrs;
    byte[] value = null;
    if (all != null) {
      synchronized (all) {
        value = all.get(name);
      }
    }
    if (value == null) {
      error[0] = -Errno.ENODATA;
    }
    return value;
  }

  private static boolean isSupported(String name) {
    return isBelow(name, "user.") || isBelow(name, "trusted.") || isBelow(name, "security.");
  }

  private static boolean isBelow(String name, String prefix) {
    return name.startsWith(prefix) && name.length() > prefix.length();
  }

  @Override
  public long setxattr(Inode inode, String name, byte @Nullable [] value, int flags) {
    if (!isSupported(name)) {
      return name.endsWith(".") ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
    }
    Map<String, byte[]> all = ((TmpfsInode) inode).xattrsForChange();
    synchronized (all) {
      boolean present = all.containsKey(name);
      if (present && (flags & FsConstants.XATTR_CREATE) != 0) {
        return -Errno.EEXIST;
      }
      if (!present && (flags & FsConstants.XATTR_REPLACE) != 0) {
        return -Errno.ENODATA;
      }
      if (value == null) {
        all.remove(name);
      } else {
        all.put(name, value);
      }
    }
    InodeTimes.touchChanged(inode);
    return 0;
  }

  @Override
  public String listxattr(Inode inode) {
    Map<String, byte[]> all = ((TmpfsInode) inode).xattrs;
    if (all == null) {
      return "";
    }
    StringBuilder names = new StringBuilder();
    synchronized (all) {
      for (String name : all.keySet()) {
        names.append(name).append('\0');
      }
    }
    return names.toString();
  }
}
