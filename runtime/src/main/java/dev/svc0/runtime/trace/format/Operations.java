package dev.svc0.runtime.trace.format;

import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.TraceCapture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operations of a capture by their ids, and the code that programs executed. */
public final class Operations {
  /** Where a file's code was mapped in a process. */
  public record CodeMap(int pid, long start, long end, long offset, String path) {}

  private final Map<Long, Operation> byId = new TreeMap<>();
  private final List<CodeMap> maps = new ArrayList<>();

  private Operations() {}

  /** Reads a capture. */
  public static Operations of(TraceCapture capture) {
    Operations operations = new Operations();
    CallTree.roots(capture).forEach(root -> operations.add(root, root.node()));
    return operations;
  }

  /** An operation, or null when nothing of it was recorded. */
  public @Nullable Operation get(long id) {
    return byId.get(id);
  }

  /** All system calls, by when they began. */
  public List<Operation> calls() {
    return byId.values().stream()
        .filter(one -> !one.call().isEmpty() || one.number() >= 0)
        .sorted(Comparator.comparingLong(Operation::start).thenComparingLong(Operation::id))
        .toList();
  }

  /** Code that was executed, as it was found. */
  public Collection<CodeMap> maps() {
    return maps;
  }

  /** The mapping that an address of a process belongs to, the newest first; null when unknown. */
  public @Nullable CodeMap mapAt(int pid, long address) {
    for (int i = maps.size() - 1; i >= 0; i--) {
      CodeMap map = maps.get(i);
      if (map.pid == pid && address >= map.start && address < map.end) {
        return map;
      }
    }
    return null;
  }

  private void add(CallTree.Root root, CallNode node) {
    switch (node) {
      case Call call -> {
        if (call.method().systemCall() && call.operation() != 0) {
          operation(root, call.operation(), call.time()).graph(call);
        }
        call.children().forEach(child -> add(root, child));
      }
      case CallNode.Event event -> event(root, event);
      case CallNode.Gap gap -> {}
    }
  }

  private Operation operation(CallTree.Root root, long id, long time) {
    return byId.computeIfAbsent(
        id,
        key ->
            new Operation(id, new Operation.CallOwner(root.pid(), root.tid(), root.comm()), time));
  }

  private void event(CallTree.Root root, CallNode.Event event) {
    String name = event.point().pointName();
    if (name.equals("user_map")) {
      maps.add(
          new CodeMap(
              root.pid(),
              event.value("start"),
              event.value("end"),
              event.value("offset"),
              event.text("path")));
    }
    if (event.operation() == 0 || root.pid() == 0) {
      return; // a thread of the kernel that works for an operation adds nothing to it
    }
    Operation operation = operation(root, event.operation(), event.time());
    switch (name) {
      case "sys_enter" -> operation.enter((int) event.value("id"), event.value("pc"), event.time());
      case "sys_exit" -> operation.exit(event.value("ret"), event.time());
      case "sys_enter_decoded" -> operation.asked(event.text("name"), event.text("args"));
      case "sys_exit_decoded" -> operation.answered(event.text("args"), event.text("result"));
      case "user_stack" -> operation.stack(event.text("addresses"));
      case "vfs_write", "vfs_read", "vfs_fsync", "vfs_open" -> operation.path(event.text("path"));
      default -> {}
    }
  }
}
