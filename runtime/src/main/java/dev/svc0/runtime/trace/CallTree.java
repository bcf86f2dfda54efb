package dev.svc0.runtime.trace;

import dev.svc0.annotation.Traced;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The calls of a capture: for each thread what it did outermost, in order. */
public final class CallTree {
  /**
   * One outermost call, point or gap.
   *
   * @param thread number of the thread in the capture
   * @param comm name of the task
   * @param pid process id of the task; 0 for the kernel's own threads
   * @param tid thread id of the task
   * @param node what it did
   */
  public record Root(int thread, String comm, int pid, int tid, CallNode node) {}

  private CallTree() {}

  /** All outermost nodes in order of time. */
  public static List<Root> roots(TraceCapture capture) {
    List<Root> roots = new ArrayList<>();
    for (int thread = 0; thread < capture.threads(); thread++) {
      roots.addAll(roots(capture, thread));
    }
    roots.sort(Comparator.comparingLong(root -> root.node().time()));
    return roots;
  }

  /** The outermost nodes of one thread, in order. */
  public static List<Root> roots(TraceCapture capture, int thread) {
    Builder builder = new Builder(thread);
    TraceReader reader = capture.read(thread);
    while (reader.hasNext()) {
      builder.add(reader.position(), reader.next());
    }
    builder.roots.removeIf(root -> !capture.wants(root));
    return builder.roots;
  }

  /** Every operation that a root works for, or whose bios pass through it. */
  public static Set<Long> operations(Root root) {
    Set<Long> found = new HashSet<>();
    operations(root.node(), found);
    found.remove(0L);
    return found;
  }

  private static void operations(CallNode node, Set<Long> found) {
    switch (node) {
      case Call call -> {
        found.add(call.operation());
        call.children().forEach(child -> operations(child, found));
      }
      case CallNode.Event event -> {
        found.add(event.operation());
        found.add(event.value(BlockEvent.LAST_OPERATION));
      }
      case CallNode.Gap gap -> {}
    }
  }

  /** The same without outermost calls of a layer: what they called stands in their place. */
  public static List<Root> below(List<Root> roots, Traced.Layer layer) {
    List<Root> found = new ArrayList<>();
    for (Root root : roots) {
      if (root.node() instanceof Call call && call.method().layer() == layer) {
        List<Root> inner = new ArrayList<>();
        for (CallNode child : call.children()) {
          inner.add(new Root(root.thread(), root.comm(), root.pid(), root.tid(), child));
        }
        found.addAll(below(inner, layer));
      } else {
        found.add(root);
      }
    }
    return found;
  }

  /** Puts records together. Survives missing ones: an end without its beginning is passed over. */
  private static final class Builder {
    private final int thread;
    private final List<Root> roots = new ArrayList<>();
    private final Deque<Call> open = new ArrayDeque<>();
    private String comm = "";
    private int pid;
    private int tid;
    private long operation;
    private long userPc;

    Builder(int thread) {
      this.thread = thread;
    }

    void add(long at, TraceRecord record) {
      switch (record) {
        case TraceRecord.Task task -> {
          comm = task.comm();
          pid = task.pid();
          tid = task.tid();
        }
        case TraceRecord.Begin begin -> {
          operation = begin.operation();
          userPc = begin.userPc();
        }
        case TraceRecord.Enter enter -> {
          unwind(enter.depth());
          Call call = new Call(enter, at, enter.operation() == operation ? userPc : 0);
          add(call);
          open.push(call);
        }
        case TraceRecord.Exit exit -> {
          if (ends(exit.depth(), exit.method())) {
            open.pop().end(exit.time(), exit.result());
          }
        }
        case TraceRecord.Thrown thrown -> {
          if (ends(thrown.depth(), thrown.method())) {
            open.pop().endByException(thrown.time(), thrown.exception());
          }
        }
        case TraceRecord.Point point ->
            add(
                new CallNode.Event(
                    point.time(),
                    at,
                    point.operation(),
                    point.point(),
                    point.slots(),
                    point.texts()));
        case TraceRecord.Lost lost -> add(new CallNode.Gap(lost.time(), at, lost.count()));
      }
    }

    private void add(CallNode node) {
      Call parent = open.peek();
      if (parent == null) {
        roots.add(new Root(thread, comm, pid, tid, node));
      } else {
        parent.add(node);
      }
    }

    /** Closes calls whose end is missing. */
    private void unwind(int depth) {
      while (open.size() > depth) {
        open.pop();
      }
    }

    private boolean ends(int depth, TracedMethod method) {
      unwind(depth + 1);
      Call last = open.peek();
      return open.size() == depth + 1 && last != null && last.method().equals(method);
    }
  }
}
