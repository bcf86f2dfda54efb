package dev.svc0.fs.hostfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.SetAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Names and attributes of host files: each call opens the folder safely and acts on one name in it.
 */
final class HostInodeOperations implements InodeOperations {
  static final HostInodeOperations INSTANCE = new HostInodeOperations();

  private static final int PERMISSIONS = 07777;
  private static final int AT_REMOVEDIR = Fcntl.AT_REMOVEDIR;

  private HostInodeOperations() {}

  private static HostSuperBlock host(Inode inode) {
    return ((HostInode) inode).host();
  }

  /** Opens the folder of an entry, acts, closes. */
  private static long inFolder(Inode directory, Dentry entry, FolderAction action) {
    long folder = host(directory).open(entry.parent(), Fcntl.O_PATH | HostCalls.O_DIRECTORY, 0);
    if (folder < 0) {
      return folder;
    }
    try {
      return action.act(folder, HostCalls.scratch().first(entry.name()));
    } finally {
      HostCalls.close(folder);
    }
  }

  @FunctionalInterface
  private interface FolderAction {
    /** With the folder's descriptor and the address of the name. */
    long act(long folder, long name);
  }

  /** Looks the entry up on the host. 0 also when there is nothing, or −errno. */
  @Override
  public long lookup(Inode directory, Dentry entry) {
    HostSuperBlock host = host(directory);
    long descriptor = host.open(entry, Fcntl.O_PATH | HostCalls.O_NOFOLLOW, 0);
    if (descriptor == -Errno.ENOENT) {
      return 0;
    }
    if (descriptor < 0) {
      return descriptor;
    }
    HostStat[] stat = new HostStat[1];
    long failed = HostStat.of(descriptor, stat);
    HostCalls.close(descriptor);
    if (failed != 0) {
      return failed;
    }
    HostInode inode = host.inode(stat[0]);
    inode.attach(entry);
    entry.instantiate(inode);
    return 0;
  }

  /** The host's own processes may have changed the name: it must lead to the same file still. */
  @Override
  public boolean revalidate(Inode directory, Dentry entry) {
    long descriptor = host(directory).open(entry, Fcntl.O_PATH | HostCalls.O_NOFOLLOW, 0);
    if (descriptor < 0) {
      return entry.isNegative();
    }
    HostStat[] stat = new HostStat[1];
    long failed = HostStat.of(descriptor, stat);
    HostCalls.close(descriptor);
    return failed == 0
        && entry.inode() instanceof HostInode known
        && known.number() == stat[0].number()
        && known.device() == stat[0].device();
  }

  private long instantiate(long made, Inode directory, Dentry entry) {
    if (made != 0) {
      return made;
    }
    ((HostInode) directory).revalidate();
    long found = lookup(directory, entry);
    return found == 0 && entry.isNegative() ? -Errno.ENOENT : found;
  }

  @Override
  public long create(Inode directory, Dentry entry, int mode, Caller caller) {
    long descriptor =
        host(directory)
            .open(
                entry,
                Fcntl.O_CREAT | Fcntl.O_EXCL | Fcntl.O_RDWR | HostCalls.O_NOFOLLOW,
                mode & PERMISSIONS);
    if (descriptor < 0) {
      return descriptor;
    }
    HostCalls.close(descriptor);
    return instantiate(0, directory, entry);
  }

  @Override
  public long mkdir(Inode directory, Dentry entry, int mode, Caller caller) {
    long made =
        inFolder(
            directory,
            entry,
            (folder, name) ->
                HostCalls.call(HostCalls.Call.MKDIRAT, folder, name, mode & PERMISSIONS));
    return instantiate(made, directory, entry);
  }

  @Override
  public long mknod(Inode directory, Dentry entry, int mode, int rdev, Caller caller) {
    int type = mode & StatConstants.S_IFMT;
    if (type != StatConstants.S_IFIFO && type != StatConstants.S_IFSOCK) {
      return -Errno.EPERM; // a device node of the host would reach the host's device
    }
    long made =
        inFolder(
            directory,
            entry,
            (folder, name) -> HostCalls.call(HostCalls.Call.MKNODAT, folder, name, mode, 0));
    return instantiate(made, directory, entry);
  }

