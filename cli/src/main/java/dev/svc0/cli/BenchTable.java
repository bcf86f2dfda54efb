package dev.svc0.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** CPU times of svc0 and its rivals, as text or as facts. */
final class BenchTable {
  /** A program of a group; times in seconds or nanoseconds, null when a rival is not there. */
  record Row(
      String group, String name, double svc0, @Nullable Double nativeTime, @Nullable Double qemu) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  /** Notes what could not be compared, and why. */
  void missing(String sentence) {
    if (!missing.contains(sentence)) {
      missing.add(sentence);
    }
  }

  private static @Nullable Double ratio(Row row, @Nullable Double rival) {
    return rival == null || rival <= 0 ? null : row.svc0 / rival;
  }

  /** The geometric mean of a group's ratios to a rival. */
  private static @Nullable Double mean(List<Row> group, Function<Row, @Nullable Double> rival) {
    double logs = 0;
    int count = 0;
    for (Row row : group) {
      Double ratio = ratio(row, rival.apply(row));
      if (ratio != null) {
        logs += Math.log(ratio);
        count++;
      }
    }
    return count == 0 ? null : Math.exp(logs / count);
  }

  private Map<String, List<Row>> groups() {
    Map<String, List<Row>> groups = new LinkedHashMap<>();
    rows.forEach(row -> groups.computeIfAbsent(row.group, name -> new ArrayList<>()).add(row));
    return groups;
  }

  /** For people. */
  String text() {
    StringBuilder text = new StringBuilder();
    groups().forEach((group, members) -> appendGroup(text, group, members));
    missing.forEach(sentence -> text.append("# ").append(sentence).append('\n'));
    return text.toString();
  }

  private static void appendGroup(StringBuilder text, String group, List<Row> members) {
    line(text, group, "svc0", "native", "qemu", "svc0/native", "svc0/qemu");
    for (Row row : members) {
      line(
          text,
          row.name,
          number(row.svc0),
          number(row.nativeTime),
          number(row.qemu),
          number(ratio(row, row.nativeTime)),
          number(ratio(row, row.qemu)));
    }
    if (members.size() > 1) {
      String toNative = number(mean(members, Row::nativeTime));
      line(text, "geomean", "", "", "", toNative, number(mean(members, Row::qemu)));
    }
    text.append('\n');
  }

  private static void line(StringBuilder text, Object... cells) {
    text.append(String.format(Locale.ROOT, "%-28s %9s %9s %9s %12s %10s%n", cells));
  }

  private static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  /** For programs. */
  Map<String, @Nullable Object> facts() {
    List<Object> groups = new ArrayList<>();
    groups()
        .forEach((group, members) ->
            groups.add(
                Json.object(
                    "group", group,
                    "programs", members.stream().map(BenchTable::facts).toList(),
                    "geomean_to_native", mean(members, Row::nativeTime),
                    "geomean_to_qemu", mean(members, Row::qemu))));
    return Json.object("groups", groups, "missing", missing);
  }

  private static Object facts(Row row) {
    return Json.object(
        "name", row.name,
        "svc0", row.svc0,
        "native", row.nativeTime,
        "qemu", row.qemu,
        "ratio_to_native", ratio(row, row.nativeTime),
        "ratio_to_qemu", ratio(row, row.qemu));
  }
}
