package dev.svc0.runtime.vfs;

import dev.svc0.runtime.mm.UserMemory;

/** A caller with its real ids in place of the effective ones, for access(2). */
final class RealIdCaller implements Caller {
  private final Caller caller;
  private final Cred cred;

  RealIdCaller(Caller caller) {
    this.caller = caller;
    Cred own = caller.cred();
    long capabilities = own.uid() == 0 ? own.permitted() : 0;
    cred =
        new Cred(
            own.uid(),
            own.gid(),
            own.euid(),
            own.egid(),
            own.suid(),
            own.sgid(),
            own.uid(),
            own.gid(),
            own.groups(),
            capabilities,
            own.permitted(),
            own.inheritable());
  }

  @Override
  public Cred cred() {
    return cred;
  }

  @Override
  public FsStruct fs() {
    return caller.fs();
  }

  @Override
  public FilesStruct files() {
    return caller.files();
  }

  @Override
  public UserMemory memory() {
    return caller.memory();
  }

  @Override
  public long rlimit(int resource) {
    return caller.rlimit(resource);
  }

  @Override
  public void sendSignal(int signal) {
    caller.sendSignal(signal);
  }

  @Override
  public int pid() {
    return caller.pid();
  }

  @Override
  public boolean signalPending() {
    return caller.signalPending();
  }
}
