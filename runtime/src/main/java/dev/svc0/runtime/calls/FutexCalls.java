package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN_OUT;
import static dev.svc0.runtime.abi.FutexConstants.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.task.FutexTable;
import dev.svc0.runtime.task.FutexTable.Compare;
import dev.svc0.runtime.task.FutexTable.Scope;
import dev.svc0.runtime.task.PiFutexes;
import dev.svc0.runtime.task.Task;

/** Waiting for words of memory. */
public final class FutexCalls {
  private static final int MATCH_ANY = FUTEX_BITSET_MATCH_ANY;

  private FutexCalls() {}

  @SyscallDefine(
      nr = 98,
      name = "futex",
      support = Support.PARTIAL,
      note =
          "PI locks go to the longest waiter, no priority is lent; FUTEX_WAIT_REQUEUE_PI and"
              + " FUTEX_CMP_REQUEUE_PI: ENOSYS",
      errors = {"EAGAIN", "EINVAL", "EFAULT", "ETIMEDOUT", "ENOSYS", "EDEADLK", "EPERM", "ESRCH"},
      restart = Restart.IF_SA_RESTART)
  public static long futex(
      Task task,
      @UserPtr(access = IN_OUT, length = "4") long uaddr,
      @EnumOf("futex:FUTEX_WA|FUTEX_R|FUTEX_CMP_R|FUTEX_L|FUTEX_U|FUTEX_T|FUTEX_FD") int op,
      int val,
      long utime,
      @UserPtr(access = IN_OUT, length = "4") long uaddr2,
      int val3) {
    int command = op & FUTEX_CMD_MASK;
    Scope scope = (op & FUTEX_PRIVATE_FLAG) != 0 ? Scope.PRIVATE : Scope.SHARED;
    FutexTable table = task.kernel().futexes();
    boolean realtime = (op & FUTEX_CLOCK_REALTIME) != 0;
    if (realtime && command != FUTEX_WAIT_BITSET && command != FUTEX_LOCK_PI2) {
      return -Errno.ENOSYS;
    }
    return switch (command) {
      case FUTEX_WAIT -> wait(task, uaddr, scope, val, MATCH_ANY, utime, relative(task, utime));
      case FUTEX_WAIT_BITSET ->
          wait(task, uaddr, scope, val, val3, utime, absolute(task, utime, realtime));
      case FUTEX_WAKE -> table.wake(task, uaddr, scope, val, MATCH_ANY);
      case FUTEX_WAKE_BITSET -> table.wake(task, uaddr, scope, val, val3);
      case FUTEX_REQUEUE ->
          table.requeue(task, uaddr, scope, uaddr2, scope, val, (int) utime, Compare.NO, 0);
      case FUTEX_CMP_REQUEUE ->
          table.requeue(task, uaddr, scope, uaddr2, scope, val, (int) utime, Compare.YES, val3);
      case FUTEX_WAKE_OP -> table.wakeOp(task, uaddr, uaddr2, scope, val, (int) utime, val3);
      case FUTEX_LOCK_PI -> lockPi(task, uaddr, scope, absolute(task, utime, true));
      case FUTEX_LOCK_PI2 -> lockPi(task, uaddr, scope, absolute(task, utime, realtime));
      case FUTEX_TRYLOCK_PI ->
          table.pi().lock(task, uaddr, scope, PiFutexes.Mode.TRY, WaitQueue.NO_DEADLINE);
      case FUTEX_UNLOCK_PI -> table.pi().unlock(task, uaddr, scope);
      default -> -Errno.ENOSYS;
    };
  }

  private static long lockPi(Task task, long uaddr, Scope scope, long deadline) {
    return deadline == Long.MIN_VALUE
        ? -Errno.EINVAL
        : task.kernel().futexes().pi().lock(task, uaddr, scope, PiFutexes.Mode.WAIT, deadline);
  }

  /**
   * A deadline on the host's clock; {@link UserTime#INVALID} of the program's time is passed on.
   */
  private static long relative(Task task, long utime) {
    if (utime == 0) {
      return WaitQueue.NO_DEADLINE;
    }
    long nanos = UserTime.readTimespec(task.memory(), utime);
    return nanos == UserTime.INVALID ? Long.MIN_VALUE : hostDeadline(nanos);
  }

  /** The same for a time on a clock. */
  static long absolute(Task task, long utime, boolean realtime) {
    if (utime == 0) {
      return WaitQueue.NO_DEADLINE;
    }
    long nanos = UserTime.readTimespec(task.memory(), utime);
    if (nanos == UserTime.INVALID) {
      return Long.MIN_VALUE;
    }
    return hostDeadline(
        nanos - (realtime ? Clocks.realtimeNanos(task) : task.kernel().monotonicNanos()));
  }

  private static long hostDeadline(long fromNow) {
    return fromNow > Long.MAX_VALUE / 2 ? WaitQueue.NO_DEADLINE : System.nanoTime() + fromNow;
  }

  private static long wait(
      Task task, long uaddr, Scope scope, int value, int bitset, long utime, long deadline) {
    if (deadline == Long.MIN_VALUE) {
      return -Errno.EINVAL;
    }
    long result = task.kernel().futexes().wait(task, uaddr, scope, value, bitset, deadline);
    if (result != -InternalErrno.ERESTARTSYS || deadline == WaitQueue.NO_DEADLINE) {
      return result;
    }
    task.restartBlock = t -> wait(t, uaddr, scope, value, bitset, utime, deadline);
    return -InternalErrno.ERESTART_RESTARTBLOCK;
  }
}
