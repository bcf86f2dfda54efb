package dev.svc0.runtime.trace;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.agent.ByteBuddyAgent;

/** Helpers of the tracer's tests. */
public final class Traces {
  private Traces() {}

  /** Gives the tracer this JVM's instrumentation. */
  public static void enable() {
    TraceAgent.install(ByteBuddyAgent.install());
  }

  /** Only the toy classes. */
  static TraceSelection toys() {
    return TraceSelection.everything().inClasses("*.Toy*");
  }

  /** All records of the thread that recorded first, as short text. */
  static List<String> text(TraceCapture capture, int thread) {
    List<String> lines = new ArrayList<>();
    TraceReader reader = capture.read(thread);
    while (reader.hasNext()) {
      lines.add(
          switch (reader.next()) {
            case TraceRecord.Enter r -> r.depth() + " > " + r.method().name();
            case TraceRecord.Exit r -> r.depth() + " < " + r.method().name() + " = " + r.result();
            case TraceRecord.Thrown r ->
                r.depth() + " ! " + r.method().name() + " " + r.exception();
            case TraceRecord.Point r -> r.point().pointName() + " op " + r.operation();
            case TraceRecord.Task r -> "task " + r.comm() + " " + r.pid() + "/" + r.tid();
            case TraceRecord.Begin r -> "begin " + r.operation() + " at " + r.userPc();
            case TraceRecord.Lost r -> "lost " + r.count();
          });
    }
    return lines;
  }
}
