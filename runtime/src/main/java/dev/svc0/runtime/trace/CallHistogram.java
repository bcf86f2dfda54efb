package dev.svc0.runtime.trace;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Counts system calls by a key while they happen: how many, the sum of a value, and how many of
 * each power of two. Any thread.
 */
public final class CallHistogram {
  private static final int BUCKETS = 64;
  private static final int COUNT = BUCKETS;
  private static final int SUM = BUCKETS + 1;
  private static final int BAR = 40;

  /** Keys after this many share one row. */
  private static final int MOST_KEYS = 10_000;

  private static final String REST = "(others)";

  private final String title;
  private final Function<CallFacts, String> key;
  private final ToLongFunction<CallFacts> value;
  private final Map<String, AtomicLongArray> rows = new ConcurrentHashMap<>();

  /** Counts a value by a key. */
  public CallHistogram(
      String title, Function<CallFacts, String> key, ToLongFunction<CallFacts> value) {
    this.title = title;
    this.key = key;
    this.value = value;
  }

  void add(CallFacts facts) {
    String name = key.apply(facts);
    AtomicLongArray row = rows.get(name);
    if (row == null) {
      row =
          rows.computeIfAbsent(
              rows.size() < MOST_KEYS ? name : REST, n -> new AtomicLongArray(BUCKETS + 2));
    }
    long counted = Math.max(0, value.applyAsLong(facts));
    row.incrementAndGet(counted == 0 ? 0 : 63 - Long.numberOfLeadingZeros(counted));
    row.incrementAndGet(COUNT);
    row.addAndGet(SUM, counted);
  }

  /** How many calls have a key. */
  public long count(String name) {
    AtomicLongArray row = rows.get(name);
    return row == null ? 0 : row.get(COUNT);
  }

  /** The sum of the values of a key. */
  public long sum(String name) {
    AtomicLongArray row = rows.get(name);
    return row == null ? 0 : row.get(SUM);
  }

  /** Writes a histogram for each key, the largest sum first. */
  public void write(Appendable out) throws IOException {
    out.append("# ").append(title).append('\n');
    List<Map.Entry<String, AtomicLongArray>> sorted =
        rows.entrySet().stream()
            .sorted(
                Comparator.comparingLong(
                        (Map.Entry<String, AtomicLongArray> row) -> -row.getValue().get(SUM))
                    .thenComparing(Map.Entry::getKey))
            .toList();
    for (Map.Entry<String, AtomicLongArray> row : sorted) {
      write(row.getKey(), row.getValue(), out);
    }
  }

  private static void write(String name, AtomicLongArray row, Appendable out) throws IOException {
    out.append(
        String.format(Locale.ROOT, "%n%s: count %d, sum %d%n", name, row.get(COUNT), row.get(SUM)));
    int first = BUCKETS;
    int last = 0;
    long most = 1;
    for (int i = 0; i < BUCKETS; i++) {
      if (row.get(i) > 0) {
        first = Math.min(first, i);
        last = i;
        most = Math.max(most, row.get(i));
      }
    }
    for (int i = first; i <= last; i++) {
      int bar = (int) (row.get(i) * BAR / most);
      out.append(
          String.format(
              Locale.ROOT,
              "[%12s, %12s) %8d |%-40s|%n",
              i == 0 ? 0 : 1L << i,
              1L << i + 1,
              row.get(i),
              "@".repeat(bar)));
    }
  }
}
