package dev.svc0.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.event.SyscallTrace;
import dev.svc0.runtime.trace.event.VfsTrace;
import dev.svc0.toys.ToyTrace;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is decided when a system call returns: kept, counted, or the end of the recording. */
class CallRulesTest {
  private static final int WRITE = 64;
  private static final int FSYNC = 82;

  @BeforeEach
  void setUp() {
    ThreadState.current().pid = 40;
    ThreadState.current().tid = 41;
    ThreadState.current().comm = "toy";
  }

  @AfterEach
  void forget() {
    ThreadState.current().operationId = 0;
    ThreadState.current().pid = 0;
    ThreadState.current().tid = 0;
  }

  private static void call(long operation, int number, long size, long result, String path) {
    ThreadState.current().operationId = operation;
    SyscallTrace.sysEnter(number, 3, 0x8000, size, 0, 0, 0, 0x400000);
    VfsTrace.vfsWrite(1, 2, 0, size, path);
    ToyTrace.toyText((int) operation, "inside", "x".repeat(200));
    SyscallTrace.sysExit(number, result);
    ThreadState.current().operationId = 0;
  }

  private static TraceSession start(CallRules rules) {
    return TraceSession.start(
        TraceSession.Options.defaults()
            .withEvents(EventSelection.of("raw_syscalls:*", "vfs:*", "toy:*"))
            .withCalls(rules));
  }

  private static List<Long> operations(TraceCapture capture) {
    return CallTree.roots(capture).stream()
        .map(root -> ((CallNode.Event) root.node()).operation())
        .distinct()
        .toList();
  }

  private static Predicate<CallFacts> parse(String text) {
    return CallPredicate.parse(text, name -> name.equals("write") ? WRITE : -1);
  }

  @Test
  void whatIsNotWantedTakesNoRoom() {
    TraceSession session = start(CallRules.none().where(parse("size>=4k")));
    for (int i = 0; i < 100_000; i++) {
      call(7, WRITE, 10, 10, "/small");
    }
    call(8, WRITE, 4096, 4096, "/large");
    call(9, WRITE, 1, 1, "/small");
    TraceCapture capture = session.stop();
    assertThat(capture.verdict()).isEqualTo("complete");
    assertThat(operations(capture)).containsExactly(8L);
    assertThat(capture.records()).isLessThan(30);
  }

  @ParameterizedTest
  @CsvSource({
    "pid==40, 1 2 3",
    "pid!=40, ''",
    "op==2, 2",
    "fd==3 && tid==41, 1 2 3",
    "path~/mnt/*, 1 3",
    "path==/tmp/b, 2",
    "call==write, 1 2",
    "call!=write, 3",
    "result<0, 2",
    "result>=0 && size>100, 1",
    "comm~t*y, 1 2 3",
    "duration<1s, 1 2 3",
    "duration>1000s, ''",
  })
  void keys(String condition, String expected) {
    TraceSession session = start(CallRules.none().where(parse(condition)));
    call(1, WRITE, 4096, 4096, "/mnt/a");
    call(2, WRITE, 10, -9, "/tmp/b");
    call(3, FSYNC, 0, 0, "/mnt/a");
    String found =
        String.join(" ", operations(session.stop()).stream().map(String::valueOf).toList());
    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "size, no condition",
    "size=3, no condition",
    "colour==red, is no key",
    "size>big, is no number",
    "call==nothing, no system call",
    "path<3, can be compared",
    "pid~3, cannot be compared",
  })
  void mistakesAreExplained(String condition, String message) {
    assertThatThrownBy(() -> parse(condition))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theTriggerEndsTheRecording() {
    TraceSession session = start(CallRules.none().until(parse("result==-5")));
    call(1, WRITE, 10, 10, "/a");
    assertThat(session.triggered()).isEmpty();
    call(2, WRITE, 10, -5, "/a");
    assertThat(session.triggered()).isPresent();
    call(3, WRITE, 10, 10, "/a");
    TraceCapture capture = session.stop();
    assertThat(operations(capture)).containsExactly(1L, 2L);
    assertThat(operations(capture.since(session.triggered().orElseThrow() + 1))).isEmpty();
  }

  @Test
  void countsWithoutRecording() throws Exception {
    CallHistogram counts = new CallHistogram("sizes by path", CallFacts::path, CallFacts::size);
    TraceSession session = start(CallRules.none().counting(counts, CallRules.Recording.DROPPED));
    for (int i = 0; i < 1000; i++) {
      call(i + 1, WRITE, i % 2 == 0 ? 1 : 4096, 1, i % 2 == 0 ? "/a" : "/b");
    }
    TraceCapture capture = session.stop();
    assertThat(operations(capture)).isEmpty();
    assertThat(counts.count("/a")).isEqualTo(500);
    assertThat(counts.sum("/b")).isEqualTo(500 * 4096);
    StringBuilder text = new StringBuilder();
    counts.write(text);
    assertThat(text.toString())
        .containsSubsequence("# sizes by path", "/b: count 500, sum 2048000", "4096,", "500 |@")
        .contains("/a: count 500, sum 500");
  }
}
