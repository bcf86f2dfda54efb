package dev.svc0.runtime.task;

/**
 * A kind of executable file. Found through {@link java.util.ServiceLoader}. <i>Linux:</i> {@code
 * linux_binfmt}.
 */
public interface BinaryFormat {
  /** Name, for example {@code elf}. */
  String name();

  /** Formats are asked in ascending order. */
  default int order() {
    return 0;
  }

  /**
   * Loads the program, if it is one of this format.
   *
   * <p>Until {@link LinuxBinprm#beginNewExec} the old program can go on: any −errno is its result.
   * After that an error kills the task. A file of another format gets −ENOEXEC and nothing is
   * touched. A script gives {@link LinuxBinprm#interpretBy} another file to load and returns 0.
   *
   * @return 0 or −errno
   */
  long loadBinary(LinuxBinprm bprm);
}
