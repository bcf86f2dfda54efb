package dev.svc0.fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.block.DiskStats;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.sched.ThreadState;
import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceAgent;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TracePoint;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import dev.svc0.runtime.trace.event.BlockTrace;
import dev.svc0.runtime.trace.format.BlkTrace;
import dev.svc0.runtime.trace.format.FunctionGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes to ext2, seen by the tracer: every bio names its cause, every output counts the same. */
class TracedWriteTest {
  private static final long FIRST = 5001;
  private static final long SECOND = 5002;
  private static final long SYNC = 5003;

  @TempDir Path folder;

  @BeforeAll
  static void enable() {
    TraceAgent.install(ByteBuddyAgent.install());
  }

  @AfterEach
  void noOperation() {
    ThreadState.current().operationId = 0;
  }

  /** What was traced, and what the disk counted meanwhile. */
  private record Traced(TraceCapture capture, long writes, long sectors) {}

  /** Two writes to the same new block, then fsync. */
  private Traced writeTwiceAndSync() throws Exception {
    Path image = folder.resolve("ext2.img");
    Tools.mke2fs(image, "8M", "-t", "ext2", "-b", "4096");
    ThreadState state = ThreadState.current();
    state.comm = "writer";
    state.pid = 70;
    state.tid = 70;
    try (TestKernel kernel = TestKernel.mount(image)) {
      assertThat(kernel.create("/file")).isZero();
      assertThat(kernel.fsync("/file")).isZero();
      DiskStats stats = kernel.disk.stats();
      TraceCapture capture;
      long writes;
      long sectors;
      try (TraceSession session = TraceSession.start(TraceSelection.everything())) {
        writes = stats.writes.sum();
        sectors = stats.writeSectors.sum();
        state.operationId = FIRST;
        assertThat(kernel.write("/file", 0, new byte[4096])).isEqualTo(4096);
        state.operationId = SECOND;
        assertThat(kernel.write("/file", 100, new byte[10])).isEqualTo(10);
        state.operationId = SYNC;
        assertThat(kernel.fsync("/file")).isZero();
        writes = stats.writes.sum() - writes;
        sectors = stats.writeSectors.sum() - sectors;
        capture = session.stop();
      }
      state.operationId = 0;
      return new Traced(capture, writes, sectors);
    }
  }

  @Test
  void theBioOfTheDataNamesTheWritesThatCausedIt() throws Exception {
    TraceCapture capture = writeTwiceAndSync().capture;
    assertThat(capture.verdict()).isEqualTo("complete");
    List<CallNode.Event> queued = events(capture, BlockTrace.BLOCK_BIO_QUEUE);
    assertThat(queued).isNotEmpty();
    assertThat(queued)
        .as("the data: 8 sectors, dirtied by the first write, last written by the second")
        .anySatisfy(event -> {
          assertThat(event.operation()).isEqualTo(FIRST);
          assertThat(BlockEvent.of(event).lastOperation()).isEqualTo(SECOND);
          assertThat(BlockEvent.of(event).sectors()).isEqualTo(8);
          assertThat(BlockEvent.of(event).isWrite()).isTrue();
        });
    assertThat(queued).allSatisfy(event -> assertThat(event.operation()).isBetween(FIRST, SYNC));
    assertThat(events(capture, BlockTrace.BLOCK_BIO_COMPLETE)).hasSameSizeAs(queued);
  }

  @Test
  void theGraphGoesFromTheVfsToTheDriver() throws Exception {
    TraceCapture capture = writeTwiceAndSync().capture;
    StringBuilder out = new StringBuilder();
    FunctionGraph.write(
        capture, FunctionGraph.Options.defaults("__arm64_sys_").withOperations(), out);

    assertThat(out.toString())
        .containsSubsequence(
            "-- task writer-70",
            "generic_perform_write() {",
            "ext2_write_begin() {",
            "} /* generic_perform_write",
            "ext2_writepages() {",
            "submit_bio() {",
            "/* block_bio_queue: 7,0 WS ",
            "caused by op 5001, last written by op 5002",
            "loop_queue_rq",
            "# complete")
        // The worker may have begun with a read before, and stands where it began.
        .containsSubsequence("lo_rw_aio", "bio_endio", "# complete");
  }

  @Test
  void blkparseAndBttCountWhatTheDiskCounted() throws Exception {
    assumeTrue(
        System.getenv("CI") != null || Files.isExecutable(Path.of("/usr/bin/blkparse")),
        "needs blktrace");
    Traced traced = writeTwiceAndSync();
    List<Path> files = BlkTrace.write(traced.capture, folder);
    assertThat(files).hasSize(1);
    assertThat(files.getFirst().getFileName()).hasToString("7,0.blktrace.0");
    Path binary = folder.resolve("all.bin");
    Tools.Answer parsed =
        Tools.run("blkparse", "-i", "7,0", "-D", folder.toString(), "-d", binary.toString());
    assertThat(parsed.exit()).isZero();
    assertThat(parsed.output()).contains("op 5001, last written by op 5002").contains("[writer]");
    assertThat(number(parsed.output(), "Writes Completed: +(\\d+)")).isEqualTo(traced.writes);
    assertThat(number(parsed.output(), "Writes Completed: +\\d+, +(\\d+)KiB"))
        .isEqualTo(traced.sectors / 2);
    Tools.Answer btt = Tools.run("sh", "-c", "cd " + folder + " && btt -i all.bin");
    assertThat(btt.output()).contains("Q2C").contains("D2C");
  }

  @Test
  void flagsOfBiosAreThoseThatTheTracerReads() {
    assertThat(BlockEvent.SYNC).isEqualTo(ReqOp.SYNC);
    assertThat(BlockEvent.META).isEqualTo(ReqOp.META);
    assertThat(BlockEvent.PREFLUSH).isEqualTo(ReqOp.PREFLUSH);
    assertThat(BlockEvent.FUA).isEqualTo(ReqOp.FUA);
    assertThat(BlockEvent.RAHEAD).isEqualTo(ReqOp.RAHEAD);
  }

  private static long number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern + " in\n" + text).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private static List<CallNode.Event> events(TraceCapture capture, TracePoint point) {
    List<CallNode.Event> found = new ArrayList<>();
    CallTree.roots(capture).forEach(root -> collect(root.node(), point, found));
    return found;
  }

  private static void collect(CallNode node, TracePoint point, List<CallNode.Event> found) {
    if (node instanceof CallNode.Event event && event.point() == point) {
      found.add(event);
    } else if (node instanceof Call call) {
      call.children().forEach(child -> collect(child, point, found));
    }
  }
}
