package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.vfs.Cred;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind. Under the monitor of {@link IpcNamespace}.
 *
 * <p>A number has an index into the table in its low 15 bits, and above them how often indices have
 * begun anew. Indices are handed out in a cycle of 64, or of half as many again as there are
 * objects, so that a number that was removed is not soon another object's. <i>Linux:</i> {@code
 * ipc_ids}.
 */
final class IpcTable<T extends IpcObject> {
  private static final int INDEX_BITS = 15;
  private static final int INDEX = (1 << INDEX_BITS) - 1;
  private static final int SHORTEST_CYCLE = 64;
  private static final int MOST_SEQUENCES = Integer.MAX_VALUE >> INDEX_BITS;

  private final int most;
  private final TreeMap<Integer, T> byIndex = new TreeMap<>();
  private final Map<Integer, T> byKey = new HashMap<>();
  private int lastIndex = -1;
  private int sequence;

  IpcTable(int most) {
    this.most = most;
  }

  /**
   * The object of a key, or a new one. <i>Linux:</i> ipcget.
   *
   * @param check what an object that is there must fulfil: 0 or −errno
   * @param maker makes one with a number; null for −errno in error[0]
   */
  long get(
      Cred cred,
      int key,
      int flags,
      ToLongFunction<T> check,
      IntFunction<@Nullable T> maker,
      long[] error) {
    T found = key == Ipc.IPC_PRIVATE ? null : byKey.get(key);
    if (found != null) {
      int both = Ipc.IPC_CREAT | Ipc.IPC_EXCL;
      if ((flags & both) == both) {
        return -Errno.EEXIST;
      }
      long wrong = check.applyAsLong(found);
      if (wrong != 0) {
        return wrong;
      }
      int wanted = (flags >> 6 | flags >> 3 | flags) & 7;
      return found.allows(cred, wanted) ? found.id : -Errno.EACCES;
    }
    if (key != Ipc.IPC_PRIVATE && (flags & Ipc.IPC_CREAT) == 0) {
      return -Errno.ENOENT;
    }
    if (byIndex.size() >= most) {
      return -Errno.ENOSPC;
    }
    int index = nextIndex();
    int number = index > lastIndex ? sequence : (sequence + 1) % MOST_SEQUENCES;
    T made = maker.apply(number << INDEX_BITS | index);
    if (made == null) {
      return error[0];
    }
    lastIndex = index;
    sequence = number;
    byIndex.put(index, made);
    if (key != Ipc.IPC_PRIVATE) {
      byKey.put(key, made);
    }
    return made.id;
  }

  private int nextIndex() {
    int cycle = Math.min(most, Math.max(byIndex.size() * 3 / 2, SHORTEST_CYCLE));
    for (int index = lastIndex + 1; index < cycle; index++) {
      if (!byIndex.containsKey(index)) {
        return index;
      }
    }
    int index = 0;
    while (byIndex.containsKey(index)) {
      index++;
    }
    return index;
  }

  /** The object of a number. */
  @Nullable T find(int id) {
    T found = byIndex.get(id & INDEX);
    return found != null && found.id == id ? found : null;
  }

  /** The object at an index, whatever its sequence. */
  @Nullable T findAt(int index) {
    return byIndex.get(index & INDEX);
  }

  /** The largest index in use; 0 when there is none. */
  int largestIndex() {
    return byIndex.isEmpty() ? 0 : byIndex.lastKey();
  }

  int size() {
    return byIndex.size();
  }

  static int sequenceOf(int id) {
    return id >> INDEX_BITS;
  }

  /** Its key is free for another, and its number still finds it. */
  void forgetKey(T object) {
    byKey.remove(object.key, object);
  }

  /** Nobody finds it any more. */
  void remove(T object) {
    object.removed = true;
    byIndex.remove(object.id & INDEX, object);
    forgetKey(object);
  }

  /** All of them, by index. */
  Iterable<T> all() {
    return byIndex.values();
  }
}
