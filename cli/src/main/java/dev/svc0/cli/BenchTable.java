package dev.svc0.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** CPU times of svc0 and its rivals, as text or as facts. */
final class BenchTable {
  /** A program; times in seconds, null when a rival is not there. */
  record Row(String name, double svc0, @Nullable Double nativeTime, @Nullable Double qemu) {}

  private final List<Row> rows = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  void add(Row row) {
    rows.add(row);
  }

  /** Notes what could not be compared, and why. */
  void missing(String sentence) {
    missing.add(sentence);
  }

  private static @Nullable Double ratio(Row row, @Nullable Double rival) {
    return rival == null || rival <= 0 ? null : row.svc0 / rival;
  }

  /** The geometric mean of the kernels' ratios to a rival; start-up alone is not one of them. */
  private @Nullable Double mean(Function<Row, @Nullable Double> rival) {
    double logs = 0;
    int count = 0;
    for (Row row : rows) {
      Double ratio = ratio(row, rival.apply(row));
      if (ratio != null && !row.name.equals("hello")) {
        logs += Math.log(ratio);
        count++;
      }
    }
    return count == 0 ? null : Math.exp(logs / count);
  }

  /** For people. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("CPU seconds     svc0   native     qemu   svc0/native   svc0/qemu\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-12s %7.2f  %7s  %7s   %11s   %9s%n",
              row.name,
              row.svc0,
              number(row.nativeTime),
              number(row.qemu),
              number(ratio(row, row.nativeTime)),
              number(ratio(row, row.qemu))));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%-12s %7s  %7s  %7s   %11s   %9s%n",
            "geomean",
            "",
            "",
            "",
            number(mean(Row::nativeTime)),
            number(mean(Row::qemu))));
    missing.forEach(sentence -> text.append("# ").append(sentence).append('\n'));
    return text.toString();
  }

  private static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  /** For programs. */
  Map<String, @Nullable Object> facts() {
    List<Object> programs = new ArrayList<>();
    for (Row row : rows) {
      programs.add(
          Json.object(
              "name", row.name,
              "svc0_seconds", row.svc0,
              "native_seconds", row.nativeTime,
              "qemu_seconds", row.qemu,
              "ratio_to_native", ratio(row, row.nativeTime),
              "ratio_to_qemu", ratio(row, row.qemu)));
    }
    return Json.object(
        "programs",
        programs,
        "geomean_to_native",
        mean(Row::nativeTime),
        "geomean_to_qemu",
        mean(Row::qemu),
        "missing",
        missing);
  }
}
