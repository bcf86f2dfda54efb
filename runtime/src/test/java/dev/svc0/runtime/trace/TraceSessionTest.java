package dev.svc0.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.event.BlockTrace;
import dev.svc0.runtime.trace.event.VfsTrace;
import dev.svc0.toys.ToyLate;
import dev.svc0.toys.ToyWrite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded between start and stop. */
class TraceSessionTest {
  @BeforeAll
  static void enable() {
    Traces.enable();
  }

  @BeforeEach
  void beTask() {
    ThreadState state = ThreadState.current();
    state.comm = "toy";
    state.pid = 40;
    state.tid = 41;
  }

  @AfterEach
  void beNobody() {
    ThreadState.current().operationId = 0;
  }

  @Test
  void recordsCallsWithNestingAndResults() {
    TraceSession session = TraceSession.start(Traces.toys());
    assertThat(ToyWrite.write(null, 3, 0, 5000)).isEqualTo(5000);
    TraceCapture capture = session.stop();
    assertThat(Traces.text(capture, 0))
        .containsExactly(
            "task toy 40/41",
            "0 > toy_write",
            "1 > ksys_toy_write",
            "2 > toy_good",
            "2 < toy_good = 1",
            "2 > toy_page",
            "2 < toy_page = 4096",
            "2 > toy_page",
            "2 < toy_page = 904",
            "2 > toy_finish",
            "2 < toy_finish = 0",
            "1 < ksys_toy_write = 5000",
            "0 < toy_write = 5000");
    assertThat(capture.verdict()).isEqualTo("complete");
  }

  @Test
  void nothingIsRecordedBeforeAndAfter() {
    ToyWrite.write(null, 3, 0, 1);
    TraceSession session = TraceSession.start(Traces.toys());
    TraceCapture capture = session.stop();
    ToyWrite.write(null, 3, 0, 1);
    assertThat(capture.records()).isZero();
    assertThat(session.stop()).isSameAs(capture);
  }

  @Test
  void recordsExceptionsAndKeepsTheNesting() {
    TraceSession session = TraceSession.start(Traces.toys());
    assertThatThrownBy(() -> ToyWrite.fail(1)).isInstanceOf(UnsupportedOperationException.class);
    ToyWrite.finish();
    assertThat(Traces.text(session.stop(), 0))
        .containsExactly(
            "task toy 40/41",
            "0 > toy_fail",
            "1 > toy_fail",
            "1 ! toy_fail UnsupportedOperationException",
            "0 ! toy_fail UnsupportedOperationException",
            "0 > toy_finish",
            "0 < toy_finish = 0");
  }

  @Test
  void recordsArgumentsAndOperation() {
    ThreadState.current().operationId = 12;
    TraceSession session = TraceSession.start(Traces.toys().named("*toy_write").withArguments());
    ToyWrite.write(null, -3, 0xffff_8000L, 9);
    List<TraceRecord> records = new ArrayList<>();
    session.stop().read(0).forEachRemaining(records::add);
    TraceRecord.Enter call = (TraceRecord.Enter) records.get(1);
    assertThat(call.arguments()).containsExactly(0L, -3L, 0xffff_8000L, 9L, 0L);
    assertThat(call.method().arguments()).containsExactly("task", "fd", "buffer", "count");
    assertThat(call.operation()).isEqualTo(12);
    TraceRecord.Enter inner = (TraceRecord.Enter) records.get(2);
    assertThat(inner.arguments()).containsExactly(-3L, 0xffff_8000L, 9L, 0L, 0L);
  }

  @Test
  void recordsWhereTheProgramAskedForAnOperation() {
    ThreadState state = ThreadState.current();
    TraceSession session = TraceSession.start(Traces.toys());
    state.userPc = 0x400128;
    state.operationId = 31;
    ToyWrite.write(null, -1, 0, 9);
    ToyWrite.finish();
    state.operationId = 32;
    state.userPc = 0x400200;
    ToyWrite.finish();
    state.userPc = 0;
    List<CallTree.Root> roots = CallTree.roots(session.stop());
    assertThat(roots)
        .extracting(root -> ((Call) root.node()).userPc())
        .containsExactly(0x400128L, 0x400128L, 0x400200L);
    Call write = (Call) roots.getFirst().node();
    assertThat(((Call) write.children().getFirst()).userPc()).isEqualTo(0x400128L);
  }

  @Test
  void referencesShowOnlyWhetherTheyAreNull() {
    TraceSession session = TraceSession.start(Traces.toys());
    ToyWrite.find(true);
    ToyWrite.find(false);
    assertThat(Traces.text(session.stop(), 0)).contains("0 < toy_find = 1", "0 < toy_find = 0");
  }

  @Test
  void selectsByLayerAndByName() {
    TraceSession session = TraceSession.start(Traces.toys().inLayers(Traced.Layer.PAGECACHE));
    ToyWrite.write(null, 3, 0, 1);
    assertThat(Traces.text(session.stop(), 0))
        .containsExactly("task toy 40/41", "0 > toy_page", "0 < toy_page = 1");

    session = TraceSession.start(Traces.toys().named("toy_?ood", "toy_f*").except("toy_finish"));
    ToyWrite.write(null, 3, 0, 1);
    assertThat(Traces.text(session.stop(), 0))
        .containsExactly("task toy 40/41", "0 > toy_good", "0 < toy_good = 1");
  }

