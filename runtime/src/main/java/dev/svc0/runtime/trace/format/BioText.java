package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who caused what, in words: for each bio the system call it goes back to, with the program's line,
 * the file, and what each step on the way took; for each call that failed the function that first
 * returned the error.
 */
public final class BioText {
  private final Appendable out;
  private final Operations operations;
  private final Locations locations;
  private final Map<Long, TreeSet<Long>> issued = new HashMap<>();
  private final long origin;

  private BioText(Appendable out, Operations operations, Locations locations, long origin) {
    this.out = out;
    this.operations = operations;
    this.locations = locations;
    this.origin = origin;
  }

  /** Writes a capture. */
  public static void write(TraceCapture capture, Locations locations, Appendable out)
      throws IOException {
    List<CallTree.Root> roots = CallTree.roots(capture);
    long origin = roots.isEmpty() ? 0 : roots.getFirst().node().time();
    Operations operations = Operations.of(capture);
    BioText text = new BioText(out, operations, locations.in(operations), origin);
    roots.forEach(root -> text.noteIssues(root.node()));
    out.append("# Bios: what went to the disks, and the system call that each goes back to\n");
    for (BioSpan bio : BioSpan.of(roots)) {
      text.bio(bio);
    }
    out.append("\n# Calls that failed, and the function that first returned the error\n");
    for (Operation operation : operations.calls()) {
      if (operation.failed()) {
        text.failure(operation);
      }
    }
    out.append("# ").append(capture.verdict()).append('\n');
  }

  /** When the driver got the sectors of a bio; by first sector, for requests are merged bios. */
  private void noteIssues(CallNode node) {
    switch (node) {
      case Call call -> call.children().forEach(this::noteIssues);
      case CallNode.Event event -> {
        if (event.point().pointName().equals("block_rq_issue")) {
          BlockEvent block = BlockEvent.of(event);
          for (long sector = 0; sector < Math.max(1, block.sectors()); sector++) {
            issued
                .computeIfAbsent(key(block, block.sector() + sector), key -> new TreeSet<>())
                .add(event.time());
          }
        }
      }
      case CallNode.Gap gap -> {}
    }
  }

  private static long key(BlockEvent block, long sector) {
    return (long) (block.major() << 20 | block.minor()) << 40 | sector;
  }

  private void bio(BioSpan bio) throws IOException {
    BlockEvent block = bio.block();
    CallNode.Event end = bio.ended();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s  %s %s%s  %d bytes",
            micros(bio.queued().time() - origin),
            bio.device(),
            bio.text(),
            end != null && BlockEvent.of(end).errno() != 0
                ? " FAILED " + Errno.nameOf(BlockEvent.of(end).errno())
                : "",
            block.bytes()));
    lines.add("    queued by " + bio.thread().comm() + '-' + bio.thread().tid() + steps(bio));
    cause(lines, "caused by", bio.queued().operation());
    if (block.lastOperation() != 0 && block.lastOperation() != bio.queued().operation()) {
      cause(lines, "last written by", block.lastOperation());
    }
    out.append(String.join("\n", lines)).append('\n');
  }

  /** From the write to the queue, to the driver, to the end. */
  private String steps(BioSpan bio) {
    StringBuilder text = new StringBuilder();
    Operation operation = operations.get(bio.queued().operation());
    if (operation != null) {
      step(text, "call to queue", bio.queued().time() - operation.start());
    }
    CallNode.Event end = bio.ended();
    TreeSet<Long> issues = issued.get(key(bio.block(), bio.block().sector()));
    Long issue = issues == null ? null : issues.ceiling(bio.queued().time());
    long queued = bio.queued().time();
    boolean known = issue != null && (end == null || issue <= end.time());
    long last = issue != null && known ? issue : queued;
    if (known) {
      step(text, "queue to driver", last - queued);
    }
    if (end != null) {
      step(text, known ? "driver to end" : "queue to end", end.time() - last);
    }
    return text.toString();
  }

  private static void step(StringBuilder text, String name, long ticks) {
    text.append(text.isEmpty() ? ": " : ", ").append(name).append(' ').append(micros(ticks));
  }

  private void cause(List<String> lines, String how, long id) {
    Operation operation = operations.get(id);
    if (operation == null) {
      lines.add(
          "    " + how + (id == 0 ? " no operation" : " op " + id + ", which was not recorded"));
      return;
    }
    lines.add("    " + how + " op " + id + ' ' + who(operation) + ' ' + operation.text());
    if (!operation.path().isEmpty()) {
      lines.add("      file " + operation.path());
    }
    where(lines, operation);
  }

  private void where(List<String> lines, Operation operation) {
    if (operation.userPc() != 0) {
      lines.add("      at   " + locations.at(operation.pid(), operation.userPc()));
    }
    for (long caller : operation.stack()) {
      lines.add("      from " + locations.at(operation.pid(), caller));
    }
  }

  private static String who(Operation operation) {
    return operation.comm() + '-' + operation.tid();
  }

  private void failure(Operation operation) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        micros(operation.start() - origin)
            + "  "
            + who(operation)
            + ' '
            + operation.text()
            + " = -"
            + Errno.nameOf((int) -operation.result()));
    Call graph = operation.graph();
    Call origin = graph == null ? null : Failures.origin(graph);
    lines.add("    " + first(graph, origin));
    where(lines, operation);
    out.append(String.join("\n", lines)).append('\n');
  }

  private static String first(@Nullable Call graph, @Nullable Call origin) {
    if (graph == null || origin == null) {
      return "functions were not traced: no layer is known";
    }
    return "first returned by "
        + Failures.text(origin)
        + (origin == graph ? ", the call's handler itself" : "");
  }

  private static String micros(long ticks) {
    return String.format(Locale.ROOT, "%.3f us", ticks / 1000.0);
  }
}
