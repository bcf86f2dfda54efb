package dev.svc0.runtime.syscall;

import dev.svc0.runtime.task.Task;

/**
 * Told when a handler leaves by an exception that is no part of its contract, or a hook fails: a
 * bug.
 */
@FunctionalInterface
public interface HandlerFailure {
  /**
   * Reports it. The program has got its errno whatever this does; an exception from here is
   * dropped.
   *
   * @param call what is known about the call
   * @param failure what the handler threw
   */
  void handlerFailed(Task task, SyscallInfo call, Throwable failure);

  /** Reports a hook that failed; the call has gone on. */
  default void hookFailed(Object hook, Throwable failure) {
    System.getLogger("dev.svc0.syscall")
        .log(System.Logger.Level.ERROR, "hook " + hook + " failed; the call goes on", failure);
  }
}
