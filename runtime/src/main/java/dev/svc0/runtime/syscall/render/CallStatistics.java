package dev.svc0.runtime.syscall.render;

import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallStatistics;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.AbstractHistogram;

/**
 * What {@link SyscallStatistics} knows at this moment, for people and for programs. Times are in
 * nanoseconds and sampled; counts are exact.
 */
public final class CallStatistics {
  private static final String ROW = "%-24s %10s %10s %10s %10s %10s %10s%n";

  private final SyscallDispatch table;

  /** Reads the statistics of a table. */
  public CallStatistics(SyscallDispatch table) {
    this.table = table;
  }

  /** A line for each call, most used first, then those outside the table. */
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            ROW, "system call", "calls", "errors", "timed", "p50 ns", "p99 ns", "max ns"));
    for (SyscallStatistics.Call call : byUse()) {
      AbstractHistogram times = call.latency();
      out.append(
          String.format(
              ROW,
              name(call.nr()),
              call.calls(),
              call.errors(),
              times == null ? 0 : times.getTotalCount(),
              times == null ? "-" : times.getValueAtPercentile(50),
              times == null ? "-" : times.getValueAtPercentile(99),
              times == null ? "-" : times.getMaxValue()));
    }
    table
        .statistics()
        .beyondTable()
        .forEach((nr, calls) ->
            out.append(
                String.format(ROW, Integer.toUnsignedString(nr), calls, calls, 0, "-", "-", "-")));
    return out.toString();
  }

  /**
   * {@code {"calls": [{"nr", "name", "calls", "errors", "latency": {…}|null}], "beyond_table"}}.
   */
  public String json() {
    return "{\"calls\": [\n"
        + byUse().stream().map(this::object).collect(Collectors.joining(",\n"))
        + "\n],\n\"beyond_table\": "
        + table.statistics().beyondTable().entrySet().stream()
            .map(CallStatistics::pair)
            .collect(Collectors.joining(", ", "{", "}"))
        + "}\n";
  }

  private static String pair(Map.Entry<Integer, Long> entry) {
    return "\"" + Integer.toUnsignedString(entry.getKey()) + "\": " + entry.getValue();
  }

  private String object(SyscallStatistics.Call call) {
    return "{\"nr\": %d, \"name\": \"%s\", \"calls\": %d, \"errors\": %d, \"latency\": %s}"
        .formatted(call.nr(), name(call.nr()), call.calls(), call.errors(), times(call));
  }

  private static String times(SyscallStatistics.Call call) {
    AbstractHistogram times = call.latency();
    return times == null
        ? "null"
        : String.format(
            Locale.ROOT,
            "{\"timed\": %d, \"min\": %d, \"mean\": %.1f, \"p50\": %d, \"p90\": %d, \"p99\": %d,"
                + " \"p999\": %d, \"max\": %d}",
            times.getTotalCount(),
            times.getMinValue(),
            times.getMean(),
            times.getValueAtPercentile(50),
            times.getValueAtPercentile(90),
            times.getValueAtPercentile(99),
            times.getValueAtPercentile(99.9),
            times.getMaxValue());
  }

  private List<SyscallStatistics.Call> byUse() {
    return table.statistics().calls().stream()
        .sorted(Comparator.comparingLong(SyscallStatistics.Call::calls).reversed())
        .toList();
  }

  private String name(int nr) {
    SyscallInfo info = table.info(nr);
    return info == null ? "syscall_" + nr : info.name();
  }
}
