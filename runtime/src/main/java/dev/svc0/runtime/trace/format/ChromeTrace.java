package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TracedMethod;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A capture in the Trace Event Format that chrome://tracing, Perfetto's viewer and others open: a
 * slice a call, an asynchronous slice a bio, a flow from each system call to the bios it caused and
 * on to their ends. Times are microseconds since the first one.
 */
public final class ChromeTrace {
  /** A process of its own for devices; no task has this id. */
  private static final int DEVICES = 0x7fff_fff0;

  private final Appendable out;
  private final String systemCallPrefix;
  private final long origin;
  private final Set<Long> began = new HashSet<>();
  private String separator = "\n";
  private int flows;

  private ChromeTrace(Appendable out, String systemCallPrefix, long origin) {
    this.out = out;
    this.systemCallPrefix = systemCallPrefix;
    this.origin = origin;
  }

  /** Writes a capture. */
  public static void write(TraceCapture capture, String systemCallPrefix, Appendable out)
      throws IOException {
    List<CallTree.Root> roots = CallTree.roots(capture);
    long origin = roots.isEmpty() ? 0 : roots.getFirst().node().time();
    ChromeTrace trace = new ChromeTrace(out, systemCallPrefix, origin);
    out.append("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"verdict\":");
    out.append(Json.quote(capture.verdict())).append("},\"traceEvents\":[");
    Set<Long> named = new HashSet<>();
    for (CallTree.Root root : roots) {
      if (named.add((long) root.pid() << 32 | root.tid())) {
        trace.name(
            "process_name", root.pid(), root.tid(), root.pid() == 0 ? "kernel" : root.comm());
        trace.name("thread_name", root.pid(), root.tid(), root.comm());
      }
      trace.node(root, root.node());
    }
    trace.name("process_name", DEVICES, 0, "devices");
    for (BioSpan bio : BioSpan.of(roots)) {
      trace.bio(bio);
    }
    out.append("\n]}\n");
  }

  private void name(String what, int pid, int tid, String name) throws IOException {
    event(
        "\"ph\":\"M\",\"name\":\"%s\",\"pid\":%d,\"tid\":%d,\"args\":{\"name\":%s}"
            .formatted(what, pid, tid, Json.quote(name)));
  }

  private void node(CallTree.Root root, CallNode node) throws IOException {
    switch (node) {
      case Call call -> call(root, call);
      case CallNode.Event event ->
          event(
              "\"ph\":\"i\",\"s\":\"t\",\"cat\":\"block\",\"name\":%s,%s,\"args\":{\"op\":%d}"
                  .formatted(
                      Json.quote(PointText.of(event)), at(root, event.time()), event.operation()));
      case CallNode.Gap gap ->
          event(
              "\"ph\":\"i\",\"s\":\"t\",\"name\":\"%d events lost\",%s"
                  .formatted(gap.count(), at(root, gap.time())));
    }
  }

  private void call(CallTree.Root root, Call call) throws IOException {
    TracedMethod method = call.method();
    String phase =
        call.ended() ? "\"ph\":\"X\",\"dur\":" + micros(call.duration()) : "\"ph\":\"B\"";
    event(
        "%s,\"name\":%s,\"cat\":\"%s\",%s,\"args\":{\"op\":%d%s}"
            .formatted(
                phase,
                Json.quote(method.shownName(systemCallPrefix)),
                method.layer().name().toLowerCase(Locale.ROOT),
                at(root, call.time()),
                call.operation(),
                result(call)));
    if (method.systemCall()) {
      began.add(call.operation());
      flow("s", call.operation(), at(root, call.time()));
    }
    for (CallNode child : call.children()) {
      node(root, child);
    }
  }

  private static String result(Call call) {
    if (call.exception() != null) {
      return ",\"exception\":" + Json.quote(call.exception());
    }
    return call.ended() && call.method().result() == TracedMethod.Result.VALUE
        ? ",\"result\":\"" + call.result() + '"'
        : "";
  }

  private void bio(BioSpan bio) throws IOException {
    String common =
        "\"cat\":\"bio\",\"id\":%d,\"name\":%s,\"pid\":%d,\"tid\":%d"
            .formatted(++flows, Json.quote(bio.text()), DEVICES, bio.block().minor());
    event(
        "\"ph\":\"b\",%s,\"ts\":%s,\"args\":{\"device\":\"%s\",\"op\":%d,\"last_op\":%d,\"bytes\":%d}"
            .formatted(
                common,
                micros(bio.queued().time() - origin),
                bio.device(),
                bio.queued().operation(),
                bio.block().lastOperation(),
                bio.block().bytes()));
    boolean caused = began.contains(bio.queued().operation());
    if (caused) {
      flow("t", bio.queued().operation(), at(bio.thread(), bio.queued().time()));
    }
    CallNode.Event end = bio.ended();
    CallTree.Root ender = bio.ender();
    if (end != null && ender != null) {
      event("\"ph\":\"e\",%s,\"ts\":%s".formatted(common, micros(end.time() - origin)));
      if (caused) {
        flow("f", bio.queued().operation(), "\"bp\":\"e\"," + at(ender, end.time()));
      }
    }
  }

  private void flow(String phase, long operation, String where) throws IOException {
    event(
        "\"ph\":\"%s\",\"id\":%d,\"name\":\"operation\",\"cat\":\"operation\",%s"
            .formatted(phase, operation, where));
  }

  private String at(CallTree.Root root, long time) {
    return "\"pid\":%d,\"tid\":%d,\"ts\":%s"
        .formatted(root.pid(), root.tid(), micros(time - origin));
  }

  /** Microseconds with three digits of fraction. */
  private static String micros(long nanos) {
    return nanos / 1000 + "." + String.format(Locale.ROOT, "%03d", nanos % 1000);
  }

  private void event(String fields) throws IOException {
    out.append(separator).append('{').append(fields).append('}');
    separator = ",\n";
  }
}
