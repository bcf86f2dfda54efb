package dev.svc0.runtime.sched;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Checks in what order threads take locks: taking one of class B while holding one of class A means
 * that A comes before B, and when B came before A somewhere else, two threads can wait for each
 * other. It notices that without the two ever meeting. <i>Linux:</i> lockdep.
 *
 * <p>On with the system property {@code svc0.lockOrder}, which the tests set; without it {@link
 * #lock} and {@link #readWriteLock} make plain locks, which cost what they always did. What is
 * found is kept and printed, not thrown: the thread goes on.
 *
 * <p>Several locks of one class are not told apart, and a lock that is only tried orders nothing.
 */
public final class LockOrder {
  /** Whether locks made from now on are checked. */
  public static final boolean ENABLED = Boolean.getBoolean("svc0.lockOrder");

  private static final int CLASSES = LockClass.values().length;
  private static final ThreadLocal<int[]> HELD = ThreadLocal.withInitial(() -> new int[CLASSES]);
  private static final List<String> VIOLATIONS = new CopyOnWriteArrayList<>();

  /** For each class the set of those that were taken with it held, a bit each. */
  private static final int[] FOLLOWERS = new int[CLASSES];

  static {
    for (int i = 0; i < LockClass.DECLARED; i++) {
      FOLLOWERS[i] = 1 << i + 1;
    }
  }

  private LockOrder() {}

  /** A lock of a class. */
  public static ReentrantLock lock(LockClass lockClass) {
    return ENABLED ? new CheckedLock(lockClass) : new ReentrantLock();
  }

  /** A lock for readers and writers of a class. */
  public static ReentrantReadWriteLock readWriteLock(LockClass lockClass) {
    return ENABLED ? new CheckedReadWriteLock(lockClass) : new ReentrantReadWriteLock();
  }

  /** What was found so far: which class was taken with which held, and where. */
  public static List<String> violations() {
    return List.copyOf(VIOLATIONS);
  }

  /** The thread is about to wait for a lock of a class. */
  public static void beforeWaiting(LockClass wanted) {
    int[] held = HELD.get();
    int to = wanted.ordinal();
    for (int from = 0; from < CLASSES; from++) {
      if (held[from] > 0 && from != to && (FOLLOWERS[from] & 1 << to) == 0) {
        learn(from, to);
      }
    }
  }

  static void taken(LockClass lockClass) {
    HELD.get()[lockClass.ordinal()]++;
  }

  /** The thread has tried for a lock: taken if it got it. Returns whether it did. */
  static boolean takenIf(boolean got, LockClass lockClass) {
    if (got) {
      taken(lockClass);
    }
    return got;
  }

  static void released(LockClass lockClass) {
    HELD.get()[lockClass.ordinal()]--;
  }

  private static synchronized void learn(int from, int to) {
    if ((FOLLOWERS[from] & 1 << to) != 0) {
      return;
    }
    FOLLOWERS[from] |= 1 << to;
    if ((reachable(to) & 1 << from) != 0) {
      LockClass[] classes = LockClass.values();
      StringBuilder text = new StringBuilder();
      text.append(classes[to]).append(" taken with ").append(classes[from]).append(" held");
      StackWalker.getInstance()
          .forEach(frame -> text.append("\n  at ").append(frame.toStackTraceElement()));
      VIOLATIONS.add(text.toString());
      System.err.println("lock order: " + text);
    }
  }

  /** All classes that come after one, itself not counted. */
  private static int reachable(int start) {
    int seen = 0;
    int next = FOLLOWERS[start];
    while (next != seen) {
      seen = next;
      for (int i = 0; i < CLASSES; i++) {
        if ((seen & 1 << i) != 0) {
          next |= FOLLOWERS[i];
        }
      }
    }
    return seen;
  }
}
