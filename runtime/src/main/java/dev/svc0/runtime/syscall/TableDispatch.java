package dev.svc0.runtime.syscall;

import static dev.svc0.runtime.abi.Errno.EFAULT;
import static dev.svc0.runtime.abi.Errno.EINVAL;
import static dev.svc0.runtime.abi.Errno.EIO;
import static dev.svc0.runtime.abi.Errno.ENOMEM;
import static dev.svc0.runtime.abi.Errno.ENOSYS;

import dev.svc0.runtime.mm.UserFault;
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
  private final String abi;
  private volatile @Nullable Metadata metadata;
  private volatile HandlerFailure failureReport = TableDispatch::reportToLog;

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
  public final long dispatch(
      Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    try {
      return call(task, nr, x0, x1, x2, x3, x4, x5);
    } catch (UserFault fault) {
      return -EFAULT;
    } catch (Throwable failure) {
      return failed(task, nr, failure);
    }
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
            "handler " + call.handler() + " of " + call.name() + " failed; the program got EIO",
            failure);
  }

  /** Sends reports of failing handlers somewhere else than the system log. */
  public final void reportFailuresTo(HandlerFailure report) {
    failureReport = report;
  }

  /** A number without a handler. <i>Linux:</i> {@code sys_ni_syscall}. */
  protected final long notImplemented(
      Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    return -ENOSYS;
  }

  /** A call with flags that its definition does not accept. */
  protected final long rejectFlags(int nr, long bits) {
    return -EINVAL;
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
      List<SyscallInfo> all = describe();
      Map<Integer, SyscallInfo> byNumber = HashMap.newHashMap(all.size());
      all.forEach(call -> byNumber.put(call.nr(), call));
      known = new Metadata(all, byNumber);
      metadata = known;
    }
    return known;
  }
}
