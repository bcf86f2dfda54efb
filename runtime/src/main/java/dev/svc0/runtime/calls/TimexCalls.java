package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN_OUT;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Adjtimex;
import dev.svc0.runtime.abi.ClockConstants;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.TimexLayout;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;

/** What disciplines the clock: nothing, as on a machine that has just started. */
public final class TimexCalls {
  private static final int NANOS_PER_MICRO = 1_000;

  /** Largest errors in microseconds, which mean that the clock was never set. */
  private static final long UNKNOWN_ERROR = 16_000_000;

  private static final long TIME_CONSTANT = 2;
  private static final long TOLERANCE = 500L << 16;
  private static final long MICROS_PER_TICK = 10_000;

  private TimexCalls() {}

  @SyscallDefine(
      nr = 171,
      name = "adjtimex",
      support = Support.PARTIAL,
      note = "the clock is the host's: tells that nothing disciplines it; to set anything is EPERM",
      errors = {"EFAULT", "EPERM"})
  public static long adjtimex(
      Task task, @UserPtr(access = IN_OUT, struct = "__kernel_timex") long txc) {
    UserMemory memory = task.memory();
    int modes = memory.readInt(txc + TimexLayout.modes);
    if (modes != 0 && modes != Adjtimex.ADJ_OFFSET_SS_READ) {
      return -Errno.EPERM;
    }
    long now = Clocks.realtimeNanos(task);
    memory.writeBytes(txc + TimexLayout.offset, new byte[TimexLayout.SIZE - TimexLayout.offset]);
    memory.writeLong(txc + TimexLayout.maxerror, UNKNOWN_ERROR);
    memory.writeLong(txc + TimexLayout.esterror, UNKNOWN_ERROR);
    memory.writeInt(txc + TimexLayout.status, Adjtimex.STA_UNSYNC);
    memory.writeLong(txc + TimexLayout.constant, TIME_CONSTANT);
    memory.writeLong(txc + TimexLayout.precision, 1);
    memory.writeLong(txc + TimexLayout.tolerance, TOLERANCE);
    memory.writeLong(txc + TimexLayout.time, now / UserTime.NANOS_PER_SECOND);
    memory.writeLong(
        txc + TimexLayout.time + Long.BYTES, now % UserTime.NANOS_PER_SECOND / NANOS_PER_MICRO);
    memory.writeLong(txc + TimexLayout.tick, MICROS_PER_TICK);
    return Adjtimex.TIME_ERROR;
  }

  @SyscallDefine(
      nr = 266,
      name = "clock_adjtime",
      support = Support.PARTIAL,
      note = "the clock is the host's: tells that nothing disciplines it; to set anything is EPERM",
      errors = {"EFAULT", "EINVAL", "EOPNOTSUPP", "EPERM"})
  public static long clockAdjtime(
      Task task,
      @EnumOf("clock:CLOCK_") int whichClock,
      @UserPtr(access = IN_OUT, struct = "__kernel_timex") long utx) {
    if (whichClock != ClockConstants.CLOCK_REALTIME) {
      boolean known = Clocks.now(task, whichClock) != Clocks.NO_CLOCK;
      return known ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
    }
    return adjtimex(task, utx);
  }
}
