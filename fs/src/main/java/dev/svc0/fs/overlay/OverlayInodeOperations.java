package dev.svc0.fs.overlay;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.InodeOperations;
import dev.svc0.runtime.vfs.Layer;
import dev.svc0.runtime.vfs.SetAttributes;
import org.jspecify.annotations.Nullable;

/** Names of the overlay, merged from both layers; changes go to the upper one. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class OverlayInodeOperations implements InodeOperations {
  static final OverlayInodeOperations INSTANCE = new OverlayInodeOperations();

  private static final String PREFIX = "trusted.overlay.";
  static final String OPAQUE = PREFIX + "opaque";
  static final byte[] YES = {'y'};

  private OverlayInodeOperations() {}

  /**
   * The positive entry of a name in a layer, its inode held; null for none or with error[0] set.
   */
  private static @Nullable Dentry find(
      Layer layer, @Nullable Dentry directory, String name, long[] error) {
    if (directory == null) {
      return null;
    }
    Dentry entry = layer.lookup(directory, name, error);
    Inode inode = entry == null ? null : entry.inode();
    return inode != null && inode.tryHold() ? entry : null;
  }

  private static boolean isOpaque(Inode directory) {
    return directory.operations().getxattr(directory, OPAQUE, new long[1]) != null;
  }

  @Override
  @Traced("ovl_lookup")
  public long lookup(Inode directory, Dentry entry) {
    OverlayInode parent = (OverlayInode) directory;
    OverlaySuperBlock overlay = parent.overlay();
    long[] error = new long[1];
    Dentry above = find(overlay.upper, parent.upper, entry.name(), error);
    if (error[0] != 0) {
      return error[0];
    }
    if (above != null && Layer.isWhiteout(above.requireInode())) {
      above.requireInode().put();
      return 0;
    }
    boolean hides =
        above != null && (!above.requireInode().isDirectory() || isOpaque(above.requireInode()));
    Dentry below = hides ? null : find(overlay.lower, parent.lower, entry.name(), error);
    if (error[0] != 0) {
      return error[0];
    }
    if (above != null && below != null && !below.requireInode().isDirectory()) {
      below.requireInode().put();
      below = null;
    }
    if (above != null || below != null) {
      entry.instantiate(overlay.inodeFor(parent, above, below));
    }
    return 0;
  }

  /** What makes something new at an entry of the upper layer. */
  @FunctionalInterface
  private interface Maker {
    long make(Inode directory, Dentry entry);
  }

  /** Makes something in the upper layer, in place of the mark of a removed name if there is one. */
  private static long make(Inode directory, Dentry entry, Caller caller, Maker maker) {
    OverlayInode parent = (OverlayInode) directory;
    Layer upper = parent.overlay().upper;
    long[] error = new long[1];
    Dentry above = CopyUp.upperOf(parent, caller, error);
    if (above == null) {
      return error[0];
    }
    boolean wasRemoved = removeWhiteout(upper, above, entry.name(), error);
    Dentry target = error[0] != 0 ? null : upper.lookup(above, entry.name(), error);
    if (target == null) {
      return error[0];
    }
    long result = upper.locked(above, inode -> maker.make(inode, target));
    if (result != 0) {
      if (wasRemoved) {
        addWhiteout(parent, entry.name(), caller);
      }
      return result;
    }
    Inode made = target.requireInode();
    if (wasRemoved && made.isDirectory()) {
      made.operations().setxattr(made, OPAQUE, YES, 0);
    }
    made.hold();
    entry.instantiate(parent.overlay().inodeFor(parent, target, null));
    parent.refresh();
    return 0;
  }

  static boolean removeWhiteout(Layer upper, Dentry directory, String name, long[] error) {
    Dentry entry = upper.lookup(directory, name, error);
    Inode inode = entry == null ? null : entry.inode();
    if (entry == null || inode == null || !Layer.isWhiteout(inode)) {
      return false;
    }
    error[0] = upper.remove(directory, entry);
    return error[0] == 0;
  }

  static long addWhiteout(OverlayInode parent, String name, Caller caller) {
    long[] error = new long[1];
    Layer upper = parent.overlay().upper;
    Dentry above = CopyUp.upperOf(parent, caller, error);
    Dentry entry = above == null ? null : upper.lookup(above, name, error);
    if (above == null || entry == null) {
      return error[0];
    }
    return upper.locked(
        above, inode -> inode.operations().mknod(inode, entry, Layer.whiteoutMode(), 0, caller));
  }

  @Override
  public long create(Inode directory, Dentry entry, int mode, Caller caller) {
    return make(directory, entry, caller, (up, at) -> up.operations().create(up, at, mode, caller));
  }

  @Override
  public long mkdir(Inode directory, Dentry entry, int mode, Caller caller) {
    return make(directory, entry, caller, (up, at) -> up.operations().mkdir(up, at, mode, caller));
  }

  @Override
  public long symlink(Inode directory, Dentry entry, String target, Caller caller) {
    return make(
        directory, entry, caller, (up, at) -> up.operations().symlink(up, at, target, caller));
  }

  @Override
  public long mknod(Inode directory, Dentry entry, int mode, int rdev, Caller caller) {
    boolean character = (mode & StatConstants.S_IFMT) == StatConstants.S_IFCHR;
    if (character && rdev == 0) {
      return -Errno.EPERM; // that is how a layer says that a name is gone
    }
    return make(
        directory, entry, caller, (up, at) -> up.operations().mknod(up, at, mode, rdev, caller));
  }

  @Override
  public long link(Inode target, Inode directory, Dentry entry) {
    OverlayInode linked = (OverlayInode) target;
    long[] error = new long[1];
    Dentry above = CopyUp.upperOf(linked, LayerCaller.NOBODY, error);
    if (above == null) {
      return error[0];
    }
    long result =
        make(
            directory,
            entry,
            LayerCaller.NOBODY,
            (up, at) -> up.operations().link(above.requireInode(), up, at));
    linked.refresh();
    return result;
  }

  @Override
  public long unlink(Inode directory, Dentry entry) {
    return remove((OverlayInode) directory, entry);
  }

  @Override
  public long rmdir(Inode directory, Dentry entry) {
    OverlayInode victim = (OverlayInode) entry.requireInode();
    long[] error = new long[1];
    if (!Listing.isEmpty(victim, error)) {
      return error[0] != 0 ? error[0] : -Errno.ENOTEMPTY;
    }
    long result = clearWhiteouts(victim);
    return result != 0 ? result : remove((OverlayInode) directory, entry);
  }

  /** An empty directory may still hold marks of removed names. */
  static long clearWhiteouts(OverlayInode directory) {
    Dentry above = directory.upper;
    if (above == null) {
      return 0;
    }
    Layer upper = directory.overlay().upper;
    long[] error = new long[1];
    for (String name : Listing.whiteouts(directory, error)) {
      removeWhiteout(upper, above, name, error);
    }
    return error[0];
  }

  static boolean existsBelow(OverlayInode parent, String name) {
    Dentry found = find(parent.overlay().lower, parent.lower, name, new long[1]);
    if (found == null) {
      return false;
    }
    found.requireInode().put();
    return true;
  }

  private static long remove(OverlayInode parent, Dentry entry) {
    OverlayInode victim = (OverlayInode) entry.requireInode();
    Layer upper = parent.overlay().upper;
    Dentry parentAbove = parent.upper;
    long[] error = new long[1];
    Dentry above = parentAbove == null ? null : upper.lookup(parentAbove, entry.name(), error);
    if (error[0] != 0) {
      return error[0];
    }
    if (parentAbove != null && above != null && !above.isNegative()) {
      long result = upper.remove(parentAbove, above);
      if (result != 0) {
        return result;
      }
    }
    boolean onlyBelow = victim.upper == null;
    long result = 0;
    if (existsBelow(parent, entry.name())) {
      result = addWhiteout(parent, entry.name(), LayerCaller.NOBODY);
    }
    if (!onlyBelow) {
      victim.refresh();
    } else {
      victim.nlink = Math.max(victim.nlink - 1, 0);
    }
    parent.refresh();
    return result;
  }

  @Override
  public long rename(
      Inode oldDirectory, Dentry oldEntry, Inode newDirectory, Dentry newEntry, int flags) {
    return OverlayRename.rename(
        (OverlayInode) oldDirectory, oldEntry, (OverlayInode) newDirectory, newEntry, flags);
  }

  @Override
  @Traced("ovl_tmpfile")
  public @Nullable Inode tmpfile(Inode directory, int mode, Caller caller, long[] error) {
    OverlayInode parent = (OverlayInode) directory;
    OverlaySuperBlock overlay = parent.overlay();
    Dentry above = CopyUp.upperOf(parent, caller, error);
    if (above == null) {
      return null;
    }
    Inode real = above.requireInode();
    Inode made = real.operations().tmpfile(real, mode, caller, error);
    if (made == null) {
      return null;
    }
    String name = "#" + made.number();
    Dentry entry = Dentry.anonymous(overlay.upper.superBlock(), name, made);
    return overlay.inodeFor(parent, entry, null);
  }

  @Override
  public @Nullable String getLink(Inode inode, Caller caller, long[] error) {
    Inode real = ((OverlayInode) inode).real();
    return real.operations().getLink(real, caller, error);
  }

  @Override
  @Traced("ovl_setattr")
  public long setattr(Inode inode, SetAttributes change, Caller caller) {
    OverlayInode overlay = (OverlayInode) inode;
    long result = CopyUp.copyUp(overlay, caller);
    if (result == 0) {
      Inode real = overlay.real();
      real.lock.writeLock().lock();
      try {
        result = real.operations().setattr(real, change, caller);
      } finally {
        real.lock.writeLock().unlock();
      }
      overlay.refresh();
    }
    return result;
  }

  @Override
  public void getattr(Inode inode) {
    ((OverlayInode) inode).refresh();
  }

  @Override
  public byte @Nullable [] getxattr(Inode inode, String name, long[] error) {
    if (name.startsWith(PREFIX)) {
      error[0] = -Errno.ENODATA;
      return null;
    }
    Inode real = ((OverlayInode) inode).real();
    return real.operations().getxattr(real, name, error);
  }

  @Override
  public long setxattr(Inode inode, String name, byte @Nullable [] value, int flags) {
    if (name.startsWith(PREFIX)) {
      return -Errno.EPERM;
    }
    OverlayInode overlay = (OverlayInode) inode;
    long result = CopyUp.copyUp(overlay, LayerCaller.NOBODY);
    if (result == 0) {
      Inode real = overlay.real();
      result = real.operations().setxattr(real, name, value, flags);
      overlay.refresh();
    }
    return result;
  }

  @Override
  public String listxattr(Inode inode) {
    Inode real = ((OverlayInode) inode).real();
    StringBuilder visible = new StringBuilder();
    for (String name : real.operations().listxattr(real).split("\0")) {
      if (!name.isEmpty() && !name.startsWith(PREFIX)) {
        visible.append(name).append('\0');
      }
    }
    return visible.toString();
  }
}
