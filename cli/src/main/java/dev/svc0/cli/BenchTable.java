package dev.svc0.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What svc0 and its rivals took, as text, a line as soon as it is known, and as facts. A figure
 * that cannot be one is refused with its reason.
 */
final class BenchTable {
  /** A row of a group, in the group's unit; null where a rival is not there. */
  record Row(String name, double svc0, @Nullable Double nativeTime, @Nullable Double qemu) {
    @Nullable Double toNative() {
      return ratio(nativeTime);
    }

    @Nullable Double toQemu() {
      return ratio(qemu);
    }

    private @Nullable Double ratio(@Nullable Double rival) {
      return rival == null ? null : svc0 / rival;
    }
  }

  private final Map<BenchGroup, List<Row>> groups = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Consumer<String> lines;

  /** A table whose lines are handed on as they come. */
  BenchTable(Consumer<String> lines) {
    this.lines = lines;
  }

  /** The rows that follow are of this group. */
  void begin(BenchGroup group) {
    groups.put(group, new ArrayList<>());
    line(group.title(), "svc0", "native", "qemu", "svc0/native", "svc0/qemu");
  }

  /** Adds a row to a group, without figures that are none. */
  void add(BenchGroup group, Row row) {
    if (!sound(row.name, "svc0", row.svc0)) {
      return;
    }
    Row shown =
        new Row(
            row.name,
            row.svc0,
            sound(row.name, "native", row.nativeTime) ? row.nativeTime : null,
            sound(row.name, "qemu-aarch64", row.qemu) ? row.qemu : null);
    groups.computeIfAbsent(group, key -> new ArrayList<>()).add(shown);
    line(
        shown.name,
        number(shown.svc0),
        number(shown.nativeTime),
        number(shown.qemu),
        number(shown.toNative()),
        number(shown.toQemu()));
  }

  private boolean sound(String name, String rival, @Nullable Double figure) {
    if (figure == null || figure > 0 && Double.isFinite(figure)) {
      return true;
    }
    note(name + ", " + rival + ": " + figure + " came out, which is no time; it is left out");
    return false;
  }

  /** The group is complete. */
  void end(BenchGroup group) {
    List<Row> rows = groups.getOrDefault(group, List.of());
    if (group.hasMean() && rows.size() > 1) {
      String toNative = number(mean(rows, Row::toNative));
      line("geomean", "", "", "", toNative, number(mean(rows, Row::toQemu)));
    }
    if (!rows.isEmpty()) {
      group.bars().forEach(bar -> lines.accept(bar.line(bar.judge(rows, group.rows()))));
    }
    lines.accept("");
  }

  /** Notes what could not be compared, and why, or what to do. */
  void note(String sentence) {
    if (!notes.contains(sentence)) {
      notes.add(sentence);
      lines.accept("# " + sentence);
    }
  }

  /** The geometric mean of ratios; null when there is none. */
  private static @Nullable Double mean(List<Row> rows, Function<Row, @Nullable Double> ratios) {
    List<Double> known = new ArrayList<>();
    for (Row row : rows) {
      Double ratio = ratios.apply(row);
      if (ratio != null) {
        known.add(ratio);
      }
    }
    return geometricMean(known);
  }

  /** The geometric mean of what there is; null when there is nothing. */
  static @Nullable Double geometricMean(List<Double> ratios) {
    double logs = 0;
    for (double ratio : ratios) {
      logs += Math.log(ratio);
    }
    return ratios.isEmpty() ? null : Math.exp(logs / ratios.size());
  }

  private void line(Object... cells) {
    lines.accept(
        String.format(Locale.ROOT, "%-34s %10s %10s %10s %12s %10s", cells).stripTrailing());
  }

  /** A figure as the table shows it. */
  static String number(@Nullable Double value) {
    if (value == null) {
      return "-";
    }
    return String.format(Locale.ROOT, value < 0.1 ? "%.3f" : value < 1000 ? "%.2f" : "%.0f", value);
  }

  /** For programs. */
  Map<String, @Nullable Object> facts() {
    List<Object> all = new ArrayList<>();
    groups.forEach((group, rows) ->
        all.add(
            Json.object(
                "group", group.name(),
                "title", group.title(),
                "rows", rows.stream().map(BenchTable::facts).toList(),
                "geomean_to_native", group.hasMean() ? mean(rows, Row::toNative) : null,
                "geomean_to_qemu", group.hasMean() ? mean(rows, Row::toQemu) : null,
                "bars",
                    group.bars().stream()
                        .map(bar -> bar.facts(bar.judge(rows, group.rows())))
                        .toList())));
    return Json.object("groups", all, "notes", notes);
  }

  private static Object facts(Row row) {
    return Json.object(
        "name", row.name,
        "svc0", row.svc0,
        "native", row.nativeTime,
        "qemu", row.qemu,
        "ratio_to_native", row.toNative(),
        "ratio_to_qemu", row.toQemu());
  }
}
