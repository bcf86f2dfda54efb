package dev.svc0.runtime.calls;

import static dev.svc0.runtime.abi.ClockConstants.*;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.task.SignalStruct;
import dev.svc0.runtime.task.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What each CLOCK_ id shows. */
final class Clocks {
  /** Answer of {@link #now} for a clock that does not exist. */
  static final long NO_CLOCK = -Errno.EINVAL;

  private static final int CPU_CLOCK_THREAD = 4;
  private static final int CPU_CLOCK_KIND = 3;
  private static final int CPU_CLOCK_PID_SHIFT = 3;

  private Clocks() {}

  static long realtimeNanos(Task task) {
    Instant now = task.kernel().options().clock().instant();
    return UserTime.join(now.getEpochSecond(), now.getNano());
  }

  /** Nanoseconds that a clock shows, or {@link #NO_CLOCK}. */
  static long now(Task task, int clock) {
    return switch (clock) {
      case CLOCK_REALTIME, CLOCK_REALTIME_COARSE, CLOCK_TAI, CLOCK_REALTIME_ALARM ->
          realtimeNanos(task);
      case CLOCK_MONOTONIC,
          CLOCK_MONOTONIC_RAW,
          CLOCK_MONOTONIC_COARSE,
          CLOCK_BOOTTIME,
          CLOCK_BOOTTIME_ALARM ->
          task.kernel().monotonicNanos();
      case CLOCK_PROCESS_CPUTIME_ID -> processNanos(task.signal());
      case CLOCK_THREAD_CPUTIME_ID -> task.cpuNanos();
      default -> clock < 0 ? cpuClock(task, clock) : NO_CLOCK;
    };
  }

  static long processNanos(SignalStruct process) {
    return process.accounting().cpuNanos(process);
  }

  /** clock_getcpuclockid and pthread_getcpuclockid: the complement of a pid, shifted. */
  private static long cpuClock(Task task, int clock) {
    if ((clock & CPU_CLOCK_KIND) == CPU_CLOCK_KIND) {
      return NO_CLOCK; // a clock behind a descriptor
    }
    int pid = ~(clock >> CPU_CLOCK_PID_SHIFT);
    if ((clock & CPU_CLOCK_THREAD) != 0) {
      Task thread = pid == 0 ? task : task.kernel().findTask(pid);
      return thread == null || thread.signal() != task.signal() ? NO_CLOCK : thread.cpuNanos();
    }
    @Nullable SignalStruct process = pid == 0 ? task.signal() : task.kernel().findProcess(pid);
    return process == null ? NO_CLOCK : processNanos(process);
  }

  /** Whether it is one that clock_nanosleep and timer_create take. */
  static boolean canSleep(int clock) {
    return switch (clock) {
      case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_PROCESS_CPUTIME_ID ->
          true;
      default -> false;
    };
  }

  /** Whether its time can be waited for on the host's clock. */
  static boolean isWall(int clock) {
    return clock == CLOCK_REALTIME
        || clock == CLOCK_TAI
        || clock == CLOCK_MONOTONIC
        || clock == CLOCK_BOOTTIME;
  }
}
