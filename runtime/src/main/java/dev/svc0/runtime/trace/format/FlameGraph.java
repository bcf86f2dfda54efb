package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.TraceCapture;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The folded stacks of a capture as a flame graph, one SVG file: width is time, the caller below.
 * Titles show names, ticks and share; opened in a browser, a click on a frame widens it and a click
 * on the bottom goes back.
 */
public final class FlameGraph {
  private static final double WIDTH = 1200;
  private static final int ROW = 18;
  private static final double SMALLEST = 0.3;
  private static final double CHARACTER = 6.6;

  /** A frame: its ticks with all above, and what is above. */
  private static final class Frame {
    private final TreeMap<String, Frame> above = new TreeMap<>();
    private long ticks;

    int height() {
      return 1 + above.values().stream().mapToInt(Frame::height).max().orElse(0);
    }
  }

  private final Appendable out;
  private final String unit;
  private final long total;
  private final int height;

  private FlameGraph(Appendable out, String unit, long total, int height) {
    this.out = out;
    this.unit = unit;
    this.total = total;
    this.height = height;
  }

  /** Writes a capture. */
  public static void write(TraceCapture capture, String systemCallPrefix, Appendable out)
      throws IOException {
    Frame all = new Frame();
    for (Map.Entry<String, Long> line : FoldedStacks.fold(capture, systemCallPrefix).entrySet()) {
      Frame at = all;
      at.ticks += line.getValue();
      for (String name : line.getKey().split(";")) {
        at = at.above.computeIfAbsent(name, n -> new Frame());
        at.ticks += line.getValue();
      }
    }
    int height = all.height() * ROW + 2 * ROW;
    FlameGraph graph = new FlameGraph(out, capture.unit(), Math.max(1, all.ticks), height);
    graph.begin(capture.verdict());
    graph.frame("all", all, 0, 0);
    out.append("</g>\n").append(SCRIPT).append("</svg>\n");
  }

  private void begin(String verdict) throws IOException {
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" width=\"100%%\""
                + " font-family=\"ui-monospace,monospace\" font-size=\"11\">%n",
            WIDTH,
            height));
    out.append(
        "<style>g.f{cursor:pointer}rect{stroke:#fff;stroke-width:.5}@media(prefers-color-scheme:dark)"
            + "{svg{background:#15181c}text.h{fill:#ddd}rect{stroke:#15181c}}</style>\n");
    out.append("<text class=\"h\" x=\"4\" y=\"13\">")
        .append(escape("svc0 trace, " + total + ' ' + unit + ", " + verdict))
        .append("</text>\n<g id=\"frames\">\n");
  }

  private void frame(String name, Frame frame, long before, int depth) throws IOException {
    double x = WIDTH * before / total;
    double width = WIDTH * frame.ticks / total;
    if (width < SMALLEST) {
      return;
    }
    int y = height - (depth + 1) * ROW;
    int room = (int) ((width - 4) / CHARACTER);
    String label = room >= name.length() ? name : room > 3 ? name.substring(0, room - 1) + "…" : "";
    out.append(
        String.format(
            Locale.ROOT,
            "<g class=\"f\" data-x=\"%.3f\" data-w=\"%.3f\" data-d=\"%d\" data-n=\"%s\"><title>%s,"
                + " %d %s, %.2f %%</title><rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\""
                + " fill=\"%s\"/><text x=\"%.2f\" y=\"%d\">%s</text></g>%n",
            x,
            width,
            depth,
            escape(name),
            escape(name),
            frame.ticks,
            unit,
            100.0 * frame.ticks / total,
            x,
            y,
            width,
            ROW - 1,
            color(name),
            x + 3,
            y + 12,
            escape(label)));
    long at = before;
    for (Map.Entry<String, Frame> one : frame.above.entrySet()) {
      frame(one.getKey(), one.getValue(), at, depth + 1);
      at += one.getValue().ticks;
    }
  }

  /** A warm colour that belongs to the name. */
  private static String color(String name) {
    int hash = name.hashCode() * 0x9e3779b1;
    return String.format(
        Locale.ROOT, "hsl(%d 75%% %d%%)", 15 + (hash >>> 8) % 40, 58 + (hash >>> 20) % 14);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static final String SCRIPT =
      """
      <script><![CDATA[
      const W = 1200, all = [...document.querySelectorAll("g.f")];
      function zoom(x, w, d) {
        for (const g of all) {
          const gx = +g.dataset.x, gw = +g.dataset.w, gd = +g.dataset.d;
          const below = gd < d && gx <= x + 1e-6 && gx + gw >= x + w - 1e-6;
          const nx = below ? 0 : (gx - x) * W / w, nw = below ? W : gw * W / w;
          g.style.display = nx + nw <= 0.01 || nx >= W - 0.01 ? "none" : "";
          const r = g.querySelector("rect"), t = g.querySelector("text"), n = g.dataset.n;
          r.setAttribute("x", nx); r.setAttribute("width", Math.max(0, nw));
          t.setAttribute("x", Math.max(0, nx) + 3);
          const room = Math.floor((nw - 4) / 6.6);
          t.textContent = room >= n.length ? n : room > 3 ? n.slice(0, room - 1) + "\\u2026" : "";
        }
      }
      for (const g of all)
        g.addEventListener("click", () => zoom(+g.dataset.x, +g.dataset.w, +g.dataset.d));
      ]]></script>
      """;
}
