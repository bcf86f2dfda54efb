package dev.svc0.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostClockTest {
  private static final int LOOKS = 3_000_000;

  /** Each look stands between two looks at the JVM's clock, as far as the rates agree. */
  @Test
  void isOnTheScaleOfTheOtherClock() {
    for (int i = 0; i < 1000; i++) {
      long before = System.nanoTime();
      long now = HostClock.nanos();
      long after = System.nanoTime();
      long apart = 100_000; // 10 ppm of the 10 s that the test may have been in the JVM
      assertThat(now).isBetween(before - apart, after + apart);
    }
  }

  @Test
  void neverGoesBack() {
    long last = HostClock.nanos();
    for (int i = 0; i < LOOKS; i++) {
      long now = HostClock.nanos();
      if (now < last) {
        assertThat(now).isGreaterThanOrEqualTo(last);
      }
      last = now;
    }
  }
}
