package dev.svc0.runtime.task;

/**
 * How an interrupted call that was given a relative time goes on: run by restart_syscall(2) after a
 * signal that ran no handler.
 */
@FunctionalInterface
public interface RestartBlock {
  /** Goes on; a result, −errno or a restart code. */
  long restart(Task task);
}
