package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.ProcessInfo;
import dev.svc0.runtime.vfs.ProcessTable;
import org.jspecify.annotations.Nullable;

/** The processes of a kernel as /proc shows them. */
final class KernelProcesses implements ProcessTable {
  private static final String RELEASE = KernelRelease.RELEASE;
  private static final long PAGE_SIZE = 4096;

  private final Kernel kernel;

  KernelProcesses(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public int[] pids() {
    return kernel.processes().stream().mapToInt(SignalStruct::pid).sorted().toArray();
  }

  @Override
  public @Nullable ProcessInfo process(int id) {
    Task task = kernel.findTask(id);
    return task == null ? null : new Info(task.signal());
  }

  @Override
  public long uptimeNanos() {
    return kernel.monotonicNanos();
  }

  @Override
  public long bootSeconds() {
    return kernel.options().clock().millis() / 1000 - uptimeNanos() / 1_000_000_000;
  }

  @Override
  public String cpuinfo() {
    return kernel.architecture().cpuinfo(kernel.options().cpus());
  }

  @Override
  public String version() {
    return "Linux version " + RELEASE + " (svc0) " + KernelRelease.VERSION;
  }

  @Override
  public String release() {
    return RELEASE;
  }

  @Override
  public String hostname() {
    return kernel.hostname();
  }

  @Override
  public long[] memory() {
    long limit = kernel.memory().limitPages() + kernel.vfs().frames().limitPages();
    long used = kernel.memory().usedPages() + kernel.vfs().frames().usedPages();
    return new long[] {limit * PAGE_SIZE, (limit - used) * PAGE_SIZE};
  }

  @Override
  public int pidMax() {
    return PidTable.PID_MAX;
  }

  /** One process. */
  private record Info(SignalStruct signal) implements ProcessInfo {
    private Task thread(int tid) {
      for (Task task : signal.threads()) {
        if (task.tid() == tid) {
          return task;
        }
      }
      return signal.leader();
    }

    @Override
    public int pid() {
      return signal.pid();
    }

    @Override
    public int parentPid() {
      SignalStruct parent = signal.parent();
      return parent == signal ? 0 : parent.pid();
    }

    @Override
    public int processGroup() {
      return signal.processGroup();
    }

    @Override
    public int session() {
      return signal.session();
    }

    @Override
    public int[] threads() {
      return signal.threads().stream().mapToInt(Task::tid).sorted().toArray();
    }

    @Override
    public String comm(int tid) {
      return thread(tid).comm();
    }

    @Override
    public void setComm(int tid, String name) {
      thread(tid).setComm(name);
    }

    @Override
    public char state(int tid) {
      if (signal.isZombie()) {
        return 'Z';
      }
      if (signal.isStopped()) {
        return 'T';
      }
      Thread own = thread(tid).thread();
      if (own == null) {
        return 'S';
      }
      return own.getState() == Thread.State.RUNNABLE ? 'R' : 'S';
    }

    @Override
    public Cred cred() {
      return signal.leader().cred();
    }

    private @Nullable Task living() {
      for (Task task : signal.threads()) {
        return task;
      }
      return null;
    }

    @Override
    public @Nullable FsStruct fs() {
      Task task = living();
      return task == null ? null : task.fs();
    }

    @Override
    public @Nullable FilesStruct files() {
      Task task = living();
      return task == null ? null : task.files();
    }

    @Override
    public @Nullable MemoryManager memory() {
      Task task = living();
      return task == null ? null : task.memory();
    }

    @Override
    public @Nullable Path executable() {
      Task task = living();
      File file = task == null ? null : task.image().executable();
      return file == null ? null : file.path();
    }

    private byte[] strings(long start, long end) {
      Task task = living();
      MemoryManager mm = task == null ? null : task.memory().tryRetain();
      if (mm == null || end <= start) {
        if (mm != null) {
          mm.release();
        }
        return new byte[0];
      }
      try {
        byte[] bytes = new byte[(int) Math.min(end - start, 1 << 20)];
        int missing = mm.copyFromUser(bytes, 0, start, bytes.length);
        return missing == 0 ? bytes : java.util.Arrays.copyOf(bytes, bytes.length - missing);
      } finally {
        mm.release();
      }
    }

    @Override
    public byte[] commandLine() {
      ExecImage image = signal.leader().image();
      return strings(image.argStart(), image.argEnd());
    }

    @Override
    public byte[] environment() {
      ExecImage image = signal.leader().image();
      return strings(image.envStart(), image.envEnd());
    }

    @Override
    public long[] limit(int resource) {
      return new long[] {signal.limits().soft(resource), signal.limits().hard(resource)};
    }

    @Override
    public long[] cpuNanos() {
      Accounting times = signal.accounting();
      return new long[] {times.userNanos(signal), times.systemNanos(signal)};
    }

    @Override
    public long startNanos() {
      return signal.leader().startNanos();
    }

    @Override
    public int[] terminal() {
      return signal.controllingTerminal() instanceof SessionTerminal terminal
          ? new int[] {terminal.device(), terminal.foregroundGroup()}
          : new int[] {0, -1};
    }

    @Override
    public long[] signalSets(int tid) {
      Task task = thread(tid);
      long ignored = 0;
      long caught = 0;
      for (int number = 1; number <= SignalConstants._NSIG; number++) {
        KSigaction action = task.sighand().get(number);
        ignored |= action.isIgnore() ? SigPending.bit(number) : 0;
        caught |= !action.isIgnore() && !action.isDefault() ? SigPending.bit(number) : 0;
      }
      return new long[] {task.pendingSignals(), task.blockedSignals(), ignored, caught};
    }

    @Override
    public long[] io() {
      return signal.accounting().io();
    }
  }
}
