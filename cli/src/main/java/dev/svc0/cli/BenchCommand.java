package dev.svc0.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures svc0 beside its rivals on this machine. */
@Command(
    name = "bench",
    description = {
      "Measure programs under svc0, natively and under qemu-aarch64 on this machine, in one run; print"
          + " each row of the table as soon as it is measured. Less is better."
    },
    footer = {
      "",
      "Examples:",
      "  svc0 bench                                 what is possible here in five minutes",
      "  svc0 bench --list                          the rows there are",
      "  svc0 bench --only syscalls,hash,sort       groups and rows by their names",
      "  svc0 bench --guests debian --only programs,brief",
      "  svc0 bench --guests debian --full --json > bench.json",
      "",
      "Kernels and system calls are C programs that are compiled on the spot; each repeats its work",
      "until it is warm, and the shortest time counts. Writes go to ext4 in memory, svc0's to a ram",
      "disk, the rivals' to a loop device; what counts is CPU time of the thread that writes. Whole",
      "programs come from a folder with Debian for arm64, the native ones from this machine; what",
      "counts is user and system time from start to end, of everything that the program starts, too.",
      "What is missing here is named, with what to do. Lines that begin with 'bar:' say what svc0 is",
      "to stay within, and whether it does.",
    })
final class BenchCommand implements Callable<Integer> {
  private static final long NANOS = 1_000_000_000;
  private static final int FIVE_MINUTES = 300;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Only these groups and rows; --list names them.")
  List<String> only = new ArrayList<>();

  @Option(names = "--list", description = "Print the names of groups and rows, measure nothing.")
  boolean list;

  @Option(
      names = "--at-most",
      paramLabel = "SECONDS",
      description =
          "Begin no row after so long; 0 for no limit (default: 300, with --full or --only: 0).")
  @Nullable Integer atMost;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description =
          "How long a rival repeats a kernel or a call, svc0 four times as long for kernels (default:"
              + " ${DEFAULT-VALUE}).")
  double seconds = 1;

  @Option(
      names = "--runs",
      defaultValue = "1",
      description = "How often each program is run; the best counts (default: ${DEFAULT-VALUE}).")
  int runs = 1;

  @Option(
      names = "--guests",
      paramLabel = "FOLDER",
      description = "A folder with Debian for arm64; default: what SVC0_GUESTS says.")
  @Nullable Path guests;

  @Option(
      names = "--full",
      description = "The full sizes: 200 MB, a million rows, Python for 10 s; takes long.")
  boolean full;

  @Option(names = "--json", description = "Print JSON, at the end.")
  boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ProgressBar bar = ProgressBar.start(0);
    BenchTable table =
        new BenchTable(line -> {
          if (!json) {
            bar.close(); // its line is the terminal's last: it comes again with the next row
            ImageCommand.print(line + "\n");
          }
        });
    BenchTools tools = new BenchTools(Path.of(System.getProperty("svc0.home", ".")), table);
    BenchCalls writes = BenchCalls.writes(tools, seconds);
    Thread cleanUp = new Thread(() -> leave(writes, tools));
    Runtime.getRuntime().addShutdownHook(cleanUp); // Ctrl-C ends a long run, too
    try (bar) {
      List<BenchGroup> groups = groups(tools, writes);
      refuseUnknown(groups);
      if (list) {
        list(groups);
        return 0;
      }
      measure(groups, table, bar);
    } finally {
      leave(writes, tools);
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    }
    if (json) {
      ImageCommand.print(Json.text(table.facts()));
    }
    return 0;
  }

  private List<BenchGroup> groups(BenchTools tools, BenchCalls writes) {
    String named = System.getenv("SVC0_GUESTS");
    Path root = guests != null || named == null ? guests : Path.of(named);
    if (root != null && !Files.isDirectory(root.resolve("usr/bin"))) {
      throw new CommandException(
          CommandException.FAILED, "--guests: there is no Debian in " + root);
    }
    return List.of(
        new BenchStart(tools),
        BenchCalls.calls(tools, seconds),
        writes,
        BenchKernels.scalar(tools, seconds),
        BenchKernels.vectors(tools, seconds),
        new BenchKernels.Threads(tools, seconds),
        new BenchWhole(tools, BenchWhole.Kind.BRIEF, root, runs, full, seconds),
        new BenchWhole(tools, BenchWhole.Kind.OPENSSL, root, runs, full, seconds),
        new BenchWhole(tools, BenchWhole.Kind.PROGRAMS, root, runs, full, seconds));
  }

  private void refuseUnknown(List<BenchGroup> groups) {
    for (String name : only) {
      if (groups.stream().noneMatch(one -> one.name().equals(name) || one.rows().contains(name))) {
        throw MachineOptions.usage(
            "--only: there is no group and no row '" + name + "'; see svc0 bench --list");
      }
    }
  }

  private void list(List<BenchGroup> groups) {
    if (json) {
      List<Object> all = new ArrayList<>();
      groups.forEach(one -> all.add(Json.object("group", one.name(), "rows", one.rows())));
      ImageCommand.print(Json.text(all));
      return;
    }
    groups.forEach(
        one -> ImageCommand.print(one.name() + ": " + String.join(", ", one.rows()) + "\n"));
  }

  private boolean wanted(BenchGroup group, String row) {
    return only.isEmpty() || only.contains(group.name()) || only.contains(row);
  }

  private void measure(List<BenchGroup> groups, BenchTable table, ProgressBar bar)
      throws IOException, InterruptedException {
    int limit = atMost != null ? atMost : full || !only.isEmpty() ? 0 : FIVE_MINUTES;
    long end = System.nanoTime() + limit * NANOS;
    List<String> late = new ArrayList<>();
    for (BenchGroup group : groups) {
      List<String> rows = group.rows().stream().filter(row -> wanted(group, row)).toList();
      if (rows.isEmpty()) {
        continue;
      }
      if (limit > 0 && System.nanoTime() > end) {
        late.addAll(rows);
        continue;
      }
      bar.say(group.name());
      group.prepare();
      table.begin(group);
      for (String row : rows) {
        if (limit > 0 && System.nanoTime() > end) {
          late.add(row);
          continue;
        }
        bar.say(row);
        measure(group, row, table);
      }
      table.end(group);
    }
    if (!late.isEmpty()) {
      table.note(
          "after " + limit + " s not begun: " + String.join(", ", late) + "; --at-most 0 runs all");
    }
  }

  /** One row; a program that fails is told, and the others go on. */
  private static void measure(BenchGroup group, String row, BenchTable table)
      throws IOException, InterruptedException {
    try {
      BenchTable.Row measured = group.measure(row);
      if (measured != null) {
        table.add(group, measured);
      }
    } catch (CommandException failed) {
      table.note(row + ": " + failed.getMessage());
    }
  }

  /** Leaves nothing mounted and no files. */
  private static void leave(BenchCalls writes, BenchTools tools) {
    try {
      writes.close();
      removeAll(tools.work);
    } catch (IOException | CommandException e) {
      System.err.println("svc0: " + tools.work + " is left behind: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
