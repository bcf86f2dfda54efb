package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;
import static dev.svc0.runtime.abi.ClockConstants.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Sleep;
import dev.svc0.runtime.task.Task;

/** Clocks and sleeping. */
public final class TimeCalls {
  private static final long COARSE_NANOS = 10_000_000;
  private static final long FOREVER = Long.MAX_VALUE / 2;

  private TimeCalls() {}

  @SyscallDefine(
      nr = 113,
      name = "clock_gettime",
      errors = {"EINVAL", "EFAULT"})
  public static long clockGettime(
      Task task,
      @EnumOf("clock:CLOCK_") int whichClock,
      @UserPtr(access = OUT, struct = "__kernel_timespec") long tp) {
    long now = Clocks.now(task, whichClock);
    if (now == Clocks.NO_CLOCK) {
      return -Errno.EINVAL;
    }
    UserTime.writeTimespec(task.memory(), tp, now);
    return 0;
  }

  @SyscallDefine(
      nr = 114,
      name = "clock_getres",
      errors = {"EINVAL", "EFAULT"})
  public static long clockGetres(
      Task task,
      @EnumOf("clock:CLOCK_") int whichClock,
      @UserPtr(access = OUT, struct = "__kernel_timespec") long tp) {
    if (Clocks.now(task, whichClock) == Clocks.NO_CLOCK) {
      return -Errno.EINVAL;
    }
    if (tp != 0) {
      boolean coarse = whichClock == CLOCK_REALTIME_COARSE || whichClock == CLOCK_MONOTONIC_COARSE;
      UserTime.writeTimespec(task.memory(), tp, coarse ? COARSE_NANOS : 1);
    }
    return 0;
  }

  @SyscallDefine(
      nr = 112,
      name = "clock_settime",
      support = Support.NONE,
      note = "the clock is the host's: EPERM",
      errors = {"EPERM", "EINVAL", "EFAULT"})
  public static long clockSettime(
      Task task,
      @EnumOf("clock:CLOCK_") int whichClock,
      @UserPtr(access = IN, struct = "__kernel_timespec") long tp) {
    if (whichClock != CLOCK_REALTIME) {
      return -Errno.EINVAL;
    }
    return UserTime.readTimespec(task.memory(), tp) == UserTime.INVALID
        ? -Errno.EINVAL
        : -Errno.EPERM;
  }

  @SyscallDefine(nr = 169, name = "gettimeofday", errors = "EFAULT")
  public static long gettimeofday(
      Task task,
      @UserPtr(access = OUT, struct = "__kernel_old_timeval") long tv,
      @UserPtr(access = OUT, struct = "timezone") long tz) {
    if (tv != 0) {
      UserTime.writeTimeval(task.memory(), tv, Clocks.realtimeNanos(task));
    }
    if (tz != 0) {
      task.memory().writeLong(tz, 0);
    }
    return 0;
  }

  @SyscallDefine(
      nr = 170,
      name = "settimeofday",
      support = Support.NONE,
      note = "the clock is the host's: EPERM",
      errors = "EPERM")
  public static long settimeofday(
      Task task,
      @UserPtr(access = IN, struct = "__kernel_old_timeval") long tv,
      @UserPtr(access = IN, struct = "timezone") long tz) {
    return task.cred().capable(Capability.CAP_SYS_TIME) && tv == 0 ? 0 : -Errno.EPERM;
  }

  @SyscallDefine(
      nr = 101,
      name = "nanosleep",
      errors = {"EINVAL", "EFAULT", "EINTR"},
      restart = Restart.BLOCK)
  public static long nanosleep(
      Task task,
      @UserPtr(access = IN, struct = "__kernel_timespec") long rqtp,
      @UserPtr(access = OUT, struct = "__kernel_timespec") long rmtp) {
    return clockNanosleep(task, CLOCK_MONOTONIC, 0, rqtp, rmtp);
  }

  @SyscallDefine(
      nr = 115,
      name = "clock_nanosleep",
      support = Support.PARTIAL,
      note = "a sleep on CLOCK_REALTIME does not follow a clock that is set",
      errors = {"EINVAL", "EFAULT", "EINTR", "EOPNOTSUPP"},
      restart = Restart.BLOCK)
  public static long clockNanosleep(
      Task task,
      @EnumOf("clock:CLOCK_") int whichClock,
      @Flags("clock:TIMER_ABSTIME") int flags,
      @UserPtr(access = IN, struct = "__kernel_timespec") long rqtp,
      @UserPtr(access = OUT, struct = "__kernel_timespec") long rmtp) {
    if (!Clocks.canSleep(whichClock)) {
      return Clocks.now(task, whichClock) == Clocks.NO_CLOCK ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
    }
    long nanos = UserTime.readTimespec(task.memory(), rqtp);
    if (nanos == UserTime.INVALID) {
      return -Errno.EINVAL;
    }
    boolean absolute = (flags & TIMER_ABSTIME) != 0;
    long fromNow = absolute ? nanos - Clocks.now(task, whichClock) : nanos;
    long deadline = System.nanoTime() + Math.min(fromNow, FOREVER);
    long result = sleep(task, whichClock, deadline);
    if (result != -InternalErrno.ERESTARTSYS) {
      return result;
    }
    return absolute ? -InternalErrno.ERESTARTNOHAND : interrupted(task, whichClock, deadline, rmtp);
  }

  private static long sleep(Task task, int clock, long deadline) {
    if (Clocks.isWall(clock)) {
      return Sleep.until(task, deadline);
    }
    long left = deadline - System.nanoTime();
    long target = Clocks.now(task, clock) + left;
    while (Clocks.now(task, clock) < target) {
      long step = Math.max(1_000_000, target - Clocks.now(task, clock));
      long result = Sleep.until(task, System.nanoTime() + step);
      if (result != 0) {
        return result;
      }
    }
    return 0;
  }

  /** A relative sleep tells what is left and goes on with that when no handler runs. */
  private static long interrupted(Task task, int clock, long deadline, long rmtp) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return 0;
    }
    if (rmtp != 0) {
      UserMemory memory = task.memory();
      UserTime.writeTimespec(memory, rmtp, left);
    }
    task.restartBlock =
        t -> {
          long result = sleep(t, clock, deadline);
          return result == -InternalErrno.ERESTARTSYS
              ? interrupted(t, clock, deadline, rmtp)
              : result;
        };
    return -InternalErrno.ERESTART_RESTARTBLOCK;
  }

  @SyscallDefine(nr = 128, name = "restart_syscall", errors = "EINTR")
  public static long restartSyscall(Task task) {
    return task.restartBlock.restart(task);
  }
}
