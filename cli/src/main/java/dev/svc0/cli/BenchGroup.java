package dev.svc0.cli;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of the table of {@code svc0 bench} that are measured alike and have one unit. */
interface BenchGroup {
  /** How it is called on the command line. */
  String name();

  /** Its head in the table, with the unit. */
  String title();

  /** Its rows, in the order of the table. */
  List<String> rows();

  /** Makes what its rows need; what cannot be compared is said to the table. */
  void prepare() throws IOException, InterruptedException;

  /** Measures one row; null when that is not possible, which was said to the table. */
  BenchTable.@Nullable Row measure(String row) throws IOException, InterruptedException;

  /** What svc0 promises of it; none when nothing is. */
  default List<BenchBar> bars() {
    return List.of();
  }

  /** Whether less is better and the mean of the ratios says something. */
  default boolean hasMean() {
    return true;
  }
}
