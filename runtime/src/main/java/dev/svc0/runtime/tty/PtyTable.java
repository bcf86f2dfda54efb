package dev.svc0.runtime.tty;

import dev.svc0.runtime.vfs.Cred;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The pseudo-terminals of a kernel by number. */
public final class PtyTable {
  /** /proc/sys/kernel/pty/max. */
  static final int MAX = 4096;

  /** Told when a pair comes and goes: /dev/pts. */
  public interface Listener {
    /** There is a slave of this number, owned by whoever opened its master. */
    void added(int number, Cred owner);

    /** There is none any more. */
    void removed(int number);
  }

  private final Map<Integer, PtyPair> pairs = new ConcurrentSkipListMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Tells it of the pairs there are and of every later one. */
  public synchronized void addListener(Listener listener) {
    listeners.add(listener);
    for (PtyPair pair : pairs.values()) {
      listener.added(pair.number(), pair.owner());
    }
  }

  /** Stops telling it. */
  public void removeListener(Listener listener) {
    listeners.remove(listener);
  }

  /** A new pair with the lowest free number; null when there are too many. */
  synchronized @Nullable PtyPair create(Cred owner) {
    for (int number = 0; number < MAX; number++) {
      if (!pairs.containsKey(number)) {
        PtyPair pair = new PtyPair(number, owner);
        pairs.put(number, pair);
        for (Listener listener : listeners) {
          listener.added(number, owner);
        }
        return pair;
      }
    }
    return null;
  }

  /** The master of the pair is closed. */
  synchronized void remove(PtyPair pair) {
    for (Listener listener : listeners) {
      listener.removed(pair.number());
    }
    pairs.remove(pair.number(), pair);
  }

  /** The slave of that number; null when there is none. */
  public @Nullable Tty slave(int number) {
    PtyPair pair = pairs.get(number);
    return pair == null ? null : pair.slave();
  }
}
