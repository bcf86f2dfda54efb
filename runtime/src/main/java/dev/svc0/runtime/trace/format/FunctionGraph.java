package dev.svc0.runtime.trace.format;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TracedMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Call graphs as text, laid out as ftrace's {@code function_graph} lays them out.
 *
 * <p>The CPU column shows the number of the thread: a guest's thread runs on a thread of the host,
 * not on a CPU of its own. Threads are told apart by lines {@code -- task NAME-TID}; what another
 * thread did meanwhile is shown whole, at the place in time where it began.
 */
public final class FunctionGraph {
  private static final String HEADER =
      """
      # tracer: function_graph
      #
      # CPU  DURATION                  FUNCTION CALLS
      # |     |   |                     |   |   |   |
      """;

  private static final String NO_DURATION = "              ";

  /**
   * What is shown.
   *
   * @param systemCallPrefix what stands before the name of a system call's handler
   * @param roots which outermost calls; everything inside them is shown
   * @param operations whether operation ids are shown before outermost calls and at bios
   * @param entry whether the way from the vector to the handler is shown
   * @param events which events are shown
   */
  public record Options(
      String systemCallPrefix,
      Predicate<CallTree.Root> roots,
      Operations operations,
      Entry entry,
      Predicate<CallNode.Event> events) {
    /**
     * Whether a graph begins at the vector, or at the system call's handler as the kernel's does.
     */
    public enum Entry {
      HIDDEN,
      SHOWN
    }

    /** Whether operation ids are shown. */
    public enum Operations {
      HIDDEN,
      SHOWN
    }

    /** Everything, without operation ids. */
    public static Options defaults(String systemCallPrefix) {
      return new Options(
          systemCallPrefix, root -> true, Operations.HIDDEN, Entry.HIDDEN, BlockEvent::is);
    }

    /** The same with only some outermost calls. */
    public Options only(Predicate<CallTree.Root> wanted) {
      return new Options(systemCallPrefix, wanted, operations, entry, events);
    }

    /** The same with operation ids. */
    public Options withOperations() {
      return new Options(systemCallPrefix, roots, Operations.SHOWN, entry, events);
    }

    /** The same from the vector on. */
    public Options withEntry() {
      return new Options(systemCallPrefix, roots, operations, Entry.SHOWN, events);
    }

    /** The same with other events than those of bios and requests. */
    public Options showing(Predicate<CallNode.Event> wanted) {
      return new Options(systemCallPrefix, roots, operations, entry, wanted);
    }
  }

  private final Options options;
  private final Appendable out;

  /** For each thread its outermost calls that were not printed yet. */
  private final List<List<CallTree.Root>> waiting = new ArrayList<>();

  private final List<Integer> nextOf = new ArrayList<>();

  /** Threads whose outermost call is being printed. */
  private final List<Integer> printing = new ArrayList<>();

  private String shownTask = "";

  private FunctionGraph(Options options, Appendable out) {
    this.options = options;
    this.out = out;
  }

  /** Writes the graph of a capture. */
  public static void write(TraceCapture capture, Options options, Appendable out)
      throws IOException {
    FunctionGraph graph = new FunctionGraph(options, out);
    for (int thread = 0; thread < capture.threads(); thread++) {
      List<CallTree.Root> roots = CallTree.roots(capture, thread);
      if (options.entry == Options.Entry.HIDDEN) {
        roots = CallTree.below(roots, Traced.Layer.ENTRY);
      }
      graph.waiting.add(roots.stream().filter(options.roots).toList());
      graph.nextOf.add(0);
    }
    out.append(HEADER);
    graph.printBefore(Long.MAX_VALUE);
    out.append("# ").append(capture.verdict()).append('\n');
  }

  /** Prints what other threads began before a time. */
  private void printBefore(long time) throws IOException {
    for (int thread = earliest(time); thread >= 0; thread = earliest(time)) {
      int index = nextOf.get(thread);
      nextOf.set(thread, index + 1);
      printing.add(thread);
      CallTree.Root root = waiting.get(thread).get(index);
      root(root);
      printing.removeLast();
    }
  }

  /** The thread whose next outermost call began first and before a time; −1 for none. */
  private int earliest(long before) {
    int found = -1;
    long foundTime = before;
    for (int thread = 0; thread < waiting.size(); thread++) {
      int index = nextOf.get(thread);
      List<CallTree.Root> roots = waiting.get(thread);
      if (index < roots.size()
          && roots.get(index).node().time() < foundTime
          && !printing.contains(thread)) {
        found = thread;
        foundTime = roots.get(index).node().time();
      }
    }
    return found;
  }

