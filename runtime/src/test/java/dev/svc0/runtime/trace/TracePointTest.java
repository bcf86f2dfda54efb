package dev.svc0.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.toys.ToyTrace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes in through a generated method comes out of the capture, field by field. */
class TracePointTest {
  @AfterEach
  void forget() {
    ThreadState.current().operationId = 0;
  }

  private static List<CallNode.Event> record(EventSelection events, Runnable work) {
    TraceSession session = TraceSession.start(TraceSession.Options.defaults().withEvents(events));
    work.run();
    TraceCapture capture = session.stop();
    assertThat(capture.verdict()).isEqualTo("complete");
    List<CallNode.Event> found = new ArrayList<>();
    CallTree.roots(capture).forEach(root -> found.add((CallNode.Event) root.node()));
    return found;
  }

  @Test
  void numbersKeepTheirSizeAndSign() {
    CallNode.Event event =
        record(
                EventSelection.of("toy_small"),
                () ->
                    ToyTrace.toySmall(
                        77, (byte) -2, true, (short) -300, -70000, Long.MIN_VALUE, -1, -22))
            .getFirst();
    assertThat(event.operation()).isEqualTo(77);
    assertThat(event.value("one")).isEqualTo(-2);
    assertThat(event.value("yes")).isEqualTo(1);
    assertThat(event.value("two")).isEqualTo(-300);
    assertThat(event.value("four")).isEqualTo(-70000);
    assertThat(event.value("eight")).isEqualTo(Long.MIN_VALUE);
    assertThat(event.value("high_bit")).isEqualTo(0xffff_ffffL);
    assertThat(event.value("ret")).isEqualTo(-22);
    assertThat(event.value("cause")).as("no field").isZero();
    assertThat(event.point().layer()).isEqualTo(Traced.Layer.TASK);
  }

  @Test
  void manyNumbersTakeTwoRecords() {
    ThreadState.current().operationId = 5;
    CallNode.Event event =
        record(EventSelection.of("toy:*"), () -> ToyTrace.toyLarge(7, 1, 2, 3, 4, 5, -6))
            .getFirst();
    assertThat(event.operation()).as("that of the thread").isEqualTo(5);
    assertThat(event.value("dev")).isEqualTo(7);
    assertThat(event.value("d")).isEqualTo(4);
    assertThat(event.value("e")).isEqualTo(5);
    assertThat(event.value("last")).isEqualTo(-6);
  }

  @Test
  void textsFollow() {
    String path = "/" + "long/".repeat(30) + "\u00ff";
    List<CallNode.Event> events =
        record(
            EventSelection.of("toy_text"),
            () -> {
              ToyTrace.toyText(1, path, "");
              ToyTrace.toyText(2, "", "b");
              ToyTrace.toyText(3, "x".repeat(100_000), "lost");
            });
    assertThat(events).extracting(event -> event.value("number")).containsExactly(1L, 2L, 3L);
    assertThat(events.get(0).text("first")).isEqualTo(path);
    assertThat(events.get(0).text("second")).isEmpty();
    assertThat(events.get(1).text("second")).isEqualTo("b");
    assertThat(events.get(2).text("first")).hasSize(320 * 32 - 4).doesNotContain("l");
  }

  @Test
  void whatIsNotWantedIsOff() {
    List<CallNode.Event> events =
        record(
            EventSelection.of("toy_t*"),
            () -> {
              assertThat(ToyTrace.toySmallOn()).isFalse();
              assertThat(ToyTrace.toyTextOn()).isTrue();
              ToyTrace.toyLarge(1, 2, 3, 4, 5, 6, 7);
              ToyTrace.toyText(1, "a", "b");
            });
    assertThat(events).hasSize(1);
    assertThat(ToyTrace.toyTextOn()).as("after the session").isFalse();
    ToyTrace.toyText(1, "nobody", "listens");
  }

  @Test
  void allAreListed() {
    assertThat(TracePoint.all())
        .extracting(TracePoint::toString)
        .contains("block:block_rq_issue", "raw_syscalls:sys_enter", "toy:toy_text")
        .doesNotHaveDuplicates();
    assertThat(ToyTrace.TOY_TEXT.fields())
        .extracting(TraceField::name)
        .containsExactly("number", "first", "second");
  }
}
