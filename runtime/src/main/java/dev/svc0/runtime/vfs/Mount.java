package dev.svc0.runtime.vfs;

import org.jspecify.annotations.Nullable;

/** A file system attached to the tree. <i>Linux:</i> {@code mount}. */
public final class Mount {
  private final SuperBlock superBlock;
  private final Dentry root;
  private final @Nullable Path mountPoint;
  private final int id;
  private volatile int flags;

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

  /** Where it is attached; null for the top of the tree. */
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

  void setFlags(int flags) {
    this.flags = flags;
  }
}
