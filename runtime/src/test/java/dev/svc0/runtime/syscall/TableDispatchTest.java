package dev.svc0.runtime.syscall;

import static dev.svc0.runtime.abi.Errno.EACCES;
import static dev.svc0.runtime.abi.Errno.EFAULT;
import static dev.svc0.runtime.abi.Errno.EINVAL;
import static dev.svc0.runtime.abi.Errno.EIO;
import static dev.svc0.runtime.abi.Errno.ENOMEM;
import static dev.svc0.runtime.abi.Errno.ENOSYS;
import static dev.svc0.runtime.abi.Errno.EPERM;
import static dev.svc0.runtime.syscall.TestTableNumbers.__NR_test_fail;
import static dev.svc0.runtime.syscall.TestTableNumbers.__NR_test_flags;
import static dev.svc0.runtime.syscall.TestTableNumbers.__NR_test_narrow;
import static dev.svc0.runtime.syscall.TestTableNumbers.__NR_test_pid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.syscall.render.CallStatistics;
import dev.svc0.runtime.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every generated table does around its handlers. */
class TableDispatchTest {
  private static final long JUNK = 0x7fff_0000_0000_0000L;

  private final TestTableDispatch table = new TestTableDispatch();
  private final Task task = TestTasks.bare();
  private final List<String> events = new ArrayList<>();

  private long call(int nr, long... arguments) {
    long[] x = new long[SyscallRegisters.ARGUMENTS];
    System.arraycopy(arguments, 0, x, 0, arguments.length);
    return table.dispatch(task, nr, x[0], x[1], x[2], x[3], x[4], x[5]);
  }

  @Test
  void eachArgumentIsNarrowedToItsType() {
    assertThat(call(__NR_test_narrow, JUNK | 0xffff_fff7L, JUNK | 0xffffL, JUNK | 0x1_ffffL, JUNK))
        .isEqualTo(7);
    assertThat(TestCalls.seen).containsExactly(-9, -1, 0xffff, JUNK);
  }

  @ParameterizedTest
  @CsvSource({"0, " + EFAULT, "1, " + EIO, "2, " + ENOMEM, "3, " + EIO, "4, " + EPERM})
  void whatAHandlerThrowsBecomesAnErrno(int how, int errno) {
    table.reportFailuresTo((who, call, failure) -> events.add(call.handler() + ": " + failure));
    assertThat(call(__NR_test_fail, how)).isEqualTo(-errno);
    boolean bug = how >= 1 && how <= 3;
    assertThat(events).hasSize(bug ? 1 : 0);
    if (bug) {
      assertThat(events.getFirst())
          .startsWith("dev.svc0.runtime.syscall.TestCalls.fail: java.lang");
    }
  }

  @Test
  void aReportThatFailsHarmsNobody() {
    table.reportFailuresTo((who, call, failure) -> {
      throw new IllegalStateException("the report fails too");
    });
    assertThat(call(__NR_test_fail, 1)).isEqualTo(-EIO);
  }

  @Test
  void flagsOutsideTheDefinitionAreRefusedAndCounted() {
    assertThat(call(__NR_test_flags, JUNK | 4)).isEqualTo(4);
    assertThat(call(__NR_test_flags, 6)).isEqualTo(-EINVAL);
    assertThat(call(__NR_test_flags, 2)).isEqualTo(-EINVAL);
    assertThat(table.statistics().rejectedFlags()).isEqualTo(Map.of(__NR_test_flags, 2L));
  }

