package dev.svc0.runtime.vfs;

/** Root, working directory and umask, shared by threads (CLONE_FS). <i>Linux:</i> {@code fs_struct}. */
public final class FsStruct {
  private volatile Path root;
  private volatile Path workingDirectory;

  /** Permission bits taken from new files. */
  public volatile int umask = 022;

  /** Starts with both at the same place. */
  public FsStruct(Path root) {
    this.root = root;
    this.workingDirectory = root;
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
  public void setRoot(Path path) {
    root = path;
  }

  /** chdir. */
  public void setWorkingDirectory(Path path) {
    workingDirectory = path;
  }

  /** A copy for a child. */
  public FsStruct copy() {
    FsStruct child = new FsStruct(root);
    child.workingDirectory = workingDirectory;
    child.umask = umask;
    return child;
  }
}
