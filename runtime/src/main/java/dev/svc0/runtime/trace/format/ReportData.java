package dev.svc0.runtime.trace.format;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TracePoint;
import dev.svc0.runtime.trace.TracedMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The data of the HTML report: columns of numbers in JSON. All calls of a thread stand in the order
 * in which they began, a call before what happened inside it.
 *
 * <p>Times are ticks since the first one. A column {@code method} holds the number of a function,
 * −1 for a block event (then {@code result} is its number in {@code events}) and −2 for a gap (then
 * {@code result} is the count of missing records).
 */
final class ReportData {
  private static final int EVENT = -1;
  private static final int GAP = -2;

  private final HtmlReport.Options options;
  private final TraceCapture capture;
  private final Operations operations;
  private final Locations locations;
  private final Map<Integer, Integer> methodNumbers = new HashMap<>();
  private final List<TracedMethod> methods = new ArrayList<>();
  private final Map<Integer, String> errors = new TreeMap<>();
  private final Map<Integer, String> exceptions = new TreeMap<>();
  private final List<String> threads = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<TracePoint> points = new ArrayList<>();
  private final Column method = new Column();
  private final Column depth = new Column();
  private final Column start = new Column();
  private final Column duration = new Column();
  private final Column result = new Column();
  private final Column operation = new Column();
  private final Column record = new Column();
  private final Map<Integer, String> programCounters = new TreeMap<>();
  private long origin = Long.MAX_VALUE;
  private int nodes;
  private int pid;
  private long left;

  /** Numbers with commas between them. */
  private static final class Column {
    private final StringBuilder text = new StringBuilder();

    void add(long value) {
      if (!text.isEmpty()) {
        text.append(',');
      }
      // What a JavaScript number cannot hold exactly goes as a string.
      boolean exact = Math.abs(value) <= 1L << 53;
      text.append(exact ? Long.toString(value) : "\"0x" + Long.toHexString(value) + '"');
    }
  }

  private ReportData(TraceCapture capture, HtmlReport.Options options) {
    this.capture = capture;
    this.options = options;
    this.left = options.maxNodes();
    this.operations = Operations.of(capture);
    this.locations = options.locations().in(operations);
  }

  static String of(TraceCapture capture, HtmlReport.Options options) {
    return new ReportData(capture, options).build();
  }

  private String build() {
    List<List<CallTree.Root>> roots = new ArrayList<>();
    for (int thread = 0; thread < capture.threads(); thread++) {
      List<CallTree.Root> own = CallTree.roots(capture, thread);
      roots.add(own);
      if (!own.isEmpty()) {
        origin = Math.min(origin, own.getFirst().node().time());
      }
    }
    for (int thread = 0; thread < roots.size(); thread++) {
      thread(thread, roots.get(thread));
    }
    return json();
  }

  private void thread(int number, List<CallTree.Root> roots) {
    int first = nodes;
    for (CallTree.Root root : roots) {
      pid = root.pid();
      node(root.node(), number, 0);
    }
    CallTree.Root any = roots.isEmpty() ? null : roots.getLast();
    threads.add(
        "{\"first\":%d,\"end\":%d,\"comm\":%s,\"pid\":%d,\"tid\":%d,\"dropped\":%d,\"overwritten\":%d}"
            .formatted(
                first,
                nodes,
                Json.quote(any == null ? "" : any.comm()),
                any == null ? 0 : any.pid(),
                any == null ? 0 : any.tid(),
                capture.dropped(number),
                capture.overwritten(number)));
  }

  private void node(CallNode node, int thread, int level) {
    if (left-- <= 0) {
      return;
    }
    switch (node) {
      case Call call -> {
        noteResult(call);
        if (call.method().systemCall() && call.userPc() != 0) {
          programCounters.put(nodes, locations.at(pid, call.userPc()));
        }
        row(
            call,
            level,
            number(call.method()),
            call.ended() ? call.duration() : -1,
            call.result(),
            call.operation());
        call.children().forEach(child -> node(child, thread, level + 1));
      }
      case CallNode.Event event when !BlockEvent.is(event) -> left++;
      case CallNode.Event event -> {
        row(event, level, EVENT, 0, events.size(), event.operation());
        event(event, thread);
      }
      case CallNode.Gap gap -> row(gap, level, GAP, 0, gap.count(), 0);
    }
  }

  private void row(CallNode node, int level, int what, long ticks, long value, long cause) {
    nodes++;
    method.add(what);
    depth.add(level);
    start.add(node.time() - origin);
    duration.add(ticks);
    result.add(value);
    operation.add(cause);
    record.add(node.record());
  }

