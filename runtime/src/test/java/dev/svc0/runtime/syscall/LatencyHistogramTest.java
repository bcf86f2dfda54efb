package dev.svc0.runtime.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {
  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 7, 8, 9, 15, 16, 17, 1000, 123_456_789L, 1L << 40, Long.MAX_VALUE >> 1})
  void aValueIsKnownToAnEighth(long nanos) {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(nanos);
    long known = histogram.nanosAt(1);
    assertThat(known).isBetween(nanos, nanos + nanos / 8);
  }

  @Test
  void sharesAreCounted() {
    LatencyHistogram histogram = new LatencyHistogram();
    assertThat(histogram.nanosAt(0.5)).isZero();
    for (int i = 0; i < 99; i++) {
      histogram.record(5);
    }
    histogram.record(1 << 20);
    histogram.record(-3);
    assertThat(histogram.samples()).isEqualTo(101);
    assertThat(histogram.nanosAt(0.5)).isEqualTo(5);
    assertThat(histogram.nanosAt(1)).isBetween(1L << 20, (1L << 20) + (1L << 17));
  }
}
