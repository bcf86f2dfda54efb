package dev.svc0.runtime.syscall;

import dev.svc0.runtime.task.Task;

/** Told when a handler leaves by an exception that is no part of its contract: a bug in it. */
@FunctionalInterface
public interface HandlerFailure {
  /**
   * Reports it. The program has got its errno whatever this does; an exception from here is dropped.
   *
   * @param call what is known about the call
   * @param failure what the handler threw
   */
  void handlerFailed(Task task, SyscallInfo call, Throwable failure);
}
