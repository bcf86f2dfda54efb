package dev.svc0.runtime.vfs;

import org.jspecify.annotations.Nullable;

/** The processes and the machine as /proc shows them. The kernel implements it. */
public interface ProcessTable {
  /** Ids of all processes, ascending. */
  int[] pids();

  /** A process by the id of any of its threads; null when there is none. */
  @Nullable ProcessInfo process(int id);

  /** The process a caller belongs to; null when it belongs to none. */
  default @Nullable ProcessInfo of(Caller caller) {
    return process(caller.pid());
  }

  /** Nanoseconds since the kernel started. */
  long uptimeNanos();

  /** When the kernel started by its wall clock, in seconds since the epoch. */
  long bootSeconds();

  /** The text of /proc/cpuinfo, given by the architecture. */
  String cpuinfo();

  /** The text of /proc/version without the line end. */
  String version();

  /** The release as uname gives it. */
  String release();

  /** The host name. */
  String hostname();

  /** Bytes of memory: total in [0], free in [1]. */
  long[] memory();

  /** One more than the highest process id. */
  int pidMax();
}
