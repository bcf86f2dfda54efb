package dev.svc0.annotation;

/** What happens to an interrupted call once the signal's handler has returned. */
public enum Restart {
  /** It is not interruptible, or answers EINTR whatever the handler's flags. */
  NEVER,
  /** Restarted when the handler was installed with SA_RESTART (ERESTARTSYS). */
  IF_SA_RESTART,
  /** Restarted unless a handler ran (ERESTARTNOHAND). */
  IF_NO_HANDLER,
  /** Restarted always (ERESTARTNOINTR). */
  ALWAYS,
  /** Continued through restart_syscall with what was left (ERESTART_RESTARTBLOCK). */
  BLOCK
}
