package dev.svc0.arm64.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.annotation.Traced;
import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import dev.svc0.runtime.trace.Call;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceAgent;
import dev.svc0.runtime.trace.TraceCapture;
import dev.svc0.runtime.trace.TraceSelection;
import dev.svc0.runtime.trace.TraceSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The function graphs of a program's writes, compared with what a real kernel did in the same
 * scenarios. Each scenario must reach the shares of {@code floors.csv}; {@code
 * -Dsvc0.goldens=update} writes the table of the document anew. Where two graphs differ is in
 * {@code target/fidelity/SCENARIO.diff}, see {@link Comparison#lines}.
 */
@Timeout(300)
class FidelityTest {
  /** Longer than a tick of the clock that stamps inodes. */
  private static final long TICK_MILLIS = 10;

  private static final Path DOCUMENT = Path.of("FIDELITY.md");
  private static final double SLACK = 0.01;

  @TempDir Path folder;

  private final TracepointOrder order = new TracepointOrder();

  /**
   * The operations of one scenario, and when the last was over: what is written back later is not
   * part of it, though it has the same cause.
   */
  private record Window(Scenarios.Operations operations, long endNanos) {}

  /**
   * How two graphs compare.
   *
   * @param kernel share of the kernel's calls that ours has, in order and nesting
   * @param ours share of our calls that the kernel's has
   * @param kernelMeant share of the kernel's calls that are to be the same
   * @param oursMeant share of our calls that are to be the same
   */
  private record Score(
      double kernel, double ours, double kernelMeant, double oursMeant, int calls, int ourCalls) {}

  @Test
  void graphsAreThoseOfTheKernel() throws Exception {
    Differences differences = Differences.read();
    Map<String, Score> scores = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> entry : trace().entrySet()) {
      List<String> kernel = Functions.recorded(entry.getKey());
      List<String> ours = entry.getValue();
      Comparison comparison = new Comparison(entry.getKey(), kernel, ours, differences);
      keep(entry.getKey(), kernel, ours, comparison);
      int common = Functions.common(kernel, ours);
      scores.put(
          entry.getKey(),
          new Score(
              share(common, kernel),
              share(common, ours),
              comparison.kernelShare(),
              comparison.ourShare(),
              kernel.size() / 2,
              ours.size() / 2));
    }
    String table = table(scores);
    System.out.println(table);
    System.out.println(order.table());
    if ("update".equals(System.getProperty("svc0.goldens"))) {
      Files.writeString(DOCUMENT, Document.of(table, differences, order.table()));
    }
    check(scores);
  }

  private static double share(int common, List<String> of) {
    return of.isEmpty() ? 1 : (double) common / of.size();
  }

  /** All scenarios in one trace, taken apart by operation and time. */
  private Map<String, List<String>> trace() throws Exception {
    TraceAgent.install(ByteBuddyAgent.install());
    Path ext2 = make("ext2.img", 16L << 20, new Mke2fsOptions());
    Path ext4 = make("ext4.img", 64L << 20, new Mke2fsOptions().ext4());
    Path full = make("full.img", 16L << 20, new Mke2fsOptions().ext4());
    Map<String, Window> windows = new LinkedHashMap<>();
    TraceCapture capture;
    int task;
    try (TraceSession session =
        TraceSession.start(
            TraceSelection.everything(),
            TraceSession.Options.defaults()
                .withEvents(EventSelection.of(TracepointOrder.selected())))) {
      // Closing them waits for the drivers' workers, which come back later than their callers.
      try (Scenarios scenarios = new Scenarios(folder, ext2, ext4, full)) {
        task = scenarios.task();
        for (String name : scenarios.names()) {
          windows.put(name, run(scenarios, name));
        }
      }
      capture = session.stop();
    }
    assertThat(capture.verdict()).isEqualTo("complete");
    List<CallTree.Root> roots =
        Functions.inThreads(CallTree.below(CallTree.roots(capture), Traced.Layer.ENTRY));
    Map<String, List<String>> traces = new LinkedHashMap<>();
    for (Map.Entry<String, Window> window : windows.entrySet()) {
      traces.put(window.getKey(), within(roots, window.getKey(), window.getValue(), task));
    }
    return traces;
  }

  private static Window run(Scenarios scenarios, String name) {
    long fd = scenarios.prepare(name);
    awaitTick();
    Scenarios.Operations operations = scenarios.run(name, fd);
    return new Window(operations, System.nanoTime());
  }

  /** Whatever the preparation stamped, the scenario finds the clock further on. */
  private static void awaitTick() {
    long from = System.currentTimeMillis();
    while (System.currentTimeMillis() - from < TICK_MILLIS) {
      Thread.onSpinWait();
    }
  }

  /**
   * The system calls of a scenario, and what other threads began for its operations meanwhile: all
   * that its calls wait for.
   */
  private List<String> within(List<CallTree.Root> roots, String scenario, Window window, int task)
      throws IOException {
    List<CallTree.Root> found = new ArrayList<>();
    for (CallTree.Root root : roots) {
      if (root.node() instanceof Call call) {
        if (root.tid() == task) {
          if (window.operations.has(call.operation()) && call.method().systemCall()) {
            found.add(root);
          }
        } else if (CallTree.operations(root).stream().anyMatch(window.operations::has)) {
          found.add(root);
        }
      }
    }
    order.compare(scenario, found, task, window.endNanos);
    return Functions.traced(found, task, window.endNanos, window.operations::has);
  }

  private Path make(String name, long bytes, Mke2fsOptions options) throws IOException {
    Path image = folder.resolve(name);
    Mke2fs.format(image, bytes, options.blockSize(4096));
    return image;
  }

  /** Leaves both sequences, and where they differ, for whoever wants to see it. */
  private static void keep(
      String name, List<String> kernel, List<String> ours, Comparison comparison)
      throws IOException {
    Path target = Files.createDirectories(Path.of("target/fidelity"));
    Files.write(target.resolve(name + ".kernel"), kernel);
    Files.write(target.resolve(name + ".ours"), ours);
    Files.write(target.resolve(name + ".diff"), comparison.lines());
  }

  private static String table(Map<String, Score> scores) {
    StringBuilder out = new StringBuilder();
    out.append("| scenario | kernel's calls | ours | kernel's in ours | ours in kernel's |");
    out.append(" kernel's in ours, without meant differences |");
    out.append(" ours in kernel's, without them |\n|---|--:|--:|--:|--:|--:|--:|\n");
    scores.forEach((name, score) ->
        out.append(
            String.format(
                Locale.ROOT,
                "| %s | %d | %d | %.2f | %.2f | %.2f | %.2f |%n",
                name,
                score.calls,
                score.ourCalls,
                score.kernel,
                score.ours,
                score.kernelMeant,
                score.oursMeant)));
    return out.toString();
  }

  private static void check(Map<String, Score> scores) throws IOException {
    Map<String, double[]> floors = new LinkedHashMap<>();
    for (String line : Functions.read("floors.csv")) {
      if (!line.startsWith("#")) {
        String[] fields = line.split(",");
        floors.put(
            fields[0], Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    }
    assertThat(floors.keySet()).isEqualTo(scores.keySet());
    scores.forEach((name, score) -> {
      double[] floor = floors.get(name);
      assertThat(score.kernel).as(name).isGreaterThanOrEqualTo(floor[0] - SLACK);
      assertThat(score.kernelMeant).as(name + " meant").isGreaterThanOrEqualTo(floor[1] - SLACK);
      assertThat(score.oursMeant).as(name + " ours").isGreaterThanOrEqualTo(floor[2] - SLACK);
    });
  }
}
