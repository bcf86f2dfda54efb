package dev.svc0.fs.ext2;

import dev.svc0.fs.extformat.DirEntryLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.InodeTimes;
import org.jspecify.annotations.Nullable;

/**
 * One rename. The new name comes before the old one goes, so that a crash in between leaves two
 * names and never none. All inode locks are held.
 */
final class Ext2Rename {
  private final Ext2Inode oldDirectory;
  private final Dentry oldEntry;
  private final Ext2Inode newDirectory;
  private final Dentry newEntry;
  private final Ext2Inode moved;
  private final long[] error = new long[1];

  Ext2Rename(Ext2Inode oldDirectory, Dentry oldEntry, Ext2Inode newDirectory, Dentry newEntry) {
    this.oldDirectory = oldDirectory;
    this.oldEntry = oldEntry;
    this.newDirectory = newDirectory;
    this.newEntry = newEntry;
    this.moved = (Ext2Inode) oldEntry.requireInode();
  }

  long run() {
    DirEntry old = Ext2Directory.findEntry(oldDirectory, oldEntry.name(), error);
    if (old == null) {
      return error[0] == 0 ? -Errno.ENOENT : error[0];
    }
    DirEntry dotdot = null;
    if (moved.isDirectory() && oldDirectory != newDirectory) {
      dotdot = Ext2Directory.dotdot(moved, error);
      if (dotdot == null) {
        old.release();
        return error[0];
      }
    }
    Ext2Inode replaced = (Ext2Inode) newEntry.inode();
    long result = replaced == null ? addName() : replace(replaced);
    if (result == 0) {
      result = removeOldName(old);
    } else {
      old.release();
    }
    return finish(dotdot, result);
  }

  private long addName() {
    if (moved.isDirectory()
        && oldDirectory != newDirectory
        && newDirectory.nlink >= DirEntryLayout.EXT2_LINK_MAX) {
      return -Errno.EMLINK;
    }
    long result = Ext2Directory.addLink(newDirectory, newEntry.name(), moved);
    if (result == 0 && moved.isDirectory()) {
      newDirectory.nlink++;
      newDirectory.markDirty();
    }
    return result;
  }

  private long replace(Ext2Inode replaced) {
    if (moved.isDirectory()) {
      long result = Ext2Directory.emptyDir(replaced);
      if (result != 0) {
        return result;
      }
    }
    DirEntry entry = Ext2Directory.findEntry(newDirectory, newEntry.name(), error);
    if (entry == null) {
      return error[0] == 0 ? -Errno.ENOENT : error[0];
    }
    long result = Ext2Directory.setLink(newDirectory, entry, moved, true);
    entry.release();
    if (result != 0) {
      return result;
    }
    InodeTimes.touchChanged(replaced);
    replaced.nlink = Math.max(0, replaced.nlink - (moved.isDirectory() ? 2 : 1));
    replaced.markDirty();
    return 0;
  }

  /** The page may have changed since the old name was found, when both names are in it. */
  private long removeOldName(DirEntry old) {
    InodeTimes.touchChanged(moved);
    moved.markDirty();
    if (oldDirectory != newDirectory) {
      return Ext2Directory.deleteEntry(oldDirectory, old);
    }
    old.release();
    DirEntry again = Ext2Directory.findEntry(oldDirectory, oldEntry.name(), error);
    if (again == null) {
      return error[0] == 0 ? -Errno.ENOENT : error[0];
    }
    return Ext2Directory.deleteEntry(oldDirectory, again);
  }

  private long finish(@Nullable DirEntry dotdot, long sofar) {
    long result = sofar;
    if (dotdot != null) {
      if (result == 0) {
        result = Ext2Directory.setLink(moved, dotdot, newDirectory, false);
      }
      dotdot.release();
    }
    if (result == 0 && moved.isDirectory()) {
      oldDirectory.nlink = Math.max(0, oldDirectory.nlink - 1);
      oldDirectory.markDirty();
    }
    return result;
  }
}
