package dev.svc0.arm64.fidelity;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What was called, as a sequence of {@code >name} and {@code <name}: first all of the calling task,
 * then all of the others, each in order of time. So two recordings can be compared though their
 * threads took turns differently.
 */
final class Functions {
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
    for (Map.Entry<String, List<String>> entry : tasks.entrySet()) {
      close(open.get(entry.getKey()), 0, entry.getValue());
      all.addAll(entry.getValue());
    }
    return all;
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

  /** From a trace: the task's outermost calls first, then those of the kernel's threads. */
  static List<String> traced(List<CallTree.Root> roots, int task) {
    List<String> all = new ArrayList<>();
    roots.stream().filter(root -> root.tid() == task).forEach(root -> add(root.node(), all));
    roots.stream().filter(root -> root.tid() != task).forEach(root -> add(root.node(), all));
    return all;
  }

  private static void add(CallNode node, List<String> out) {
    if (node instanceof Call call) {
      String name = call.method().shownName("__arm64_sys_").replaceFirst("\\.(isra|part)\\..*", "");
      out.add('>' + name);
      call.children().forEach(child -> add(child, out));
      out.add('<' + name);
    }
  }

  /**
   * Without the functions that a predicate names; what they called stays, unless another predicate
   * names them with all that is inside.
   */
  static List<String> without(
      List<String> tokens, Predicate<String> functions, Predicate<String> trees) {
    List<String> kept = new ArrayList<>();
    int inside = 0;
    for (String token : tokens) {
      boolean tree = trees.test(token.substring(1));
      if (tree && token.charAt(0) == '>') {
        inside++;
      }
      if (inside == 0 && !functions.test(token.substring(1))) {
        kept.add(token);
      }
      if (tree && token.charAt(0) == '<') {
        inside--;
      }
    }
    return kept;
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
