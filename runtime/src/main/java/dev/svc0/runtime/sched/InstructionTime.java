package dev.svc0.runtime.sched;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that programs move: a nanosecond for each instruction that they executed until the system
 * call in which somebody looks, from {@link #START} on. A program that does the same in each run
 * gets the same times. Threads of the kernel do not move it.
 */
public final class InstructionTime implements InstantSource {
  /** What it shows before the first instruction. */
  public static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

  private static final long START_MILLIS = START.toEpochMilli();
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final AtomicLong nanos = new AtomicLong();

  @Override
  public Instant instant() {
    return START.plusNanos(advance());
  }

  @Override
  public long millis() {
    return START_MILLIS + advance() / NANOS_PER_MILLI;
  }

  /** Adds what the calling thread executed since it looked last. */
  private long advance() {
    ThreadState state = ThreadState.current();
    long executed = state.instructions - state.instructionsInTime;
    if (executed == 0) {
      return nanos.get();
    }
    state.instructionsInTime = state.instructions;
    return nanos.addAndGet(executed);
  }
}
