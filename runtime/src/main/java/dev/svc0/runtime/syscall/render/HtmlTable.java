package dev.svc0.runtime.syscall.render;

import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One page that needs no other file: summary, a bar of levels, a filter, the whole table. */
final class HtmlTable implements TableRenderer {
  private static final String FRAME = "table.html";

  @Override
  public String render(SyscallDispatch table) {
    Coverage coverage = Coverage.of(table);
    StringBuilder rows = new StringBuilder();
    table.all().forEach(call -> rows.append(row(call)));
    return frame()
        .replace("@ABI@", escape(table.abi()))
        .replace("@SENTENCE@", escape(coverage.sentence()))
        .replace("@BAR@", bar(coverage))
        .replace("@ROWS@", rows);
  }

  private static String bar(Coverage coverage) {
    return segment("full", coverage.full())
        + segment("partial", coverage.partial())
        + segment("stub", coverage.stub())
        + segment("none", coverage.refused())
        + segment("missing", coverage.kernel() - coverage.handled());
  }

  private static String segment(String level, long calls) {
    return calls == 0
        ? ""
        : "<span class=\"%s\" style=\"flex:%d\" title=\"%d %s\">%d</span>"
            .formatted(level, calls, calls, level, calls);
  }

  private static String row(SyscallInfo call) {
    String level = Coverage.level(call);
    String name = escape(call.name());
    String arguments = escape(Coverage.signature(call).substring(call.name().length()));
    return "<tr class=\"%s %s\"><td>%d</td><td><code><b>%s</b>%s</code>%s</td>"
            .formatted(
                level,
                call.origin().name().toLowerCase(Locale.ROOT),
                call.nr(),
                name,
                arguments,
                call.note().isEmpty() ? "" : "<p>" + escape(call.note()) + "</p>")
        + "<td><span class=\"level %s\">%s</span></td><td>%s</td><td><code title=\"%s\">%s</code></td>"
            .formatted(
                level,
                level,
                escape(call.since()),
                escape(call.handler()),
                escape(Coverage.shortHandler(call)))
        + "</tr>\n";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String frame() {
    try (InputStream in = HtmlTable.class.getResourceAsStream(FRAME)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + FRAME);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