  @Test
  void selectsByAnnotationAndMethodsWithoutAName() {
    TraceSession session = TraceSession.start(Traces.toys().annotated("ToyMark"));
    assertThat(ToyWrite.unnamed(3)).isEqualTo(7);
    ToyWrite.finish();
    assertThat(Traces.text(session.stop(), 0))
        .containsExactly("task toy 40/41", "0 > ToyWrite.unnamed", "0 < ToyWrite.unnamed = 7");

    session =
        TraceSession.start(
            Traces.toys().named("toy_finish").andMethods("dev.svc0.toys.ToyWrite.pl*"));
    assertThat(ToyWrite.unnamed(3)).isEqualTo(7);
    ToyWrite.finish();
    assertThat(Traces.text(session.stop(), 0))
        .containsExactly(
            "task toy 40/41",
            "0 > ToyWrite.plain",
            "0 < ToyWrite.plain = 6",
            "0 > toy_finish",
            "0 < toy_finish = 0");
  }

  /** The clock moves on by one each time it is looked at. */
  @Test
  void addsUpWhatEachLayerTakesForItself() {
    TraceClock counter =
        new TraceClock() {
          private long now;

          @Override
          public long ticks(ThreadState thread) {
            return now++;
          }

          @Override
          public String unit() {
            return "looks";
          }
        };
    LayerTimes times = new LayerTimes();
    ThreadState.current().pid = 0; // outside of system calls only the kernel's threads are counted
    TraceSession session =
        TraceSession.start(
            Traces.toys(),
            TraceSession.Options.defaults()
                .withClock(counter)
                .withCalls(CallRules.none().addingUp(times, CallRules.Recording.DROPPED)));
    ToyWrite.ksysWrite(3, 0, 1); // > ksys > good < > page < > finish < <: 8 looks, 7 ticks
    assertThat(session.stop().records()).isZero();
    assertThat(times.calls(Traced.Layer.VFS)).isEqualTo(3);
    assertThat(times.calls(Traced.Layer.PAGECACHE)).isEqualTo(1);
    assertThat(times.self(Traced.Layer.PAGECACHE)).isEqualTo(1);
    assertThat(times.self(Traced.Layer.VFS)).isEqualTo(6);
  }

