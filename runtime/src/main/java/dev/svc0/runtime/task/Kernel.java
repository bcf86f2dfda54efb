package dev.svc0.runtime.task;

import dev.svc0.runtime.vfs.Vfs;

/** One running kernel: its tasks, file systems, devices, clocks. Several live in one JVM. */
public final class Kernel implements AutoCloseable {
  private final Vfs vfs;

  /** Over a VFS. */
  public Kernel(Vfs vfs) {
    this.vfs = vfs;
  }

  /** Files, page cache, disks. */
  public Vfs vfs() {
    return vfs;
  }

  /** Ends all tasks, writes everything back, lets go of all resources. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
