package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Signals;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Signals that were sent and not yet taken, of a thread or of a process. Protected by the lock of
 * the {@link SignalStruct}.
 */
final class SigPending {
  /** Signals that an instruction causes: taken before all others. */
  private static final long SYNCHRONOUS =
      bit(Signals.SIGSEGV)
          | bit(Signals.SIGBUS)
          | bit(Signals.SIGILL)
          | bit(Signals.SIGTRAP)
          | bit(Signals.SIGFPE)
          | bit(Signals.SIGSYS);

  long signals;
  private final Deque<SigInfo> queue = new ArrayDeque<>();

  static long bit(int signal) {
    return 1L << (signal - 1);
  }

  boolean has(int signal) {
    return (signals & bit(signal)) != 0;
  }

  void add(SigInfo info) {
    signals |= bit(info.signal());
    queue.addLast(info);
  }

  /** The number of the signal to take next that the mask does not block; 0 for none. */
  int next(long blocked) {
    long candidates = signals & ~blocked;
    if (candidates == 0) {
      return 0;
    }
    long synchronous = candidates & SYNCHRONOUS;
    return Long.numberOfTrailingZeros(synchronous != 0 ? synchronous : candidates) + 1;
  }

  /** Takes the oldest entry of a signal. */
  @Nullable SigInfo take(int signal) {
    SigInfo found = null;
    boolean more = false;
    for (Iterator<SigInfo> all = queue.iterator(); all.hasNext(); ) {
      SigInfo info = all.next();
      if (info.signal() != signal) {
        continue;
      }
      if (found == null) {
        found = info;
        all.remove();
      } else {
        more = true;
        break;
      }
    }
    if (!more) {
      signals &= ~bit(signal);
    }
    return found == null ? SigInfo.user(signal, 0, 0, 0) : found;
  }

  void flush(long mask) {
    if ((signals & mask) != 0) {
      signals &= ~mask;
      queue.removeIf(info -> (bit(info.signal()) & mask) != 0);
    }
  }

  /** Marks SIGKILL without an entry: the end of a thread group. */
  void addKill() {
    signals |= bit(Signals.SIGKILL);
  }

  int size() {
    return queue.size();
  }

  /** Whether this very entry is still waiting. */
  boolean contains(SigInfo info) {
    return queue.contains(info);
  }

  void remove(SigInfo info) {
    if (queue.remove(info) && queue.stream().noneMatch(i -> i.signal() == info.signal())) {
      signals &= ~bit(info.signal());
    }
  }
}
