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
    assertThat(Json.text(table.facts())).contains("\"geomean_to_native\": 4.0");
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
