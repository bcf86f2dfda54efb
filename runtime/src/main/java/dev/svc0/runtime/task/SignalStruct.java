package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.sched.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of one process share: its place in the process tree, signals sent to the
 * process, limits, times, timers. <i>Linux:</i> {@code signal_struct}, with the process links that
 * Linux keeps in the leader's {@code task_struct}.
 *
 * <p>Signal state (pending sets, masks, stop state) is protected by this object's monitor, the
 * process tree (parent, children, zombies, group and session ids) by the kernel's task list lock,
 * which is taken first.
 */
public final class SignalStruct {
  /** membarrier(2) registrations of the process, MEMBARRIER_CMD_REGISTER_ bits. */
  public final AtomicInteger membarrier = new AtomicInteger();

  private final Kernel kernel;
  private final int pid;

  /** Threads that have not exited. Changed under the task list lock and this monitor. */
  final List<Task> threads = new CopyOnWriteArrayList<>();

  /** The thread whose id is the process id; stays after its exit until the process is reaped. */
  volatile Task leader;

  // Process tree.
  volatile SignalStruct parent;
  final List<SignalStruct> children = new ArrayList<>();
  volatile int processGroup;
  volatile int session;
  volatile int exitSignal;
  volatile boolean zombie;
  boolean executed;
  volatile boolean childSubreaper;

  /** The terminal that controls the session, or null; owned by the terminal driver. */
  private volatile @Nullable Object controllingTerminal;

  /** The group that was in the foreground of a terminal whose line was cut; 0 for none. */
  private volatile int oldForegroundGroup;

  /** Waiting for a child. */
  final WaitQueue waitChild = new WaitQueue();

  // Signals.
  final SigPending shared = new SigPending();

  // End and stop of the whole group.
  volatile boolean groupExit;
  int groupExitCode;
  volatile @Nullable Task groupExecTask;
  int groupStopCount;
  int stopSignal;

  /** Every thread has stopped. */
  boolean stopped;

  boolean continued;

  /** A wait may still collect the stop. */
  boolean stopReported;

  /** CLD_STOPPED or CLD_CONTINUED that the parent must be told of; 0 for none. */
  int notifyParent;

  final WaitQueue stopQueue = new WaitQueue();

  /** Woken when a signal becomes pending: signalfd. */
  final WaitQueue signalQueue = new WaitQueue();

  /** Woken when the process has ended: its pidfds. */
  final WaitQueue exitQueue = new WaitQueue();

  final ResourceLimits limits;
  final Accounting accounting = new Accounting();
  final ProcessTimers timers;

  private final AioContexts aio = new AioContexts();

  /** Whoever makes one sets its leader and its parent before anybody else sees it. */
  @SuppressWarnings("NullAway.Init")
  SignalStruct(Kernel kernel, int pid, ResourceLimits limits) {
    this.kernel = kernel;
    this.pid = pid;
    this.limits = limits;
    this.timers = new ProcessTimers(this);
  }

  /** The kernel it runs on. */
  public Kernel kernel() {
    return kernel;
  }

  /** Process id. */
  public int pid() {
    return pid;
  }

  /** The thread that carries the process id; after its exit, what it left. */
  public Task leader() {
    return leader;
  }

  /** Threads that have not exited. */
  public List<Task> threads() {
    return threads;
  }

  /** The parent process. */
  public SignalStruct parent() {
    return parent;
  }

  /** Process group id. */
  public int processGroup() {
    return processGroup;
  }

  /** Session id. */
  public int session() {
    return session;
  }

  /** Whether it leads its session. */
  public boolean isSessionLeader() {
    return session == pid;
  }

  /** Whether it has ended and waits for its parent. */
  public boolean isZombie() {
    return zombie;
  }

  /** Wait status of a process that has ended. */
  public synchronized int groupExitStatus() {
    return groupExitCode;
  }

  /** Whether job control has stopped it. */
  public synchronized boolean isStopped() {
    return stopped;
  }

  /** The terminal that controls its session, or null. */
  public @Nullable Object controllingTerminal() {
    return controllingTerminal;
  }

  /** Changes it; called by the terminal driver and at setsid. */
  public void setControllingTerminal(@Nullable Object terminal) {
    controllingTerminal = terminal;
  }

  /** The group in the foreground when the line of the session's terminal was cut; 0 for none. */
  int oldForegroundGroup() {
    return oldForegroundGroup;
  }

  /** Remembers it until the leader ends. */
  public void setOldForegroundGroup(int group) {
    oldForegroundGroup = group;
  }

  /** Soft and hard limits. */
  public ResourceLimits limits() {
    return limits;
  }

  /** Times and counts. */
  public Accounting accounting() {
    return accounting;
  }

  /** Its contexts of asynchronous I/O. */
  public AioContexts aio() {
    return aio;
  }

  /** Interval timers and POSIX timers. */
  public ProcessTimers timers() {
    return timers;
  }

  /** PR_SET_CHILD_SUBREAPER: orphans among its descendants become its children. */
  public void setChildSubreaper(boolean value) {
    childSubreaper = value;
  }

  /** Whether orphans among its descendants become its children. */
  public boolean isChildSubreaper() {
    return childSubreaper;
  }

  /** Signals sent to the process and not yet taken. */
  public synchronized long sharedPending() {
    return shared.signals;
  }

  /** Whether the process was started by clone without SIGCHLD as its exit signal. */
  boolean isCloneChild() {
    return exitSignal != Signals.SIGCHLD;
  }

  /** A thread that can stand for the process: the first living one, else the leader. */
  public Task anyThread() {
    for (Task task : threads) {
      return task;
    }
    return leader;
  }
}
