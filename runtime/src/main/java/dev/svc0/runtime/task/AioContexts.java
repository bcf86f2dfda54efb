package dev.svc0.runtime.task;

import dev.svc0.runtime.sched.WaitQueue;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of asynchronous I/O of one process, by the address that names each of them.
 * <i>Linux:</i> {@code mm->ioctx_table}. Thread-safe.
 */
public final class AioContexts {
  /** <i>Linux:</i> {@code aio_max_nr}, here for each process. */
  public static final long MOST_EVENTS = 65536;

  /** What became of a request: as {@code struct io_event}. */
  public record Event(long data, long request, long result) {}

  /** Completions that nobody has taken yet. */
  public static final class Context {
    /** Told of completions. */
    public final WaitQueue completed = new WaitQueue();

    private final long most;

    // Protected by this object's monitor.
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private long reserved;

    Context(long most) {
      this.most = most;
    }

    /** Takes room for one completion; false when there is none. */
    public synchronized boolean reserve() {
      if (reserved >= most) {
        return false;
      }
      reserved++;
      return true;
    }

    /** Gives room back that no completion will take. */
    public synchronized void cancel() {
      reserved--;
    }

    /** Adds a completion for which room was taken. */
    public void complete(Event event) {
      synchronized (this) {
        events.add(event);
      }
      completed.wakeUp();
    }

    /** The next completion, or null. */
    public synchronized @Nullable Event take() {
      Event event = events.poll();
      reserved -= event == null ? 0 : 1;
      return event;
    }

    /** Completions there are. */
    public synchronized int count() {
      return events.size();
    }

    /** The most requests under way and completions not taken, together. */
    public long most() {
      return most;
    }
  }

  private final Map<Long, Context> contexts = new HashMap<>();
  private long total;

  /** A context with room for so many; false when the process has too many events. */
  public synchronized boolean add(long address, long events) {
    if (total + events > MOST_EVENTS) {
      return false;
    }
    total += events;
    contexts.put(address, new Context(events));
    return true;
  }

  public synchronized @Nullable Context find(long address) {
    return contexts.get(address);
  }

  /** Ends a context; false when there is none. */
  public synchronized boolean remove(long address) {
    Context gone = contexts.remove(address);
    total -= gone == null ? 0 : gone.most;
    return gone != null;
  }

  /** execve: the addresses are those of another program. */
  synchronized void clear() {
    contexts.clear();
    total = 0;
  }
}