  /** Many times what the rings may hold goes through a file, and comes back in order. */
  @Test
  void longRecordingsGoThroughAFile(@TempDir Path folder) throws Exception {
    TraceSession session =
        TraceSession.start(
            TraceSession.Options.defaults()
                .withEvents(EventSelection.of("block_dirty_buffer"))
                .withMemory(1 << 20, 1 << 20)
                .spoolingTo(folder));
    int events = 20 * (1 << 20) / (2 * RecordLayout.BYTES);
    for (int i = 0; i < events; i++) {
      BlockTrace.blockDirtyBuffer(1, i, 512);
      if (i % (TraceRing.CHUNK_UNITS / 2) == 0) {
        awaitMoved();
      }
    }
    TraceCapture capture = session.stop();
    assertThat(capture.dropped(0)).isZero();
    TraceReader reader = capture.read(0);
    long next = 0;
    while (reader.hasNext()) {
      if (reader.next() instanceof TraceRecord.Point point) {
        assertThat(point.slots().get(1)).isEqualTo(next++);
      }
    }
    assertThat(next).isEqualTo(events);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  /** The file may be slow here: this is not about speed. */
  private static void awaitMoved() throws InterruptedException {
    if (ThreadState.current().traceRing instanceof TraceRing ring) {
      while (ring.nextFullChunk() != null) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  void weavesClassesLoadedLater() {
    TraceSession session = TraceSession.start(Traces.toys());
    ToyLate.late();
    assertThat(Traces.text(session.stop(), 0))
        .containsExactly("task toy 40/41", "0 > toy_late", "0 < toy_late = 0");
    session = TraceSession.start(Traces.toys().named("nothing"));
    ToyLate.late();
    assertThat(session.stop().records()).isZero();
  }

  @Test
  void recordsBiosWithTheirCause() {
    ThreadState.current().operationId = 5;
    TraceSession session = TraceSession.start(Traces.toys());
    ToyWrite.submit(new ToyWrite.ToyBio(21, 23, 2048, 4096, 1 | BlockEvent.SYNC));
    TraceCapture capture = session.stop();
    assertThat(Traces.text(capture, 0))
        .containsExactly(
            "task toy 40/41",
            "0 > submit_bio",
            "block_bio_queue op 21",
            "1 > toy_finish",
            "1 < toy_finish = 0",
            "0 < submit_bio = 0");
    Call call = (Call) CallTree.roots(capture).getFirst().node();
    BlockEvent bio = BlockEvent.of((CallNode.Event) call.children().getFirst());
    assertThat(bio).isEqualTo(new BlockEvent(2048, 4096, 1 | BlockEvent.SYNC, 7, 1, 0, 23, 77));
    assertThat(bio.rwbs()).isEqualTo("WS");
  }

  @Test
  void countsWhatFindsNoRoom() {
    long chunk = 8192 * 32;
    TraceSession session =
        TraceSession.start(
            Traces.toys(), TraceSession.Options.defaults().withMemory(chunk, 10 * chunk));
    for (int i = 0; i < 5000; i++) {
      ToyWrite.finish();
    }
    TraceCapture capture = session.stop();
    assertThat(capture.records()).isEqualTo(8191); // the first, who the thread is, takes two units
    assertThat(capture.lost()).isEqualTo(2 * 5000 + 1 - 8191);
    assertThat(capture.verdict()).isEqualTo("1810 events lost");
  }

  @Test
  void keepsTheNewestWhenAsked() {
    long chunk = 8192 * 32;
    TraceSession session =
        TraceSession.start(
            Traces.toys(),
            TraceSession.Options.defaults()
                .withMemory(2 * chunk, 10 * chunk)
                .keeping(TraceSession.Options.Keep.NEWEST));
    for (int i = 0; i < 10000; i++) {
      ToyWrite.page(i);
    }
    TraceCapture capture = session.stop();
    assertThat(capture.records() + capture.overwritten(0)).isEqualTo(20001);
    assertThat(capture.records()).isBetween(8192L, 2 * 8192L);
    assertThat(Traces.text(capture, 0)).endsWith("0 < toy_page = 9999");
    assertThat(capture.verdict()).isEqualTo(capture.overwritten(0) + " events lost");
  }

  /** Records of several units do not fit into a chunk evenly; none may be cut or counted twice. */
  @Test
  void recordsOfAnySizeSurviveTheEndOfAChunk() {
    for (TraceSession.Options.Keep keep : TraceSession.Options.Keep.values()) {
      TraceSession session =
          TraceSession.start(
              TraceSession.Options.defaults()
                  .withEvents(EventSelection.of("vfs_open", "block_dirty_buffer"))
                  .withMemory(3 * TraceRing.CHUNK_BYTES, 3 * TraceRing.CHUNK_BYTES)
                  .keeping(keep));
      int events = 10_000;
      for (int i = 0; i < events; i++) {
        if (i % 3 == 0) {
          VfsTrace.vfsOpen(0, i, 0, "x".repeat(i % 300));
        } else {
          BlockTrace.blockDirtyBuffer(1, i, 512);
        }
      }
      TraceCapture capture = session.stop();
      List<Integer> seen = new ArrayList<>();
      long first = capture.overwritten(0);
      TraceReader reader = capture.read(0);
      assertThat(reader.position()).isEqualTo(first);
      long records = 0;
      while (reader.hasNext()) {
        records++;
        if (reader.next() instanceof TraceRecord.Point point) {
          boolean open = point.point().pointName().equals("vfs_open");
          int number = (int) (long) point.slots().get(1);
          seen.add(number);
          assertThat(open).isEqualTo(number % 3 == 0);
          if (open) {
            assertThat(point.texts()).containsExactly("x".repeat(number % 300));
          }
        }
      }
      assertThat(capture.records()).isEqualTo(records);
      assertThat(records + capture.lost()).isEqualTo(events + 1); // and who the thread is
      assertThat(capture.lost()).isGreaterThan(1000);
      boolean newest = keep == TraceSession.Options.Keep.NEWEST;
      assertThat(newest ? seen.getLast() : seen.getFirst()).isEqualTo(newest ? events - 1 : 0);
      if (newest) {
        assertThat(seen).hasSize(events - seen.getFirst());
      }
    }
  }

  @Test
  void everyThreadHasItsOwnRecords() throws InterruptedException {
    TraceSession session = TraceSession.start(Traces.toys());
    List<KernelThread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int count = i + 1;
      KernelThread thread =
          new KernelThread(
              () -> {
                for (int n = 0; n < count * 1000; n++) {
                  ToyWrite.write(null, 3, 0, count);
                }
              },
              "worker" + i);
      thread.state.tid = 100 + i;
      threads.add(thread);
      thread.start();
    }
    for (KernelThread thread : threads) {
      thread.join();
    }
    TraceCapture capture = session.stop();
    assertThat(capture.threads()).isEqualTo(4);
    assertThat(capture.lost()).isZero();
    for (int ring = 0; ring < 4; ring++) {
      List<CallTree.Root> roots = CallTree.roots(capture, ring);
      int worker = roots.getFirst().tid() - 100;
      assertThat(roots.getFirst().comm()).isEqualTo("worker" + worker);
      assertThat(roots).hasSize((worker + 1) * 1000);
      assertThat(roots)
          .allSatisfy(root -> assertThat(((Call) root.node()).result()).isEqualTo(worker + 1));
    }
  }

  @Test
  void onlyOneAtATime() {
    try (TraceSession session = TraceSession.start(Traces.toys())) {
      assertThatThrownBy(() -> TraceSession.start(Traces.toys()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already");
    }
    TraceSession.start(Traces.toys()).close();
  }
}
