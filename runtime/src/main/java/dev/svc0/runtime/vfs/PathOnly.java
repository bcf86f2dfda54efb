package dev.svc0.runtime.vfs;

/** What can be done with a file opened with O_PATH: nothing. */
final class PathOnly implements FileOperations {
  static final PathOnly INSTANCE = new PathOnly();

  private PathOnly() {}
}