  @Override
  public long symlink(Inode directory, Dentry entry, String target, Caller caller) {
    long made =
        inFolder(
            directory,
            entry,
            (folder, name) ->
                HostCalls.call(
                    HostCalls.Call.SYMLINKAT, HostCalls.scratch().second(target), folder, name));
    return instantiate(made, directory, entry);
  }

  @Override
  public long link(Inode target, Inode directory, Dentry entry) {
    Dentry from = ((HostInode) target).entry();
    if (from == null || from.parent() == null) {
      return -Errno.ENOENT;
    }
    long made =
        inFolder(
            target,
            from,
            (fromFolder, unused) ->
                inFolder(
                    directory,
                    entry,
                    (folder, name) ->
                        HostCalls.call(
                            HostCalls.Call.LINKAT,
                            fromFolder,
                            HostCalls.scratch().second(from.name()),
                            folder,
                            name,
                            0)));
    return instantiate(made, directory, entry);
  }

  @Override
  public long unlink(Inode directory, Dentry entry) {
    HostInode victim = (HostInode) entry.requireInode();
    if (victim.nlink <= 1) {
      victim.pinUnlinked();
    }
    long done =
        inFolder(
            directory,
            entry,
            (folder, name) -> HostCalls.call(HostCalls.Call.UNLINKAT, folder, name, 0));
    if (done == 0) {
      victim.nlink--;
      ((HostInode) directory).revalidate();
    }
    return done;
  }

  @Override
  public long rmdir(Inode directory, Dentry entry) {
    long done =
        inFolder(
            directory,
            entry,
            (folder, name) -> HostCalls.call(HostCalls.Call.UNLINKAT, folder, name, AT_REMOVEDIR));
    if (done == 0) {
      entry.requireInode().nlink = 0;
      ((HostInode) directory).revalidate();
    }
    return done;
  }

  @Override
  public long rename(
      Inode oldDirectory, Dentry oldEntry, Inode newDirectory, Dentry newEntry, int flags) {
    if (newEntry.inode() instanceof HostInode replaced && replaced.nlink <= 1) {
      replaced.pinUnlinked();
    }
    return inFolder(
        oldDirectory,
        oldEntry,
        (from, unused) ->
            inFolder(
                newDirectory,
                newEntry,
                (to, name) ->
                    HostCalls.call(
                        HostCalls.Call.RENAMEAT2,
                        from,
                        HostCalls.scratch().second(oldEntry.name()),
                        to,
                        name,
                        flags)));
  }

  @Override
  public @Nullable String getLink(Inode inode, Caller caller, long[] error) {
    long descriptor =
        host(inode).open(((HostInode) inode).entry(), Fcntl.O_PATH | HostCalls.O_NOFOLLOW, 0);
    if (descriptor < 0) {
      error[0] = descriptor;
      return null;
    }
    long empty = HostCalls.scratch().first("");
    long buffer = HostCalls.scratch().second();
    long bytes = HostCalls.call(HostCalls.Call.READLINKAT, descriptor, empty, buffer, 4096);
    HostCalls.close(descriptor);
    if (bytes < 0) {
      error[0] = bytes;
      return null;
    }
    StringBuilder target = new StringBuilder((int) bytes);
    for (long i = 0; i < bytes; i++) {
      target.append((char) (HostMemory.getByte(buffer + i) & 0xff));
    }
    return target.toString();
  }

  @Override
  public byte @Nullable [] getxattr(Inode inode, String name, long[] error) {
    return HostXattrs.get((HostInode) inode, name, error);
  }

  @Override
  public long setxattr(Inode inode, String name, byte @Nullable [] value, int flags) {
    return HostXattrs.set((HostInode) inode, name, value, flags);
  }

  @Override
  public String listxattr(Inode inode) {
    return HostXattrs.list((HostInode) inode);
  }

  @Override
  public void getattr(Inode inode) {
    ((HostInode) inode).revalidate();
  }

  @Override
  public long setattr(Inode inode, SetAttributes change, Caller caller) {
    HostInode host = (HostInode) inode;
    if (change.has(SetAttributes.ATTR_SIZE)) {
      long failed = truncate(host, change.size);
      if (failed != 0) {
        return failed;
      }
    }
    long failed = changeOnHost(host, change);
    return failed != 0 ? failed : host.revalidate();
  }

