package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceField;
import dev.svc0.runtime.trace.TracedMethod;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A capture as JSON, one object a line, as {@code svc0-trace.schema.json} beside this class
 * describes it: first a {@code trace}, then each {@code call}, {@code event} and {@code gap} of a
 * thread in order of time, the threads by when they began their outermost calls.
 */
public final class JsonLines {
  /** Name of the schema among the resources of this package. */
  public static final String SCHEMA = "svc0-trace.schema.json";

  private final Appendable out;
  private final long origin;

  private JsonLines(Appendable out, long origin) {
    this.out = out;
    this.origin = origin;
  }

  /** Writes a capture. */
  public static void write(TraceCapture capture, Appendable out) throws IOException {
    List<CallTree.Root> roots = CallTree.roots(capture);
    long origin = roots.isEmpty() ? 0 : roots.getFirst().node().time();
    out.append("{\"type\":\"trace\",\"verdict\":").append(Json.quote(capture.verdict()));
    out.append(",\"lost\":" + capture.lost() + ",\"unit\":" + Json.quote(capture.unit()) + "}\n");
    JsonLines lines = new JsonLines(out, origin);
    for (CallTree.Root root : roots) {
      lines.node(root, root.node(), 0);
    }
  }

  private void node(CallTree.Root root, CallNode node, int depth) throws IOException {
    switch (node) {
      case Call call -> {
        begin("call", root, call.time(), call.operation(), depth);
        call(call);
        for (CallNode child : call.children()) {
          node(root, child, depth + 1);
        }
      }
      case CallNode.Event event -> {
        begin("event", root, event.time(), event.operation(), depth);
        event(event);
      }
      case CallNode.Gap gap -> {
        begin("gap", root, gap.time(), 0, depth);
        out.append(",\"lost\":" + gap.count() + "}\n");
      }
    }
  }

  private void begin(String type, CallTree.Root root, long time, long operation, int depth)
      throws IOException {
    out.append("{\"type\":\"" + type + "\",\"time\":" + (time - origin));
    out.append(",\"thread\":" + root.thread() + ",\"pid\":" + root.pid());
    out.append(",\"tid\":" + root.tid() + ",\"comm\":").append(Json.quote(root.comm()));
    out.append(",\"depth\":" + depth + ",\"op\":" + operation);
  }

  private void call(Call call) throws IOException {
    TracedMethod method = call.method();
    out.append(",\"name\":").append(Json.quote(method.name()));
    out.append(",\"layer\":\"" + method.layer().name().toLowerCase(Locale.ROOT) + '"');
    out.append(",\"syscall\":" + method.systemCall());
    if (call.ended()) {
      out.append(",\"duration\":" + call.duration());
      if (call.exception() != null) {
        out.append(",\"exception\":").append(Json.quote(call.exception()));
      } else if (method.result() == TracedMethod.Result.VALUE) {
        out.append(",\"result\":" + call.result());
      }
    }
    if (call.hasArguments()) {
      out.append(",\"args\":{");
      for (int i = 0; i < call.argumentNames().size(); i++) {
        out.append(i == 0 ? "" : ",").append(Json.quote(call.argumentNames().get(i)));
        out.append(":" + call.arguments().get(i));
      }
      out.append('}');
    }
    out.append("}\n");
  }

  private void event(CallNode.Event event) throws IOException {
    out.append(",\"system\":").append(Json.quote(event.point().system()));
    out.append(",\"name\":").append(Json.quote(event.point().pointName()));
    out.append(",\"fields\":{");
    String separator = "";
    for (TraceField field : event.point().fields()) {
      out.append(separator).append(Json.quote(field.name())).append(':');
      out.append(
          field.kind() == TraceField.Kind.TEXT
              ? Json.quote(event.text(field))
              : Long.toString(event.value(field)));
      separator = ",";
    }
    out.append("}}\n");
  }
}
