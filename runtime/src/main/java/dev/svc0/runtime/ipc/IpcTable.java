package dev.svc0.runtime.ipc;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Ipc;
import dev.svc0.runtime.vfs.Cred;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The objects of one kind. Under the monitor of {@link IpcNamespace}. */
final class IpcTable<T extends IpcObject> {
  private final int most;
  private final Map<Integer, T> byId = new HashMap<>();
  private final Map<Integer, T> byKey = new HashMap<>();
  private int nextId;

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
    if (byId.size() >= most) {
      return -Errno.ENOSPC;
    }
    T made = maker.apply(nextId);
    if (made == null) {
      return error[0];
    }
    nextId++;
    byId.put(made.id, made);
    if (key != Ipc.IPC_PRIVATE) {
      byKey.put(key, made);
    }
    return made.id;
  }

  @Nullable T find(int id) {
    return byId.get(id);
  }

  /** Nobody finds it any more. */
  void remove(T object) {
    object.removed = true;
    byId.remove(object.id, object);
    byKey.remove(object.key, object);
  }

  Iterable<T> all() {
    return byId.values();
  }
}
