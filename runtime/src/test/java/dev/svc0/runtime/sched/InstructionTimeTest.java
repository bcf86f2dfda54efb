package dev.svc0.runtime.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The clock that programs move. */
class InstructionTimeTest {
  private final InstructionTime time = new InstructionTime();

  @Test
  void movesWithTheInstructionsOfAllProgramsAndNeverBack() throws Exception {
    assertThat(time.instant()).isEqualTo(Instant.parse("2025-01-01T00:00:00Z"));
    on(5_000_000);
    on(7_000_001);
    assertThat(time.instant()).isEqualTo(InstructionTime.START.plusNanos(12_000_001));
    assertThat(time.millis()).isEqualTo(InstructionTime.START.toEpochMilli() + 12);
  }

  /** A new thread, whose program looks before and after so many instructions. */
  private void on(long instructions) throws InterruptedException {
    KernelThread thread =
        new KernelThread(
            () -> {
              time.millis();
              ThreadState.current().instructions = instructions / 2;
              time.millis();
              ThreadState.current().instructions = instructions;
              time.millis();
              time.instant();
            },
            "program");
    thread.start();
    thread.join();
  }
}
