package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.FutexConstants.FUTEX_OWNER_DIED;
import static dev.svc0.runtime.abi.FutexConstants.FUTEX_TID_MASK;
import static dev.svc0.runtime.abi.FutexConstants.FUTEX_WAITERS;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.sched.Parking;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.task.FutexTable.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Locks whose word holds the owner's thread id, and which the kernel hands to the longest waiter.
 * <i>Linux:</i> kernel/futex/pi.c.
 *
 * <p>Differs on purpose: there is no priority to lend, because all threads run with the host's, so
 * waiters are served in the order in which they came.
 *
 * <p><b>Locks:</b> the monitor of this object protects all waiters and who owns what they wait for.
 * User memory is touched under it; nobody sleeps with it.
 */
@Traced(layer = Traced.Layer.TASK)
public final class PiFutexes {
  private record Key(Object space, long offset) {}

  /** A lock somebody waits for. */
  private static final class Lock {
    final Key key;
    @Nullable Task owner;
    final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    Lock(Key key, Task owner) {
      this.key = key;
      this.owner = owner;
    }
  }

  /** A thread that waits, and the word as it sees it. */
  private static final class Waiter {
    final Task task;
    final Lock lock;
    final long address;
    volatile boolean granted;

    Waiter(Task task, Lock lock, long address) {
      this.task = task;
      this.lock = lock;
      this.address = address;
    }
  }

  /** Whether {@link #lock} waits. */
  public enum Mode {
    WAIT,
    TRY
  }

  private final Map<Key, Lock> locks = new HashMap<>();
  private final Map<Task, Waiter> waiting = new HashMap<>();

  private static Key key(Task task, long address, Scope scope) {
    return new Key(FutexTable.space(task, scope), FutexTable.offset(task, address, scope));
  }

  /**
   * Takes a lock, after waiting for it if need be.
   *
   * @param deadlineNanos on {@link System#nanoTime}, or {@link WaitQueue#NO_DEADLINE}
   * @return 0; −EDEADLK when the caller has it or waits for itself; −EAGAIN when it is taken and
   *     the caller does not wait; −ESRCH when there is no such owner; −ETIMEDOUT, −ERESTARTNOINTR
   */
  @Traced("futex_lock_pi")
  public long lock(Task task, long address, Scope scope, Mode mode, long deadlineNanos) {
    if ((address & 3) != 0) {
      return -Errno.EINVAL;
    }
    Key key = key(task, address, scope);
    while (true) {
      Waiter waiter;
      synchronized (this) {
        long result = tryLock(task, address, key, mode);
        if (result <= 0) {
          return result;
        }
        waiter = waiting.get(task);
      }
      if (waiter != null) {
        return sleep(waiter, deadlineNanos);
      }
      Thread.yield(); // the owner is about to end, and will say so in the word or be gone
    }
  }

  /** 0: taken; 1: the task waits now, or is not among the waiters and has to try again; −errno. */
  private long tryLock(Task task, long address, Key key, Mode mode) {
    while (true) {
      int word = task.memory().readInt(address);
      int owner = word & FUTEX_TID_MASK;
      if (owner == task.tid()) {
        return -Errno.EDEADLK;
      }
      Lock lock = locks.get(key);
      if (lock == null && owner == 0) {
        if (exchange(task, address, word, word & FUTEX_OWNER_DIED | task.tid())) {
          return 0;
        }
        continue;
      }
      if ((word & FUTEX_WAITERS) == 0 && !exchange(task, address, word, word | FUTEX_WAITERS)) {
        continue;
      }
      return lock == null
          ? attachToOwner(task, address, key, owner, mode)
          : join(task, address, lock, mode);
    }
  }

  private static boolean exchange(Task task, long address, int from, int to) {
    return task.memory().compareAndExchangeInt(address, from, to) == from;
  }

