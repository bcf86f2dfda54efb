package dev.svc0.runtime.vfs;

import org.jspecify.annotations.Nullable;

/**
 * A place in the tree: a directory entry as seen through a mount.
 *
 * @param mount which mount
 * @param dentry which entry of its file system
 */
public record Path(Mount mount, Dentry dentry) {
  // Written out: what the JVM would link for a record costs a short program more than its work.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Path path && path.mount == mount && path.dentry == dentry;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(mount) + System.identityHashCode(dentry);
  }
}