  private void root(CallTree.Root root) throws IOException {
    if (options.operations == Options.Operations.SHOWN
        && root.node() instanceof Call call
        && call.operation() != 0) {
      task(root);
      row(root, NO_DURATION, 0, "/* op " + call.operation() + " */");
    }
    node(root, root.node(), 0);
  }

  private void node(CallTree.Root root, CallNode node, int depth) throws IOException {
    printBefore(node.time());
    task(root);
    switch (node) {
      case Call call -> call(root, call, depth);
      case CallNode.Event event when !options.events.test(event) -> {}
      case CallNode.Event event ->
          row(root, NO_DURATION, depth, "/* " + PointText.of(event) + causes(event) + " */");
      case CallNode.Gap gap ->
          out.append("CPU:" + root.thread() + " [LOST " + gap.count() + " EVENTS]\n");
    }
  }

  private void call(CallTree.Root root, Call call, int depth) throws IOException {
    String name = call.method().shownName(options.systemCallPrefix);
    String shown = name + "(" + arguments(call) + ")";
    if (call.children().isEmpty() && call.ended()) {
      String result = result(call);
      row(
          root,
          duration(call.duration()),
          depth,
          shown + ";" + (result.isEmpty() ? "" : " /*" + result + " */"));
      return;
    }
    row(root, NO_DURATION, depth, shown + " {");
    for (CallNode child : call.children()) {
      node(root, child, depth + 1);
    }
    if (call.ended()) {
      printBefore(call.end());
      task(root);
      row(root, duration(call.duration()), depth, "} /* " + name + result(call) + " */");
    }
  }

  /** Numbers as they are, addresses in hexadecimal: {@code fd=3, buf=0xffff8000}. */
  private static String arguments(Call call) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < call.argumentNames().size(); i++) {
      long value = call.arguments().get(i);
      text.append(i == 0 ? "" : ", ").append(call.argumentNames().get(i)).append('=');
      text.append(value >= 1 << 16 || value < -4096 ? "0x" + Long.toHexString(value) : "" + value);
    }
    return text.toString();
  }

  private void task(CallTree.Root root) throws IOException {
    String task = root.comm() + '-' + root.tid();
    if (!task.equals(shownTask)) {
      shownTask = task;
      out.append("-- task ").append(task).append('\n');
    }
  }

  private void row(CallTree.Root root, String duration, int depth, String text) throws IOException {
    out.append(String.format("%2d) ", root.thread()));
    out.append(duration).append("|  ");
    out.append("  ".repeat(depth)).append(text).append('\n');
  }

  /** Results as ftrace shows them: an error as a signed number, anything else in hexadecimal. */
  private static String result(Call call) {
    if (call.exception() != null) {
      return " threw " + call.exception();
    }
    if (call.method().result() != TracedMethod.Result.VALUE) {
      return "";
    }
    long value = call.result();
    return value < 0 && value >= -4095 ? " = " + value : " = 0x" + Long.toHexString(value);
  }

  private String causes(CallNode.Event event) {
    if (options.operations == Options.Operations.HIDDEN || event.operation() == 0) {
      return "";
    }
    long last = event.value("last_op");
    return " caused by op "
        + event.operation()
        + (last == 0 || last == event.operation() ? "" : ", last written by op " + last);
  }

  /** Mark and duration in 14 columns: {@code "+ 12.345 us "}. */
  static String duration(long nanos) {
    String micros = Long.toString(nanos / 1000);
    String text = micros;
    if (micros.length() < 7) {
      String rest = String.format("%03d", nanos % 1000);
      text += '.' + rest.substring(0, Math.min(3, 7 - micros.length()));
    }
    return mark(nanos) + String.format("%-12s", text + " us ");
  }

  private static String mark(long nanos) {
    if (nanos > 1_000_000_000) {
      return "$ ";
    }
    if (nanos > 100_000_000) {
      return "@ ";
    }
    if (nanos > 10_000_000) {
      return "* ";
    }
    if (nanos > 1_000_000) {
      return "# ";
    }
    if (nanos > 100_000) {
      return "! ";
    }
    return nanos > 10_000 ? "+ " : "  ";
  }
}