  private static long truncate(HostInode inode, long size) {
    long opened = inode.addOpenFile(true);
    if (opened != 0) {
      return opened;
    }
    try {
      Filemap.truncateInodePages(inode.mapping(), size);
      long done = HostCalls.call(HostCalls.Call.FTRUNCATE, inode.content(), size);
      if (done == 0) {
        inode.setSize(size);
        inode.noteOwnChange();
      }
      return done;
    } finally {
      inode.removeOpenFile();
    }
  }

  private static long changeOnHost(HostInode inode, SetAttributes change) {
    long unnamed = inode.unnamed();
    if (unnamed >= 0) {
      return changeUnnamed(unnamed, change);
    }
    Dentry entry = inode.entry();
    if (entry == null) {
      return -Errno.ENOENT;
    }
    if (changesOwner(change)) {
      long done =
          inFolder(
              inode,
              entry,
              (folder, name) -> changeOwner(folder, name, Fcntl.AT_SYMLINK_NOFOLLOW, change));
      if (done != 0) {
        return done;
      }
    }
    if (change.has(SetAttributes.ATTR_MODE)) {
      long done = changeMode(inode, change.mode & PERMISSIONS);
      if (done != 0) {
        return done;
      }
    }
    return !changesTimes(change)
        ? 0
        : inFolder(
            inode,
            entry,
            (folder, name) -> changeTimes(folder, name, Fcntl.AT_SYMLINK_NOFOLLOW, change));
  }

  /** Changes a file that has no name any more. */
  private static long changeUnnamed(long descriptor, SetAttributes change) {
    long done = 0;
    if (changesOwner(change)) {
      long empty = HostCalls.scratch().first("");
      done = changeOwner(descriptor, empty, Fcntl.AT_EMPTY_PATH, change);
    }
    if (done == 0 && change.has(SetAttributes.ATTR_MODE)) {
      done = HostCalls.call(HostCalls.Call.FCHMOD, descriptor, change.mode & PERMISSIONS);
    }
    return done == 0 && changesTimes(change) ? changeTimes(descriptor, 0, 0, change) : done;
  }

  private static boolean changesOwner(SetAttributes change) {
    return change.has(SetAttributes.ATTR_UID) || change.has(SetAttributes.ATTR_GID);
  }

  private static long changeOwner(long folder, long name, int flags, SetAttributes change) {
    long uid = change.has(SetAttributes.ATTR_UID) ? change.uid : -1;
    long gid = change.has(SetAttributes.ATTR_GID) ? change.gid : -1;
    return HostCalls.call(HostCalls.Call.FCHOWNAT, folder, name, uid, gid, flags);
  }

  private static long changeMode(HostInode inode, int mode) {
    if (inode.isSymlink()) {
      return -Errno.EOPNOTSUPP;
    }
    int flags = Fcntl.O_RDONLY | Fcntl.O_NONBLOCK | HostCalls.O_NOFOLLOW;
    long descriptor = inode.host().open(inode.entry(), flags, 0);
    if (descriptor < 0) {
      return descriptor;
    }
    long done = HostCalls.call(HostCalls.Call.FCHMOD, descriptor, mode);
    HostCalls.close(descriptor);
    return done;
  }

  private static boolean changesTimes(SetAttributes change) {
    return change.has(SetAttributes.ATTR_ATIME) || change.has(SetAttributes.ATTR_MTIME);
  }

  private static long changeTimes(long folder, long name, int flags, SetAttributes change) {
    final long omit = (1L << 30) - 2; // UTIME_OMIT
    long times = HostCalls.scratch().third();
    boolean atime = change.has(SetAttributes.ATTR_ATIME);
    boolean mtime = change.has(SetAttributes.ATTR_MTIME);
    HostMemory.putLong(times, change.atimeSeconds);
    HostMemory.putLong(times + 8, atime ? change.atimeNanos : omit);
    HostMemory.putLong(times + 16, change.mtimeSeconds);
    HostMemory.putLong(times + 24, mtime ? change.mtimeNanos : omit);
    return HostCalls.call(HostCalls.Call.UTIMENSAT, folder, name, times, flags);
  }
}
