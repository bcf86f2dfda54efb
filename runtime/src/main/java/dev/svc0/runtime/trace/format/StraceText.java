package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The system calls of a capture as strace prints them: {@code openat(AT_FDCWD, "/f", O_RDONLY) =
 * 3}, a call that another thread's comes between as {@code <unfinished ...>} and {@code <...
 * resumed>}, signals and ends of processes between them. Paths behind descriptors were recorded, or
 * not, with the arguments.
 */
public final class StraceText {
  /**
   * How it looks.
   *
   * @param times whether each call's time stands behind it, as with -T
   * @param calls names of the calls that are shown; empty for all
   * @param tasks how the task of a line is named when there are several
   */
  public record Options(Times times, Set<String> calls, Tasks tasks) {
    /** Whether times are shown. */
    public enum Times {
      HIDDEN,
      SHOWN
    }

    /** How a task is named. */
    public enum Tasks {
      /** {@code 1234 }, as in a file. */
      NUMBERED,
      /** {@code [pid 1234] }, as on a terminal. */
      BRACKETED
    }

    /** All calls, without times, for a file. */
    public static Options defaults() {
      return new Options(Times.HIDDEN, Set.of(), Tasks.NUMBERED);
    }
  }

  private static final double NANOS_PER_SECOND = 1e9;
  private static final int SIGNAL_MASK = 0x7f;

  /** Where results stand. */
  private static final int RESULT_COLUMN = 40;

  private static final String NO_RESULT = "?";

  private final Options options;
  private final Appendable out;
  private final boolean several;
  private final Map<Integer, Open> open = new HashMap<>();

  /**
   * A call that has not returned.
   *
   * @param text its arguments as far as they are known before it returns
   */
  private record Open(String name, String text, long time, boolean[] printed) {}

  private record Happening(CallTree.Root root, CallNode.Event event) {}

  private StraceText(Options options, Appendable out, boolean several) {
    this.options = options;
    this.out = out;
    this.several = several;
  }

  /** Writes a capture. */
  public static void write(TraceCapture capture, Options options, Appendable out)
      throws IOException {
    List<Happening> all = new ArrayList<>();
    CallTree.roots(capture).forEach(root -> collect(root, root.node(), all));
    all.sort(Comparator.comparingLong(one -> one.event.time()));
    boolean several = all.stream().mapToInt(one -> one.root.tid()).distinct().count() > 1;
    StraceText text = new StraceText(options, out, several);
    Map<Happening, String> known = knownArguments(all);
    for (Happening one : all) {
      text.event(one, known);
    }
    text.end();
    out.append("# ").append(capture.verdict()).append('\n');
  }

  /**
   * By the beginning of a call its arguments up to the first that it changes, which are all that is
   * shown while it is under way.
   */
  private static Map<Happening, String> knownArguments(List<Happening> all) {
    Map<Happening, String> known = new IdentityHashMap<>();
    Map<Integer, Happening> begun = new HashMap<>();
    for (Happening one : all) {
      switch (one.event.point().pointName()) {
        case "sys_enter_decoded" -> {
          begun.put(one.root.tid(), one);
          known.put(one, one.event.text("args"));
        }
        case "sys_exit_decoded" -> {
          Happening first = begun.remove(one.root.tid());
          if (first != null) {
            known.put(first, common(first.event.text("args"), one.event.text("args")));
          }
        }
        default -> {}
      }
    }
    return known;
  }

