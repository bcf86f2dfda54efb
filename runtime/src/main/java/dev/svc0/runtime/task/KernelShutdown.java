package dev.svc0.runtime.task;

import dev.svc0.runtime.vfs.Vfs;

/** The end of a kernel's file system side: everything is written, then everything is let go. */
final class KernelShutdown {
  private KernelShutdown() {}

  static void shutdown(Vfs vfs) {
    vfs.shutdown();
    vfs.devices().shutdown();
    vfs.writeback().close();
    vfs.frames().close();
  }
}
