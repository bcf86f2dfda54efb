package dev.svc0.fs.ext4;

import static dev.svc0.fs.extformat.DirEntryLayout.EXT2_NAME_LEN;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.extformat.InodeLayout;
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

/** Names: looking up, making, linking, removing. <i>Linux:</i> fs/ext4/namei.c. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4DirectoryInodeOperations extends Ext4FileInodeOperations {
  /** Most links of a file; directories may have more with dir_nlink, which stops counting. */
  static final int EXT4_LINK_MAX = 65000;

  private static final int CREATE_CREDITS =
      Ext4InodeAllocator.CREDITS + 2 * Ext4Directory.ADD_CREDITS + 12;
  private static final int REMOVE_CREDITS = 24;

  /** What a new inode becomes before it gets its name. */
  @FunctionalInterface
  private interface Filling {
    void fill(Ext4Handle handle, Ext4Inode inode);
  }

  @Override
  @Traced("ext4_lookup")
  public long lookup(Inode directory, Dentry entry) {
    if (entry.name().length() > EXT2_NAME_LEN) {
      return -Errno.ENAMETOOLONG;
    }
    Ext4Inode parent = (Ext4Inode) directory;
    long number;
    try (Ext4Directory.Found found = Ext4Directory.findEntry(parent, entry.name())) {
      if (found == null) {
        return 0;
      }
      number = found.number();
    } catch (Ext4Exception e) {
      return e.result;
    }
    long[] error = new long[1];
    Ext4Inode inode = parent.ext4.table.iget(number, error);
    if (inode == null) {
      return error[0] == -Errno.ESTALE
          ? parent.ext4.error("deleted inode referenced: " + number)
          : error[0];
    }
    entry.instantiate(inode);
    return 0;
  }

  /** Whether the caller may take blocks that are set aside. */
  static boolean mayUseReserve(Ext4SuperBlock superBlock, Cred cred) {
    return cred.capable(Capability.CAP_SYS_RESOURCE)
        || superBlock.options.resUid == cred.fsuid()
        || superBlock.options.resGid != 0 && cred.inGroup(superBlock.options.resGid);
  }

  private static boolean hasTooManyLinks(Ext4Inode directory) {
    return directory.nlink >= EXT4_LINK_MAX
        && !(directory.ext4.hasDirNlink && Ext4Directory.isIndexed(directory));
  }

  /** One directory more below; with too many, the count says 1, which means unknown. */
  @Traced("ext4_inc_count")
  static void incCount(Ext4Inode directory) {
    directory.nlink++;
    boolean indexed = Ext4Directory.isIndexed(directory);
    if (indexed && (directory.nlink > EXT4_LINK_MAX || directory.nlink == 2)) {
      directory.nlink = 1;
    }
  }

  @Traced("ext4_dec_count")
  static void decCount(Ext4Inode inode) {
    if (!inode.isDirectory() || inode.nlink > 2) {
      inode.nlink = Math.max(0, inode.nlink - 1);
    }
  }

  /** Makes an inode, fills it and gives it its name; again when a commit may make room. */
  private static long make(
      Inode directory, Dentry entry, int mode, Caller caller, Filling filling) {
    Ext4Inode parent = (Ext4Inode) directory;
    for (int retry = 0; ; retry++) {
      long result = tryToMake(parent, entry, mode, caller, filling);
      if (result != -Errno.ENOSPC || retry == 3 || !parent.ext4.shouldRetryAllocation()) {
        return result;
      }
    }
  }

  private static long tryToMake(
      Ext4Inode parent, Dentry entry, int mode, Caller caller, Filling filling) {
    boolean reserve = mayUseReserve(parent.ext4, caller.cred());
    parent.mayUseReserve = reserve;
    Ext4Inode inode = null;
    long result = 0;
    try (Ext4Handle handle = Ext4Handle.start(parent.ext4, CREATE_CREDITS)) {
      if (parent.isDirSync()) {
        handle.setSync();
      }
      inode = parent.ext4.inodes.newInode(handle, parent, mode, caller.cred());
      inode.mayUseReserve = reserve;
      try {
        Ext4Acl.inherit(handle, parent, inode);
        filling.fill(handle, inode);
        Ext4Directory.addEntry(handle, parent, entry.name(), inode);
        if (inode.isDirectory()) {
          incCount(parent);
          parent.ext4.table.markInodeDirty(handle, parent);
        }
      } catch (Ext4Exception e) {
        result = e.result;
        discard(handle, inode);
      }
    } catch (Ext4Exception e) {
      result = e.result;
    }
    if (result != 0) {
      if (inode != null) {
        inode.put();
      }
      return result;
    }
    entry.instantiate(java.util.Objects.requireNonNull(inode));
    return 0;
  }

  /** A new inode that found no place: its last user will delete it. */
  private static void discard(Ext4Handle handle, Ext4Inode inode) {
    inode.nlink = 0;
    inode.ext4.orphans.add(handle, inode);
    inode.ext4.table.markInodeDirty(handle, inode);
  }

  @Override
  @Traced("ext4_create")
  public long create(Inode directory, Dentry entry, int mode, Caller caller) {
    int type = StatConstants.S_IFREG | mode & 07777;
    return make(directory, entry, type, caller, (handle, inode) -> {});
  }

  @Override
  @Traced("ext4_mknod")
  public long mknod(Inode directory, Dentry entry, int mode, int rdev, Caller caller) {
    return make(
        directory,
        entry,
        mode,
        caller,
        (handle, inode) -> {
          Ext4RawInode.encodeDevice(inode, rdev);
          inode.ext4.table.markInodeDirty(handle, inode);
        });
  }

  @Override
  @Traced("ext4_symlink")
  public long symlink(Inode directory, Dentry entry, String target, Caller caller) {
    if (target.length() + 1 > ((Ext4Inode) directory).ext4.blockSize) {
      return -Errno.ENAMETOOLONG;
    }
    return make(
        directory,
        entry,
        StatConstants.S_IFLNK | 0777,
        caller,
        (handle, inode) -> Ext4SymlinkInodeOperations.setTarget(handle, inode, target));
  }

  @Override
  @Traced("ext4_mkdir")
  public long mkdir(Inode directory, Dentry entry, int mode, Caller caller) {
    Ext4Inode parent = (Ext4Inode) directory;
    if (hasTooManyLinks(parent)) {
      return -Errno.EMLINK;
    }
    return make(
        directory,
        entry,
        StatConstants.S_IFDIR | mode & 07777,
        caller,
        (handle, inode) -> {
          inode.nlink = 2;
          Ext4Directory.initNewDir(handle, inode, parent);
          inode.ext4.table.markInodeDirty(handle, inode);
        });
  }

  @Override
  @Traced("ext4_link")
  public long link(Inode target, Inode directory, Dentry entry) {
    Ext4Inode inode = (Ext4Inode) target;
    Ext4Inode parent = (Ext4Inode) directory;
    if (inode.nlink >= EXT4_LINK_MAX) {
      return -Errno.EMLINK;
    }
    if (parent.hasDiskFlag(InodeLayout.EXT4_PROJINHERIT_FL)
        && parent.projectId != inode.projectId) {
      return -Errno.EXDEV;
    }
    for (int retry = 0; ; retry++) {
      long result = tryToLink(inode, parent, entry);
      if (result != -Errno.ENOSPC || retry == 3 || !parent.ext4.shouldRetryAllocation()) {
        return result;
      }
    }
  }

  @Traced("__ext4_link")
  private static long tryToLink(Ext4Inode inode, Ext4Inode parent, Dentry entry) {
    try (Ext4Handle handle = Ext4Handle.start(parent.ext4, Ext4Directory.ADD_CREDITS * 2)) {
      if (parent.isDirSync()) {
        handle.setSync();
      }
      Ext4Directory.addEntry(handle, parent, entry.name(), inode);
      InodeTimes.touchChanged(inode);
      inode.nlink++;
      inode.ext4.table.markInodeDirty(handle, inode);
      if (inode.nlink == 1) {
        inode.ext4.orphans.del(handle, inode); // it had no name: O_TMPFILE
      }
    } catch (Ext4Exception e) {
      return e.result;
    }
    inode.hold();
    entry.instantiate(inode);
    return 0;
  }

  @Override
  @Traced("ext4_unlink")
  public long unlink(Inode directory, Dentry entry) {
    Ext4Inode parent = (Ext4Inode) directory;
    Ext4Inode inode = (Ext4Inode) entry.requireInode();
    Ext4Points.unlinkEnter(parent, inode);
    long result = unlink(parent, inode, entry);
    if (Ext4Trace.ext4UnlinkExitOn()) {
      Ext4Trace.ext4UnlinkExit(inode.traceDevice(), inode.number(), (int) result);
    }
    return result;
  }

  private static long unlink(Ext4Inode parent, Ext4Inode inode, Dentry entry) {
    try (Ext4Directory.Found found = Ext4Directory.findEntry(parent, entry.name())) {
      if (found == null) {
        return -Errno.ENOENT;
      }
      if (found.number() != inode.number()) {
        return parent.ext4.error("directory " + parent.number() + ": name changed on disk");
      }
      try (Ext4Handle handle = Ext4Handle.start(parent.ext4, REMOVE_CREDITS)) {
        removeName(handle, parent, inode, found);
      }
      return 0;
    } catch (Ext4Exception e) {
      return e.result;
    }
  }

  @Traced("__ext4_unlink")
  private static void removeName(
      Ext4Handle handle, Ext4Inode parent, Ext4Inode inode, Ext4Directory.Found found) {
    if (parent.isDirSync()) {
      handle.setSync();
    }
    Ext4Directory.deleteEntry(handle, parent, found);
    InodeTimes.touchModified(parent);
    parent.ext4.table.markInodeDirty(handle, parent);
    InodeTimes.touchChanged(inode);
    inode.nlink = Math.max(0, inode.nlink - 1);
    if (inode.nlink == 0) {
      parent.ext4.orphans.add(handle, inode);
    }
    parent.ext4.table.markInodeDirty(handle, inode);
  }

  @Override
  @Traced("ext4_rmdir")
  public long rmdir(Inode directory, Dentry entry) {
    Ext4Inode parent = (Ext4Inode) directory;
    Ext4Inode inode = (Ext4Inode) entry.requireInode();
    try (Ext4Directory.Found found = Ext4Directory.findEntry(parent, entry.name())) {
      if (found == null) {
        return -Errno.ENOENT;
      }
      if (found.number() != inode.number()) {
        return parent.ext4.error("directory " + parent.number() + ": name changed on disk");
      }
      if (!Ext4Directory.isEmpty(inode)) {
        return -Errno.ENOTEMPTY;
      }
      try (Ext4Handle handle = Ext4Handle.start(parent.ext4, REMOVE_CREDITS)) {
        inode.nlink = 1;
        removeName(handle, parent, inode, found);
        inode.setSize(0);
        decCount(parent);
        parent.ext4.table.markInodeDirty(handle, parent);
      }
      return 0;
    } catch (Ext4Exception e) {
      return e.result;
    }
  }

  @Override
  @Traced("ext4_rename2")
  public long rename(
      Inode oldDirectory, Dentry oldEntry, Inode newDirectory, Dentry newEntry, int flags) {
    int known =
        FsConstants.RENAME_NOREPLACE | FsConstants.RENAME_EXCHANGE | FsConstants.RENAME_WHITEOUT;
    if ((flags & ~known) != 0) {
      return -Errno.EINVAL;
    }
    Ext4Inode target = (Ext4Inode) newDirectory;
    for (int retry = 0; ; retry++) {
      long result =
          new Ext4Rename((Ext4Inode) oldDirectory, oldEntry, target, newEntry, flags).run();
      if (result != -Errno.ENOSPC || retry == 3 || !target.ext4.shouldRetryAllocation()) {
        return result;
      }
    }
  }

  @Override
  @Traced("ext4_tmpfile")
  public @Nullable Inode tmpfile(Inode directory, int mode, Caller caller, long[] error) {
    Ext4Inode parent = (Ext4Inode) directory;
    int type = StatConstants.S_IFREG | mode & 07777;
    try (Ext4Handle handle = Ext4Handle.start(parent.ext4, CREATE_CREDITS)) {
      Ext4Inode inode = parent.ext4.inodes.newInode(handle, parent, type, caller.cred());
      inode.mayUseReserve = mayUseReserve(parent.ext4, caller.cred());
      Ext4Acl.inherit(handle, parent, inode);
      inode.nlink = 0;
      parent.ext4.orphans.add(handle, inode);
      parent.ext4.table.markInodeDirty(handle, inode);
      return inode;
    } catch (Ext4Exception e) {
      error[0] = e.result;
      return null;
    }
  }
}