  /** The arguments that two lists begin with, with the comma behind them. */
  private static String common(String before, String after) {
    if (before.equals(after)) {
      return before;
    }
    int end = 0;
    int depth = 0;
    boolean quoted = false;
    int same = Math.min(before.length(), after.length());
    for (int i = 0; i < same && before.charAt(i) == after.charAt(i); i++) {
      char c = before.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        }
        quoted = c != '"';
      } else {
        quoted = c == '"';
        depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
        if (depth == 0 && before.startsWith(", ", i) && after.startsWith(", ", i)) {
          end = i + 2;
        }
      }
    }
    return before.substring(0, end);
  }

  private static void collect(CallTree.Root root, CallNode node, List<Happening> all) {
    switch (node) {
      case Call call -> call.children().forEach(child -> collect(root, child, all));
      case CallNode.Event event -> {
        switch (event.point().pointName()) {
          case "sys_enter_decoded", "sys_exit_decoded", "signal_deliver", "sched_process_exit" ->
              all.add(new Happening(root, event));
          default -> {}
        }
      }
      case CallNode.Gap gap -> {}
    }
  }

  private void event(Happening one, Map<Happening, String> known) throws IOException {
    CallTree.Root root = one.root;
    CallNode.Event event = one.event;
    switch (event.point().pointName()) {
      case "sys_enter_decoded" -> {
        if (isShown(event.text("name"))) {
          open.put(
              root.tid(),
              new Open(
                  event.text("name"),
                  known.getOrDefault(one, event.text("args")),
                  event.time(),
                  new boolean[1]));
          interrupt(root.tid());
        }
      }
      case "sys_exit_decoded" -> exit(root.tid(), event);
      case "signal_deliver" -> {
        interrupt(root.tid());
        line(root.tid(), "--- " + SignalText.of(event) + " ---");
      }
      case "sched_process_exit" -> {
        neverReturns(root.tid());
        interrupt(root.tid());
        line(root.tid(), ended((int) event.value("exit_code")));
      }
      default -> {}
    }
  }

  private static String ended(int status) {
    int signal = status & SIGNAL_MASK;
    return signal == 0
        ? "+++ exited with " + (status >> 8 & 0xff) + " +++"
        : "+++ killed by " + SignalText.name(signal) + " +++";
  }

  private boolean isShown(String name) {
    return options.calls.isEmpty() || options.calls.contains(name);
  }

  /** Calls of other threads that are still under way get the first half of their line. */
  private void interrupt(int tid) throws IOException {
    List<Integer> others = new ArrayList<>(new TreeMap<>(open).keySet());
    for (int other : others) {
      Open begun = open.get(other);
      if (other != tid && begun != null && !begun.printed[0]) {
        begun.printed[0] = true;
        line(other, begun.name + "(" + begun.text + " <unfinished ...>");
      }
    }
  }

  private void exit(int tid, CallNode.Event event) throws IOException {
    Open begun = open.remove(tid);
    if (begun == null) {
      return; // not wanted, or its beginning is missing
    }
    interrupt(tid);
    String arguments = event.text("args");
    String result = event.text("result");
    boolean timed = options.times == Options.Times.SHOWN && !result.equals(NO_RESULT);
    returned(
        tid,
        begun,
        arguments.substring(begun.printed[0] ? begun.text.length() : 0),
        timed
            ? String.format(
                Locale.ROOT, "%s <%.6f>", result, (event.time() - begun.time) / NANOS_PER_SECOND)
            : result);
  }

  private void neverReturns(int tid) throws IOException {
    Open begun = open.remove(tid);
    if (begun != null) {
      interrupt(tid);
      returned(tid, begun, begun.printed[0] ? "" : begun.text, NO_RESULT);
    }
  }

  /** The whole line of a call, or its second half. */
  private void returned(int tid, Open begun, String rest, String result) throws IOException {
    String head = begun.printed[0] ? "<... " + begun.name + " resumed>" : begun.name + "(";
    String call = task(tid) + head + rest + ") ";
    out.append(call).append(" ".repeat(Math.max(0, RESULT_COLUMN - call.length())));
    out.append("= ").append(result).append('\n');
  }

  private void end() throws IOException {
    for (int tid : new TreeMap<>(open).keySet()) {
      Open begun = open.get(tid);
      if (begun != null && !begun.printed[0]) {
        line(tid, begun.name + "(" + begun.text + " <unfinished ...>");
      }
    }
  }

  private void line(int tid, String text) throws IOException {
    out.append(task(tid)).append(text).append('\n');
  }

  private String task(int tid) {
    if (!several) {
      return "";
    }
    boolean numbered = options.tasks == Options.Tasks.NUMBERED;
    return String.format(Locale.ROOT, numbered ? "%-5d " : "[pid %5d] ", tid);
  }

  /**
   * The table of strace -c: time, calls and errors by call, the most expensive first. Calls that
   * never return are not in it.
   */
  public static void writeSummary(TraceCapture capture, Set<String> calls, Appendable out)
      throws IOException {
    Map<String, long[]> totals = new TreeMap<>();
    for (Operation one : Operations.of(capture).calls()) {
      boolean wanted = calls.isEmpty() || calls.contains(one.call());
      if (wanted && !one.resultText().equals(NO_RESULT)) {
        long[] row = totals.computeIfAbsent(one.call(), name -> new long[3]);
        row[0] += one.duration();
        row[1]++;
        row[2] += one.failed() ? 1 : 0;
      }
    }
    long all = Math.max(1, totals.values().stream().mapToLong(row -> row[0]).sum());
    out.append("% time     seconds  usecs/call     calls    errors syscall\n");
    String rule = "------ ----------- ----------- --------- --------- ----------------\n";
    out.append(rule);
    long[] sum = new long[3];
    List<Map.Entry<String, long[]>> rows = new ArrayList<>(totals.entrySet());
    rows.sort(Comparator.comparingLong(row -> -row.getValue()[0]));
    for (Map.Entry<String, long[]> row : rows) {
      out.append(row(row.getKey(), row.getValue(), all));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += row.getValue()[i];
      }
    }
    out.append(rule).append(row("total", sum, all));
    out.append("# ").append(capture.verdict()).append('\n');
  }

  private static String row(String name, long[] row, long all) {
    return String.format(
        Locale.ROOT,
        "%6.2f %11.6f %11d %9d %9s %s%n",
        100.0 * row[0] / all,
        row[0] / NANOS_PER_SECOND,
        row[1] == 0 ? 0 : row[0] / 1000 / row[1],
        row[1],
        row[2] == 0 ? "" : Long.toString(row[2]),
        name);
  }
}
