package dev.svc0.runtime.vfs;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.pagecache.PageCacheOwner;
import org.jspecify.annotations.Nullable;

/** mount(2) and umount2(2). 0 or −errno each. <i>Linux:</i> fs/namespace.c. */
@Traced(layer = Traced.Layer.VFS)
public final class Mounting {
  private static final int PROPAGATION =
      MountFlags.MS_SHARED | MountFlags.MS_PRIVATE | MountFlags.MS_SLAVE | MountFlags.MS_UNBINDABLE;

  private Mounting() {}

  /** mount(2). */
  @Traced("do_mount")
  public static long doMount(
      Caller caller,
      String source,
      String target,
      @Nullable String type,
      long flagBits,
      String options) {
    long flags = flagBits;
    if ((flags & MountFlags.MS_MGC_MSK) == (MountFlags.MS_MGC_VAL & 0xffffffffL)) {
      flags &= ~(long) MountFlags.MS_MGC_MSK;
    }
    long effective = flags;
    return Namei.withPath(
        caller,
        Fcntl.AT_FDCWD,
        target,
        Lookup.FOLLOW,
        (path, inode) -> pathMount(caller, source, path, type, effective, options));
  }

  private static long pathMount(
      Caller caller, String source, Path where, @Nullable String type, long flags, String options) {
    if (!caller.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    long both = MountFlags.MS_REMOUNT | MountFlags.MS_BIND;
    if ((flags & both) == both) {
      return reconfigureMount(where, flags);
    }
    if ((flags & MountFlags.MS_REMOUNT) != 0) {
      return remount(where, flags, options);
    }
    if ((flags & MountFlags.MS_BIND) != 0) {
      return bind(caller, source, where, flags);
    }
    if ((flags & PROPAGATION) != 0) {
      return isMountRoot(where) ? 0 : -Errno.EINVAL;
    }
    if ((flags & MountFlags.MS_MOVE) != 0) {
      return move(caller, source, where);
    }
    return type == null ? -Errno.EINVAL : newMount(caller, source, where, type, flags, options);
  }

  private static boolean isMountRoot(Path path) {
    return path.dentry() == path.mount().root();
  }

  private static long reconfigureMount(Path where, long flags) {
    if (!isMountRoot(where)) {
      return -Errno.EINVAL;
    }
    where.mount().setFlags((int) flags & Vfs.mountOnlyFlags());
    return 0;
  }

  private static long remount(Path where, long flags, String options) {
    if (!isMountRoot(where)) {
      return -Errno.EINVAL;
    }
    SuperBlock superBlock = where.mount().superBlock();
    boolean toReadOnly = (flags & MountFlags.MS_RDONLY) != 0 && !superBlock.isReadOnly();
    if (toReadOnly) {
      long result = syncFilesystem(superBlock);
      if (result != 0) {
        return result;
      }
    }
    long kept = superBlock.flags() & ~(long) MountFlags.MS_RMT_MASK;
    long result = superBlock.remount(kept | flags & MountFlags.MS_RMT_MASK, options);
    if (result == 0) {
      where.mount().setFlags((int) flags & Vfs.mountOnlyFlags());
    }
    return result;
  }

  private static long bind(Caller caller, String source, Path where, long flags) {
    return Namei.withPath(
        caller,
        Fcntl.AT_FDCWD,
        source,
        Lookup.FOLLOW,
        (from, inode) -> {
          if (inode.isDirectory() != where.dentry().requireInode().isDirectory()) {
            return -Errno.ENOTDIR;
          }
          Vfs vfs = from.mount().superBlock().vfs();
          Mount bound =
              vfs.mounts()
                  .attach(from.dentry().superBlock(), from.dentry(), where, from.mount().flags());
          inode.hold();
          if ((flags & MountFlags.MS_REC) != 0) {
            bindBelow(vfs, from, bound);
          }
          return 0;
        });
  }

  private static void bindBelow(Vfs vfs, Path from, Mount bound) {
    for (Mount one : vfs.mounts().all()) {
      Path point = one.mountPoint();
      if (one != bound
          && point != null
          && point.mount() == from.mount()
          && from.dentry().isAncestorOf(point.dentry())) {
        one.root().requireInode().hold();
        Mount copy =
            vfs.mounts()
                .attach(one.superBlock(), one.root(), new Path(bound, point.dentry()), one.flags());
        bindBelow(vfs, new Path(one, one.root()), copy);
      }
    }
  }

  private static long move(Caller caller, String source, Path where) {
    return Namei.withPath(
        caller,
        Fcntl.AT_FDCWD,
        source,
        Lookup.FOLLOW,
        (from, inode) -> {
          if (!isMountRoot(from) || from.mount().mountPoint() == null) {
            return -Errno.EINVAL;
          }
          for (Mount at = where.mount(); at != null; at = parentOf(at)) {
            if (at == from.mount()) {
              return -Errno.ELOOP;
            }
          }
          from.mount().superBlock().vfs().mounts().move(from.mount(), where);
          return 0;
        });
  }

  private static @Nullable Mount parentOf(Mount mount) {
    Path point = mount.mountPoint();
    return point == null ? null : point.mount();
  }

  private static long newMount(
      Caller caller, String source, Path where, String type, long flags, String options) {
    Vfs vfs = where.mount().superBlock().vfs();
    FileSystemType found = vfs.type(type);
    if (found == null) {
      return -Errno.ENODEV;
    }
    if (!where.dentry().requireInode().isDirectory()) {
      return -Errno.ENOTDIR;
    }
    BlockDevice[] device = new BlockDevice[1];
    if (found.requiresDevice()) {
      long result = findDevice(caller, source, vfs, device);
      if (result != 0) {
        return result;
      }
    }
    try {
      vfs.mountAt(where, type, source, device[0], flags, options);
      return 0;
    } catch (MountException refused) {
      return -refused.errno();
    }
  }

  /** The block device that a path of a device node names. */
  private static long findDevice(Caller caller, String source, Vfs vfs, BlockDevice[] device) {
    return Namei.withPath(
        caller,
        Fcntl.AT_FDCWD,
        source,
        Lookup.FOLLOW,
        (path, inode) -> {
          if (!inode.isBlockDevice()) {
            return -Errno.ENOTBLK;
          }
          if ((path.mount().flags() & MountFlags.MS_NODEV) != 0) {
            return -Errno.EACCES;
          }
          device[0] = vfs.devices().byNumber(inode.rdev >>> 20, inode.rdev & 0xfffff);
          return device[0] == null ? -Errno.ENXIO : 0;
        });
  }

  /** umount2(2). */
  public static long doUmount(Caller caller, String target, int flags) {
    int known =
        MountFlags.MNT_FORCE
            | MountFlags.MNT_DETACH
            | MountFlags.MNT_EXPIRE
            | MountFlags.UMOUNT_NOFOLLOW;
    if ((flags & ~known) != 0) {
      return -Errno.EINVAL;
    }
    int follow = (flags & MountFlags.UMOUNT_NOFOLLOW) != 0 ? 0 : Lookup.FOLLOW;
    Mount[] found = new Mount[1];
    long result =
        Namei.withPath(
            caller,
            Fcntl.AT_FDCWD,
            target,
            follow,
            (path, inode) -> {
              if (!isMountRoot(path)) {
                return -Errno.EINVAL;
              }
              if (!caller.cred().capable(Capability.CAP_SYS_ADMIN)) {
                return -Errno.EPERM;
              }
              found[0] = path.mount();
              return 0;
            });
    return result != 0 ? result : umount(found[0], flags);
  }

  private static long umount(Mount mount, int flags) {
    SuperBlock superBlock = mount.superBlock();
    MountTable mounts = superBlock.vfs().mounts();
    if ((flags & MountFlags.MNT_EXPIRE) != 0) {
      int both = MountFlags.MNT_FORCE | MountFlags.MNT_DETACH;
      return (flags & both) != 0 ? -Errno.EINVAL : -Errno.EAGAIN;
    }
    if ((flags & MountFlags.MNT_DETACH) != 0) {
      if (mount.mountPoint() == null) {
        return -Errno.EINVAL;
      }
      detachLazily(mounts, mount);
      return 0;
    }
    long result = mounts.detach(mount);
    if (result != 0) {
      return result;
    }
    return finish(mounts, mount);
  }

  private static void detachLazily(MountTable mounts, Mount mount) {
    for (Mount one : mounts.detachLazily(mount)) {
      if (one.freeze()) {
        finish(mounts, one);
      } else {
        one.finishWhenUnused(() -> finish(mounts, one));
      }
    }
  }

  private static long finish(MountTable mounts, Mount mount) {
    SuperBlock superBlock = mount.superBlock();
    if (mount.root() != superBlock.root()) {
      mount.root().requireInode().put();
    }
    return mounts.isMounted(superBlock) ? 0 : shutDown(superBlock);
  }

  /** Syncs and ends a file system that is mounted nowhere any more. 0 or −errno. */
  @Traced("generic_shutdown_super")
  static long shutDown(SuperBlock superBlock) {
    if (!superBlock.shutDownOnce()) {
      return 0;
    }
    long result = superBlock.isReadOnly() ? 0 : syncFilesystem(superBlock);
    Vfs vfs = superBlock.vfs();
    vfs.dentries().dropTree(superBlock.root());
    superBlock.putSuper();
    return result;
  }

  /** Writes everything of one file system. 0 or −errno. */
  @Traced("sync_filesystem")
  public static long syncFilesystem(SuperBlock superBlock) {
    long result = superBlock.vfs().writeback().sync(owner -> isOf(owner, superBlock));
    long own = superBlock.syncFs(true);
    result = result == 0 ? own : result;
    BlockDevice device = superBlock.device();
    long disk = device == null ? 0 : device.sync();
    return result == 0 ? disk : result;
  }

  private static boolean isOf(PageCacheOwner owner, SuperBlock superBlock) {
    return owner instanceof Inode inode && inode.superBlock() == superBlock;
  }
}
