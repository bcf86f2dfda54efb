package dev.svc0.runtime.task;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.sched.Parking;
import dev.svc0.runtime.sched.WaitQueue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Threads that wait for words of user memory. <i>Linux:</i> kernel/futex.
 *
 * <p>A word is known by its address space and address when it is private, by the host address of
 * its frame when it may be shared. Queues are first come, first served.
 *
 * <p><b>Locks:</b> the monitor of a bucket; two buckets in order of their index.
 */
@Traced(layer = Traced.Layer.TASK)
public final class FutexTable {
  private static final int BUCKETS = 256;

  /** Shared words have no address space. */
  private static final Object SHARED = new Object();

  static final class Bucket {
    final int index;
    @Nullable FutexQ first;

    Bucket(int index) {
      this.index = index;
    }

    void append(FutexQ q) {
      q.next = null;
      q.bucket = this;
      FutexQ last = first;
      if (last == null) {
        first = q;
        return;
      }
      while (last.next != null) {
        last = last.next;
      }
      last.next = q;
    }

    void remove(FutexQ q) {
      FutexQ before = null;
      for (FutexQ at = first; at != null; before = at, at = at.next) {
        if (at == q) {
          if (before == null) {
            first = q.next;
          } else {
            before.next = q.next;
          }
          q.next = null;
          q.bucket = null;
          return;
        }
      }
    }
  }

  /** Whether a word can be shared between processes. */
  public enum Scope {
    PRIVATE,
    SHARED
  }

  private final Bucket[] buckets = new Bucket[BUCKETS];
  private final PiFutexes pi = new PiFutexes();

