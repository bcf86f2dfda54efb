package dev.svc0.samples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is measured does what it says; how long it takes is not asked here. */
class SystemCallBenchmarkTest {
  @Test
  void eachBenchmarkMakesItsCall() throws Exception {
    SystemCallBenchmark benchmark = new SystemCallBenchmark();
    benchmark.boot();
    try {
      assertThat(benchmark.dispatchGetppid()).isEqualTo(benchmark.svcGetppid()).isNotNegative();
      assertThat(benchmark.writeDevNull()).isEqualTo(1);
      assertThat(benchmark.overwriteExt2()).isEqualTo(4096);
    } finally {
      benchmark.shutDown();
    }
  }
}
