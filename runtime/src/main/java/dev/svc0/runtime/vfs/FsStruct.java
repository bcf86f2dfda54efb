package dev.svc0.runtime.vfs;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Root, working directory and umask, shared by threads (CLONE_FS) and counted: {@link #retain},
 * {@link #release}. <i>Linux:</i> {@code fs_struct}.
 */
public final class FsStruct {
  private volatile Path root;
  private volatile Path workingDirectory;
  private final AtomicInteger users = new AtomicInteger(1);

  /** Permission bits taken from new files. */
  public volatile int umask = 022;

  /** Starts with both at the same place. */
  public FsStruct(Path root) {
    this(root, root);
  }

  private FsStruct(Path root, Path workingDirectory) {
    this.root = hold(root);
    this.workingDirectory = hold(workingDirectory);
  }

  /** What {@code /} means. */
  public Path root() {
    return root;
  }

  /** Where relative paths start. */
  public Path workingDirectory() {
    return workingDirectory;
  }

  /** chroot. */
  public synchronized void setRoot(Path path) {
    Path was = root;
    root = hold(path);
    put(was);
  }

  /** chdir. */
  public synchronized void setWorkingDirectory(Path path) {
    Path was = workingDirectory;
    workingDirectory = hold(path);
    put(was);
  }

  /** A copy for a child. */
  public synchronized FsStruct copy() {
    FsStruct child = new FsStruct(root, workingDirectory);
    child.umask = umask;
    return child;
  }

  /** One more user. */
  public FsStruct retain() {
    users.incrementAndGet();
    return this;
  }

  /** One user less; the last one lets go of both directories. */
  public void release() {
    if (users.decrementAndGet() == 0) {
      put(root);
      put(workingDirectory);
    }
  }

  private static Path hold(Path path) {
    path.mount().hold();
    path.dentry().requireInode().hold();
    return path;
  }

  private static void put(Path path) {
    path.dentry().requireInode().put();
    path.mount().put();
  }
}
