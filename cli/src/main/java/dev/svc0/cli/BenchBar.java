package dev.svc0.cli;

import dev.svc0.cli.BenchTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What svc0 promises of a group of {@code svc0 bench}: a figure and its limit. Who measures a part
 * of what a bar is about learns whether it is missed, never that it is kept.
 *
 * @param what the figure's name
 * @param rows those it is about; none for all of the group
 * @param mean whether it is about their geometric mean, not about each
 * @param figure what it takes of a row, null where that was not measured
 * @param limit the figure that is still within
 * @param least whether more is better
 */
record BenchBar(
    String what,
    List<String> rows,
    boolean mean,
    Function<Row, @Nullable Double> figure,
    double limit,
    boolean least) {

  /**
   * What came out.
   *
   * @param figure the mean, or the worst of the rows; null when there is none
   * @param row whose figure it is; null for a mean
   * @param within whether the bar is kept; null when too little was measured to say so
   */
  record Verdict(@Nullable Double figure, @Nullable String row, @Nullable Boolean within) {}

  /** The geometric mean of all rows is at most such a share of qemu's time. */
  static BenchBar meanToQemu(double limit) {
    return new BenchBar("geomean svc0/qemu", List.of(), true, Row::toQemu, limit, false);
  }

  /** Each of the rows (none: of all) takes at most such a share of qemu's time. */
  static BenchBar toQemu(double limit, String... rows) {
    return new BenchBar("svc0/qemu", List.of(rows), false, Row::toQemu, limit, false);
  }

  /** Each row takes at most so many times what the native program takes. */
  static BenchBar toNative(double limit) {
    return new BenchBar("svc0/native", List.of(), false, Row::toNative, limit, false);
  }

  /** A row's own figure is at most so large. */
  static BenchBar atMost(double limit, String row) {
    return new BenchBar("svc0", List.of(row), false, Row::svc0, limit, false);
  }

  /** A row's own figure is at least so large. */
  static BenchBar atLeast(double limit, String row) {
    return new BenchBar("svc0", List.of(row), false, Row::svc0, limit, true);
  }

  /**
   * Judges what was measured.
   *
   * @param all the names of all rows of the group
   */
  Verdict judge(List<Row> measured, List<String> all) {
    List<String> wanted = rows.isEmpty() ? all : rows;
    List<Double> figures = new ArrayList<>();
    @Nullable Double worst = null;
    @Nullable String whose = null;
    for (Row row : measured) {
      Double value = wanted.contains(row.name()) ? figure.apply(row) : null;
      if (value == null) {
        continue;
      }
      figures.add(value);
      if (worst == null || (least ? value < worst : value > worst)) {
        worst = value;
        whose = row.name();
      }
    }
    boolean complete = figures.size() == wanted.size();
    if (mean) {
      Double value = BenchTable.geometricMean(figures);
      return new Verdict(value, null, complete && value != null ? isWithin(value) : null);
    }
    boolean missed = worst != null && !isWithin(worst);
    return new Verdict(worst, whose, missed ? Boolean.FALSE : complete ? Boolean.TRUE : null);
  }

  private boolean isWithin(double value) {
    return least ? value >= limit : value <= limit;
  }

  /** A line of the table. */
  String line(Verdict verdict) {
    String about = rows.isEmpty() ? mean ? what : "each " + what : String.join(", ", rows);
    String bound = (least ? " at least " : " at most ") + BenchTable.number(limit);
    if (!rows.isEmpty() && !what.equals("svc0")) {
      bound = " " + what + bound;
    }
    return "bar: " + about + bound + ": " + outcome(verdict);
  }

  private String outcome(Verdict verdict) {
    if (verdict.figure == null) {
      return "not measured";
    }
    String whose = verdict.row == null || rows.size() == 1 ? "" : verdict.row + " ";
    String shown = whose + BenchTable.number(verdict.figure);
    if (verdict.within == null) {
      return shown + ", but not all of it was measured";
    }
    return shown + (verdict.within ? ", within" : ", missed");
  }

  /** For programs. */
  Map<String, @Nullable Object> facts(Verdict verdict) {
    return Json.object(
        "figure",
        what,
        "rows",
        rows,
        least ? "at_least" : "at_most",
        limit,
        "measured",
        verdict.figure,
        "row",
        verdict.row,
        "within",
        verdict.within);
  }
}
