package dev.svc0.runtime.task;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.Parking;
import dev.svc0.runtime.sched.Sleeper;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a program: what a system call is made on behalf of. Each runs on its own platform
 * thread, a {@link KernelThread}. <i>Linux:</i> {@code task_struct}.
 *
 * <p>Fields that only the task's own thread changes carry no lock; what other threads change is
 * protected as {@link SignalStruct} says.
 */
public final class Task implements Caller {
  /** Longest name in bytes. */
  public static final int COMM_BYTES = 15;

  /** Counts of the calls this thread has made. */
  public final SyscallCounts syscalls = new SyscallCounts();

  private final Kernel kernel;
  private volatile int tid;
  private volatile Cred cred;
  private volatile FsStruct fs;
  private volatile FilesStruct files;
  private volatile MemoryManager mm;
  private final SignalStruct signal;
  private volatile SighandStruct sighand;
  private ThreadContext context;
  private volatile @Nullable Thread thread;
  private volatile String comm = "";

  /** The program it executes. */
  volatile ExecImage image = ExecImage.NONE;

  // Signals: protected by the monitor of the SignalStruct.
  final SigPending pending = new SigPending();
  volatile long blocked;
  long realBlocked;
  private volatile boolean signalPending;
  volatile boolean stopPending;

  /** The mask to go back to when no handler runs; valid while {@link #restoreSigmask}. */
  long savedSigmask;

  boolean restoreSigmask;

  /** Alternate signal stack: address, size, SS_ flags. */
  public long altStackAddress;

  public long altStackBytes;
  public int altStackFlags;

  // End.
  private boolean exiting;
  int exitCode;
  volatile boolean dead;

  /** How far the end has come: files, then memory with the {@link #exitUsage} up to then. */
  boolean exitedFiles;

  boolean exitedMm;
  boolean exitedWholly;

  /** User and system nanoseconds, resident pages. */
  long[] exitUsage = {};

  /** The parent of a vfork waits here until this task lets go of the memory; null otherwise. */
  volatile @Nullable WaitQueue vforkDone;

  /** set_tid_address(2), CLONE_CHILD_CLEARTID: zeroed and woken at the end; 0 for none. */
  public long clearChildTid;

  /** CLONE_CHILD_SETTID: written when the task first runs; 0 for none. */
  long setChildTid;

  /** set_robust_list(2); 0 for none. */
  public long robustList;

  /** What restart_syscall(2) does. */
  public RestartBlock restartBlock = RestartBlocks.NONE;

  /** Small settings of prctl(2) and sched_*(2). */
  public final TaskSettings settings;

  /** When it began, on the kernel's monotonic clock. */
  final long startNanos;

  private final Sleeper killable = this::fatalSignalPending;

  /** rseq(2). */
  public final Rseq rseq = new Rseq();

  /** Somebody had the thread's sequence aborted: membarrier(2). */
  private volatile boolean rseqEvent;

  /** Has let go of its locks; protected by {@link PiFutexes}. */
  boolean exitedFutexes;

  private final FutexQ futexQ = new FutexQ(this);

  Task(Kernel kernel, int tid, SignalStruct signal, TaskResources resources) {
    this.kernel = kernel;
    this.tid = tid;
    this.signal = signal;
    this.cred = resources.cred();
    this.fs = resources.fs();
    this.files = resources.files();
    this.mm = resources.mm();
    this.sighand = resources.sighand();
    this.context = resources.context();
    this.settings = resources.settings();
    this.startNanos = kernel.monotonicNanos();
  }

  /** The kernel it runs on. */
  public Kernel kernel() {
    return kernel;
  }

  /** Thread id. */
  public int tid() {
    return tid;
  }

  @Override
  public int pid() {
    return signal.pid();
  }

  void setTid(int tid) {
    this.tid = tid;
  }

  /** Its process. */
  public SignalStruct signal() {
    return signal;
  }

  /** Actions for each signal. */
  public SighandStruct sighand() {
    return sighand;
  }

  void setSighand(SighandStruct next) {
    sighand = next;
  }

  /** Its registers. */
  public ThreadContext context() {
    return context;
  }

  @Override
  public Cred cred() {
    return cred;
  }

  /** Changes its rights. */
  public void setCred(Cred next) {
    cred = next;
  }

  @Override
  public FsStruct fs() {
    return fs;
  }

  /** unshare(CLONE_FS). */
  public void unshareFs() {
    FsStruct shared = fs;
    fs = shared.copy();
    shared.release();
  }

  @Override
  public FilesStruct files() {
    return files;
  }

  void setFiles(FilesStruct next) {
    files = next;
  }

  /** unshare(CLONE_FILES). */
  public void unshareFiles() {
    FilesStruct shared = files;
    files = shared.copy();
    shared.release(this);
  }

  @Override
  public MemoryManager memory() {
    return mm;
  }

  void setMm(MemoryManager next) {
    mm = next;
  }

