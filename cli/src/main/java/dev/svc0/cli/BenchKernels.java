package dev.svc0.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Loops of {@code kernels.c}: the shortest time that the same rounds took while each rival repeated
 * them, so that what is measured is warm. Results are compared, too.
 */
final class BenchKernels implements BenchGroup {
  /** How much longer svc0 repeats them, whose code becomes faster for a while. */
  private static final int WARMING = 4;

  private static final double NANOS_PER_MILLI = 1e6;

  /** Rounds that take a compiled program some milliseconds. */
  private static final Map<String, String> ROUNDS = new LinkedHashMap<>();

  static {
    String table =
        "hash 12000 crc 250 sieve 8 matrix 8 bytecode 80 sort 5 calls 60 search 300 saxpy 1600"
            + " mix 3000";
    String[] words = table.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      ROUNDS.put(words[i], words[i + 1]);
    }
  }

  private final BenchTools tools;
  private final String name;
  private final String title;
  private final List<String> rows;
  private final String[] options;
  private final double seconds;
  private BenchTools.@Nullable Built built;

  private BenchKernels(
      BenchTools tools,
      String name,
      String title,
      List<String> rows,
      double seconds,
      String... options) {
    this.tools = tools;
    this.name = name;
    this.title = title;
    this.rows = rows;
    this.seconds = seconds;
    this.options = options;
  }

  /** Each kernel, compiled to the instructions of its loops one by one. */
  static BenchKernels scalar(BenchTools tools, double seconds) {
    return new BenchKernels(
        tools,
        "kernels",
        "kernels, ms, once warm",
        List.copyOf(ROUNDS.keySet()),
        seconds,
        "-O2",
        "-fno-tree-vectorize");
  }

  /** Those whose loops a compiler turns into vectors by itself. */
  static BenchKernels vectors(BenchTools tools, double seconds) {
    return new BenchKernels(
        tools,
        "vectors",
        "auto-vectorized, ms, once warm",
        List.of("crc", "sieve", "matrix", "saxpy", "mix"),
        seconds,
        "-O3");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public List<String> rows() {
    return rows;
  }

  @Override
  public List<BenchBar> bars() {
    return List.of(BenchBar.meanToQemu(0.55), BenchBar.toQemu(1));
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    built = tools.build("guest/kernels.c", name, options);
  }

  @Override
  public BenchTable.@Nullable Row measure(String row) throws IOException, InterruptedException {
    BenchTools.Built programs = Objects.requireNonNull(built);
    Path guest = programs.guest();
    if (guest == null) {
      return null;
    }
    Best own = best(tools.svc0(guest.toString()), row, seconds * WARMING);
    Best host =
        programs.own() == null ? null : best(List.of(programs.own().toString()), row, seconds);
    Best emulated =
        tools.qemu == null ? null : best(List.of(tools.qemu, guest.toString()), row, seconds);
    if (emulated != null && !emulated.result.equals(own.result)) {
      tools.note(row + " gives " + own.result + ", under qemu-aarch64 " + emulated.result);
    }
    return new BenchTable.Row(
        row,
        own.millis,
        host == null ? null : host.millis,
        emulated == null ? null : emulated.millis);
  }

  /** What a kernel computed, and the shortest time. */
  private record Best(String result, double millis) {}

  private static Best best(List<String> command, String kernel, double seconds)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(
        List.of(
            kernel,
            Objects.requireNonNull(ROUNDS.get(kernel)),
            Long.toString(Math.max(1, Math.round(seconds)))));
    String[] words = BenchRun.run(all, null).strip().split(" ");
    if (words.length != 2) {
      throw new CommandException(
          CommandException.FAILED, "kernel " + kernel + " printed " + String.join(" ", words));
    }
    return new Best(words[0], Double.parseDouble(words[1]) / NANOS_PER_MILLI);
  }

  /**
   * Rounds that two threads get done, where one does 1: of kernels that share nothing. svc0 works
   * for a while first, as for the kernels alone: while it translates and compiles, its own threads
   * share the processors with the program's.
   */
  static final class Threads implements BenchGroup {
    private static final double LEAST_SECONDS = 3;
    private static final String ROW = "hash in two threads";

    private final BenchTools tools;
    private final long seconds;
    private BenchTools.@Nullable Built built;

    Threads(BenchTools tools, double seconds) {
      this.tools = tools;
      this.seconds = Math.round(Math.max(LEAST_SECONDS, seconds));
    }

    @Override
    public String name() {
      return "threads";
    }

    @Override
    public String title() {
      return "two threads, work of one = 1";
    }

    @Override
    public boolean hasMean() {
      return false;
    }

    @Override
    public List<String> rows() {
      return List.of(ROW);
    }

    @Override
    public List<BenchBar> bars() {
      return List.of(BenchBar.atLeast(1.8, ROW));
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
      built = tools.build("guest/kernels.c", "threads", "-O2");
    }

    @Override
    public BenchTable.@Nullable Row measure(String row) throws IOException, InterruptedException {
      BenchTools.Built programs = Objects.requireNonNull(built);
      Path guest = programs.guest();
      if (guest == null) {
        return null;
      }
      return new BenchTable.Row(
          row,
          gain(tools.svc0(guest.toString()), seconds + WARMING),
          programs.own() == null ? null : gain(List.of(programs.own().toString()), 0),
          tools.qemu == null ? null : gain(List.of(tools.qemu, guest.toString()), 0));
    }

    private double gain(List<String> command, long warming)
        throws IOException, InterruptedException {
      double one = rounds(command, 1, warming);
      return rounds(command, 2, warming) / one;
    }

    private double rounds(List<String> command, int threads, long warming)
        throws IOException, InterruptedException {
      List<String> all = new ArrayList<>(command);
      all.addAll(List.of("hash", "100", Long.toString(seconds)));
      all.addAll(List.of(Integer.toString(threads), Long.toString(warming)));
      return Double.parseDouble(BenchRun.run(all, null).strip());
    }
  }
}
