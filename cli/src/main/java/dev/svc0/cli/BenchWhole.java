package dev.svc0.cli;

import dev.svc0.cli.BenchPrograms.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whole programs of a Debian root, each under svc0, natively and under {@code qemu-aarch64}. */
final class BenchWhole implements BenchGroup {
  /** What is measured. */
  enum Kind {
    PROGRAMS("programs, CPU seconds"),
    BRIEF("brief programs, CPU seconds"),
    OPENSSL("openssl speed, ns for 8 KiB");

    private final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  private static final int FULL = 10;
  private static final double CHUNK_NANOS = 8192 * 1e9;

  private final BenchTools tools;
  private final Kind kind;
  private final @Nullable Path root;
  private final int runs;
  private final boolean full;
  private final int scale;
  private final List<Workload> workloads;
  private @Nullable BenchRivals rivals;
  private @Nullable Path input;

  /**
   * A group of programs.
   *
   * @param root of arm64 programs, null when there is none
   * @param runs how often each is run; the best counts
   * @param full whether the input has its full size
   */
  BenchWhole(
      BenchTools tools, Kind kind, @Nullable Path root, int runs, boolean full, double seconds) {
    this.tools = tools;
    this.kind = kind;
    this.root = root;
    this.runs = runs;
    this.full = full;
    this.scale = full ? FULL : 1;
    this.workloads =
        switch (kind) {
          case PROGRAMS ->
              BenchPrograms.all(scale).stream()
                  .filter(one -> full || !one.name().equals(BenchPrograms.REAL))
                  .toList();
          case BRIEF -> BenchPrograms.brief();
          case OPENSSL -> BenchPrograms.ciphers(seconds);
        };
  }

  @Override
  public String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String title() {
    return kind.title;
  }

  @Override
  public List<String> rows() {
    return workloads.stream().map(Workload::name).toList();
  }

  /** Those of the programs are about their full sizes. */
  @Override
  public List<BenchBar> bars() {
    return switch (kind) {
      case PROGRAMS -> full ? List.of(BenchBar.meanToQemu(1)) : List.of();
      case BRIEF ->
          List.of(
              BenchBar.toQemu(0.5, BenchPrograms.FORKS), BenchBar.toQemu(1, BenchPrograms.MAKE));
      case OPENSSL -> List.of(BenchBar.meanToQemu(1));
    };
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    Path folder = Files.createDirectory(tools.work.resolve(name()));
    input = folder;
    if (root == null) {
      tools.note(
          "whole programs need a folder with Debian for arm64, given with --guests; on a machine"
              + " with apt: ./svc0 image import-debs debian.img --fetch coreutils,dash,gzip,xz-utils,"
              + "sqlite3,python3-minimal,openssl,git,make,gcc,libc6-dev && mkdir debian && ./svc0 image"
              + " export-tar debian.img - | tar -xC debian");
      return;
    }
    switch (kind) {
      case PROGRAMS -> {
        BenchPrograms.prepareLong(folder, scale);
        prepareRepository(folder);
      }
      case BRIEF -> BenchPrograms.prepareBrief(folder);
      case OPENSSL -> {} // makes its own
    }
    rivals = new BenchRivals(tools, root.toAbsolutePath(), folder);
  }

  private void prepareRepository(Path folder) throws IOException, InterruptedException {
    String git = BenchRun.find("git");
    if (!rows().contains(BenchPrograms.REAL)) {
      return;
    }
    if (git == null || !Files.exists(tools.home.resolve(".git"))) {
      tools.note(BenchPrograms.REAL + ": needs git, and svc0 in a checkout of its repository");
      return;
    }
    BenchRun.run(
        List.of(
            git,
            "clone",
            "-q",
            "--bare",
            "--no-local",
            tools.home.toString(),
            folder.resolve("real.git").toString()),
        null);
  }

  @Override
  public BenchTable.@Nullable Row measure(String row) throws IOException, InterruptedException {
    Workload workload =
        workloads.stream().filter(one -> one.name().equals(row)).findFirst().orElseThrow();
    BenchRivals all = rivals;
    if (all == null || !all.has(workload)) {
      return null;
    }
    if (row.equals(BenchPrograms.REAL) && !Files.exists(folder().resolve("real.git"))) {
      return null;
    }
    Double own = figure(row + " under svc0", all.svc0(workload));
    return own == null
        ? null
        : new BenchTable.Row(
            row,
            own,
            figure(row + ", native", all.host(workload)),
            figure(row + " under qemu-aarch64", all.emulated(workload)));
  }

  private Path folder() {
    return Objects.requireNonNull(input);
  }

  private @Nullable Double figure(String what, @Nullable List<String> command)
      throws IOException, InterruptedException {
    if (command == null) {
      return null;
    }
    try {
      double best = once(command);
      for (int i = 1; i < runs; i++) {
        best = Math.min(best, once(command));
      }
      return best;
    } catch (CommandException failed) {
      String text = String.valueOf(failed.getMessage());
      tools.note(what + " failed: " + text.substring(Math.max(0, text.length() - 200)).strip());
      return null;
    }
  }

  private double once(List<String> command) throws IOException, InterruptedException {
    if (kind != Kind.OPENSSL) {
      return BenchRun.cpuSeconds(command, folder());
    }
    String line =
        BenchRun.run(command, folder())
            .lines()
            .filter(one -> one.startsWith("+F:"))
            .findFirst()
            .orElseThrow(() -> new CommandException(CommandException.FAILED, "no +F: line"));
    return CHUNK_NANOS / Double.parseDouble(line.substring(line.lastIndexOf(':') + 1));
  }
}
