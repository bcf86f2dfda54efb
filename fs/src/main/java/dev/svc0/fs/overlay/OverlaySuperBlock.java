package dev.svc0.fs.overlay;

import dev.svc0.runtime.abi.FsMagic;
import dev.svc0.runtime.sched.LockClass;
import dev.svc0.runtime.sched.LockOrder;
import dev.svc0.runtime.vfs.Dentry;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Layer;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.StatFs;
import dev.svc0.runtime.vfs.SuperBlock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A mounted overlay: its two layers, and the inodes in use. */
final class OverlaySuperBlock extends SuperBlock {
  final Layer lower;
  final Layer upper;

  /** Serialises copying files up. */
  final ReentrantLock copyUpLock = LockOrder.lock(LockClass.COPY_UP);

  /** By the inode that counts: the upper one if there is one. Protected by its own monitor. */
  private final Map<Inode, OverlayInode> inodes = new HashMap<>();

  OverlaySuperBlock(FileSystemType type, MountRequest request, SuperBlock below, SuperBlock above) {
    super(type, request);
    magic = FsMagic.OVERLAYFS_SUPER_MAGIC;
    lower = new Layer(request.vfs(), below);
    upper = new Layer(request.vfs(), above);
    maxBytes = above.maxBytes;
    Inode top = below.root().requireInode();
    Inode front = above.root().requireInode();
    front.mode = top.mode;
    front.uid = top.uid;
    front.gid = top.gid;
    front.hold();
    top.hold();
    setRoot(new OverlayInode(this, null, above.root(), below.root()));
  }

  /**
   * The inode of a name with a reference; takes over one reference of each layer's inode.
   *
   * @param above entry of the upper layer, positive, or null
   * @param below entry of the lower layer, positive, or null
   */
  OverlayInode inodeFor(OverlayInode parent, @Nullable Dentry above, @Nullable Dentry below) {
    Dentry real = above != null ? above : below;
    if (real == null) {
      throw new IllegalArgumentException("nothing in either layer");
    }
    synchronized (inodes) {
      OverlayInode known = inodes.get(real.requireInode());
      if (known != null && known.tryHold()) {
        release(above);
        release(below);
        return known;
      }
      OverlayInode made = new OverlayInode(this, parent, above, below);
      inodes.put(real.requireInode(), made);
      return made;
    }
  }

  private static void release(@Nullable Dentry entry) {
    if (entry != null) {
      entry.requireInode().put();
    }
  }

  /** A file was copied up: it is known by its upper inode from now on. */
  void rekey(Inode was, OverlayInode inode) {
    synchronized (inodes) {
      inodes.remove(was, inode);
      inodes.put(inode.real(), inode);
    }
  }

  @Override
  public void evictInode(Inode inode) {
    OverlayInode overlay = (OverlayInode) inode;
    synchronized (inodes) {
      inodes.remove(overlay.real(), overlay);
    }
    overlay.releaseLayers();
  }

  @Override
  public long statfs(StatFs result) {
    long done = upper.superBlock().statfs(result);
    result.magic = magic;
    return done;
  }

  @Override
  public void putSuper() {
    upper.close();
    lower.close();
  }

  @Override
  public boolean isStacked() {
    return true;
  }
}
