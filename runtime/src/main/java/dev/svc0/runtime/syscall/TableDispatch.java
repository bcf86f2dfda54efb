package dev.svc0.runtime.syscall;

import static dev.svc0.runtime.abi.Errno.EFAULT;
import static dev.svc0.runtime.abi.Errno.EINVAL;
import static dev.svc0.runtime.abi.Errno.EIO;
import static dev.svc0.runtime.abi.Errno.ENOMEM;
import static dev.svc0.runtime.abi.Errno.ENOSYS;

import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.task.SyscallCounts;
import dev.svc0.runtime.task.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all generated tables share; the generated subclass adds the switch and the metadata.
 *
 * <p>{@link #dispatch} is the one boundary where an exception becomes an errno: {@link UserFault}
 * −EFAULT, {@link OutOfMemoryError} −ENOMEM, everything else −EIO with a report that names the
 * handler. A handler's bug never ends the guest or the JVM.
 */
public abstract class TableDispatch implements SyscallDispatch {
  /** Every number a table can have a handler for is below this. */
  static final int NUMBERS = SyscallCounts.NUMBERS;

  private final String abi;
  private volatile HandlerFailure failureReport = TableDispatch::reportToLog;
  private final SyscallHooks hooks = new SyscallHooks(() -> failureReport);
  private final SyscallStatistics statistics = new SyscallStatistics();
  private volatile @Nullable Metadata metadata;
  private volatile @Nullable Extensions extensions;

  /** Everything known, in both orders. */
  private record Metadata(List<SyscallInfo> all, Map<Integer, SyscallInfo> byNumber) {}

  /** For generated classes. */
  protected TableDispatch(String abi) {
    this.abi = abi;
  }

  /** The switch over the numbers. */
  protected abstract long call(
      Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5);

  /** The metadata of the generated table; asked for once, when something first needs it. */
  protected abstract List<SyscallInfo> describe();

  @Override
  public final String abi() {
    return abi;
  }

  @Override
  public final SyscallHooks hooks() {
    return hooks;
  }

  @Override
  public final SyscallStatistics statistics() {
    return statistics;
  }

  @Override
  public final long dispatch(
      Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    if (Integer.compareUnsigned(nr, NUMBERS) >= 0) {
      statistics.beyondTable(nr);
      return -ENOSYS;
    }
    SyscallCounts counts = task.syscalls;
    if (counts.register()) {
      statistics.register(task);
    }
    long calls = counts.count(nr);
    long result;
    if (hooks.any(nr)) {
      result = hooked(new SyscallRegisters(task, nr, x0, x1, x2, x3, x4, x5));
    } else if (SyscallStatistics.isTimed(calls)) {
      long start = System.nanoTime();
      result = guarded(task, nr, x0, x1, x2, x3, x4, x5);
      statistics.time(nr, System.nanoTime() - start);
    } else {
      result = guarded(task, nr, x0, x1, x2, x3, x4, x5);
    }
    if (SyscallResult.isError(result)) {
      counts.countError(nr);
    }
    return result;
  }

  private long guarded(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    try {
      return call(task, nr, x0, x1, x2, x3, x4, x5);
    } catch (UserFault fault) {
      return -EFAULT;
    } catch (Throwable failure) {
      return failed(task, nr, failure);
    }
  }

  /** The order of hooks: filter, tracer, enter, handler, exit, tracer. */
  private long hooked(SyscallRegisters call) {
    if (!hooks.before(call, statistics)) {
      hooks.enter(call);
      long start = System.nanoTime();
      long result = numbered(call);
      long nanos = System.nanoTime() - start;
      call.setResult(result);
      statistics.time(call.nr(), nanos);
      hooks.exit(call, nanos);
    } else {
      hooks.enter(call);
      hooks.exit(call, 0);
    }
    return call.result();
  }

  private long numbered(SyscallRegisters call) {
    return Integer.compareUnsigned(call.nr(), NUMBERS) >= 0
        ? -ENOSYS
        : guarded(
            call.task(),
            call.nr(),
            call.argument(0),
            call.argument(1),
            call.argument(2),
            call.argument(3),
            call.argument(4),
            call.argument(5));
  }

  private long failed(Task task, int nr, Throwable failure) {
    try {
      SyscallInfo call = info(nr);
      if (call != null) {
        failureReport.handlerFailed(task, call, failure);
      }
    } catch (RuntimeException | Error dropped) {
      failure.addSuppressed(dropped);
    }
    return failure instanceof OutOfMemoryError ? -ENOMEM : -EIO;
  }

  private static void reportToLog(Task task, SyscallInfo call, Throwable failure) {
    System.getLogger("dev.svc0.syscall")
        .log(
            System.Logger.Level.ERROR,
            "handler "
                + call.handler()
                + " of "
                + call.name()
                + " failed; the program got "
                + (failure instanceof OutOfMemoryError ? "ENOMEM" : "EIO"),
            failure);
  }

  /** Sends reports of failing handlers somewhere else than the system log. */
  public final void reportFailuresTo(HandlerFailure report) {
    failureReport = report;
  }

  /**
   * A number that the table was compiled without a handler for. <i>Linux:</i> {@code
   * sys_ni_syscall}.
   */
  protected final long notImplemented(
      Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    Extensions added = extensions;
    return added == null ? -ENOSYS : added.call(task, nr, x0, x1, x2, x3, x4, x5);
  }

  /** A call with flags that its definition does not accept. */
  protected final long rejectFlags(int nr, long bits) {
    statistics.rejectedFlags(nr);
    return -EINVAL;
  }

  @Override
  public final synchronized void extend(List<SyscallModule> modules)
      throws SyscallCollisionException {
    Extensions added = Extensions.join(extensions, modules, this);
    extensions = added;
    metadata = indexed(added.rows(all()));
  }

  @Override
  public final @Nullable SyscallInfo info(int nr) {
    return metadata().byNumber.get(nr);
  }

  @Override
  public final List<SyscallInfo> all() {
    return metadata().all;
  }

  private Metadata metadata() {
    Metadata known = metadata;
    if (known == null) {
      known = indexed(describe());
      metadata = known;
    }
    return known;
  }

  private static Metadata indexed(List<SyscallInfo> all) {
    Map<Integer, SyscallInfo> byNumber = HashMap.newHashMap(all.size());
    all.forEach(call -> byNumber.put(call.nr(), call));
    return new Metadata(all, byNumber);
  }
}
