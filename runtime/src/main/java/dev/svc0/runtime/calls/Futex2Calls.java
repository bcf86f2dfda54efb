package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.runtime.abi.FutexConstants.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.ClockConstants;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.FutexWaitvLayout;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.task.FutexTable;
import dev.svc0.runtime.task.FutexTable.Compare;
import dev.svc0.runtime.task.FutexTable.Scope;
import dev.svc0.runtime.task.FutexTable.Word;
import dev.svc0.runtime.task.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newer calls of futexes, one for each operation. */
public final class Futex2Calls {
  private static final String SIZES = "32-bit words without NUMA, as in Linux 6.12";
  private static final int KNOWN_FLAGS = FUTEX2_SIZE_MASK | FUTEX2_PRIVATE;

  private Futex2Calls() {}

  @SyscallDefine(
      nr = 449,
      name = "futex_waitv",
      support = Support.FULL,
      note = SIZES,
      errors = {"EAGAIN", "EINVAL", "EFAULT", "ETIMEDOUT"},
      restart = Restart.IF_SA_RESTART)
  public static long futexWaitv(
      Task task,
      @UserPtr(access = IN, struct = "futex_waitv", count = "nrFutexes") long waiters,
      int nrFutexes,
      int flags,
      @UserPtr(access = IN, struct = "__kernel_timespec") long timeout,
      @EnumOf("clock:CLOCK_") int clockid) {
    if (flags != 0
        || nrFutexes == 0
        || Integer.compareUnsigned(nrFutexes, FUTEX_WAITV_MAX) > 0
        || waiters == 0) {
      return -Errno.EINVAL;
    }
    long deadline = deadline(task, timeout, clockid);
    if (deadline == Long.MIN_VALUE) {
      return -Errno.EINVAL;
    }
    List<Word> words = words(task.memory(), waiters, nrFutexes);
    return words == null
        ? -Errno.EINVAL
        : task.kernel().futexes().waitMultiple(task, words, deadline);
  }

  @SyscallDefine(
      nr = 454,
      name = "futex_wake",
      support = Support.FULL,
      note = SIZES,
      errors = {"EINVAL", "EFAULT"})
  public static long futexWake(
      Task task, @UserPtr(access = IN, length = "4") long uaddr, long mask, int nr, int flags) {
    if (invalid(flags) || mask >>> 32 != 0) {
      return -Errno.EINVAL;
    }
    FutexTable table = task.kernel().futexes();
    return nr == 0 ? 0 : table.wake(task, uaddr, scope(flags), nr, (int) mask);
  }

  @SyscallDefine(
      nr = 455,
      name = "futex_wait",
      support = Support.FULL,
      note = SIZES,
      errors = {"EAGAIN", "EINVAL", "EFAULT", "ETIMEDOUT"},
      restart = Restart.IF_SA_RESTART)
  public static long futexWait(
      Task task,
      @UserPtr(access = IN, length = "4") long uaddr,
      long val,
      long mask,
      int flags,
      @UserPtr(access = IN, struct = "__kernel_timespec") long timeout,
      @EnumOf("clock:CLOCK_") int clockid) {
    if (invalid(flags) || val >>> 32 != 0 || mask >>> 32 != 0) {
      return -Errno.EINVAL;
    }
    long deadline = deadline(task, timeout, clockid);
    return deadline == Long.MIN_VALUE
        ? -Errno.EINVAL
        : task.kernel().futexes().wait(task, uaddr, scope(flags), (int) val, (int) mask, deadline);
  }

  @SyscallDefine(
      nr = 456,
      name = "futex_requeue",
      support = Support.FULL,
      note = SIZES,
      errors = {"EAGAIN", "EINVAL", "EFAULT"})
  public static long futexRequeue(
      Task task,
      @UserPtr(access = IN, struct = "futex_waitv", count = "2") long waiters,
      int flags,
      int nrWake,
      int nrRequeue) {
    if (flags != 0 || waiters == 0) {
      return -Errno.EINVAL;
    }
    List<Word> words = words(task.memory(), waiters, 2);
    if (words == null) {
      return -Errno.EINVAL;
    }
    Word from = words.get(0);
    Word to = words.get(1);
    return task.kernel()
        .futexes()
        .requeue(
            task,
            from.address(),
            from.scope(),
            to.address(),
            to.scope(),
            nrWake,
            nrRequeue,
            Compare.YES,
            from.expected());
  }

  private static boolean invalid(int flags) {
    return (flags & ~KNOWN_FLAGS) != 0 || (flags & FUTEX2_SIZE_MASK) != FUTEX2_SIZE_U32;
  }

  private static Scope scope(int flags) {
    return (flags & FUTEX2_PRIVATE) != 0 ? Scope.PRIVATE : Scope.SHARED;
  }

  /** The host's deadline; {@link Long#MIN_VALUE} when time or clock are not valid. */
  private static long deadline(Task task, long timeout, int clock) {
    if (timeout == 0) {
      return WaitQueue.NO_DEADLINE;
    }
    boolean realtime = clock == ClockConstants.CLOCK_REALTIME;
    return realtime || clock == ClockConstants.CLOCK_MONOTONIC
        ? FutexCalls.absolute(task, timeout, realtime)
        : Long.MIN_VALUE;
  }

  /** The words of a vector; null when one is not valid. */
  private static @Nullable List<Word> words(UserMemory memory, long waiters, int count) {
    List<Word> words = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long at = waiters + (long) i * FutexWaitvLayout.SIZE;
      long value = memory.readLong(at + FutexWaitvLayout.val);
      int flags = memory.readInt(at + FutexWaitvLayout.flags);
      if (invalid(flags)
          || memory.readInt(at + FutexWaitvLayout.__reserved) != 0
          || value >>> 32 != 0) {
        return null;
      }
      words.add(new Word(memory.readLong(at + FutexWaitvLayout.uaddr), scope(flags), (int) value));
    }
    return words;
  }
}
