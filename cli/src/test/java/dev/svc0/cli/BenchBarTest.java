package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.cli.BenchTable.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a bar. */
class BenchBarTest {
  private static final List<String> ALL = List.of("a", "b");

  private static Row row(String name, double svc0, double host, double qemu) {
    return new Row(name, svc0, host, qemu);
  }

  private static String said(BenchBar bar, Row... rows) {
    return bar.line(bar.judge(List.of(rows), ALL));
  }

  @Test
  void aMeanIsWithinOrMissedWhenAllRowsAreThere() {
    BenchBar bar = BenchBar.meanToQemu(0.55);
    assertThat(said(bar, row("a", 1, 1, 4), row("b", 4, 1, 4)))
        .isEqualTo("bar: geomean svc0/qemu at most 0.55: 0.50, within");
    assertThat(said(bar, row("a", 2, 1, 4), row("b", 4, 1, 4)))
        .isEqualTo("bar: geomean svc0/qemu at most 0.55: 0.71, missed");
    assertThat(said(bar, row("a", 1, 1, 4)))
        .isEqualTo("bar: geomean svc0/qemu at most 0.55: 0.25, but not all of it was measured");
    assertThat(said(bar, row("a", 1, 1, 4), new Row("b", 9, 1.0, null)))
        .endsWith("0.25, but not all of it was measured");
  }

  @Test
  void theWorstRowDecides() {
    BenchBar bar = BenchBar.toNative(1.5);
    assertThat(said(bar, row("a", 3, 2, 1), row("b", 1, 2, 1)))
        .isEqualTo("bar: each svc0/native at most 1.50: a 1.50, within");
    assertThat(said(bar, row("a", 3, 2, 1), row("b", 2, 1, 1)))
        .isEqualTo("bar: each svc0/native at most 1.50: b 2.00, missed");
    assertThat(said(bar, row("b", 2, 1, 1)))
        .isEqualTo("bar: each svc0/native at most 1.50: b 2.00, missed");
    assertThat(said(bar, row("a", 1, 1, 1))).endsWith("a 1.00, but not all of it was measured");
    assertThat(said(bar, new Row("a", 1, null, 1.0))).endsWith(": not measured");
  }

  @Test
  void aBarOfOneRowLeavesTheOthersAlone() {
    Row bad = row("b", 100, 1, 1);
    assertThat(said(BenchBar.toQemu(0.5, "a"), row("a", 1, 1, 4), bad))
        .isEqualTo("bar: a svc0/qemu at most 0.50: 0.25, within");
    assertThat(said(BenchBar.atMost(20, "a"), row("a", 21, 1, 4), bad))
        .isEqualTo("bar: a at most 20.00: 21.00, missed");
    assertThat(said(BenchBar.atLeast(1.8, "a"), row("a", 1.9, 1, 4), bad))
        .isEqualTo("bar: a at least 1.80: 1.90, within");
    assertThat(said(BenchBar.atLeast(1.8, "a"), row("a", 1.7, 1, 4)))
        .isEqualTo("bar: a at least 1.80: 1.70, missed");
    assertThat(said(BenchBar.toQemu(0.5, "a"), bad))
        .isEqualTo("bar: a svc0/qemu at most 0.50: not measured");
  }

  @Test
  void programsReadFiguresAndVerdict() {
    BenchBar bar = BenchBar.meanToQemu(0.55);
    BenchBar.Verdict whole = bar.judge(List.of(row("a", 1, 1, 4), row("b", 4, 1, 4)), ALL);
    assertThat(bar.facts(whole))
        .containsEntry("at_most", 0.55)
        .containsEntry("measured", 0.5)
        .containsEntry("within", true);
    BenchBar.Verdict part = bar.judge(List.of(row("a", 1, 1, 4)), ALL);
    assertThat(bar.facts(part)).containsEntry("measured", 0.25).containsEntry("within", null);
    assertThat(BenchBar.atLeast(2, "a").facts(whole)).containsEntry("at_least", 2.0);
  }
}
