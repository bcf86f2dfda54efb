package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Inotify;
import org.jspecify.annotations.Nullable;

/**
 * Tells those who watch files and directories what happens to them. Costs one field load where
 * nobody watches. <i>Linux:</i> fs/notify.
 */
public final class Fsnotify {
  private Fsnotify() {}

  /** F_NOTIFY: a signal when one of the DN_ events happens in a directory. 0 or −errno. */
  public static long directoryNotify(File file, long events, Caller caller) {
    return Dnotify.fcntlDirnotify(file, events, caller);
  }

  static void modify(File file) {
    onFile(file, Inotify.IN_MODIFY);
  }

  static void access(File file) {
    onFile(file, Inotify.IN_ACCESS);
  }

  static void open(File file) {
    onFile(file, Inotify.IN_OPEN);
  }

  static void close(File file) {
    boolean wrote = file.hasMode(File.FMODE_WRITE);
    onFile(file, wrote ? Inotify.IN_CLOSE_WRITE : Inotify.IN_CLOSE_NOWRITE);
  }

  private static void onFile(File file, int event) {
    Dentry dentry = file.path().dentry();
    Dentry parent = dentry.parent();
    Inode inode = file.inode();
    if (inode.notifyMarks != null || parent != null && isWatched(parent)) {
      onEntry(dentry, inode, event);
    }
  }

  private static boolean isWatched(Dentry directory) {
    Inode inode = directory.inode();
    return inode != null && inode.notifyMarks != null;
  }

  /** Attributes of something changed. */
  static void attrib(@Nullable Dentry dentry, Inode inode, int event) {
    if (dentry != null) {
      onEntry(dentry, inode, event);
    } else {
      notifyInode(inode, event, 0, null);
    }
  }

  private static void onEntry(Dentry dentry, Inode inode, int event) {
    int bits = inode.isDirectory() ? event | Inotify.IN_ISDIR : event;
    Dentry parent = dentry.parent();
    if (parent != null && parent.inode() != null) {
      notifyInode(parent.requireInode(), bits, 0, dentry.name());
    }
    notifyInode(inode, bits, 0, null);
  }

  static void create(Inode directory, Dentry entry, boolean isDirectory) {
    int bits = isDirectory ? Inotify.IN_CREATE | Inotify.IN_ISDIR : Inotify.IN_CREATE;
    notifyInode(directory, bits, 0, entry.name());
  }

  static void link(Inode directory, Dentry entry, Inode target) {
    notifyInode(target, Inotify.IN_ATTRIB, 0, null);
    notifyInode(directory, Inotify.IN_CREATE, 0, entry.name());
  }

  static void unlink(Inode directory, Dentry entry, Inode target) {
    boolean isDirectory = target.isDirectory();
    if (!isDirectory) {
      notifyInode(target, Inotify.IN_ATTRIB, 0, null);
    }
    lostName(target);
    int bits = isDirectory ? Inotify.IN_DELETE | Inotify.IN_ISDIR : Inotify.IN_DELETE;
    notifyInode(directory, bits, 0, entry.name());
  }

  static void replaced(Inode target) {
    notifyInode(target, Inotify.IN_ATTRIB, 0, null);
    lostName(target);
  }

  private static void lostName(Inode inode) {
    NotifyMarks marks = inode.notifyMarks;
    if (marks != null && (inode.nlink == 0 || inode.hasFlag(Inode.S_DEAD))) {
      marks.letGo(inode);
      if (inode.references() <= 1) {
        inodeDeleted(inode); // only the name's own entry is left
      }
    }
  }

  static void move(
      Inode oldDirectory, String oldName, Inode newDirectory, String newName, Inode moved) {
    if (oldDirectory.notifyMarks == null
        && newDirectory.notifyMarks == null
        && moved.notifyMarks == null) {
      return;
    }
    int cookie = NotifyMarks.nextCookie();
    int isDirectory = moved.isDirectory() ? Inotify.IN_ISDIR : 0;
    notifyInode(oldDirectory, Inotify.IN_MOVED_FROM | isDirectory, cookie, oldName);
    notifyInode(newDirectory, Inotify.IN_MOVED_TO | isDirectory, cookie, newName);
    notifyInode(moved, Inotify.IN_MOVE_SELF, 0, null);
  }

  /** An inode is going away for good: no links, no users. */
  static void inodeDeleted(Inode inode) {
    notifyInode(inode, Inotify.IN_DELETE_SELF, 0, null);
    NotifyMarks marks = inode.notifyMarks;
    if (marks != null) {
      marks.removeAll();
    }
  }

  private static void notifyInode(Inode inode, int event, int cookie, @Nullable String name) {
    NotifyMarks marks = inode.notifyMarks;
    if (marks != null) {
      marks.deliver(event, cookie, name);
    }
  }
}
