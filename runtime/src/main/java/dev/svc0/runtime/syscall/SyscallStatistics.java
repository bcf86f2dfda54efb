package dev.svc0.runtime.syscall;

import dev.svc0.runtime.task.SyscallCounts;
import dev.svc0.runtime.task.Task;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.AtomicHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Counters and latencies of one table, always on and readable while programs run.
 *
 * <p>Each thread counts for itself, without atomic operations; reading adds the threads up. Reading
 * the clock twice costs several times what a trivial call does, so latency is sampled: the first
 * {@value #ALWAYS_TIMED} calls a thread makes of each number, then one in {@value #TIMED_EVERY}.
 * While somebody listens, every call is timed.
 *
 * <p><i>Locks:</i> the lists of threads and of odd numbers are protected by the monitor.
 */
public final class SyscallStatistics {
  private static final int ALWAYS_TIMED = 16;
  private static final int TIMED_EVERY = 256;
  private static final int MAX_ODD_NUMBERS = 256;
  private static final int FOLD_AT = 64;
  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 2;

  private final AtomicReferenceArray<@Nullable AtomicHistogram> latencies =
      new AtomicReferenceArray<>(TableDispatch.NUMBERS);

  // Protected by the monitor.
  private final List<Thread> threads = new ArrayList<>();
  private int foldAt = FOLD_AT;
  private final long[] endedCalls = new long[TableDispatch.NUMBERS];
  private final long[] endedErrors = new long[TableDispatch.NUMBERS];
  private final Map<Integer, Long> beyondTable = new TreeMap<>();
  private final Map<Integer, Long> rejectedFlags = new TreeMap<>();
  private final Map<Integer, Long> denied = new TreeMap<>();

  /** The counts of one thread, for as long as it may still count. */
  private record Thread(WeakReference<Task> task, SyscallCounts counts) {}

  /**
   * What is known about one number.
   *
   * @param nr the number
   * @param calls how often it was called
   * @param errors how often the result was −errno
   * @param latency the times that were sampled, in nanoseconds, to two digits, an hour at most: a
   *     copy that no longer changes; null when none was
   */
  public record Call(int nr, long calls, long errors, @Nullable AbstractHistogram latency) {}

  SyscallStatistics() {}

  static boolean isTimed(long calls) {
    return calls <= ALWAYS_TIMED || (calls & (TIMED_EVERY - 1)) == 0;
  }

  synchronized void register(Task task) {
    if (threads.size() >= foldAt) {
      threads.removeIf(this::foldIfEnded);
      foldAt = Math.max(FOLD_AT, 2 * threads.size());
    }
    threads.add(new Thread(new WeakReference<>(task), task.syscalls));
  }

  /** Takes over the counts of a thread that nobody knows any more. */
  private boolean foldIfEnded(Thread thread) {
    boolean ended = thread.task.refersTo(null);
    if (ended) {
      for (int nr = 0; nr < TableDispatch.NUMBERS; nr++) {
        endedCalls[nr] += thread.counts.calls(nr);
        endedErrors[nr] += thread.counts.errors(nr);
      }
    }
    return ended;
  }

  /** Notes a time; numbers beyond the table, where a tracer may have led a call, have none. */
  void time(int nr, long nanos) {
    if (Integer.compareUnsigned(nr, TableDispatch.NUMBERS) >= 0) {
      return;
    }
    AtomicHistogram histogram = latencies.get(nr);
    if (histogram == null) {
      AtomicHistogram first = new AtomicHistogram(LONGEST_NANOS, DIGITS);
      AtomicHistogram other = latencies.compareAndExchange(nr, null, first);
      histogram = other == null ? first : other;
    }
    histogram.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
  }

  synchronized void beyondTable(int nr) {
    add(beyondTable, nr);
  }

  synchronized void rejectedFlags(int nr) {
    add(rejectedFlags, nr);
  }

  synchronized void denied(int nr) {
    add(denied, nr);
  }

  /** A program may try any of 2³² numbers: past a limit the rest count as number −1. */
  private static void add(Map<Integer, Long> counts, int nr) {
    boolean known = counts.containsKey(nr) || counts.size() < MAX_ODD_NUMBERS;
    counts.merge(known ? nr : -1, 1L, Long::sum);
  }

  /** Every number that was called, in order. */
  public synchronized List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    for (int nr = 0; nr < TableDispatch.NUMBERS; nr++) {
      long count = endedCalls[nr];
      long errors = endedErrors[nr];
      for (Thread thread : threads) {
        count += thread.counts.calls(nr);
        errors += thread.counts.errors(nr);
      }
      if (count != 0) {
        calls.add(new Call(nr, count, errors, latency(nr)));
      }
    }
    return calls;
  }

  private @Nullable AbstractHistogram latency(int nr) {
    AtomicHistogram histogram = latencies.get(nr);
    return histogram == null ? null : histogram.copy();
  }

  /** How often numbers outside the table were called; −1 stands for those past the first 256. */
  public synchronized Map<Integer, Long> beyondTable() {
    return new LinkedHashMap<>(beyondTable);
  }

  /** How often a call was refused because of flags its definition does not accept, by number. */
  public synchronized Map<Integer, Long> rejectedFlags() {
    return new LinkedHashMap<>(rejectedFlags);
  }

  /** How often a filter answered in place of the handler, by number. */
  public synchronized Map<Integer, Long> denied() {
    return new LinkedHashMap<>(denied);
  }
}
