package dev.svc0.runtime.trace;

/**
 * What is known of a system call when it returns: what filters, triggers and aggregations look at.
 * Belongs to a thread and is used again for its next call.
 */
public final class CallFacts {
  int pid;
  int tid;
  String comm = "";
  long operation;
  int number;
  long argument0;
  long argument2;
  long result;
  long ticks;
  String path = "";

  public int pid() {
    return pid;
  }

  public int tid() {
    return tid;
  }

  public String comm() {
    return comm;
  }

  /** Id of the operation. */
  public long operation() {
    return operation;
  }

  /** Number of the call. */
  public int number() {
    return number;
  }

  /** First argument as a descriptor. */
  public int fd() {
    return (int) argument0;
  }

  /** Third argument: of reads and writes the bytes asked for. */
  public long size() {
    return argument2;
  }

  /** What it returned. */
  public long result() {
    return result;
  }

  /** How long it took, in ticks of the clock. */
  public long duration() {
    return ticks;
  }

  /** Path of the file that it opened, read, wrote or synced; empty for none. */
  public String path() {
    return path;
  }
}
