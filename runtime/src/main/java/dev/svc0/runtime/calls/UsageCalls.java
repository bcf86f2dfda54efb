package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.RusageLayout;
import dev.svc0.runtime.abi.TmsLayout;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Accounting;
import dev.svc0.runtime.task.SignalStruct;
import dev.svc0.runtime.task.Task;

/** Time and memory used: getrusage, times. */
public final class UsageCalls {
  private static final long NANOS_PER_TICK = 10_000_000;
  private static final long KIB_PER_PAGE = 4;

  private UsageCalls() {}

  @SyscallDefine(
      nr = 165,
      name = "getrusage",
      support = Support.PARTIAL,
      note = "times and ru_maxrss; faults, blocks and switches are 0",
      errors = {"EINVAL", "EFAULT"})
  public static long getrusage(
      Task task,
      @EnumOf("rusage:RUSAGE_") int who,
      @UserPtr(access = OUT, struct = "rusage") long ru) {
    SignalStruct process = task.signal();
    Accounting times = process.accounting();
    UserMemory memory = task.memory();
    switch (who) {
      case Rlimits.RUSAGE_SELF ->
          write(
              memory,
              ru,
              times.userNanos(process),
              times.systemNanos(process),
              Math.max(times.maxResidentPages(), task.memory().residentPages()));
      case Rlimits.RUSAGE_CHILDREN ->
          write(
              memory,
              ru,
              times.childUserNanos(),
              times.childSystemNanos(),
              times.childMaxResidentPages());
      case Rlimits.RUSAGE_THREAD ->
          write(
              memory,
              ru,
              task.userNanos(),
              task.systemNanos(),
              Math.max(times.maxResidentPages(), task.memory().residentPages()));
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  private static void write(UserMemory memory, long ru, long user, long system, long pages) {
    byte[] zero = new byte[RusageLayout.SIZE];
    memory.writeBytes(ru, zero);
    UserTime.writeTimeval(memory, ru + RusageLayout.ru_utime, user);
    UserTime.writeTimeval(memory, ru + RusageLayout.ru_stime, system);
    memory.writeLong(ru + RusageLayout.ru_maxrss, pages * KIB_PER_PAGE);
  }

  /** What wait4 tells of a child: the child and its own children together. */
  static void writeBoth(UserMemory memory, long ru, SignalStruct child) {
    Accounting times = child.accounting();
    write(
        memory,
        ru,
        times.userNanos(child) + times.childUserNanos(),
        times.systemNanos(child) + times.childSystemNanos(),
        Math.max(times.maxResidentPages(), times.childMaxResidentPages()));
  }

  @SyscallDefine(nr = 153, name = "times", errors = "EFAULT")
  public static long times(Task task, @UserPtr(access = OUT, struct = "tms") long tbuf) {
    if (tbuf != 0) {
      SignalStruct process = task.signal();
      Accounting times = process.accounting();
      UserMemory memory = task.memory();
      memory.writeLong(tbuf + TmsLayout.tms_utime, times.userNanos(process) / NANOS_PER_TICK);
      memory.writeLong(tbuf + TmsLayout.tms_stime, times.systemNanos(process) / NANOS_PER_TICK);
      memory.writeLong(tbuf + TmsLayout.tms_cutime, times.childUserNanos() / NANOS_PER_TICK);
      memory.writeLong(tbuf + TmsLayout.tms_cstime, times.childSystemNanos() / NANOS_PER_TICK);
    }
    return task.kernel().monotonicNanos() / NANOS_PER_TICK;
  }
}
