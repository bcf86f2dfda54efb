package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.MemoryAccount;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.Vfs;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One running kernel: its tasks, file systems, devices, clocks. Several live in one JVM.
 *
 * <p>Process 1 is the kernel's own: it has no thread, adopts orphans and reaps them.
 */
public final class Kernel implements AutoCloseable {
  private static final long PAGE_SIZE = 4096;
  private static final int REAPER_PID = 1;
  private static final long KILL_SECONDS = 20;
  private static final long EXIT_RETRY_MILLIS = 20;
  private static final int RESERVE_BYTES = 256 << 10;

  /** The JVM's address space has room for some more windows than this, which execve needs. */
  private static final int MOST_PROCESSES = 1900;

  private final KernelOptions options;
  private final Vfs vfs;
  private final Architecture architecture;
  private final Path root;
  private final MemoryAccount memory;
  private final PidTable pids;
  private final Map<Integer, SignalStruct> processes = new ConcurrentHashMap<>();
  private final Object taskListLock = new Object();
  private final FutexTable futexes = new FutexTable();
  private final KernelTimers timers = new KernelTimers();
  private final List<BinaryFormat> formats;
  private final long bootNanos = System.nanoTime();
  private final SignalStruct reaper;
  private volatile String hostname;
  private volatile String domainname = "(none)";
  private volatile boolean closed;
  private volatile Consumer<Task> outOfMemoryReport = Kernel::logOutOfMemory;

  /** Memory that the end of a process may use when the JVM has none left. */
  private volatile byte @Nullable [] reserve = new byte[RESERVE_BYTES];

  /**
   * A kernel over its parts; it owns the VFS from now on.
   *
   * @param root what its programs see as {@code /}
   */
  public Kernel(KernelOptions options, Vfs vfs, Architecture architecture, Path root) {
    this.options = options;
    this.vfs = vfs;
    this.architecture = architecture;
    this.root = root;
    this.hostname = options.hostname();
    this.memory = new MemoryAccount(options.memoryBytes() / PAGE_SIZE);
    this.pids = new PidTable(this, options.maxTasks());
    this.formats =
        ServiceLoader.load(BinaryFormat.class).stream()
            .map(ServiceLoader.Provider::get)
            .sorted((a, b) -> Integer.compare(a.order(), b.order()))
            .toList();
    this.reaper = makeReaper();
    vfs.setProcesses(new KernelProcesses(this));
  }

  private SignalStruct makeReaper() {
    int pid = pids.allocate();
    if (pid != REAPER_PID) {
      throw new IllegalStateException("the first process id is " + pid);
    }
    SignalStruct process = new SignalStruct(this, pid, ResourceLimits.initial(options.maxTasks()));
    Task task = new Task(this, pid, process, resourcesOf(Cred.ROOT));
    task.setComm("init");
    SighandStruct sighand = task.sighand();
    for (int signal = 1; signal <= SignalConstants._NSIG; signal++) {
      sighand.set(signal, new KSigaction(SignalConstants.SIG_IGN, 0, 0, 0));
    }
    process.leader = task;
    process.parent = process;
    process.processGroup = pid;
    process.session = pid;
    process.exitSignal = Signals.SIGCHLD;
    processes.put(pid, process);
    pids.publish(task);
    return process;
  }

  private TaskResources resourcesOf(Cred cred) {
    MemoryManager mm = new MemoryManager(vfs.frames(), memory);
    return new TaskResources(
        cred,
        new FsStruct(root),
        new FilesStruct(),
        mm,
        new SighandStruct(),
        architecture.newContext(mm),
        new TaskSettings());
  }

  /**
   * A new process that is nobody's child, leads its own session, and has no program, no open file
   * and no thread yet: {@link #start} gives it one.
   *
   * @throws IllegalStateException when there are too many tasks
   */
  public Task newProcess(Cred cred, String comm) {
    synchronized (taskListLock) {
      if (closed) {
        throw new IllegalStateException("the kernel is closed");
      }
      int pid = pids.allocate();
      if (pid < 0) {
        throw new IllegalStateException("too many tasks");
      }
      SignalStruct process =
          new SignalStruct(this, pid, ResourceLimits.initial(options.maxTasks()));
      Task task = new Task(this, pid, process, resourcesOf(cred));
      task.setComm(comm);
      process.leader = task;
      process.threads.add(task);
      process.parent = reaper;
      process.processGroup = pid;
      process.session = pid;
      process.exitSignal = 0;
      processes.put(pid, process);
      pids.publish(task);
      return task;
    }
  }

