package dev.svc0.fs.nio;

import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;

/** On whose behalf a Java program uses an image: the super-user, without limits. */
final class ImageCaller implements Caller {
  private final FsStruct fs;
  private final FilesStruct files = new FilesStruct();

  ImageCaller(FsStruct fs) {
    this.fs = fs;
  }

  @Override
  public Cred cred() {
    return Cred.ROOT;
  }

  @Override
  public FsStruct fs() {
    return fs;
  }

  @Override
  public FilesStruct files() {
    return files;
  }

  @Override
  public UserMemory memory() {
    throw new IllegalStateException("a program without user memory");
  }

  @Override
  public long rlimit(int resource) {
    return -1;
  }

  @Override
  public void sendSignal(int signal) {
    // There is no limit whose violation would be signalled.
  }

  @Override
  public int pid() {
    return 1;
  }

  @Override
  public boolean signalPending() {
    return false;
  }
}
