package dev.svc0.runtime.trace.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.Traces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The report in a browser: every view is opened, things are searched and selected, nothing fails.
 */
class HtmlReportTest {
  /** Runs in the page after the report; what it finds goes into the title. */
  private static final String WALK =
      """
      <script>
      const seen = {}, t0 = performance.now();
      for (const [v] of VIEWS) {
        show(v);
        if (v === 'graph') seen.folded = G.rows();
      }
      show('graph'); document.getElementById('unfoldall').click();
      seen.graphRows = G.rows();
      seen.visibleRows = document.querySelectorAll('.grow-row').length;
      seen.calls = document.querySelectorAll('#view-calls tbody tr').length;
      seen.functions = document.querySelectorAll('#view-functions tbody tr').length;
      seen.bios = M.bios.length;
      seen.completed = M.bios.filter(b => b.end && b.issue).length;
      seen.caused = M.bios.filter(b => M.byOperation.has(b.queue.op)).length;
      document.getElementById('search').value = 'toy_page'; search('toy_page');
      seen.found = matches.length; step(1);
      seen.selected = document.querySelector('#details h2').textContent;
      if (M.bios.length) { selectBio(M.bios[0]); seen.cause = document.querySelector('#details a').textContent; seen.what = document.querySelector('#details dd').textContent; }
      seen.words = bioWords('FWFSM');
      seen.theme = document.documentElement.dataset.theme; document.getElementById('theme').click();
      seen.themeAfter = document.documentElement.dataset.theme;
      show('timeline'); T.zoom(.5); T.pan(.1); T.fit();
      const a = performance.now(); for (let i = 0; i < 5; i++) { T.zoom(.8); }
      seen.verdict = document.getElementById('verdict').textContent;
      seen.millis = Math.round(performance.now() - t0);
      seen.errors = errors;
      document.title = 'SEEN' + Object.entries(seen).map(e => e.join('=')).join('|') + 'END';
      </script>
      """;

  @TempDir Path folder;

  @BeforeAll
  static void enable() {
    Traces.enable();
  }

  @Test
  void everyViewWorks() throws Exception {
    Map<String, String> seen = browse(ToyCaptures.writesAndBios(40));
    assertThat(seen).containsEntry("errors", "");
    assertThat(seen).containsEntry("verdict", "complete");
    assertThat(seen).containsEntry("calls", "40");
    // toy_write, ksys_toy_write, toy_good, toy_page, toy_finish, submit_bio, start, end, endio
    assertThat(seen).containsEntry("functions", "9");
    assertThat(seen).containsEntry("bios", "40");
    assertThat(seen).containsEntry("completed", "40");
    assertThat(seen).containsEntry("caused", "40");
    assertThat(seen).containsEntry("found", "40");
    assertThat(seen).containsEntry("selected", "toy_page");
    assertThat(seen).containsEntry("cause", "sys_toy_write");
    assertThat(seen).containsEntry("what", "write");
    assertThat(seen)
        .containsEntry("words", "flush before, write, forced to the medium, synchronous, metadata");
    assertThat(seen.get("theme")).isNotEqualTo(seen.get("themeAfter"));
    // A call has 5 functions and a bio with 5 functions and 4 events.
    assertThat(seen).containsEntry("graphRows", String.valueOf(40 * (5 + 5 + 4)));
  }

  @Test
  void oneHundredThousandEventsStayUsable() throws Exception {
    Map<String, String> seen = browse(ToyCaptures.writesAndBios(7200));
    assertThat(seen).containsEntry("errors", "");
    assertThat(seen).containsEntry("graphRows", String.valueOf(7200 * 14));
    assertThat(Integer.parseInt(seen.get("folded"))).isLessThan(7200 * 14);
    assertThat(Integer.parseInt(seen.get("visibleRows"))).isBetween(5, 200);
    assertThat(seen).containsEntry("completed", "7200");
  }

  @Test
  void namesOfTheGuestCannotBreakOut() throws IOException {
    StringBuilder out = new StringBuilder();
    HtmlReport.write(
        ToyCaptures.writesAndBios(1), HtmlReport.Options.defaults("</script><b>x", "sys_"), out);
    assertThat(out.toString()).doesNotContain("</script><b>x").contains("\\u003c/script");
    assertThat(out.toString()).doesNotContain("http://").doesNotContain("https://");
  }

  /** Opens the report of a capture in a headless browser and says what the walk saw. */
  private Map<String, String> browse(TraceCapture capture) throws Exception {
    StringBuilder page = new StringBuilder();
    HtmlReport.write(capture, HtmlReport.Options.defaults("toy", "sys_"), page);
    String title =
        Browser.title(
            folder,
            page.toString()
                .replace(
                    "<style>",
                    "<script>let errors = '';"
                        + "addEventListener('error', e => errors += e.message + ';');"
                        + "</script><style>")
                .replace("</body>", WALK + "</body>"));
    Map<String, String> entries = new HashMap<>();
    for (String part : title.split("\\|")) {
      String[] pair = part.split("=", 2);
      entries.put(pair[0], pair[1]);
    }
    return entries;
  }
}
