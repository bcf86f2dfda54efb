package dev.svc0.runtime.syscall;

import static dev.svc0.runtime.abi.Errno.ENOSYS;

import dev.svc0.runtime.syscall.SyscallInfo.Origin;
import dev.svc0.runtime.task.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The handlers that joined a table at run time, by number. Never changed: joining makes a new one.
 */
final class Extensions {
  private final @Nullable Slot[] slots = new @Nullable Slot[TableDispatch.NUMBERS];

  /** One call: what is known about it in this ABI, and where to make it. */
  private record Slot(SyscallInfo info, SyscallModule module, int moduleNr) {}

  private Extensions() {}

  /** What was joined before, and the calls of more modules; all of them or none. */
  static Extensions join(
      @Nullable Extensions before, List<SyscallModule> modules, SyscallDispatch table)
      throws SyscallCollisionException {
    Extensions joined = new Extensions();
    if (before != null) {
      System.arraycopy(before.slots, 0, joined.slots, 0, joined.slots.length);
    }
    Map<String, SyscallInfo> byName = new HashMap<>();
    table.all().forEach(call -> byName.put(call.name(), call));
    List<String> collisions = new ArrayList<>();
    for (SyscallModule module : modules) {
      for (SyscallInfo call : module.describe()) {
        String collision = joined.add(module, call, byName, table);
        if (!collision.isEmpty()) {
          collisions.add(collision);
        }
      }
    }
    if (!collisions.isEmpty()) {
      throw new SyscallCollisionException(collisions);
    }
    return joined;
  }

  private String add(
      SyscallModule module,
      SyscallInfo call,
      Map<String, SyscallInfo> byName,
      SyscallDispatch table) {
    SyscallInfo sameName = byName.get(call.name());
    int nr = call.nr();
    if (call.origin() != Origin.OWN) {
      if (sameName == null) {
        return call.handler() + ": " + table.abi() + " has no call \"" + call.name() + "\"";
      }
      nr = sameName.nr();
    } else if (sameName != null && sameName.nr() != nr) {
      return call.handler()
          + ": the name \""
          + call.name()
          + "\" belongs to number "
          + sameName.nr()
          + handledBy(sameName);
    }
    Slot slot = slots[nr];
    SyscallInfo taken = slot == null ? table.info(nr) : slot.info;
    if (taken != null && taken.implemented()) {
      return call.handler() + ": number " + nr + " is \"" + taken.name() + "\"" + handledBy(taken);
    }
    SyscallInfo renumbered = renumbered(call, nr);
    byName.put(call.name(), renumbered);
    slots[nr] = new Slot(renumbered, module, call.nr());
    return "";
  }

  private static String handledBy(SyscallInfo call) {
    return call.implemented() ? ", handled by " + call.handler() : "";
  }

  private static SyscallInfo renumbered(SyscallInfo call, int nr) {
    return new SyscallInfo(
        nr,
        call.name(),
        call.origin(),
        call.support(),
        call.note(),
        call.since(),
        call.handler(),
        call.errors(),
        call.restart(),
        call.arguments());
  }

  long call(Task task, int nr, long x0, long x1, long x2, long x3, long x4, long x5) {
    Slot slot = nr >= 0 && nr < slots.length ? slots[nr] : null;
    return slot == null ? -ENOSYS : slot.module.call(task, slot.moduleNr, x0, x1, x2, x3, x4, x5);
  }

  /** A table's rows with those of the extensions in their places. */
  List<SyscallInfo> rows(List<SyscallInfo> rows) {
    TreeMap<Integer, SyscallInfo> all = new TreeMap<>();
    rows.forEach(row -> all.put(row.nr(), row));
    for (Slot slot : slots) {
      if (slot != null) {
        all.put(slot.info.nr(), slot.info);
      }
    }
    return List.copyOf(all.values());
  }
}
