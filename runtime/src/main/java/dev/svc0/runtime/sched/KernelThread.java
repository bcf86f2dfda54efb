package dev.svc0.runtime.sched;

/** A platform thread that runs a guest task or a worker of the kernel. Always a daemon. */
public class KernelThread extends Thread {
  /** What the layers know about this thread. */
  public final ThreadState state = new ThreadState();

  /** A thread with the given name that will run the given work. */
  public KernelThread(Runnable work, String name) {
    super(null, work, name, 0, false);
    setDaemon(true);
    state.comm = name;
  }
}
