package dev.svc0.arm64.machine;

import static dev.svc0.arm64.Arm64TableNumbers.__NR_clock_gettime;
import static dev.svc0.arm64.Arm64TableNumbers.__NR_getrusage;
import static dev.svc0.runtime.abi.ClockConstants.CLOCK_PROCESS_CPUTIME_ID;
import static dev.svc0.runtime.abi.ClockConstants.CLOCK_THREAD_CPUTIME_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.RusageLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clocks of processor time, as programs measure themselves with. */
class CpuClocksTest {
  private static final long SECOND = 1_000_000_000;
  private static final long WORK_NANOS = 400_000_000; // many of the host's ticks
  private static final long MICROSECOND = 1000;

  @TempDir Path folder;

  /** User and system time were once added, each read for itself: they went back by a tick. */
  @Test
  void neverGoBack() throws Exception {
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder);
        JavaProgram program = new JavaProgram(machine)) {
      long memory = program.allocate(4096);
      long begin = now(program, CLOCK_THREAD_CPUTIME_ID, memory);
      long thread = begin;
      long process = now(program, CLOCK_PROCESS_CPUTIME_ID, memory);
      while (thread - begin < WORK_NANOS) {
        long next = now(program, CLOCK_THREAD_CPUTIME_ID, memory);
        assertThat(next).isGreaterThanOrEqualTo(thread);
        thread = next;
        next = now(program, CLOCK_PROCESS_CPUTIME_ID, memory);
        assertThat(next).isGreaterThanOrEqualTo(process).isGreaterThanOrEqualTo(thread);
        process = next;
      }
    }
  }

  @Test
  void usageAddsUpToTheClock() throws Exception {
    try (Arm64Machine machine = Arm64Machine.withHostFolder(folder);
        JavaProgram program = new JavaProgram(machine)) {
      long memory = program.allocate(4096);
      long begin = now(program, CLOCK_THREAD_CPUTIME_ID, memory);
      while (now(program, CLOCK_THREAD_CPUTIME_ID, memory) - begin < WORK_NANOS) {
        Thread.onSpinWait();
      }
      long before = now(program, CLOCK_THREAD_CPUTIME_ID, memory);
      assertThat(program.svc(__NR_getrusage, Rlimits.RUSAGE_THREAD, memory)).isZero();
      long used = timeval(program, memory + RusageLayout.ru_utime);
      used += timeval(program, memory + RusageLayout.ru_stime);
      long after = now(program, CLOCK_THREAD_CPUTIME_ID, memory);
      assertThat(used).isBetween(before - 2 * MICROSECOND, after);
    }
  }

  private static long now(JavaProgram program, int clock, long memory) {
    assertThat(program.svc(__NR_clock_gettime, clock, memory)).isZero();
    return program.task().memory().readLong(memory) * SECOND
        + program.task().memory().readLong(memory + 8);
  }

  private static long timeval(JavaProgram program, long at) {
    return program.task().memory().readLong(at) * SECOND
        + program.task().memory().readLong(at + 8) * MICROSECOND;
  }
}
