package dev.svc0.arm64.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.format.BioText;
import dev.svc0.runtime.trace.format.BlkTrace;
import dev.svc0.runtime.trace.format.ChromeTrace;
import dev.svc0.runtime.trace.format.FlameGraph;
import dev.svc0.runtime.trace.format.FoldedStacks;
import dev.svc0.runtime.trace.format.FunctionGraph;
import dev.svc0.runtime.trace.format.HtmlReport;
import dev.svc0.runtime.trace.format.JfrRecording;
import dev.svc0.runtime.trace.format.JsonLines;
import dev.svc0.runtime.trace.format.Locations;
import dev.svc0.runtime.trace.format.PerfettoTrace;
import dev.svc0.runtime.trace.format.StraceText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One capture in all formats: calls, failures, bios, sectors, bytes and times agree. */
@Timeout(300)
class TraceFormatsTest {
  @TempDir static Path folder;

  private static TracedProgram.Traced traced;
  private static long bios;
  private static long sectors;
  private static long functions;
  private static long outermost;

  @BeforeAll
  static void record() throws Exception {
    bios = 0;
    sectors = 0;
    functions = 0;
    outermost = 0;
    traced = TracedProgram.run(folder, TraceSelection.everything());
    assertThat(traced.capture().verdict()).isEqualTo("complete");
    for (CallTree.Root root : CallTree.roots(traced.capture())) {
      if (root.node() instanceof Call call) {
        outermost += call.duration();
      }
      count(root.node());
    }
    assertThat(bios).isPositive();
    assertThat(functions).isPositive();
  }

  private static void count(CallNode node) {
    if (node instanceof Call call) {
      functions++;
      call.children().forEach(TraceFormatsTest::count);
    } else if (node instanceof CallNode.Event event
        && event.point().pointName().equals("block_bio_queue")) {
      bios++;
      sectors += BlockEvent.of(event).sectors();
    }
  }

  private interface Writer {
    void write(Appendable out) throws IOException;
  }

  private static String text(Writer writer) throws IOException {
    StringBuilder out = new StringBuilder();
    writer.write(out);
    return out.toString();
  }

  private static long lines(String text, Predicate<String> which) {
    return text.lines().filter(which).count();
  }

  @Test
  void theDiskCountedTheSameSectors() {
    assertThat(sectors).isEqualTo(traced.writeSectors() + traced.readSectors());
  }

  @Test
  void blkparseCountsTheSame() throws Exception {
    assumeTrue(
        System.getenv("CI") != null || Files.isExecutable(Path.of("/usr/bin/blkparse")),
        "needs blktrace");
    Path target = Files.createDirectories(folder.resolve("blk"));
    BlkTrace.write(traced.capture(), target);
    Process blkparse =
        new ProcessBuilder("blkparse", "-i", "7,0", "-D", target.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(blkparse.getInputStream().readAllBytes());
    assertThat(blkparse.waitFor()).isZero();
    assertThat(number(output, "Writes Completed: +\\d+, +(\\d+)KiB") * 2)
        .isEqualTo(traced.writeSectors());
    assertThat(number(output, "Reads Completed: +\\d+, +(\\d+)KiB") * 2)
        .isEqualTo(traced.readSectors());
  }

  private static long number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern + " in\n" + text).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  @Test
  void straceHasALineForEachCall() throws IOException {
    String text =
        text(out -> StraceText.write(traced.capture(), StraceText.Options.defaults(), out));
    assertThat(lines(text, line -> line.matches(".*\\) += .*"))).isEqualTo(traced.calls());
    assertThat(text)
        .containsSubsequence(
            "openat(AT_FDCWD, \"/mnt/file\", O_RDWR|O_CREAT, 0644) = ",
            ", 4096) = 4096",
            "fsync(",
            " = 0",
            "write(99, ",
            " = -1 EBADF (Bad file descriptor)",
            "pwrite64(",
            "0x10, 8, 0) ",
            " = -1 EFAULT (Bad address)",
            "# complete");
    String some =
        text(out ->
            StraceText.write(
                traced.capture(),
                new StraceText.Options(
                    StraceText.Options.Times.SHOWN,
                    Set.of("fsync"),
                    StraceText.Options.Tasks.NUMBERED),
                out));
    assertThat(some).matches("(fsync\\(\\d+\\) {20,} = 0 <\\d+\\.\\d{6}>\n){2}# complete\n");
  }

