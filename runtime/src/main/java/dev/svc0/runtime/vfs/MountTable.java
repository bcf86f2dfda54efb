package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Which file system is attached where. <i>Linux:</i> fs/namespace.c, one name space. */
public final class MountTable {
  private final Map<Path, Mount> byPlace = new ConcurrentHashMap<>();
  private final List<Mount> inOrder = new ArrayList<>();
  private final AtomicInteger nextId = new AtomicInteger(20);

  /** What is mounted on a place directly, or null. <i>Linux:</i> lookup_mnt. */
  @Nullable Mount covering(Mount mount, Dentry dentry) {
    return dentry.mounts.get() == 0 ? null : byPlace.get(new Path(mount, dentry));
  }

  /** A mount that is in no tree, for pipes and the like. */
  Mount internal(SuperBlock superBlock, Dentry root) {
    Mount mount = new Mount(superBlock, root, null, nextId.incrementAndGet(), 0);
    mount.hold();
    return mount;
  }

  /** Makes a file system the top of the tree. */
  synchronized Mount attachRoot(SuperBlock superBlock, int flags) {
    Mount mount = new Mount(superBlock, superBlock.root(), null, nextId.incrementAndGet(), flags);
    mount.hold();
    inOrder.add(mount);
    return mount;
  }

  /** Attaches a directory of a file system at a place. */
  synchronized Mount attach(SuperBlock superBlock, Dentry root, Path where, int flags) {
    Path top = topAt(where);
    Mount mount = new Mount(superBlock, root, top, nextId.incrementAndGet(), flags);
    place(mount, top);
    inOrder.add(mount);
    return mount;
  }

  private void place(Mount mount, Path where) {
    where.mount().hold();
    where.dentry().requireInode().hold();
    where.dentry().mounts.incrementAndGet();
    mount.setMountPoint(where);
    byPlace.put(where, mount);
  }

  private void unplace(Mount mount, Path where) {
    byPlace.remove(where, mount);
    where.dentry().mounts.decrementAndGet();
    mount.setMountPoint(null);
    where.dentry().requireInode().put();
    where.mount().put();
  }

  /** The place that is seen when one goes to a place: the root of the topmost mount on it. */
  public Path topAt(Path where) {
    Path at = where;
    for (Mount on = covering(at.mount(), at.dentry());
        on != null;
        on = covering(at.mount(), at.dentry())) {
      at = new Path(on, on.root());
    }
    return at;
  }

  /**
   * Detaches a mount that nobody uses.
   *
   * @return 0 or −EBUSY, −EINVAL for the top of the tree or one that is not attached
   */
  synchronized long detach(Mount mount) {
    Path where = mount.mountPoint();
    if (where == null || !inOrder.contains(mount)) {
      return -Errno.EINVAL;
    }
    if (!mount.freeze()) {
      return -Errno.EBUSY;
    }
    unplace(mount, where);
    inOrder.remove(mount);
    return 0;
  }

  /**
   * Detaches a mount and all on it from the tree, whoever uses it (MNT_DETACH); what was detached,
   * top last.
   */
  synchronized List<Mount> detachLazily(Mount mount) {
    List<Mount> result = new ArrayList<>();
    for (Mount one : List.copyOf(inOrder)) {
      Path where = one.mountPoint();
      if (one != mount && where != null && where.mount() == mount) {
        result.addAll(detachLazily(one));
      }
    }
    Path where = mount.mountPoint();
    if (where != null) {
      unplace(mount, where);
    }
    inOrder.remove(mount);
    result.add(mount);
    return result;
  }

  /** Moves a mount to another place. */
  synchronized void move(Mount mount, Path where) {
    Path was = mount.mountPoint();
    if (was != null) {
      unplace(mount, was);
    }
    place(mount, topAt(where));
  }

  /** All mounts of the tree, in the order of mounting. */
  public synchronized List<Mount> all() {
    return List.copyOf(inOrder);
  }

  /** Whether a mount still shows this file system. */
  synchronized boolean isMounted(SuperBlock superBlock) {
    for (Mount mount : inOrder) {
      if (mount.superBlock() == superBlock) {
        return true;
      }
    }
    return false;
  }

  /** Whether something is mounted on an entry, in any mount: it cannot be removed or replaced. */
  static boolean isMountPoint(Dentry dentry) {
    return dentry.mounts.get() != 0;
  }
}
