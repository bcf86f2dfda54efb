package dev.svc0.runtime.vfs;

import dev.svc0.runtime.mm.MemoryManager;
import org.jspecify.annotations.Nullable;

/** One process as /proc/PID shows it. */
public interface ProcessInfo {
  int pid();

  int parentPid();

  int processGroup();

  int session();

  /** Ids of its threads, ascending. */
  int[] threads();

  /** Name of a thread, at most 15 bytes. */
  String comm(int tid);

  /** Renames a thread. */
  void setComm(int tid, String name);

  /** R, S, D, Z, T … */
  char state(int tid);

  Cred cred();

  /** Null once it has ended. */
  @Nullable FsStruct fs();

  /** Null once it has ended. */
  @Nullable FilesStruct files();

  /** Null once it has ended. */
  @Nullable MemoryManager memory();

  /** The program it runs; null for none. */
  @Nullable Path executable();

  /** Arguments, each followed by NUL. */
  byte[] commandLine();

  /** Environment, each followed by NUL. */
  byte[] environment();

  /** Soft limit in [0], hard limit in [1]; −1 for none. */
  long[] limit(int resource);

  /** Nanoseconds on a processor: user in [0], system in [1]. */
  long[] cpuNanos();

  /** Uptime of the kernel in nanoseconds when it started. */
  long startNanos();

  /** Its terminal: device number in [0] (0 for none), group in its foreground in [1], else −1. */
  int[] terminal();

  /** Signal sets: pending, blocked, ignored, caught. */
  long[] signalSets(int tid);

  /** Counters of /proc/PID/io: rchar, wchar, syscr, syscw, read_bytes, write_bytes, cancelled. */
  long[] io();
}
