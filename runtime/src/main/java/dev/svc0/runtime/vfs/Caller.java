package dev.svc0.runtime.vfs;

import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.Sleeper;

/**
 * On whose behalf the VFS works: what it needs to know of {@code current}. A guest's task is one,
 * and so is a Java program that uses a file system as a library.
 */
public interface Caller extends Sleeper {
  /** The rights. */
  Cred cred();

  /** Root, working directory, umask. */
  FsStruct fs();

  /** Open file descriptors. */
  FilesStruct files();

  /** Memory that user addresses refer to. */
  UserMemory memory();

  /** The soft limit of a resource (RLIMIT_…), unsigned; −1 for none. */
  long rlimit(int resource);

  /** Sends a signal to the calling thread, as SIGXFSZ and SIGPIPE are. */
  void sendSignal(int signal);

  /** Bytes were read by a call, and calls counted, for /proc/PID/io. */
  default void accountRead(long bytes) {}

  /** Bytes were written by a call. */
  default void accountWrite(long bytes) {}

  /** Process id as the guest sees it (file locks, owners). */
  int pid();
}