  @Test
  void callsAndErrorsAreCountedByNumberAcrossThreads() {
    Task other = TestTasks.bare();
    for (int i = 0; i < 100; i++) {
      call(__NR_test_pid, i);
      table.dispatch(other, __NR_test_pid, i, 0, 0, 0, 0, 0);
    }
    call(__NR_test_fail, 4);
    call(600);
    call(0x7000_0000);
    List<SyscallStatistics.Call> calls = table.statistics().calls();
    assertThat(calls)
        .extracting(
            SyscallStatistics.Call::nr,
            SyscallStatistics.Call::calls,
            SyscallStatistics.Call::errors)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(600, 1L, 1L),
            org.assertj.core.groups.Tuple.tuple(__NR_test_fail, 1L, 1L),
            org.assertj.core.groups.Tuple.tuple(__NR_test_pid, 200L, 0L));
    assertThat(calls.get(2).latency()).isNotNull();
    assertThat(calls.get(2).latency().getTotalCount()).isEqualTo(32);
    assertThat(table.statistics().beyondTable()).isEqualTo(Map.of(0x7000_0000, 1L));
  }

  @Test
  void latenciesAreReadWhileCallsAreMade() {
    for (int i = 0; i < 16; i++) {
      table.statistics().time(__NR_test_pid, 1000);
    }
    table.statistics().time(__NR_test_pid, 100_000);
    table.statistics().time(__NR_test_pid, -3);
    table.statistics().time(__NR_test_pid, Long.MAX_VALUE);
    call(__NR_test_pid, 1);
    AbstractHistogram before = table.statistics().calls().getFirst().latency();
    assertThat(before).isNotNull();
    assertThat(before.getTotalCount()).isEqualTo(20);
    assertThat(before.getValueAtPercentile(50)).isBetween(1000L, 1010L);
    assertThat(before.getMaxValue()).isGreaterThanOrEqualTo(3_600_000_000_000L);
    call(__NR_test_pid, 1);
    assertThat(before.getTotalCount()).as("a copy").isEqualTo(20);
    String text = new CallStatistics(table).text();
    assertThat(text.lines().skip(1).findFirst().orElseThrow())
        .matches("test_pid +2 +0 +21 +10\\d\\d +\\d+ +\\d+");
  }

  @Test
  void hooksComeInOrderAndOnlyForTheirNumbers() {
    SyscallTracer tracer = tracer();
    try (var filter = table.hooks().addFilter(this::allow, nr -> nr == __NR_test_pid);
        var tracing = table.hooks().addTracer(tracer, nr -> true);
        var listening = table.hooks().addListener(listener(), nr -> nr != __NR_test_flags)) {
      assertThat(List.of(filter, tracing, listening)).hasSize(3);
      assertThat(call(__NR_test_pid, 5)).isEqualTo(5);
      assertThat(events).containsExactly("filter", "before", "enter 5", "exit 5", "after");
      events.clear();
      call(__NR_test_flags, 0);
      assertThat(events).containsExactly("before", "after");
    }
    events.clear();
    assertThat(call(__NR_test_pid, 5)).isEqualTo(5);
    assertThat(events).isEmpty();
  }

  private long allow(SyscallRegisters call) {
    events.add("filter");
    return SyscallFilter.ALLOW;
  }

  private SyscallTracer tracer() {
    return new SyscallTracer() {
      @Override
      public void beforeCall(SyscallRegisters call) {
        events.add("before");
      }

      @Override
      public void afterCall(SyscallRegisters call) {
        events.add("after");
      }
    };
  }

  private SyscallListener listener() {
    return new SyscallListener() {
      @Override
      public void enter(SyscallRegisters call) {
        events.add("enter " + call.argument(0));
      }

      @Override
      public void exit(SyscallRegisters call, long nanos) {
        events.add("exit " + call.result());
      }
    };
  }

  @Test
  void exitIsToldAlsoWhenTheHandlerFails() {
    table.reportFailuresTo((who, call, failure) -> {});
    table.hooks().addListener(listener(), nr -> true);
    call(__NR_test_fail, 1);
    assertThat(events).containsExactly("enter 1", "exit -" + EIO);
  }

  @Test
  void aFilterAnswersInPlaceOfTheHandler() {
    table.hooks().addFilter(call -> -EACCES, nr -> nr == __NR_test_narrow);
    TestCalls.seen = null;
    assertThat(call(__NR_test_narrow, 1)).isEqualTo(-EACCES);
    assertThat(TestCalls.seen).isNull();
    assertThat(table.statistics().denied()).isEqualTo(Map.of(__NR_test_narrow, 1L));
  }

  @Test
  void aTracerChangesTheCallButOpensNoWayPastTheFilters() {
    table
        .hooks()
        .addTracer(
            new SyscallTracer() {
              @Override
              public void beforeCall(SyscallRegisters call) {
                call.setNr((int) call.argument(5));
                call.setArgument(0, 9);
              }

              @Override
              public void afterCall(SyscallRegisters call) {
                call.setResult(call.result() + 1);
              }
            },
            nr -> true);
    table.hooks().addFilter(call -> -EACCES, nr -> nr == __NR_test_flags);
    assertThat(call(600, 0, 0, 0, 0, 0, __NR_test_pid)).isEqualTo(10);
    assertThat(call(600, 0, 0, 0, 0, 0, __NR_test_flags)).isEqualTo(-EACCES + 1);
    assertThat(call(600, 0, 0, 0, 0, 0, -5)).isEqualTo(-ENOSYS + 1);
  }

  @Test
  void hooksThatFailDoNotStopTheCallAndFiltersFailClosed() {
    table.reportFailuresTo(
        new HandlerFailure() {
          @Override
          public void handlerFailed(Task who, SyscallInfo call, Throwable failure) {}

          @Override
          public void hookFailed(Object hook, Throwable failure) {
            events.add(failure.getMessage());
          }
        });
    table
        .hooks()
        .addListener(
            (call, nanos) -> {
              throw new IllegalStateException("a listener fails");
            },
            nr -> true);
    assertThat(call(__NR_test_pid, 3)).isEqualTo(3);
    table
        .hooks()
        .addFilter(
            call -> {
              throw new IllegalStateException("a filter fails");
            },
            nr -> true);
    assertThat(call(__NR_test_pid, 3)).isEqualTo(-EIO);
    assertThat(events).containsExactly("a listener fails", "a filter fails", "a listener fails");
  }

  @Test
  void handlersJoinAtRunTimeUnlessTheyCollide() throws Exception {
    SyscallModule module = new TestModule(600, "test_later", SyscallInfo.Origin.OWN);
    assertThat(call(600)).isEqualTo(-ENOSYS);
    table.extend(List.of(module));
    assertThat(call(600, 4)).isEqualTo(604);
    assertThat(table.info(600)).isNotNull().returns("test_later", SyscallInfo::name);
    assertThat(table.all()).extracting(SyscallInfo::nr).isSorted().contains(600, __NR_test_pid);
    org.assertj.core.api.Assertions.assertThatThrownBy(() ->
            table.extend(
                List.of(
                    new TestModule(601, "test_fine", SyscallInfo.Origin.OWN),
                    new TestModule(600, "test_other", SyscallInfo.Origin.OWN),
                    new TestModule(__NR_test_pid, "test_pid", SyscallInfo.Origin.OWN))))
        .isInstanceOfSatisfying(
            SyscallCollisionException.class,
            collision ->
                assertThat(collision.collisions())
                    .containsExactly(
                        "Test.module: number 600 is \"test_later\", handled by Test.module",
                        "Test.module: number 1533 is \"test_pid\", handled by"
                            + " dev.svc0.runtime.syscall.TestCalls.pid"));
    assertThat(call(601)).isEqualTo(-ENOSYS);
  }

  private record TestModule(int nr, String name, SyscallInfo.Origin origin)
      implements SyscallModule {
    @Override
    public List<SyscallInfo> describe() {
      return List.of(
          new SyscallInfo(
              nr,
              name,
              origin,
              dev.svc0.annotation.Support.FULL,
              "",
              "",
              "Test.module",
              List.of(),
              dev.svc0.annotation.Restart.NEVER,
              List.of()));
    }

    @Override
    public long call(Task task, int number, long x0, long x1, long x2, long x3, long x4, long x5) {
      return number + x0;
    }
  }
}
