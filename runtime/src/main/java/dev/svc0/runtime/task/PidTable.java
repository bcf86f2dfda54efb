package dev.svc0.runtime.task;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Thread ids: given out upwards and around, never one that is still a thread, a process group or a
 * session. Allocation under the task list lock.
 */
final class PidTable {
  static final int PID_MAX = 32768;

  /** After the first round, low ids stay with the processes that boot. */
  private static final int RESERVED = 300;

  private final Kernel kernel;
  private final int limit;
  private final Map<Integer, Task> tasks = new ConcurrentHashMap<>();
  private int last;

  PidTable(Kernel kernel, int limit) {
    this.kernel = kernel;
    this.limit = Math.min(limit, PID_MAX - RESERVED);
  }

  /** A free id, or −EAGAIN. */
  int allocate() {
    if (tasks.size() >= limit) {
      return Kernel.TOO_MANY_TASKS;
    }
    int candidate = last;
    do {
      candidate = candidate + 1 >= PID_MAX ? RESERVED : candidate + 1;
    } while (inUse(candidate));
    last = candidate;
    return candidate;
  }

  private boolean inUse(int id) {
    if (tasks.containsKey(id)) {
      return true;
    }
    for (SignalStruct process : kernel.processes()) {
      if (process.processGroup == id || process.session == id) {
        return true;
      }
    }
    return false;
  }

  void publish(Task task) {
    tasks.put(task.tid(), task);
  }

  void remove(Task task) {
    tasks.remove(task.tid(), task);
  }

  @Nullable Task find(int tid) {
    return tasks.get(tid);
  }

  Iterable<Task> all() {
    return tasks.values();
  }

  int size() {
    return tasks.size();
  }
}
