package dev.svc0.runtime.syscall;

import dev.svc0.runtime.task.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One ABI's table: from a number and six registers to a handler's result.
 *
 * <p>The generated implementation is one switch that narrows each register to the declared type and
 * calls the handler directly: no reflection, no boxing, nothing allocated.
 */
public interface SyscallDispatch {
  /** Name of the ABI, for example {@code arm64}. */
  String abi();

  /**
   * Makes one call.
   *
   * @param nr the number as the program gave it, 32 bits, compared unsigned
   * @return the handler's result, −errno, a restart code (512…516 negated), or {@link
   *     SyscallResult#CONTROL_TRANSFERRED}; −ENOSYS for every number without a handler
   */
  long dispatch(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5);

  /** What is known about a number, implemented or not; null when the ABI has no such call. */
  @Nullable SyscallInfo info(int nr);

  /** Every call of the ABI, in order of number, with those that are not implemented. */
  List<SyscallInfo> all();

  /** Who looks at calls while they are made. */
  SyscallHooks hooks();

  /** Counters and latencies, readable while programs run. */
  SyscallStatistics statistics();

  /**
   * Adds handlers that this table was compiled without, before programs run.
   *
   * @throws SyscallCollisionException when one of their calls has a handler already, or a number or
   *     name that this ABI gives to another call; then none is added
   */
  void extend(List<SyscallModule> modules) throws SyscallCollisionException;
}