  @Test
  void theSummaryCountsCallsAndErrors() throws IOException {
    String text = text(out -> StraceText.writeSummary(traced.capture(), Set.of(), out));
    assertThat(text).containsPattern("(?m)^ *100\\.00 .* " + traced.calls() + " +2 total$");
    assertThat(text).containsPattern("(?m) 3 +1 write$");
  }

  @Test
  void jsonHasAllOfIt() throws IOException {
    String text = text(out -> JsonLines.write(traced.capture(), out));
    assertThat(lines(text, line -> line.contains("\"type\":\"call\""))).isEqualTo(functions);
    assertThat(lines(text, line -> line.contains("\"name\":\"block_bio_queue\""))).isEqualTo(bios);
    assertThat(lines(text, line -> line.contains("\"name\":\"sys_exit_decoded\"")))
        .isEqualTo(traced.calls());
    assertThat(text)
        .startsWith("{\"type\":\"trace\",\"verdict\":\"complete\",\"lost\":0,\"unit\":\"ns\"}\n");
    assertThat(text).contains("\"path\":\"/mnt/file\"");
  }

  @Test
  void jfrHasCallsAndBios() throws Exception {
    Path file = folder.resolve("trace.jfr");
    JfrRecording.write(traced.capture(), Locations.none(), file);
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(named(events, "svc0.Syscall")).hasSize(traced.calls());
    assertThat(named(events, "svc0.Bio")).hasSize((int) bios);
    assertThat(named(events, "svc0.Bio").stream().mapToLong(one -> one.getLong("bytes")).sum())
        .isEqualTo(sectors * 512);
    assertThat(named(events, "svc0.Syscall").stream().filter(one -> one.getLong("result") < 0))
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.getLong("took")).isPositive());
    assertThat(named(events, "svc0.Trace").getFirst().getString("verdict")).isEqualTo("complete");
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(one -> one.getEventType().getName().equals(name)).toList();
  }

  @Test
  void stacksAndFlamesAddUpToTheOutermostCalls() throws IOException {
    String folded = text(out -> FoldedStacks.write(traced.capture(), "", out));
    long sum =
        folded
            .lines()
            .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
    assertThat(sum).isEqualTo(outermost);
    assertThat(text(out -> FlameGraph.write(traced.capture(), "", out)))
        .contains("svc0 trace, " + outermost + " ns, complete");
  }

  @Test
  void chromeAndPerfettoHaveEachFunctionAndBio() throws IOException {
    String chrome = text(out -> ChromeTrace.write(traced.capture(), "", out));
    assertThat(lines(chrome, line -> line.contains("\"ph\":\"X\""))).isEqualTo(functions);
    assertThat(lines(chrome, line -> line.contains("\"ph\":\"b\""))).isEqualTo(bios);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PerfettoTrace.write(traced.capture(), "", out);
    assertThat(out.size()).isGreaterThan((int) (functions * 10));
  }

  @Test
  void theReportHasEachFunctionAndBio() throws IOException {
    String page =
        text(out -> HtmlReport.write(traced.capture(), HtmlReport.Options.defaults("t", ""), out));
    Matcher methods = Pattern.compile("\"method\":\\[([-0-9,]*)]").matcher(page);
    assertThat(methods.find()).isTrue();
    assertThat(List.of(methods.group(1).split(",")).stream().filter(one -> !one.startsWith("-")))
        .hasSize((int) functions);
    assertThat(page).contains("\"/mnt/file\"").contains("\"verdict\":\"complete\"");
  }

  @Test
  void theGraphHasEachFunction() throws IOException {
    String graph =
        text(out ->
            FunctionGraph.write(
                traced.capture(), FunctionGraph.Options.defaults("").withEntry(), out));
    assertThat(lines(graph, line -> line.matches(".*\\|  *[^/}].*\\).*[;{].*")))
        .isEqualTo(functions);
  }

  @Test
  void causesNameTheWriteOfEachBioAndWhereErrorsCameFrom() throws IOException {
    String text = text(out -> BioText.write(traced.capture(), Locations.none(), out));
    assertThat(lines(text, line -> line.contains("    caused by "))).isEqualTo(bios);
    assertThat(text)
        .contains("last written by op ")
        .contains("file /mnt/file")
        .containsPattern("write\\(99, .* = -EBADF\n    first returned by ksys_write")
        .containsPattern("pwrite64\\(.* = -EFAULT\n    first returned by [a-z_]+ ");
  }
}
