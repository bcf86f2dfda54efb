package dev.svc0.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the table of bench shows, and what it refuses. */
class BenchTableTest {
  private final List<String> lines = new ArrayList<>();
  private final BenchTable table = new BenchTable(lines::add);
  private final BenchGroup group = new Group();

  private static final class Group implements BenchGroup {
    @Override
    public String name() {
      return "group";
    }

    @Override
    public String title() {
      return "things, ns";
    }

    @Override
    public List<String> rows() {
      return List.of("a", "b");
    }

    @Override
    public List<BenchBar> bars() {
      return List.of(BenchBar.meanToQemu(0.6), BenchBar.atMost(2, "a"));
    }

    @Override
    public void prepare() {}

    @Override
    public BenchTable.Row measure(String row) {
      return new BenchTable.Row(row, 1, null, null);
    }
  }

  @Test
  void eachRowIsALineAtOnceAndRatiosHaveAGeometricMean() {
    table.begin(group);
    table.add(group, new BenchTable.Row("a", 2, 1.0, 4.0));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1).split(" +"))
        .containsExactly("a", "2.00", "1.00", "4.00", "2.00", "0.50");
    table.add(group, new BenchTable.Row("b", 8, 1.0, null));
    assertThat(lines.getLast().split(" +")).containsExactly("b", "8.00", "1.00", "-", "8.00", "-");
    table.end(group);
    assertThat(lines.get(3).split(" +")).containsExactly("geomean", "4.00", "0.50");
    assertThat(lines.subList(4, lines.size()))
        .containsExactly(
            "bar: geomean svc0/qemu at most 0.60: 0.50, but not all of it was measured",
            "bar: a at most 2.00: 2.00, within",
            "");
    assertThat(Json.text(table.facts()))
        .contains("\"geomean_to_native\": 4.0", "\"bars\": [")
        .containsPattern("\"measured\": 0.5,\\s*\"row\": null,\\s*\"within\": null")
        .containsPattern("\"measured\": 2.0,\\s*\"row\": \"a\",\\s*\"within\": true");
  }

  @Test
  void aGroupWithoutRowsHasNoBars() {
    table.begin(group);
    table.end(group);
    assertThat(lines).hasSize(2).noneMatch(line -> line.startsWith("bar:"));
  }

  @Test
  void aFigureThatIsNoTimeIsLeftOutWithItsReason() {
    table.begin(group);
    table.add(group, new BenchTable.Row("a", -3, 1.0, 1.0));
    table.add(group, new BenchTable.Row("b", 4, Double.NaN, 2.0));
    table.end(group);
    assertThat(lines)
        .contains(
            "# a, svc0: -3.0 came out, which is no time; it is left out",
            "# b, native: NaN came out, which is no time; it is left out");
    assertThat(lines.get(3).split(" +")).containsExactly("b", "4.00", "-", "2.00", "-", "2.00");
    assertThat(lines).noneMatch(line -> line.startsWith("geomean"));
    assertThat(Json.text(table.facts())).doesNotContain("\": NaN");
  }

  @Test
  void aNoteIsSaidOnce() {
    table.note("x is not installed");
    table.note("x is not installed");
    assertThat(lines).containsExactly("# x is not installed");
  }
}
