package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.MountFlags;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A file system attached to the tree. <i>Linux:</i> {@code mount}. */
public final class Mount {
  private static final int GONE = Integer.MIN_VALUE;

  private final SuperBlock superBlock;
  private final Dentry root;
  private volatile @Nullable Path mountPoint;
  private final int id;
  private volatile int flags;
  private volatile @Nullable Runnable whenUnused;

  /** Open files, working directories, walks and mounts on top that use it. */
  private final AtomicInteger users = new AtomicInteger();

  Mount(SuperBlock superBlock, Dentry root, @Nullable Path mountPoint, int id, int flags) {
    this.superBlock = superBlock;
    this.root = root;
    this.mountPoint = mountPoint;
    this.id = id;
    this.flags = flags;
  }

  public SuperBlock superBlock() {
    return superBlock;
  }

  /** The directory of the file system that is seen at the mount point. */
  public Dentry root() {
    return root;
  }

  /** Where it is attached; null for the top of the tree and for what was detached. */
  public @Nullable Path mountPoint() {
    return mountPoint;
  }

  /** Mount id, as in /proc/self/mountinfo. */
  public int id() {
    return id;
  }

  /** MS_ bits of this mount alone (MS_RDONLY, MS_NOEXEC, MS_NOSUID, MS_NODEV …). */
  public int flags() {
    return flags;
  }

  /** Whether nothing below it can be changed: by the mount or by the file system. */
  public boolean isReadOnly() {
    return (flags & MountFlags.MS_RDONLY) != 0 || superBlock.isReadOnly();
  }

  /** One more user; who calls knows that there is one already. */
  public void hold() {
    users.incrementAndGet();
  }

  /** One more user, unless it is gone. */
  boolean tryHold() {
    for (int now = users.get(); now >= 0; now = users.get()) {
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  /** One user less. */
  public void put() {
    if (users.decrementAndGet() == 0) {
      Runnable last = whenUnused;
      if (last != null && freeze()) {
        last.run();
      }
    }
  }

  /** Detached while in use: what to do when the last user goes. */
  void finishWhenUnused(Runnable action) {
    whenUnused = action;
    if (freeze()) {
      action.run();
    }
  }

  /** Ends it if nobody uses it. */
  boolean freeze() {
    return users.compareAndSet(0, GONE);
  }

  /** Users now. */
  int users() {
    return users.get();
  }

  void setFlags(int flags) {
    this.flags = flags;
  }

  void setMountPoint(@Nullable Path path) {
    mountPoint = path;
  }
}