  private long attachToOwner(Task task, long address, Key key, int ownerTid, Mode mode) {
    Task owner = task.kernel().findTask(ownerTid);
    if (owner == null || owner.isDead()) {
      return (task.memory().readInt(address) & FUTEX_TID_MASK) == ownerTid ? -Errno.ESRCH : 1;
    }
    if (owner.exitedFutexes) {
      return 1;
    }
    Lock lock = new Lock(key, owner);
    long result = join(task, address, lock, mode);
    if (result > 0) {
      locks.put(key, lock);
    }
    return result;
  }

  private long join(Task task, long address, Lock lock, Mode mode) {
    if (mode == Mode.TRY) {
      return -Errno.EAGAIN;
    }
    Task owner = lock.owner;
    for (Task at = owner; at != null; ) {
      if (at == task) {
        return -Errno.EDEADLK;
      }
      Waiter next = waiting.get(at);
      at = next == null ? null : next.lock.owner;
    }
    Waiter waiter = new Waiter(task, lock, address);
    lock.waiters.add(waiter);
    waiting.put(task, waiter);
    return 1;
  }

  private long sleep(Waiter waiter, long deadlineNanos) {
    while (!waiter.granted) {
      long left = deadlineNanos - System.nanoTime();
      boolean timedOut = deadlineNanos != WaitQueue.NO_DEADLINE && left <= 0;
      if (timedOut || waiter.task.signalPending()) {
        synchronized (this) {
          if (!waiter.granted) {
            leave(waiter);
            return timedOut ? -Errno.ETIMEDOUT : -InternalErrno.ERESTARTNOINTR;
          }
        }
      } else if (deadlineNanos == WaitQueue.NO_DEADLINE) {
        Parking.park(waiter);
      } else {
        Parking.parkNanos(waiter, left);
      }
    }
    return 0;
  }

  private void leave(Waiter waiter) {
    waiting.remove(waiter.task);
    waiter.lock.waiters.remove(waiter);
    if (waiter.lock.waiters.isEmpty()) {
      locks.remove(waiter.lock.key);
    }
  }

  /**
   * Gives a lock up, to the longest waiter if there is one.
   *
   * @return 0, or −EPERM when the caller does not have it
   */
  @Traced("futex_unlock_pi")
  public long unlock(Task task, long address, Scope scope) {
    if ((address & 3) != 0) {
      return -Errno.EINVAL;
    }
    Key key = key(task, address, scope);
    synchronized (this) {
      while (true) {
        int word = task.memory().readInt(address);
        if ((word & FUTEX_TID_MASK) != task.tid()) {
          return -Errno.EPERM;
        }
        Lock lock = locks.get(key);
        Waiter next = lock == null ? null : lock.waiters.peek();
        int to = next == null ? 0 : FUTEX_WAITERS | next.task.tid();
        if (exchange(task, address, word, to)) {
          if (next != null) {
            grant(next);
          }
          return 0;
        }
      }
    }
  }

  private void grant(Waiter next) {
    leave(next);
    next.lock.owner = next.task;
    next.granted = true;
    next.task.wake();
  }

  /**
   * A task ends: whoever waits for it gets its locks, marked with FUTEX_OWNER_DIED. <i>Linux:</i>
   * {@code exit_pi_state_list}.
   */
  void exit(Task task) {
    synchronized (this) {
      // From now on nobody begins to wait for the task.
      task.exitedFutexes = true;
      List<Lock> owned = new ArrayList<>();
      for (Lock lock : locks.values()) {
        if (lock.owner == task) {
          owned.add(lock);
        }
      }
      owned.forEach(this::handOver);
    }
  }

  private void handOver(Lock lock) {
    Waiter next = lock.waiters.peek();
    if (next == null) {
      return;
    }
    try {
      int word;
      int to = FUTEX_WAITERS | FUTEX_OWNER_DIED | next.task.tid();
      do {
        word = next.task.memory().readInt(next.address);
      } while (!exchange(next.task, next.address, word, to));
    } catch (UserFault ignored) {
      // The waiter's page is gone: it finds out when it looks at the word.
    }
    grant(next);
  }
}
