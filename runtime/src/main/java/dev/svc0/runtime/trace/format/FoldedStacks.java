package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Self time by stack, a line a stack: {@code task;root;…;leaf TICKS}, as flame graph tools read it.
 * The ticks of all lines add up to the durations of the outermost calls.
 */
public final class FoldedStacks {
  private FoldedStacks() {}

  /** Writes a capture. */
  public static void write(TraceCapture capture, String systemCallPrefix, Appendable out)
      throws IOException {
    for (Map.Entry<String, Long> line : fold(capture, systemCallPrefix).entrySet()) {
      out.append(line.getKey()).append(' ').append(line.getValue().toString()).append('\n');
    }
  }

  /** Ticks by stack, in order of names. */
  static Map<String, Long> fold(TraceCapture capture, String systemCallPrefix) {
    Map<String, Long> stacks = new TreeMap<>();
    for (CallTree.Root root : CallTree.roots(capture)) {
      if (root.node() instanceof Call call) {
        add(clean(root.comm()), call, systemCallPrefix, stacks);
      }
    }
    return stacks;
  }

  private static void add(
      String above, Call call, String systemCallPrefix, Map<String, Long> stacks) {
    String stack = above + ';' + clean(call.method().shownName(systemCallPrefix));
    long self = call.duration();
    for (CallNode child : call.children()) {
      if (child instanceof Call inner) {
        self -= inner.duration();
        add(stack, inner, systemCallPrefix, stacks);
      }
    }
    if (self > 0) {
      stacks.merge(stack, self, Long::sum);
    }
  }

  private static String clean(String name) {
    return name.replace(';', ',').replace(' ', '_').replace('\n', '_');
  }
}
