package dev.svc0.runtime.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.TraceClock;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import dev.svc0.runtime.trace.Traces;
import dev.svc0.toys.ToyWrite;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layout of ftrace's function_graph: columns and marks as its documentation shows them. */
class FunctionGraphTest {
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "651,'  0.651 us    '",
        "10000,'  10.000 us   '",
        "12345,'+ 12.345 us   '",
        "119760,'! 119.760 us  '",
        "1234567,'# 1234.567 us '",
        "12345678,'* 12345.67 us '",
        "123456789,'@ 123456.7 us '",
        "3123456789,'$ 3123456 us  '"
      })
  void durationHasFourteenColumns(long nanos, String expected) {
    assertThat(FunctionGraph.duration(nanos)).isEqualTo(expected).hasSize(14);
  }

  @BeforeAll
  static void enable() {
    Traces.enable();
  }

  @Test
  void showsNestingResultsAndOtherThreads() throws Exception {
    TraceSession session = start();
    KernelThread task =
        new KernelThread(
            () -> {
              ThreadState.current().operationId = 7;
              ToyWrite.write(null, 3, 0, 4097);
              ToyWrite.write(null, -1, 0, 1);
            },
            "toy");
    task.state.pid = 300;
    task.state.tid = 301;
    run(task);
    KernelThread worker =
        new KernelThread(
            () -> ToyWrite.submit(new ToyWrite.ToyBio(7, 9, 64, 4096, 1)), "kworker/0:1");
    worker.state.tid = 29;
    run(worker);
    StringBuilder out = new StringBuilder();
    FunctionGraph.write(
        session.stop(), FunctionGraph.Options.defaults("__arm64_sys_").withOperations(), out);
    assertThat(out.toString())
        .isEqualTo(
            """
            # tracer: function_graph
            #
            # CPU  DURATION                  FUNCTION CALLS
            # |     |   |                     |   |   |   |
            -- task toy-301
             0)               |  /* op 7 */
             0)               |  __arm64_sys_toy_write() {
             0)               |    ksys_toy_write() {
             0)   1.000 us    |      toy_good(); /* = 0x1 */
             0)   1.000 us    |      toy_page(); /* = 0x1000 */
             0)   1.000 us    |      toy_page(); /* = 0x1 */
             0)   1.000 us    |      toy_finish();
             0)   9.000 us    |    } /* ksys_toy_write = 0x1001 */
             0) + 11.000 us   |  } /* __arm64_sys_toy_write = 0x1001 */
             0)               |  /* op 7 */
             0)               |  __arm64_sys_toy_write() {
             0)               |    ksys_toy_write() {
             0)   1.000 us    |      toy_good(); /* = 0x0 */
             0)   3.000 us    |    } /* ksys_toy_write = -9 */
             0)   5.000 us    |  } /* __arm64_sys_toy_write = -9 */
            -- task kworker/0:1-29
             1)               |  submit_bio() {
             1)               |    /* block_bio_queue: 7,1 W 64 + 8 caused by op 7, last written by op 9 */
             1)   1.000 us    |    toy_finish();
             1)   4.000 us    |  } /* submit_bio */
            # complete
            """);
  }

  @Test
  void showsWhatAnotherThreadDidInsideTheWait() throws Exception {
    TraceSession session = start();
    KernelThread worker = new KernelThread(() -> ToyWrite.find(true), "worker");
    KernelThread task = new KernelThread(() -> ToyWrite.outer(new Waiting(worker)), "toy");
    task.state.tid = 5;
    run(task);
    StringBuilder out = new StringBuilder();
    FunctionGraph.write(
        session.stop(),
        FunctionGraph.Options.defaults("").only(root -> root.node() instanceof Call),
        out);
    assertThat(out.toString().lines().skip(4))
        .containsExactly(
            "-- task toy-5",
            " 0)               |  toy_outer() {",
            " 0)   4.000 us    |    toy_run();",
            "-- task worker-0",
            " 1)   1.000 us    |  toy_find();",
            "-- task toy-5",
            " 0)   1.000 us    |    toy_finish();",
            " 0)   8.000 us    |  } /* toy_outer */",
            "# complete");
  }

  /** Runs another thread to its end when told to. */
  private record Waiting(KernelThread other) implements ToyWrite.ToyWork {
    @Override
    public void run() {
      try {
        FunctionGraphTest.run(other);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void run(Thread thread) throws InterruptedException {
    thread.start();
    thread.join();
  }

  private static TraceSession start() {
    AtomicLong ticks = new AtomicLong();
    TraceClock clock =
        new TraceClock() {
          @Override
          public long ticks(ThreadState thread) {
            return ticks.addAndGet(1000);
          }

          @Override
          public String unit() {
            return "ns";
          }
        };
    return TraceSession.start(
        TraceSelection.everything().inClasses("*.Toy*"),
        TraceSession.Options.defaults().withClock(clock));
  }
}
