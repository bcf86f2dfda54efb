package dev.svc0.runtime.syscall;

import dev.svc0.runtime.task.Task;
import java.util.List;

/** Stands for the runtime's class of this name. */
public abstract class TableDispatch {
  protected TableDispatch(String abi) {}

  protected abstract long call(
      Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5);

  protected abstract List<SyscallInfo> describe();

  protected final long notImplemented(
      Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return -38;
  }

  protected final long rejectFlags(int nr, long bits) {
    return -22;
  }
}
