package dev.svc0.runtime.tty;

import dev.svc0.runtime.vfs.File;
import org.jspecify.annotations.Nullable;

/** An open file of a terminal: what {@link File#privateData} holds. */
final class TtyFile {
  final Tty tty;

  /** Of which pair it is the master end; null for the terminal itself. */
  final PtyPair.@Nullable Master master;

  /** The line was cut under it. Protected by the terminal's monitor for writing. */
  volatile boolean hungUp;

  TtyFile(Tty tty, PtyPair.@Nullable Master master) {
    this.tty = tty;
    this.master = master;
  }

  static TtyFile of(File file) {
    if (file.privateData instanceof TtyFile own) {
      return own;
    }
    throw new IllegalStateException("not an open terminal: " + file.privateData);
  }
}
