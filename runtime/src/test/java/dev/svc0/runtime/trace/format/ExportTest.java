package dev.svc0.runtime.trace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.Traces;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One capture in the formats of other tools: each is read by a tool that is not ours, and all
 * agree.
 */
class ExportTest {
  private static final int CALLS = 25;

  /** What a viewer relies on, checked in a browser: slices nest, flows and bios are whole. */
  private static final String CHECK =
      """
      <script>
      const t = JSON.parse(document.getElementById('data').textContent);
      const seen = { events: t.traceEvents.length, slices: 0, bad: 0, flows: 0, bios: 0 };
      const open = {}, s = {}, f = {}, b = {}, e = {};
      for (const v of t.traceEvents) {
        if (v.pid === undefined || v.tid === undefined || (v.ph !== 'M' && !(v.ts >= 0))) seen.bad++;
        if (v.ph === 'X') {
          seen.slices++;
          const stack = open[v.pid + '/' + v.tid] ||= [];
          while (stack.length && stack.at(-1) <= v.ts) stack.pop();
          if (stack.length && v.ts + v.dur > stack.at(-1) + 0.0015) seen.bad++;
          stack.push(v.ts + v.dur);
        }
        if (v.ph === 's') s[v.id] = 1;
        if (v.ph === 'f') { seen.flows++; if (!s[v.id] || v.bp !== 'e') seen.bad++; }
        if (v.ph === 'b') b[v.id] = v.ts;
        if (v.ph === 'e') { seen.bios++; if (!(b[v.id] <= v.ts)) seen.bad++; }
      }
      document.title = 'SEEN' + JSON.stringify(seen) + 'END';
      </script>
      """;

  @TempDir Path folder;

  @BeforeAll
  static void enable() {
    Traces.enable();
  }

  @Test
  void aBrowserReadsTheChromeTrace() throws Exception {
    StringBuilder json = new StringBuilder();
    ChromeTrace.write(ToyCaptures.writesAndBios(CALLS), "sys_", json);
    String title =
        Browser.title(
            folder,
            "<!DOCTYPE html><script id=data type=application/json>" + json + "</script>" + CHECK);
    // Five functions a call, five a bio; a flow and a bio each.
    assertThat(title)
        .contains("\"slices\":" + CALLS * 10)
        .contains("\"flows\":" + CALLS)
        .contains("\"bios\":" + CALLS)
        .contains("\"bad\":0");
  }

  @Test
  void protocReadsThePerfettoTrace() throws Exception {
    assumeTrue(
        System.getenv("CI") != null || Files.isExecutable(Path.of("/usr/bin/protoc")),
        "needs protobuf-compiler");
    Path file = folder.resolve("trace.pftrace");
    try (OutputStream out = Files.newOutputStream(file)) {
      PerfettoTrace.write(ToyCaptures.writesAndBios(CALLS), "sys_", out);
    }
    Path text = folder.resolve("text");
    Process protoc =
        new ProcessBuilder("/usr/bin/protoc", "--decode_raw")
            .redirectInput(file.toFile())
            .redirectOutput(text.toFile())
            .start();
    assertThat(protoc.waitFor(240, TimeUnit.SECONDS)).isTrue();
    assertThat(protoc.exitValue()).isZero();
    String decoded = Files.readString(text);
    // 10 functions and a bio begin and end; 4 events; a flow from the call, and to the bio.
    assertThat(count(decoded, "^    9: 1$")).isEqualTo(CALLS * 11);
    assertThat(count(decoded, "^    9: 2$")).isEqualTo(CALLS * 11);
    assertThat(count(decoded, "^    9: 3$")).isEqualTo(CALLS * 4);
    assertThat(count(decoded, "^    47: 0x")).isEqualTo(CALLS);
    assertThat(count(decoded, "^    48: 0x")).isEqualTo(CALLS);
    assertThat(decoded).contains("23: \"sys_toy_write\"").contains("5: \"toy <1>\"");
  }

  @Test
  void foldedStacksAddUpToTheOutermostCalls() throws Exception {
    TraceCapture capture = ToyCaptures.writesAndBios(CALLS);
    StringBuilder out = new StringBuilder();
    FoldedStacks.write(capture, "sys_", out);
    long sum =
        out.toString()
            .lines()
            .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
    long outermost =
        CallTree.roots(capture).stream()
            .mapToLong(root -> root.node() instanceof Call call ? call.duration() : 0)
            .sum();
    assertThat(sum).isEqualTo(outermost);
    assertThat(out.toString().lines())
        .allMatch(line -> line.matches("[^ ]+(;[^; ]+)+ \\d+"))
        .anyMatch(line -> line.startsWith("toy_<1>;sys_toy_write;ksys_toy_write;toy_page "));
  }

  private static long count(String text, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .count();
  }
}