  FutexTable() {
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new Bucket(i);
    }
  }

  static Object space(Task task, Scope scope) {
    return scope == Scope.PRIVATE ? task.memory() : SHARED;
  }

  static long offset(Task task, long address, Scope scope) {
    MemoryManager mm = task.memory();
    mm.readInt(address);
    return scope == Scope.PRIVATE ? address : mm.hostAddressOf(address);
  }

  private Bucket bucket(Object space, long offset) {
    long hash = (offset >>> 2) * 0x9E3779B97F4A7C15L + System.identityHashCode(space);
    return buckets[(int) (hash >>> 40) & BUCKETS - 1];
  }

  /** Words that say who owns a lock. */
  public PiFutexes pi() {
    return pi;
  }

  private static boolean misaligned(long address) {
    return (address & 3) != 0;
  }

  /**
   * Waits while the word has the expected value.
   *
   * @param deadlineNanos on {@link System#nanoTime}, or {@link WaitQueue#NO_DEADLINE}
   * @return 0 when woken, −EAGAIN when the word has another value, −ETIMEDOUT, −ERESTARTSYS
   */
  @Traced("futex_wait")
  public long wait(
      Task task, long address, Scope scope, int expected, int bitset, long deadlineNanos) {
    if (bitset == 0 || misaligned(address)) {
      return -Errno.EINVAL;
    }
    Object space = space(task, scope);
    long offset = offset(task, address, scope);
    Bucket bucket = bucket(space, offset);
    FutexQ q = task.futexQ();
    synchronized (bucket) {
      if (task.memory().readInt(address) != expected) {
        return -Errno.EAGAIN;
      }
      q.space = space;
      q.offset = offset;
      q.bitset = bitset;
      q.woken = false;
      bucket.append(q);
    }
    return sleep(task, q, deadlineNanos);
  }

  /** One of several words to wait for, and the value that it should have. */
  public record Word(long address, Scope scope, int expected) {}

  /**
   * Waits until one of several words is woken. <i>Linux:</i> {@code futex_wait_multiple}.
   *
   * @return the index of a word that was woken, −EAGAIN when one has another value, −ETIMEDOUT,
   *     −ERESTARTSYS
   */
  @Traced("futex_wait_multiple")
  public long waitMultiple(Task task, List<Word> words, long deadlineNanos) {
    for (Word word : words) {
      if (misaligned(word.address)) {
        return -Errno.EINVAL;
      }
      offset(task, word.address, word.scope);
    }
    List<FutexQ> queued = new ArrayList<>(words.size());
    try {
      for (Word word : words) {
        if (!enqueue(task, word, queued)) {
          return orWoken(queued, -Errno.EAGAIN);
        }
      }
      return sleepMultiple(task, queued, deadlineNanos);
    } finally {
      queued.forEach(FutexTable::unqueue);
    }
  }

  private boolean enqueue(Task task, Word word, List<FutexQ> queued) {
    FutexQ q = new FutexQ(task);
    Object space = space(task, word.scope);
    long offset = offset(task, word.address, word.scope);
    Bucket bucket = bucket(space, offset);
    synchronized (bucket) {
      if (task.memory().readInt(word.address) != word.expected) {
        return false;
      }
      q.space = space;
      q.offset = offset;
      q.bitset = -1;
      bucket.append(q);
      queued.add(q);
    }
    return true;
  }

  /** Leaves all queues; the last index that was woken, or another result. */
  private static long orWoken(List<FutexQ> queued, long otherwise) {
    long result = otherwise;
    for (int i = 0; i < queued.size(); i++) {
      if (!unqueue(queued.get(i))) {
        result = i;
      }
    }
    return result;
  }

  private static long sleepMultiple(Task task, List<FutexQ> queued, long deadlineNanos) {
    while (queued.stream().noneMatch(q -> q.woken)) {
      if (task.signalPending()) {
        return orWoken(queued, -InternalErrno.ERESTARTSYS);
      }
      if (deadlineNanos == WaitQueue.NO_DEADLINE) {
        Parking.park(queued);
      } else {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return orWoken(queued, -Errno.ETIMEDOUT);
        }
        Parking.parkNanos(queued, left);
      }
    }
    return orWoken(queued, -Errno.EAGAIN);
  }

  private static long sleep(Task task, FutexQ q, long deadlineNanos) {
    while (!q.woken) {
      if (task.signalPending()) {
        return unqueue(q) ? -InternalErrno.ERESTARTSYS : 0;
      }
      if (deadlineNanos == WaitQueue.NO_DEADLINE) {
        Parking.park(q);
      } else {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return unqueue(q) ? -Errno.ETIMEDOUT : 0;
        }
        Parking.parkNanos(q, left);
      }
    }
    return 0;
  }

  /** Leaves the queue; false when somebody woke the thread first. */
  private static boolean unqueue(FutexQ q) {
    while (true) {
      Bucket bucket = q.bucket;
      if (bucket == null) {
        return false;
      }
      synchronized (bucket) {
        if (q.bucket == bucket) {
          bucket.remove(q);
          q.space = null;
          return true;
        }
      }
    }
  }

  private static void wakeOne(Bucket bucket, FutexQ q) {
    bucket.remove(q);
    q.space = null;
    q.woken = true;
    q.task.wake();
  }

  /** Wakes up to {@code count} waiters whose bits meet. How many, or −errno. */
  @Traced("futex_wake")
  public long wake(Task task, long address, Scope scope, int count, int bitset) {
    if (bitset == 0 || misaligned(address)) {
      return -Errno.EINVAL;
    }
    return wakeKey(space(task, scope), offset(task, address, scope), count, bitset);
  }

  void wakeShared(Task task, long address, int count) {
    wakeKey(SHARED, offset(task, address, Scope.SHARED), count, -1);
  }

  private long wakeKey(Object space, long offset, int count, int bitset) {
    Bucket bucket = bucket(space, offset);
    synchronized (bucket) {
      return wakeIn(bucket, space, offset, count, bitset);
    }
  }

  private static int wakeIn(Bucket bucket, Object space, long offset, int count, int bitset) {
    int woken = 0;
    FutexQ q = bucket.first;
    while (q != null) {
      FutexQ next = q.next;
      if (q.matches(space, offset) && (q.bitset & bitset) != 0) {
        wakeOne(bucket, q);
        if (++woken >= count) {
          break;
        }
      }
      q = next;
    }
    return woken;
  }

  /** What {@link #requeue} compares the first word with. */
  public enum Compare {
    YES,
    NO
  }

  /**
   * Wakes some waiters of one word and moves others to another word.
   *
   * @return how many were woken and moved, −EAGAIN when the word has another value
   */
  @Traced("futex_requeue")
  public long requeue(
      Task task,
      long from,
      Scope fromScope,
      long to,
      Scope toScope,
      int wakeCount,
      int moveCount,
      Compare compare,
      int expected) {
    if (wakeCount < 0 || moveCount < 0 || misaligned(from) || misaligned(to)) {
      return -Errno.EINVAL;
    }
    Object space = space(task, fromScope);
    Object toSpace = space(task, toScope);
    long source = offset(task, from, fromScope);
    long target = offset(task, to, toScope);
    Bucket a = bucket(space, source);
    Bucket b = bucket(toSpace, target);
    synchronized (a.index <= b.index ? a : b) {
      synchronized (a.index <= b.index ? b : a) {
        if (compare == Compare.YES && task.memory().readInt(from) != expected) {
          return -Errno.EAGAIN;
        }
        return requeueLocked(a, b, space, source, toSpace, target, wakeCount, moveCount);
      }
    }
  }

  private static long requeueLocked(
      Bucket a,
      Bucket b,
      Object space,
      long source,
      Object toSpace,
      long target,
      int wakeCount,
      int moveCount) {
    int done = 0;
    FutexQ q = a.first;
    while (q != null && done - wakeCount < moveCount) {
      FutexQ next = q.next;
      if (q.matches(space, source)) {
        if (done < wakeCount) {
          wakeOne(a, q);
        } else if (source != target || space != toSpace) {
          a.remove(q);
          q.space = toSpace;
          q.offset = target;
          b.append(q);
        }
        done++;
      }
      q = next;
    }
    return done;
  }

  /**
   * FUTEX_WAKE_OP: changes the second word, wakes waiters of the first, and of the second when its
   * old value compares.
   */
  @Traced("futex_wake_op")
  public long wakeOp(
      Task task, long first, long second, Scope scope, int wakeFirst, int wakeSecond, int op) {
    if (misaligned(first) || misaligned(second)) {
      return -Errno.EINVAL;
    }
    Object space = space(task, scope);
    long one = offset(task, first, scope);
    long two = offset(task, second, scope);
    Bucket a = bucket(space, one);
    Bucket b = bucket(space, two);
    synchronized (a.index <= b.index ? a : b) {
      synchronized (a.index <= b.index ? b : a) {
        long compares = FutexOp.atomicOp(task.memory(), second, op);
        if (compares < 0) {
          return compares;
        }
        long woken = wakeIn(a, space, one, wakeFirst, -1);
        if (compares == 1) {
          woken += wakeIn(b, space, two, wakeSecond, -1);
        }
        return woken;
      }
    }
  }
}
