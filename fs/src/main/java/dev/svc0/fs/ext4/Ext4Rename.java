package dev.svc0.fs.ext4;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.InodeTimes;
import org.jspecify.annotations.Nullable;

/** One rename, in one transaction. All inode locks are held. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class Ext4Rename {
  private static final int CREDITS = 2 * Ext4Directory.ADD_CREDITS + 40;

  private final Ext4SuperBlock superBlock;
  private final Ext4Inode oldDirectory;
  private final Dentry oldEntry;
  private final Ext4Inode newDirectory;
  private final Dentry newEntry;
  private final int flags;
  private final Ext4Inode moved;
  private final @Nullable Ext4Inode replaced;

  Ext4Rename(
      Ext4Inode oldDirectory, Dentry oldEntry, Ext4Inode newDirectory, Dentry newEntry, int flags) {
    this.superBlock = oldDirectory.ext4;
    this.oldDirectory = oldDirectory;
    this.oldEntry = oldEntry;
    this.newDirectory = newDirectory;
    this.newEntry = newEntry;
    this.flags = flags;
    moved = (Ext4Inode) oldEntry.requireInode();
    replaced = (Ext4Inode) newEntry.inode();
  }

  long run() {
    Ext4Inode whiteout = null;
    long result = 0;
    try (Ext4Handle handle = Ext4Handle.start(superBlock, CREDITS)) {
      if (oldDirectory.isDirSync() || newDirectory.isDirSync()) {
        handle.setSync();
      }
      try {
        if ((flags & FsConstants.RENAME_EXCHANGE) != 0) {
          crossRename(handle);
        } else {
          check();
          if ((flags & FsConstants.RENAME_WHITEOUT) != 0) {
            whiteout = whiteoutForRename(handle);
          }
          rename(handle, whiteout);
        }
      } catch (Ext4Exception e) {
        result = e.result;
        if (whiteout != null) {
          whiteout.nlink = 0;
          superBlock.orphans.add(handle, whiteout);
          superBlock.table.markInodeDirty(handle, whiteout);
        }
      }
    } catch (Ext4Exception e) {
      result = e.result;
    }
    if (whiteout != null) {
      whiteout.put();
    }
    return result;
  }

  private void check() {
    boolean changesParent = oldDirectory != newDirectory;
    if (replaced != null) {
      if (moved.isDirectory() && !Ext4Directory.isEmpty(replaced)) {
        throw new Ext4Exception(-Errno.ENOTEMPTY);
      }
    } else if (moved.isDirectory()
        && changesParent
        && newDirectory.nlink >= Ext4DirectoryInodeOperations.EXT4_LINK_MAX
        && !(superBlock.hasDirNlink && Ext4Directory.isIndexed(newDirectory))) {
      throw new Ext4Exception(-Errno.EMLINK);
    }
    if (newDirectory.hasDiskFlag(dev.svc0.fs.extformat.InodeLayout.EXT4_PROJINHERIT_FL)
        && newDirectory.projectId != moved.projectId) {
      throw new Ext4Exception(-Errno.EXDEV);
    }
  }

  private Ext4Directory.Found find(Ext4Inode directory, Dentry entry) {
    Ext4Directory.Found found = Ext4Directory.findEntry(directory, entry.name());
    if (found == null) {
      throw new Ext4Exception(-Errno.ENOENT);
    }
    return found;
  }

  @Traced("ext4_whiteout_for_rename")
  private Ext4Inode whiteoutForRename(Ext4Handle handle) {
    Ext4Inode made =
        superBlock.inodes.newInode(handle, oldDirectory, StatConstants.S_IFCHR, Cred.ROOT);
    made.uid = oldDirectory.uid;
    made.gid = oldDirectory.gid;
    Ext4RawInode.encodeDevice(made, 0);
    superBlock.table.markInodeDirty(handle, made);
    return made;
  }

  @Traced("ext4_rename")
  private void rename(Ext4Handle handle, @Nullable Ext4Inode whiteout) {
    find(oldDirectory, oldEntry).close();
    Ext4Inode target = replaced;
    if (target == null) {
      Ext4Directory.addEntry(handle, newDirectory, newEntry.name(), moved);
    } else {
      try (Ext4Directory.Found found = find(newDirectory, newEntry)) {
        Ext4Directory.setEntry(handle, found, moved.number(), moved.mode);
      }
      InodeTimes.touchModified(newDirectory);
    }
    InodeTimes.touchChanged(moved);
    superBlock.table.markInodeDirty(handle, moved);
    // Adding the new name may have moved the old one to another block.
    try (Ext4Directory.Found old = find(oldDirectory, oldEntry)) {
      if (whiteout != null) {
        Ext4Directory.setEntry(handle, old, whiteout.number(), whiteout.mode);
      } else {
        Ext4Directory.deleteEntry(handle, oldDirectory, old);
      }
    }
    InodeTimes.touchModified(oldDirectory);
    if (target != null) {
      dropReplaced(handle, target);
    }
    if (moved.isDirectory()) {
      moveDirectory(handle, target);
    }
    superBlock.table.markInodeDirty(handle, oldDirectory);
    superBlock.table.markInodeDirty(handle, newDirectory);
  }

  private void dropReplaced(Ext4Handle handle, Ext4Inode target) {
    InodeTimes.touchChanged(target);
    target.nlink = target.isDirectory() ? 0 : Math.max(0, target.nlink - 1);
    if (target.nlink == 0) {
      superBlock.orphans.add(handle, target);
    }
    superBlock.table.markInodeDirty(handle, target);
  }

  private void moveDirectory(Ext4Handle handle, @Nullable Ext4Inode target) {
    if (oldDirectory != newDirectory) {
      try (Ext4Directory.Found dotdot = Ext4Directory.dotdot(moved)) {
        Ext4Directory.setEntry(handle, dotdot, newDirectory.number(), newDirectory.mode);
      }
      Ext4DirectoryInodeOperations.decCount(oldDirectory);
      if (target == null) {
        Ext4DirectoryInodeOperations.incCount(newDirectory);
      }
    } else if (target != null) {
      Ext4DirectoryInodeOperations.decCount(oldDirectory);
    }
  }

  @Traced("ext4_cross_rename")
  private void crossRename(Ext4Handle handle) {
    Ext4Inode other = java.util.Objects.requireNonNull(replaced);
    try (Ext4Directory.Found old = find(oldDirectory, oldEntry)) {
      Ext4Directory.setEntry(handle, old, other.number(), other.mode);
    }
    try (Ext4Directory.Found found = find(newDirectory, newEntry)) {
      Ext4Directory.setEntry(handle, found, moved.number(), moved.mode);
    }
    if (oldDirectory != newDirectory) {
      changeParent(handle, moved, oldDirectory, newDirectory);
      changeParent(handle, other, newDirectory, oldDirectory);
    }
    InodeTimes.touchChanged(moved);
    InodeTimes.touchChanged(other);
    InodeTimes.touchModified(oldDirectory);
    InodeTimes.touchModified(newDirectory);
    superBlock.table.markInodeDirty(handle, moved);
    superBlock.table.markInodeDirty(handle, other);
    superBlock.table.markInodeDirty(handle, oldDirectory);
    superBlock.table.markInodeDirty(handle, newDirectory);
  }

  private static void changeParent(
      Ext4Handle handle, Ext4Inode inode, Ext4Inode from, Ext4Inode to) {
    if (inode.isDirectory()) {
      try (Ext4Directory.Found dotdot = Ext4Directory.dotdot(inode)) {
        Ext4Directory.setEntry(handle, dotdot, to.number(), to.mode);
      }
      Ext4DirectoryInodeOperations.decCount(from);
      Ext4DirectoryInodeOperations.incCount(to);
    }
  }
}
