package dev.svc0.runtime.task;

import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;

/**
 * One thread of a program: what a system call is made on behalf of. Each runs on its own platform
 * thread, a {@link dev.svc0.runtime.sched.KernelThread}. <i>Linux:</i> {@code task_struct}.
 */
public class Task implements Caller {
  @Override
  public Cred cred() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FsStruct fs() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FilesStruct files() {
    throw new UnsupportedOperationException();
  }

  @Override
  public MemoryManager memory() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long rlimit(int resource) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendSignal(int signal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int pid() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean signalPending() {
    throw new UnsupportedOperationException();
  }

  /** The kernel it runs on. */
  public Kernel kernel() {
    throw new UnsupportedOperationException();
  }

  /** Thread id. */
  public int tid() {
    throw new UnsupportedOperationException();
  }
}