  private void noteResult(Call call) {
    String exception = call.exception();
    if (exception != null) {
      exceptions.put(nodes, exception);
    } else if (call.result() < 0 && call.result() >= -4095) {
      int errno = (int) -call.result();
      errors.put(errno, Errno.nameOf(errno));
    }
  }

  private void event(CallNode.Event event, int thread) {
    BlockEvent block = BlockEvent.of(event);
    if (block.errno() != 0) {
      errors.put(block.errno(), Errno.nameOf(block.errno()));
    }
    events.add(
        "[%d,%d,%d,%d,%d,%d,%s,\"%d,%d\",%d,%d,\"%x\"]"
            .formatted(
                pointNumber(event.point()),
                thread,
                nodes - 1,
                event.time() - origin,
                block.sector(),
                block.bytes(),
                Json.quote(block.rwbs()),
                block.major(),
                block.minor(),
                block.errno(),
                block.lastOperation(),
                block.identity()));
  }

  private int number(TracedMethod called) {
    return methodNumbers.computeIfAbsent(
        called.id(),
        id -> {
          methods.add(called);
          return methods.size() - 1;
        });
  }

  private String json() {
    StringBuilder out = new StringBuilder(1 << 16);
    out.append("{\"title\":").append(Json.quote(options.title()));
    out.append(",\"started\":").append(capture.startedMillis());
    out.append(",\"unit\":").append(Json.quote(capture.unit()));
    out.append(",\"verdict\":").append(Json.quote(capture.verdict()));
    out.append(",\"records\":").append(capture.records());
    out.append(",\"notShown\":").append(Math.max(0, -left));
    out.append(",\"layers\":").append(layers());
    out.append(",\"points\":").append(points());
    out.append(",\"methods\":").append(methodTable());
    out.append(",\"errors\":").append(table(errors));
    out.append(",\"exceptions\":").append(table(exceptions));
    out.append(",\"callers\":").append(table(programCounters));
    out.append(",\"ops\":").append(operationTable());
    out.append(",\"threads\":[").append(String.join(",", threads)).append(']');
    out.append(",\"events\":[").append(String.join(",\n", events)).append(']');
    column(out, "method", method);
    column(out, "depth", depth);
    column(out, "start", start);
    column(out, "duration", duration);
    column(out, "result", result);
    column(out, "operation", operation);
    column(out, "record", record);
    return out.append('}').toString();
  }

  private static void column(StringBuilder out, String name, Column column) {
    out.append(",\n\"").append(name).append("\":[").append(column.text).append(']');
  }

  private static String layers() {
    List<String> names = new ArrayList<>();
    for (Traced.Layer layer : Traced.Layer.values()) {
      names.add(Json.quote(layer.name().toLowerCase(java.util.Locale.ROOT)));
    }
    return names.toString();
  }

  private int pointNumber(TracePoint point) {
    if (!points.contains(point)) {
      points.add(point);
    }
    return points.indexOf(point);
  }

  private String points() {
    return points.stream().map(point -> Json.quote(point.pointName())).toList().toString();
  }

  private String methodTable() {
    List<String> rows = new ArrayList<>();
    for (TracedMethod one : methods) {
      rows.add(
          "[%s,%d,%s,%d,%d]"
              .formatted(
                  Json.quote(one.shownName(options.systemCallPrefix())),
                  one.layer().ordinal(),
                  Json.quote(one.className() + '#' + one.methodName()),
                  one.systemCall() ? 1 : 0,
                  one.result().ordinal()));
    }
    return rows.toString();
  }

  /** What is known of each operation: call, arguments, path, place, stack, origin of its error. */
  private String operationTable() {
    List<String> rows = new ArrayList<>();
    for (Operation one : operations.calls()) {
      List<String> from = new ArrayList<>();
      for (long caller : one.stack()) {
        from.add(Json.quote(locations.at(one.pid(), caller)));
      }
      Call graph = one.graph();
      Call failed = graph == null ? null : Failures.origin(graph);
      rows.add(
          "\"%d\":[%s,%s,%s,%s,[%s],%s]"
              .formatted(
                  one.id(),
                  Json.quote(one.call()),
                  Json.quote(one.arguments()),
                  Json.quote(one.path()),
                  Json.quote(one.userPc() == 0 ? "" : locations.at(one.pid(), one.userPc())),
                  String.join(",", from),
                  Json.quote(failed == null ? "" : Failures.text(failed))));
    }
    return "{" + String.join(",\n", rows) + "}";
  }

  private static String table(Map<Integer, String> entries) {
    List<String> rows = new ArrayList<>();
    entries.forEach((key, value) -> rows.add("\"" + key + "\":" + Json.quote(value)));
    return "{" + String.join(",", rows) + "}";
  }
}
