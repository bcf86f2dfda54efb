package dev.svc0.runtime.vfs;

/**
 * Where the host's standard input, output and error stand behind /dev/console, /dev/tty and the
 * first three descriptors: a terminal, or streams that are none.
 */
public interface Console {
  /** Operations of /dev/console and /dev/tty. */
  FileOperations operations();

  /**
   * The file that a program starts with at descriptor 0, 1 or 2, with one reference.
   *
   * @param fd 0, 1 or 2
   * @param caller whose it will be
   */
  File standardFile(int fd, Caller caller);
}