  /** Runs a task on a new thread: its program, until it exits. */
  public void start(Task task) {
    start(task, () -> {});
  }

  /** Runs a task on a new thread: first the given work, for example an execve, then its program. */
  public void start(Task task, Runnable first) {
    KernelThread thread = new KernelThread(() -> runTask(task, first), task.comm());
    task.setThread(thread);
    thread.start();
  }

  private void runTask(Task task, Runnable first) {
    try {
      enter(task);
      first.run();
      task.context().run(task);
    } catch (Throwable e) {
      die(task, e);
    } finally {
      exit(task);
    }
  }

  /** The process is killed before anything else is tried that may fail. */
  private void die(Task task, Throwable bug) {
    reserve = null;
    Exit.doGroupExit(task, Signals.SIGKILL);
    try {
      oops(task, bug);
    } catch (Throwable unreportable) {
      bug.addSuppressed(unreportable);
    }
  }

  /**
   * Takes a task apart however little memory there is: an exit that stopped half-way would leave a
   * parent waiting for ever.
   */
  private void exit(Task task) {
    while (true) {
      try {
        Exit.doExit(task);
        return;
      } catch (OutOfMemoryError | StackOverflowError e) {
        reserve = null;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(EXIT_RETRY_MILLIS));
      }
    }
  }

  /**
   * A process needed memory and there is none left: it is about to be killed. Tells whoever {@link
   * #reportOutOfMemoryTo} named.
   */
  public void outOfMemory(Task task) {
    outOfMemoryReport.accept(task);
  }

  /** Who hears of processes that are killed because the memory for programs is used up. */
  public void reportOutOfMemoryTo(Consumer<Task> report) {
    outOfMemoryReport = report;
  }

  /** Makes the calling thread the task's own: names it for traces, writes the child's thread id. */
  public void enter(Task task) {
    var state = dev.svc0.runtime.sched.ThreadState.current();
    state.pid = task.pid();
    state.tid = task.tid();
    state.comm = task.comm();
    state.operationId = 0;
    task.setThread(Thread.currentThread());
    Fork.scheduleTail(task);
  }

  /** The end of a task that ran on a thread of the caller's: a Java program. */
  public void leave(Task task, int waitStatus) {
    if (!task.exiting()) {
      task.requestExit(waitStatus);
    }
    Exit.doExit(task);
  }

  /** Looked for when there is something to say: the search costs each start. */
  private static System.Logger log() {
    return System.getLogger(Kernel.class.getName());
  }

  private static void logOutOfMemory(Task task) {
    log()
        .log(
            System.Logger.Level.WARNING,
            "out of memory: killed process " + task.pid() + " (" + task.comm() + ")");
  }

  /**
   * Reports a bug in the kernel's own code; the process that met it is killed, the rest goes on.
   */
  public void oops(Task task, Throwable bug) {
    log()
        .log(
            System.Logger.Level.ERROR,
            "internal error in task "
                + task.tid()
                + " ("
                + task.comm()
                + "); its process is killed",
            bug);
  }

  /**
   * Waits until a process of {@link #newProcess} has ended and reaps it.
   *
   * @return its wait status: exit code in bits 15…8, signal in bits 6…0, core flag in bit 7
   */
  public int waitForExit(Task process) {
    SignalStruct signal = process.signal();
    reaper.waitChild.waitUninterruptibly(() -> signal.zombie);
    synchronized (taskListLock) {
      int status = signal.groupExitCode;
      Exit.release(signal);
      return status;
    }
  }

  /** What it was built with. */
  public KernelOptions options() {
    return options;
  }

  /** Files, page cache, disks. */
  public Vfs vfs() {
    return vfs;
  }

  /** The architecture of its programs. */
  public Architecture architecture() {
    return architecture;
  }

  /** What its programs see as {@code /}. */
  public Path root() {
    return root;
  }

  /** Memory of its programs. */
  public MemoryAccount memory() {
    return memory;
  }

  /** Node name. */
  public String hostname() {
    return hostname;
  }

  public void setHostname(String name) {
    hostname = name;
  }

  /** NIS domain name. */
  public String domainname() {
    return domainname;
  }

  public void setDomainname(String name) {
    domainname = name;
  }

  /** Where threads wait for words of user memory. */
  public FutexTable futexes() {
    return futexes;
  }

  /** Runs things later. */
  public KernelTimers timers() {
    return timers;
  }

  List<BinaryFormat> formats() {
    return formats;
  }

  /** Adopts orphans. */
  SignalStruct reaper() {
    return reaper;
  }

  /** Protects the process tree. Taken before the monitor of any {@link SignalStruct}. */
  Object taskListLock() {
    return taskListLock;
  }

  PidTable pids() {
    return pids;
  }

  /** Nanoseconds since this kernel booted: CLOCK_MONOTONIC and CLOCK_BOOTTIME. */
  public long monotonicNanos() {
    return System.nanoTime() - bootNanos;
  }

  /** A time of {@link #monotonicNanos} as {@link System#nanoTime} will show it. */
  public long hostDeadline(long monotonicNanos) {
    return monotonicNanos + bootNanos;
  }

  /**
   * Every running thread passes a memory barrier before this returns: membarrier(2). The host's
   * handshake with a thread, which asking for its stack needs, is one.
   */
  public void memoryBarrier(Iterable<Task> tasks) {
    for (Task task : tasks) {
      Thread thread = task.thread();
      if (thread != null && thread != Thread.currentThread()) {
        thread.getStackTrace();
      }
    }
  }

  /** All threads, in no order. */
  public Iterable<Task> tasks() {
    return pids.all();
  }

  /** Threads that exist now. */
  public int taskCount() {
    return pids.size();
  }

  /** The thread of that id, or null. */
  public @Nullable Task findTask(int tid) {
    return pids.find(tid);
  }

  /** The process of that id, or null; zombies included. */
  public @Nullable SignalStruct findProcess(int pid) {
    return processes.get(pid);
  }

  /** Whether there are as many processes as there may be. */
  boolean isFull() {
    return processes.size() >= Math.min(options.maxTasks(), MOST_PROCESSES);
  }

  /** All processes, zombies included, in no order. */
  public Collection<SignalStruct> processes() {
    return processes.values();
  }

  void addProcess(SignalStruct process) {
    processes.put(process.pid(), process);
  }

  void removeProcess(SignalStruct process) {
    processes.remove(process.pid(), process);
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Kills every process and waits until their threads are gone.
   *
   * @return whether all are; false when one still runs after a while
   */
  public boolean killAll() {
    synchronized (taskListLock) {
      for (SignalStruct process : processes.values()) {
        if (process != reaper) {
          synchronized (process) {
            SignalSender.startGroupExit(process, Signals.SIGKILL);
          }
        }
      }
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(KILL_SECONDS);
    boolean all = true;
    for (SignalStruct process : processes.values()) {
      for (Task task : process.threads()) {
        all &= join(task, deadline);
      }
    }
    return all;
  }

  private boolean join(Task task, long deadline) {
    Thread thread = task.thread();
    if (thread == null) {
      return task.isDead();
    }
    if (thread == Thread.currentThread()) {
      leave(task, Signals.SIGKILL);
      return true;
    }
    try {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** Ends all tasks, writes everything back, lets go of all resources. */
  @Override
  public void close() {
    synchronized (taskListLock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    boolean quiet = killAll();
    timers.close();
    if (!quiet) {
      log()
          .log(
              System.Logger.Level.WARNING,
              "a thread of a program still runs: its memory is kept, disks are written back");
      vfs.sync();
      return;
    }
    reaper.leader().files().release(reaper.leader());
    reaper.leader().fs().release();
    reaper.leader().memory().release();
    KernelShutdown.shutdown(vfs);
  }

  /** −EAGAIN of fork when there are too many tasks. */
  static final int TOO_MANY_TASKS = -Errno.EAGAIN;
}
