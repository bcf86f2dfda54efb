package dev.svc0.runtime.syscall;

import dev.svc0.runtime.task.Task;

/**
 * One call as hooks see it. A tracer may change number, arguments and result; for all others it is
 * to read.
 */
public final class SyscallRegisters {
  /** How many argument registers there are. */
  public static final int ARGUMENTS = 6;

  private final Task task;
  private int nr;
  private final long[] x = new long[ARGUMENTS];
  private long result;
  private boolean answered;
  private boolean edited;

  SyscallRegisters(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    this.task = task;
    this.nr = nr;
    x[0] = x0;
    x[1] = x1;
    x[2] = x2;
    x[3] = x3;
    x[4] = x4;
    x[5] = x5;
  }

  /** Who calls. */
  public Task task() {
    return task;
  }

  /** The number. */
  public int nr() {
    return nr;
  }

  /** An argument register, whole. */
  public long argument(int index) {
    return x[index];
  }

  /** The result; meaningful once the call has been made or answered. */
  public long result() {
    return result;
  }

  /** Makes it another call. */
  public void setNr(int other) {
    edited |= nr != other;
    nr = other;
  }

  /** Changes an argument. */
  public void setArgument(int index, long value) {
    edited |= x[index] != value;
    x[index] = value;
  }

  /** Before the call: answers it, so that no handler runs. After it: replaces the result. */
  public void setResult(long value) {
    result = value;
    answered = true;
  }

  boolean answered() {
    return answered;
  }

  boolean takeEdited() {
    boolean was = edited;
    edited = false;
    return was;
  }
}
