package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;
import static dev.svc0.runtime.abi.ClockConstants.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.SigeventLayout;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.KTimer;
import dev.svc0.runtime.task.PosixTimer;
import dev.svc0.runtime.task.SignalRules;
import dev.svc0.runtime.task.Task;
import org.jspecify.annotations.Nullable;

/** Interval timers and POSIX timers. */
public final class TimerCalls {
  private TimerCalls() {}

  @SyscallDefine(
      nr = 102,
      name = "getitimer",
      errors = {"EINVAL", "EFAULT"})
  public static long getitimer(
      Task task,
      @EnumOf("clock:ITIMER_") int which,
      @UserPtr(access = OUT, struct = "__kernel_old_itimerval") long value) {
    if (which < ITIMER_REAL || which > ITIMER_PROF) {
      return -Errno.EINVAL;
    }
    KTimer timer = task.signal().timers().interval(which);
    UserTime.writeOldItimerval(task.memory(), value, timer.remaining(), timer.interval());
    return 0;
  }

  @SyscallDefine(
      nr = 103,
      name = "setitimer",
      errors = {"EINVAL", "EFAULT"})
  public static long setitimer(
      Task task,
      @EnumOf("clock:ITIMER_") int which,
      @UserPtr(access = IN, struct = "__kernel_old_itimerval") long value,
      @UserPtr(access = OUT, struct = "__kernel_old_itimerval") long ovalue) {
    UserMemory memory = task.memory();
    long first = value == 0 ? 0 : UserTime.readOldValue(memory, value);
    long interval = value == 0 ? 0 : UserTime.readOldInterval(memory, value);
    if (first == UserTime.INVALID
        || interval == UserTime.INVALID
        || which < ITIMER_REAL
        || which > ITIMER_PROF) {
      return -Errno.EINVAL;
    }
    KTimer timer = task.signal().timers().interval(which);
    long oldRemaining = timer.remaining();
    long oldInterval = timer.interval();
    timer.set(first, interval);
    if (ovalue != 0) {
      UserTime.writeOldItimerval(memory, ovalue, oldRemaining, oldInterval);
    }
    return 0;
  }

  @SyscallDefine(
      nr = 107,
      name = "timer_create",
      support = Support.PARTIAL,
      note = "clocks: REALTIME, MONOTONIC, BOOTTIME, TAI, PROCESS_CPUTIME_ID, THREAD_CPUTIME_ID",
      errors = {"EINVAL", "EFAULT", "EAGAIN"})
  public static long timerCreate(
      Task task,
      @EnumOf("clock:CLOCK_") int whichClock,
      @UserPtr(access = IN, struct = "sigevent") long timerEventSpec,
      @UserPtr(access = OUT, length = "4") long createdTimerId) {
    if (!Clocks.canSleep(whichClock) && whichClock != CLOCK_THREAD_CPUTIME_ID) {
      return -Errno.EINVAL;
    }
    UserMemory memory = task.memory();
    int notify = SignalConstants.SIGEV_SIGNAL;
    int signal = Signals.SIGALRM;
    long value = 0;
    Task target = null;
    if (timerEventSpec != 0) {
      notify = memory.readInt(timerEventSpec + SigeventLayout.sigev_notify);
      signal = memory.readInt(timerEventSpec + SigeventLayout.sigev_signo);
      value = memory.readLong(timerEventSpec + SigeventLayout.sigev_value);
      if (notify == SignalConstants.SIGEV_THREAD_ID) {
        target =
            task.kernel().findTask(memory.readInt(timerEventSpec + SigeventLayout._sigev_un__tid));
      }
      if (!validEvent(task, notify, signal, target)) {
        return -Errno.EINVAL;
      }
    }
    PosixTimer timer =
        new PosixTimer(
            task.signal(), whichClock, source(task, whichClock), notify, signal, value, target);
    int id = task.signal().timers().add(timer);
    if (timerEventSpec == 0) {
      timer.setValue(id);
    }
    memory.writeInt(createdTimerId, id);
    return 0;
  }

  private static boolean validEvent(Task task, int notify, int signal, @Nullable Task target) {
    return switch (notify) {
      case SignalConstants.SIGEV_NONE -> true;
      case SignalConstants.SIGEV_SIGNAL, SignalConstants.SIGEV_THREAD -> SignalRules.valid(signal);
      case SignalConstants.SIGEV_THREAD_ID ->
          SignalRules.valid(signal) && target != null && target.signal() == task.signal();
      default -> false;
    };
  }

  private static KTimer.Source source(Task task, int clock) {
    return new KTimer.Source() {
      @Override
      public long now() {
        return Clocks.now(task, clock);
      }

      @Override
      public boolean isCpuTime() {
        return !Clocks.isWall(clock);
      }
    };
  }

  @SyscallDefine(
      nr = 110,
      name = "timer_settime",
      errors = {"EINVAL", "EFAULT"})
  public static long timerSettime(
      Task task,
      int timerId,
      @Flags("clock:TIMER_ABSTIME") int flags,
      @UserPtr(access = IN, struct = "__kernel_itimerspec") long newSetting,
      @UserPtr(access = OUT, struct = "__kernel_itimerspec") long oldSetting) {
    if (newSetting == 0) {
      return -Errno.EINVAL;
    }
    UserMemory memory = task.memory();
    long value = UserTime.readValue(memory, newSetting);
    long interval = UserTime.readInterval(memory, newSetting);
    PosixTimer timer = task.signal().timers().find(timerId);
    if (value == UserTime.INVALID || interval == UserTime.INVALID || timer == null) {
      return -Errno.EINVAL;
    }
    long oldRemaining = timer.timer().remaining();
    long oldInterval = timer.timer().interval();
    timer.reset();
    if ((flags & TIMER_ABSTIME) != 0 && value != 0) {
      timer.timer().setDeadline(value, interval);
    } else {
      timer.timer().set(value, interval);
    }
    if (oldSetting != 0) {
      UserTime.writeItimerspec(memory, oldSetting, oldRemaining, oldInterval);
    }
    return 0;
  }

  @SyscallDefine(
      nr = 108,
      name = "timer_gettime",
      errors = {"EINVAL", "EFAULT"})
  public static long timerGettime(
      Task task, int timerId, @UserPtr(access = OUT, struct = "__kernel_itimerspec") long setting) {
    PosixTimer timer = task.signal().timers().find(timerId);
    if (timer == null) {
      return -Errno.EINVAL;
    }
    UserTime.writeItimerspec(
        task.memory(), setting, timer.timer().remaining(), timer.timer().interval());
    return 0;
  }

  @SyscallDefine(nr = 109, name = "timer_getoverrun", errors = "EINVAL")
  public static long timerGetoverrun(Task task, int timerId) {
    PosixTimer timer = task.signal().timers().find(timerId);
    return timer == null ? -Errno.EINVAL : timer.overrun();
  }

  @SyscallDefine(nr = 111, name = "timer_delete", errors = "EINVAL")
  public static long timerDelete(Task task, int timerId) {
    return task.signal().timers().delete(timerId) ? 0 : -Errno.EINVAL;
  }
}
