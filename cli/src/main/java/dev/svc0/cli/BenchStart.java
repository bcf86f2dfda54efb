package dev.svc0.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a start costs: a static program that prints a line. */
final class BenchStart implements BenchGroup {
  private static final int RUNS = 5;

  private final BenchTools tools;

  BenchStart(BenchTools tools) {
    this.tools = tools;
  }

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String title() {
    return "start, CPU seconds";
  }

  @Override
  public List<String> rows() {
    return List.of("hello");
  }

  @Override
  public void prepare() {}

  @Override
  public BenchTable.Row measure(String row) throws IOException, InterruptedException {
    Path program = tools.home.resolve("samples/guests/bin/hello");
    return new BenchTable.Row(
        row,
        best(tools.svc0(program.toString())),
        null,
        tools.qemu == null ? null : best(List.of(tools.qemu, program.toString())));
  }

  private static double best(List<String> command) throws IOException, InterruptedException {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      best = Math.min(best, BenchRun.cpuSeconds(command, null));
    }
    return best;
  }
}
