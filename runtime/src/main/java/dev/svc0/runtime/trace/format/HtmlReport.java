package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.TraceCapture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A capture as one HTML file that needs nothing else: timeline with a lane a layer, arrows from
 * each call to the bios it caused, function graph, latencies by layer, map of the disk, tables.
 * Whatever it counts it counts from the calls and events in it, and each of those names its record.
 */
public final class HtmlReport {
  private static final List<String> SCRIPTS =
      List.of("model.js", "timeline.js", "graph.js", "views.js", "main.js");

  /**
   * What the report says about itself, and how much it holds.
   *
   * @param title what was traced, for example the command line
   * @param systemCallPrefix what stands before the name of a system call's handler
   * @param maxNodes calls and events at most; the report says how many more there were
   * @param locations what addresses of the program are called
   */
  public record Options(String title, String systemCallPrefix, long maxNodes, Locations locations) {
    /** At most a million calls and events. */
    public static Options defaults(String title, String systemCallPrefix) {
      return new Options(title, systemCallPrefix, 1_000_000, Locations.none());
    }

    /** The same with symbols. */
    public Options locating(Locations symbols) {
      return new Options(title, systemCallPrefix, maxNodes, symbols);
    }
  }

  private HtmlReport() {}

  /** Writes the report of a capture. */
  public static void write(TraceCapture capture, Options options, Appendable out)
      throws IOException {
    String page = resource("report.html");
    int style = page.indexOf("/*STYLE*/");
    int script = page.indexOf("/*SCRIPT*/");
    out.append(page, 0, style).append(resource("report.css"));
    out.append(page, style + "/*STYLE*/".length(), script);
    out.append("const DATA = ").append(ReportData.of(capture, options)).append(";\n");
    for (String name : SCRIPTS) {
      out.append(resource(name));
    }
    out.append(page, script + "/*SCRIPT*/".length(), page.length());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report/" + name)) {
      if (in == null) {
        throw new IOException("missing from the jar: report/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
