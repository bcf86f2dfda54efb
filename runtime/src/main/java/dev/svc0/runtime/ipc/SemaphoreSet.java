package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.vfs.Cred;
import java.util.HashMap;
import java.util.Map;

/**
 * A set of semaphores. Under the monitor of {@link IpcNamespace}. <i>Linux:</i> {@code sem_array}.
 */
final class SemaphoreSet extends IpcObject {
  /** The operations cannot be done now. */
  static final long MUST_WAIT = 1;

  final int[] values;
  final int[] pids;
  final int[] waitForMore;
  final int[] waitForZero;
  long operationSeconds;
  long changeSeconds;

  /** What is added to each semaphore when a process ends. */
  private final Map<Integer, int[]> undo = new HashMap<>();

  SemaphoreSet(int id, int key, int mode, Cred cred, int count) {
    super(id, key, mode, cred);
    values = new int[count];
    pids = new int[count];
    waitForMore = new int[count];
    waitForZero = new int[count];
    changeSeconds = System.currentTimeMillis() / 1000;
  }

  /**
   * Does all operations or none.
   *
   * @param ops number, operation and flags of each in turn
   * @param blocking out: the index of the operation that must wait
   * @return 0, {@link #MUST_WAIT}, or −errno
   */
  long perform(int[] ops, int pid, int[] blocking) {
    int[] next = values.clone();
    int[] adjust = null;
    for (int i = 0; i < ops.length; i += 3) {
      int number = ops[i];
      int change = ops[i + 1];
      boolean stuck = change == 0 ? next[number] != 0 : next[number] + change < 0;
      if (stuck) {
        blocking[0] = i;
        return (ops[i + 2] & Ipc.IPC_NOWAIT) != 0 ? -Errno.EAGAIN : MUST_WAIT;
      }
      next[number] += change;
      if (next[number] > Ipc.SEMVMX) {
        return -Errno.ERANGE;
      }
      if ((ops[i + 2] & Ipc.SEM_UNDO) != 0) {
        if (adjust == null) {
          adjust = undo.getOrDefault(pid, new int[values.length]).clone();
        }
        adjust[number] -= change;
        if (adjust[number] < -Ipc.SEMAEM - 1 || adjust[number] > Ipc.SEMAEM) {
          return -Errno.ERANGE;
        }
      }
    }
    System.arraycopy(next, 0, values, 0, next.length);
    if (adjust != null) {
      undo.put(pid, adjust);
    }
    for (int i = 0; i < ops.length; i += 3) {
      pids[ops[i]] = pid;
    }
    operationSeconds = System.currentTimeMillis() / 1000;
    return 0;
  }

  void setValue(int number, int value, int pid) {
    values[number] = value;
    pids[number] = pid;
    for (int[] adjust : undo.values()) {
      adjust[number] = 0;
    }
    changeSeconds = System.currentTimeMillis() / 1000;
  }

  /** A process has ended; whether anything changed. */
  boolean processEnded(int pid) {
    int[] adjust = undo.remove(pid);
    if (adjust == null) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if (adjust[i] != 0) {
        values[i] = Math.clamp(values[i] + (long) adjust[i], 0, Ipc.SEMVMX);
        pids[i] = pid;
      }
    }
    return true;
  }
}
