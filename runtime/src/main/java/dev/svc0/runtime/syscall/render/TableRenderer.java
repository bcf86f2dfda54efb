package dev.svc0.runtime.syscall.render;

import dev.svc0.runtime.syscall.SyscallDispatch;

/** Shows a whole table in one format. */
public interface TableRenderer {
  /** The whole document, ending in a newline. */
  String render(SyscallDispatch table);
}
