package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Errno;

/** Restart blocks that belong to no call. */
final class RestartBlocks {
  /** Nothing to go on with: −EINTR. <i>Linux:</i> do_no_restart_syscall. */
  static final RestartBlock NONE = task -> -Errno.EINTR;

  private RestartBlocks() {}
}