  /** Tells its memory what RLIMIT_AS, RLIMIT_DATA and RLIMIT_STACK say. */
  public void applyMemoryLimits() {
    mm.setLimits(
        rlimit(Rlimits.RLIMIT_AS), rlimit(Rlimits.RLIMIT_DATA), rlimit(Rlimits.RLIMIT_STACK));
  }

  /** The program it executes. */
  public ExecImage image() {
    return image;
  }

  /** Name, at most 15 bytes. */
  public String comm() {
    return comm;
  }

  /** Changes the name; what is longer than 15 bytes is cut. */
  public void setComm(String name) {
    comm = name.length() <= COMM_BYTES ? name : name.substring(0, COMM_BYTES);
    if (thread instanceof KernelThread own) {
      own.state.comm = comm;
    }
  }

  @Override
  public long rlimit(int resource) {
    return signal.limits().soft(resource);
  }

  @Override
  @Traced(value = "send_sig", layer = Traced.Layer.TASK)
  public void sendSignal(int number) {
    SignalSender.sendToThread(this, SigInfo.kernel(number));
  }

  @Override
  public boolean signalPending() {
    return signalPending;
  }

  /** Whether it is about to be killed. */
  public boolean fatalSignalPending() {
    return signalPending && (signal.groupExit || pending.has(Signals.SIGKILL));
  }

  /** A sleeper that only a fatal signal wakes. */
  public Sleeper killable() {
    return killable;
  }

  FutexQ futexQ() {
    return futexQ;
  }

  /** Has the thread begin its restartable sequence anew, if it is inside one. */
  public void requestRseqRestart() {
    rseqEvent = true;
    context.requestInterrupt();
  }

  /** Whether {@link #requestRseqRestart} asked for something. */
  public boolean rseqEventPending() {
    return rseqEvent;
  }

  /** Does what {@link #requestRseqRestart} asked for. Own thread only. */
  public void takeRseqEvent() {
    rseqEvent = false;
    rseq.interrupted(this);
  }

  /** Says that there is work before the program goes on, and wakes it. */
  @Traced(value = "signal_wake_up_state", layer = Traced.Layer.TASK)
  void signalWakeUp() {
    signalPending = true;
    context.requestInterrupt();
    wake();
  }

  void wake() {
    Thread own = thread;
    if (own != null) {
      Parking.unpark(own);
    }
  }

  /** Under the signal lock: whether there is anything to do about signals. */
  void recalcSigpending() {
    signalPending =
        (pending.signals & ~blocked) != 0
            || (signal.shared.signals & ~blocked) != 0
            || stopPending
            || signal.groupExit
            || signal.groupExecTask != null && signal.groupExecTask != this;
  }

  /** Whether the task ends instead of going back to its program. Own thread only. */
  public boolean exiting() {
    return exiting;
  }

  /** exit(2): the task ends before it would go back to its program. Own thread only. */
  public void requestExit(int waitStatus) {
    exiting = true;
    exitCode = waitStatus;
  }

  /** Whether it has ended. */
  public boolean isDead() {
    return dead;
  }

  /** The host thread that runs it; null before it starts. */
  public @Nullable Thread thread() {
    return thread;
  }

  void setThread(@Nullable Thread own) {
    thread = own;
  }

  @Override
  public void accountRead(long bytes) {
    signal.accounting().addRead(bytes);
  }

  @Override
  public void accountWrite(long bytes) {
    signal.accounting().addWrite(bytes);
  }

  /** When it began, on the kernel's monotonic clock. */
  public long startNanos() {
    return startNanos;
  }

  /**
   * User and system time together, of a living task; 0 when its thread is gone. Never less than it
   * was: the two parts, which the host estimates, may add up to less for a moment.
   */
  public long cpuNanos() {
    Thread own = thread;
    return own == null ? 0 : CpuTimes.total(own);
  }

  /** User time of a living task; 0 when its thread is gone. */
  public long userNanos() {
    Thread own = thread;
    return own == null ? 0 : CpuTimes.user(own);
  }

  /** System time of a living task; 0 when its thread is gone. */
  public long systemNanos() {
    Thread own = thread;
    return own == null ? 0 : Math.max(0, CpuTimes.total(own) - CpuTimes.user(own));
  }

  /** Signals sent to the thread and not yet taken. */
  public long pendingSignals() {
    synchronized (signal) {
      return pending.signals;
    }
  }

  /** Signals it blocks, bit n−1 for signal n. */
  public long blockedSignals() {
    return blocked;
  }

  /** Whether the limit of processes is reached for its user. */
  boolean overProcessLimit() {
    long limit = rlimit(Rlimits.RLIMIT_NPROC);
    if (Long.compareUnsigned(kernel.taskCount(), limit) < 0
        || cred.capable(Capability.CAP_SYS_RESOURCE)) {
      return false;
    }
    long count = 0;
    for (Task task : kernel.tasks()) {
      count += task.cred.uid() == cred.uid() ? 1 : 0;
    }
    return Long.compareUnsigned(count, limit) >= 0;
  }
}
