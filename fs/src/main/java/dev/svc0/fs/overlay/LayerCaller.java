package dev.svc0.fs.overlay;

import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import org.jspecify.annotations.Nullable;

/** The overlay itself, working for a caller: with all rights and without the caller's limits. */
final class LayerCaller implements Caller {
  /** The overlay for itself. */
  static final LayerCaller NOBODY = new LayerCaller(null);

  private final @Nullable Caller caller;

  LayerCaller(@Nullable Caller caller) {
    this.caller = caller;
  }

  private Caller requireCaller() {
    if (caller == null) {
      throw new IllegalStateException("the overlay works for nobody here");
    }
    return caller;
  }

  @Override
  public Cred cred() {
    return Cred.ROOT;
  }

  @Override
  public FsStruct fs() {
    return requireCaller().fs();
  }

  @Override
  public FilesStruct files() {
    return requireCaller().files();
  }

  @Override
  public UserMemory memory() {
    return requireCaller().memory();
  }

  @Override
  public long rlimit(int resource) {
    return -1;
  }

  @Override
  public void sendSignal(int signal) {
    requireCaller().sendSignal(signal);
  }

  @Override
  public int pid() {
    return caller == null ? 0 : caller.pid();
  }

  @Override
  public boolean signalPending() {
    return caller != null && caller.signalPending();
  }
}
