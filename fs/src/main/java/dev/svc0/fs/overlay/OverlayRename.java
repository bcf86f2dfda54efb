package dev.svc0.fs.overlay;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FsConstants;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Layer;

/** Moving names, and exchanging two: in the upper layer, into which both come first. */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class OverlayRename {
  private OverlayRename() {}

  @Traced("ovl_rename")
  static long rename(
      OverlayInode from, Dentry oldEntry, OverlayInode to, Dentry newEntry, int flags) {
    OverlayInode moved = (OverlayInode) oldEntry.requireInode();
    if ((flags & ~(FsConstants.RENAME_NOREPLACE | FsConstants.RENAME_EXCHANGE)) != 0) {
      return -Errno.EINVAL;
    }
    if (isMerged(moved)) {
      return -Errno.EXDEV;
    }
    if ((flags & FsConstants.RENAME_EXCHANGE) != 0) {
      return exchange(from, oldEntry, to, newEntry);
    }
    long result = prepareTarget(newEntry);
    if (result == 0) {
      result = CopyUp.copyUp(moved, LayerCaller.NOBODY);
    }
    if (result == 0) {
      result = CopyUp.copyUp(to, LayerCaller.NOBODY);
    }
    return result != 0 ? result : moveUpper(from, oldEntry.name(), to, newEntry, moved);
  }

  /** A directory that the lower layer has a part of stays where that part is found. */
  private static boolean isMerged(OverlayInode inode) {
    return inode.isDirectory() && inode.lower != null;
  }

  private static long exchange(
      OverlayInode from, Dentry oldEntry, OverlayInode to, Dentry newEntry) {
    OverlayInode one = (OverlayInode) oldEntry.requireInode();
    OverlayInode other = (OverlayInode) newEntry.requireInode();
    if (isMerged(other)) {
      return -Errno.EXDEV;
    }
    long[] error = new long[1];
    for (OverlayInode inode : new OverlayInode[] {one, other, from, to}) {
      error[0] = error[0] != 0 ? error[0] : CopyUp.copyUp(inode, LayerCaller.NOBODY);
    }
    Layer upper = from.overlay().upper;
    Dentry oldParent = from.upper;
    Dentry newParent = to.upper;
    if (error[0] != 0 || oldParent == null || newParent == null) {
      return error[0] != 0 ? error[0] : -Errno.EIO;
    }
    Dentry source = upper.lookup(oldParent, oldEntry.name(), error);
    Dentry target = source == null ? null : upper.lookup(newParent, newEntry.name(), error);
    if (source == null || target == null) {
      return error[0];
    }
    long result = upper.rename(oldParent, source, newParent, target, FsConstants.RENAME_EXCHANGE);
    if (result != 0) {
      return result;
    }
    hideBelow(one, to, newEntry.name());
    hideBelow(other, from, oldEntry.name());
    if (from != to) {
      one.moveTo(to);
      other.moveTo(from);
    }
    for (OverlayInode inode : new OverlayInode[] {one, other, from, to}) {
      inode.refresh();
    }
    return 0;
  }

  /** A directory of the upper layer that came to a name shows nothing of the lower one there. */
  private static void hideBelow(OverlayInode moved, OverlayInode directory, String name) {
    if (moved.isDirectory() && OverlayInodeOperations.existsBelow(directory, name)) {
      Inode real = moved.real();
      real.operations()
          .setxattr(real, OverlayInodeOperations.OPAQUE, OverlayInodeOperations.YES, 0);
    }
  }

  private static long prepareTarget(Dentry newEntry) {
    if (!(newEntry.inode() instanceof OverlayInode target) || !target.isDirectory()) {
      return 0;
    }
    long[] error = new long[1];
    if (!Listing.isEmpty(target, error)) {
      return error[0] != 0 ? error[0] : -Errno.ENOTEMPTY;
    }
    return OverlayInodeOperations.clearWhiteouts(target);
  }

  private static long moveUpper(
      OverlayInode from, String oldName, OverlayInode to, Dentry newEntry, OverlayInode moved) {
    Layer upper = from.overlay().upper;
    Dentry oldParent = from.upper;
    Dentry newParent = to.upper;
    long[] error = new long[1];
    if (oldParent == null || newParent == null) {
      return -Errno.EIO;
    }
    OverlayInodeOperations.removeWhiteout(upper, newParent, newEntry.name(), error);
    Dentry source = error[0] != 0 ? null : upper.lookup(oldParent, oldName, error);
    Dentry target = source == null ? null : upper.lookup(newParent, newEntry.name(), error);
    if (source == null || target == null) {
      return error[0];
    }
    long result = upper.rename(oldParent, source, newParent, target, 0);
    if (result != 0) {
      return result;
    }
    if (OverlayInodeOperations.existsBelow(from, oldName)) {
      result = OverlayInodeOperations.addWhiteout(from, oldName, LayerCaller.NOBODY);
    }
    hideBelow(moved, to, newEntry.name());
    if (from != to) {
      moved.moveTo(to);
    }
    if (newEntry.inode() instanceof OverlayInode replaced && replaced.upper != null) {
      replaced.refresh();
    }
    moved.refresh();
    from.refresh();
    to.refresh();
    return result;
  }
}
