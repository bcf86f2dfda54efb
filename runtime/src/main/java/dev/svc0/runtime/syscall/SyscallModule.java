package dev.svc0.runtime.syscall;

import dev.svc0.runtime.task.Task;
import java.util.List;

/**
 * The handlers of one class, ready to be called by a table that was compiled without them. The
 * processor writes one beside each class of handlers.
 */
public interface SyscallModule {
  /** What is known about its calls, with the numbers of arm64. */
  List<SyscallInfo> describe();

  /** Makes one of its calls, by its number on arm64. */
  long call(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5);
}
