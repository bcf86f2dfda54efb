package dev.svc0.fs.procfs;

import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Mount;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.PathNames;
import dev.svc0.runtime.vfs.SuperBlock;
import dev.svc0.runtime.vfs.Vfs;

/** Texts about what is mounted, as the reader sees it. */
final class MountText {
  private static final String[] NAMES = {
    "nosuid", "nodev", "noexec", "noatime", "nodiratime", "relatime"
  };
  private static final int[] BITS = {
    MountFlags.MS_NOSUID,
    MountFlags.MS_NODEV,
    MountFlags.MS_NOEXEC,
    MountFlags.MS_NOATIME,
    MountFlags.MS_NODIRATIME,
    MountFlags.MS_RELATIME
  };

  private final Vfs vfs;

  MountText(Vfs vfs) {
    this.vfs = vfs;
  }

  /** Space, tab, newline and backslash in octal, as programs expect. */
  private static String escape(String name) {
    return name.replace("\\", "\\134")
        .replace(" ", "\\040")
        .replace("\t", "\\011")
        .replace("\n", "\\012");
  }

  private static String pointOf(Mount mount, Path root) {
    return escape(PathNames.withoutDeleted(new Path(mount, mount.root()), root));
  }

  private static boolean isVisible(Mount mount, Path root) {
    return PathNames.isReachable(new Path(mount, mount.root()), root);
  }

  private static String mountOptions(Mount mount) {
    StringBuilder text = new StringBuilder(mount.isReadOnly() ? "ro" : "rw");
    for (int i = 0; i < BITS.length; i++) {
      if ((mount.flags() & BITS[i]) != 0) {
        text.append(',').append(NAMES[i]);
      }
    }
    return text.toString();
  }

  private static String superOptions(SuperBlock superBlock) {
    boolean sync = (superBlock.flags() & MountFlags.MS_SYNCHRONOUS) != 0;
    return (sync ? ",sync" : "") + superBlock.showOptions();
  }

  String mounts(Caller caller) {
    Path root = caller.fs().root();
    StringBuilder text = new StringBuilder();
    for (Mount mount : vfs.mounts().all()) {
      if (isVisible(mount, root)) {
        SuperBlock superBlock = mount.superBlock();
        text.append(escape(superBlock.source)).append(' ').append(pointOf(mount, root));
        text.append(' ').append(superBlock.type().name()).append(' ');
        text.append(mountOptions(mount)).append(superOptions(superBlock)).append(" 0 0\n");
      }
    }
    return text.toString();
  }

  String mountinfo(Caller caller) {
    Path root = caller.fs().root();
    StringBuilder text = new StringBuilder();
    for (Mount mount : vfs.mounts().all()) {
      if (isVisible(mount, root)) {
        SuperBlock superBlock = mount.superBlock();
        Path point = mount.mountPoint();
        int parent = point == null ? mount.id() : point.mount().id();
        int device = superBlock.deviceNumber();
        text.append(mount.id()).append(' ').append(parent).append(' ');
        text.append(device >>> 20).append(':').append(device & 0xfffff).append(' ');
        text.append(escape(insideOf(mount))).append(' ').append(pointOf(mount, root));
        text.append(' ').append(mountOptions(mount)).append(" - ");
        text.append(superBlock.type().name()).append(' ').append(escape(superBlock.source));
        text.append(superBlock.isReadOnly() ? " ro" : " rw").append(superOptions(superBlock));
        text.append('\n');
      }
    }
    return text.toString();
  }

  /** Which directory of its file system a mount shows. */
  private static String insideOf(Mount mount) {
    StringBuilder name = new StringBuilder();
    for (var at = mount.root(); ; ) {
      var parent = at.parent();
      if (parent == null) {
        return name.isEmpty() ? "/" : name.toString();
      }
      name.insert(0, at.name()).insert(0, '/');
      at = parent;
    }
  }
}
