package dev.svc0.arm64.fidelity;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * What was called, as a sequence of {@code >name} and {@code <name}: first all of the calling task,
 * then all of the journal's thread, then all of the others, each in order of time. So two
 * recordings can be compared though their threads took turns differently.
 *
 * <p>What depends on which thread was faster is in neither sequence: see {@link #untimed}.
 */
final class Functions {
  /** Called or not, with all inside, as the I/O waited for was over already or not. */
  private static final Set<String> WAITS =
      Set.of("folio_wait_bit", "folio_wake_bit", "__wait_on_buffer");

  /** These look again after each wait: what is inside them comes once or more often. */
  private static final Set<String> WAITING_LOOPS = Set.of("__filemap_fdatawait_range");

  /** What a worker's outermost function calls once for each request that it finds. */
  private static final Set<String> WORK_LOOPS = Set.of("loop_rootcg_workfn", "loop_workfn");

  /** What a kernel's thread runs in all its life; the recordings begin inside. */
  private static final Set<String> THREADS = Set.of("kjournald2");

  /** How the name of a journal's thread begins. */
  private static final String JOURNAL = "jbd2/";

  private Functions() {}

  /** From a recording of a real kernel: names by indentation, task by task. */
  static List<String> recorded(String scenario) throws IOException {
    Map<String, List<String>> tasks = new LinkedHashMap<>();
    Map<String, List<String>> open = new LinkedHashMap<>();
    String task = "";
    for (String line : read(scenario + ".txt")) {
      if (line.startsWith("-- task ")) {
        task = line.substring(8);
      } else if (!line.startsWith("#") && !line.isBlank()) {
        List<String> out = tasks.computeIfAbsent(task, t -> new ArrayList<>());
        List<String> stack = open.computeIfAbsent(task, t -> new ArrayList<>());
        String name = line.strip();
        int depth = (line.length() - line.stripLeading().length()) / 2;
        close(stack, depth, out);
        out.add('>' + name);
        stack.add(name);
      }
    }
    List<String> all = new ArrayList<>();
    String caller = tasks.keySet().iterator().next();
    List<String> order = new ArrayList<>(tasks.keySet());
    order.sort(Comparator.comparingInt(name -> name.equals(caller) ? 0 : turn(name)));
    for (String name : order) {
      close(open.get(name), 0, tasks.get(name));
      all.addAll(tasks.get(name));
    }
    return untimed(all);
  }

  /** Which turn a thread that works for the calling one has. */
  private static int turn(String thread) {
    return thread.startsWith(JOURNAL) ? 1 : 2;
  }

  private static void close(List<String> stack, int depth, List<String> out) {
    while (stack.size() > depth) {
      out.add('<' + stack.removeLast());
    }
  }

  static List<String> read(String name) throws IOException {
    try (InputStream in = Functions.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("missing: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Roots without the functions of which each is the whole life of a thread. */
  static List<CallTree.Root> inThreads(List<CallTree.Root> roots) {
    List<CallTree.Root> found = new ArrayList<>();
    for (CallTree.Root root : roots) {
      if (root.node() instanceof Call call && THREADS.contains(call.method().name())) {
        call.children()
            .forEach(child ->
                found.add(
                    new CallTree.Root(root.thread(), root.comm(), root.pid(), root.tid(), child)));
      } else {
        found.add(root);
      }
    }
    return found;
  }

  /**
   * From a trace: the task's outermost calls first, then those of the kernel's threads.
   *
   * @param end work that a worker began later is left out
   * @param ours the operations that are wanted where a worker did something for others too
   */
  static List<String> traced(List<CallTree.Root> roots, int task, long end, LongPredicate ours) {
    List<String> all = new ArrayList<>();
    roots.stream().filter(root -> root.tid() == task).forEach(root -> add(root.node(), all));
    roots.stream()
        .filter(root -> root.tid() != task)
        .sorted(Comparator.comparingInt(root -> turn(root.comm())))
        .forEach(root -> addWork(root, end, ours, all));
    return untimed(all);
  }

  /** A worker that finds several requests does what several workers do that find one each. */
  private static void addWork(CallTree.Root root, long end, LongPredicate ours, List<String> out) {
    if (!(root.node() instanceof Call call) || !WORK_LOOPS.contains(call.method().name())) {
      if (root.node().time() < end) {
        add(root.node(), out);
      }
      return;
    }
    for (CallNode child : call.children()) {
      CallTree.Root one =
          new CallTree.Root(root.thread(), root.comm(), root.pid(), root.tid(), child);
      if (child.time() < end && CallTree.operations(one).stream().anyMatch(ours::test)) {
        out.add('>' + call.method().name());
        add(child, out);
        out.add('<' + call.method().name());
      }
    }
  }

  /** Without what is there or not depending on which thread was faster. */
  private static List<String> untimed(List<String> tokens) {
    List<String> kept = new ArrayList<>();
    int inside = 0;
    for (String token : tokens) {
      String name = token.substring(1);
      boolean begins = token.charAt(0) == '>';
      boolean loop = WAITING_LOOPS.contains(name);
      boolean hides = loop || WAITS.contains(name);
      if (hides && !begins) {
        inside--;
      }
      if (inside == 0 && (loop || !hides)) {
        kept.add(token);
      }
      if (hides && begins) {
        inside++;
      }
    }
    return kept;
  }

  private static void add(CallNode node, List<String> out) {
    if (node instanceof Call call) {
      String name = call.method().shownName("__arm64_sys_").replaceFirst("\\.(isra|part)\\..*", "");
      out.add('>' + name);
      call.children().forEach(child -> add(child, out));
      out.add('<' + name);
    }
  }

  /** Length of the longest common subsequence. */
  static int common(List<String> a, List<String> b) {
    int[] before = new int[b.size() + 1];
    for (String token : a) {
      int[] row = new int[b.size() + 1];
      for (int j = 0; j < b.size(); j++) {
        row[j + 1] = token.equals(b.get(j)) ? before[j] + 1 : Math.max(row[j], before[j + 1]);
      }
      before = row;
    }
    return before[b.size()];
  }
}
