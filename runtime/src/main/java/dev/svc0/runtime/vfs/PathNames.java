package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;

/** The path of a place. <i>Linux:</i> fs/d_path.c. */
@Traced(layer = Traced.Layer.VFS)
public final class PathNames {
  private PathNames() {}

  /**
   * The absolute path of a place as seen from a root; with {@code " (deleted)"} behind it when the
   * name is gone; the bare name of an object without a place.
   */
  @Traced("d_path")
  public static String dPath(Path path, Path root) {
    String name = withoutDeleted(path, root);
    return path.dentry().isUnlinked() ? name + " (deleted)" : name;
  }

  /** The path of an open file as a trace shows it: from the top of everything. */
  static String traced(File file) {
    return withoutDeleted(file.path(), file.inode().superBlock().vfs().root());
  }

  /** The same without the mark of a removed name. */
  public static String withoutDeleted(Path path, Path root) {
    Dentry dentry = path.dentry();
    if (dentry.parent() == null && dentry != path.mount().root()) {
      return dentry.name();
    }
    DentryCache cache = root.mount().superBlock().vfs().dentries();
    while (true) {
      long sequence = cache.renameSequence();
      String name = prependPath(path, root);
      if ((sequence & 1) == 0 && sequence == cache.renameSequence()) {
        return name;
      }
      Thread.onSpinWait();
    }
  }

  /** Whether a place lies below a root. */
  public static boolean isReachable(Path path, Path root) {
    Mount mount = path.mount();
    Dentry at = path.dentry();
    while (!(mount == root.mount() && at == root.dentry())) {
      if (at == mount.root()) {
        Path point = mount.mountPoint();
        if (point == null) {
          return false;
        }
        mount = point.mount();
        at = point.dentry();
      } else {
        Dentry parent = at.parent();
        if (parent == null) {
          return false;
        }
        at = parent;
      }
    }
    return true;
  }

  private static String prependPath(Path path, Path root) {
    StringBuilder result = new StringBuilder();
    Mount mount = path.mount();
    Dentry at = path.dentry();
    while (!(mount == root.mount() && at == root.dentry())) {
      if (at == mount.root()) {
        Path point = mount.mountPoint();
        if (point == null) {
          break;
        }
        mount = point.mount();
        at = point.dentry();
      } else {
        result.insert(0, at.name()).insert(0, '/');
        Dentry parent = at.parent();
        if (parent == null) {
          break;
        }
        at = parent;
      }
    }
    return result.isEmpty() ? "/" : result.toString();
  }
}
