package dev.svc0.arm64.fidelity;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TracePoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The order in which tracepoints fire, compared with a recording of a real kernel: names, first of
 * the calling task, then of workers and interrupts, then of the journal's thread. A name that only
 * one of the two kernels has does not count.
 */
final class TracepointOrder {
  /** Scenarios of which there is a recording of tracepoints. */
  private static final List<String> RECORDED =
      List.of(
          "bdev_loop_odirect",
          "bdev_loop_write_fsync",
          "ext2_write_fsync",
          "ext4_append",
          "ext4_buffered_overwrite",
          "ext4_odirect_alloc",
          "ext4_odirect_overwrite",
          "ext4_osync",
          "ext4_overwrite_fsync",
          "ext4_write_fsync");

  private final Set<String> shared =
      TracePoint.all().stream()
          .filter(point -> !point.doc().contains("The kernel has no such point"))
          .map(TracePoint::pointName)
          .collect(Collectors.toSet());

  private final Map<String, String> rows = new LinkedHashMap<>();

  /** The tracepoints whose order is compared. */
  static String[] selected() {
    return new String[] {"ext4:*", "jbd2:*", "block:*", "writeback:*", "filemap:*"};
  }

  /** Compares a scenario if it was recorded. */
  void compare(String scenario, List<CallTree.Root> roots, int task, long end) throws IOException {
    if (!RECORDED.contains(scenario)) {
      return;
    }
    List<String> kernel = recorded(scenario);
    List<String> ours = new ArrayList<>();
    for (int turn = 0; turn < 3; turn++) {
      List<CallNode.Event> events = new ArrayList<>();
      for (CallTree.Root root : roots) {
        if (turn == (root.tid() == task ? 0 : root.comm().startsWith("jbd2/") ? 2 : 1)) {
          add(root.node(), end, events);
        }
      }
      events.sort(Comparator.comparingLong(CallNode.Event::time));
      events.forEach(event -> ours.add(event.point().pointName()));
    }
    keep(scenario, kernel, ours);
    int common = Functions.common(kernel, ours);
    rows.put(
        scenario,
        String.format(
            Locale.ROOT,
            "| %s | %d | %d | %.2f | %.2f |%n",
            scenario,
            kernel.size(),
            ours.size(),
            (double) common / kernel.size(),
            (double) common / Math.max(1, ours.size())));
  }

  private List<String> recorded(String scenario) throws IOException {
    return Functions.read("events/" + scenario + ".txt").stream().filter(shared::contains).toList();
  }

  /** Leaves both sequences for whoever wants to see where they differ. */
  private static void keep(String name, List<String> kernel, List<String> ours) throws IOException {
    Path target = Files.createDirectories(Path.of("target/fidelity"));
    Files.write(target.resolve(name + ".kernel-points"), kernel);
    Files.write(target.resolve(name + ".our-points"), ours);
  }

  private void add(CallNode node, long end, List<CallNode.Event> events) {
    if (node instanceof Call call) {
      call.children().forEach(child -> add(child, end, events));
    } else if (node instanceof CallNode.Event event
        && event.time() < end
        && shared.contains(event.point().pointName())) {
      events.add(event);
    }
  }

  /** What came of it, as a table. */
  String table() {
    return "| scenario | kernel's tracepoints | ours | kernel's in ours | ours in kernel's |\n"
        + "|---|--:|--:|--:|--:|\n"
        + String.join("", rows.values());
  }
}
