package dev.svc0.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Programs that time their own system calls, on a file of ext4 in memory where they need one: for
 * svc0 a ram disk, which begins as a copy of an image; for the rivals this machine's ext4 on a loop
 * device over a file in memory. What is counted is CPU time of the thread that makes the calls, for
 * each of them: neither the journal's thread nor a disk's workers, here or in the machine's kernel.
 */
final class BenchCalls implements BenchGroup, AutoCloseable {
  private static final String CALLS = "100000";

  /** How much longer svc0 repeats them, whose code becomes faster for a while. */
  private static final int WARMING = 4;

  private static final String ROOT_UID = "0";

  private final BenchTools tools;
  private final boolean writes;
  private final double seconds;
  private BenchTools.@Nullable Built built;
  private @Nullable Path image;
  private @Nullable Path mounted;

  private BenchCalls(BenchTools tools, boolean writes, double seconds) {
    this.tools = tools;
    this.writes = writes;
    this.seconds = seconds;
  }

  /** Calls that do little, in a loop of the program: CPU time of its thread. */
  static BenchCalls calls(BenchTools tools, double seconds) {
    return new BenchCalls(tools, false, seconds);
  }

  /** Writes of 4 KiB to ext4: CPU time of the thread that makes them. */
  static BenchCalls writes(BenchTools tools, double seconds) {
    return new BenchCalls(tools, true, seconds);
  }

  @Override
  public String name() {
    return writes ? "writes" : "syscalls";
  }

  @Override
  public String title() {
    return writes ? "writes of 4 KiB to ext4, ns each" : "system calls, ns each";
  }

  @Override
  public List<String> rows() {
    return writes
        ? List.of("overwrite", "append", "fsync", "direct")
        : List.of("getppid", "writeDevNull", "overwrite4K");
  }

  @Override
  public List<BenchBar> bars() {
    return writes
        ? List.of(BenchBar.toQemu(1), BenchBar.toNative(1.5))
        : List.of(BenchBar.atMost(20, "getppid"), BenchBar.atMost(60, "writeDevNull"));
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    built = tools.build(writes ? "c/disk-writes.c" : "c/calls.c", name(), "-O2");
    if (built.guest() == null) {
      return;
    }
    image = newImage(name() + ".img");
    if (writes) {
      mounted = mountNatively();
    }
  }

  private Path newImage(String name) throws IOException, InterruptedException {
    Path made = tools.work.resolve(name);
    BenchRun.run(
        List.of(tools.launcher.toString(), "image", "create", made.toString(), "--size", "128M"),
        null);
    return made;
  }

  /** The same kind of image under this machine's own ext4; null when it cannot be mounted. */
  private @Nullable Path mountNatively() throws IOException, InterruptedException {
    Path folder = Files.createDirectory(tools.work.resolve("mounted"));
    if (BenchRun.run(List.of("id", "-u"), null).strip().equals(ROOT_UID)) {
      try {
        Path own = newImage("native.img");
        BenchRun.run(
            List.of("mount", "-t", "ext4", "-o", "loop", own.toString(), folder.toString()), null);
        return folder;
      } catch (CommandException refused) {
        tools.note(String.valueOf(refused.getMessage()));
      }
    }
    tools.note(
        "writes: the rivals write to the file system of "
            + tools.work.getParent()
            + "; to ext4 as svc0 does only as root, who may mount it");
    return null;
  }

  @Override
  public BenchTable.@Nullable Row measure(String row) throws IOException, InterruptedException {
    BenchTools.Built programs = Objects.requireNonNull(built);
    Path guest = programs.guest();
    if (guest == null) {
      return null;
    }
    List<String> own =
        tools.svc0("--drive", "brd:image=" + image, "--mount", "ext4:ram0:/mnt", guest.toString());
    String here = Objects.requireNonNullElse(mounted, tools.work).toString();
    return new BenchTable.Row(
        row,
        nanos(own, "/mnt", row, seconds * WARMING),
        programs.own() == null
            ? null
            : nanos(List.of(programs.own().toString()), here, row, seconds),
        tools.qemu == null
            ? null
            : nanos(List.of(tools.qemu, guest.toString()), here, row, seconds));
  }

  private Double nanos(List<String> program, String folder, String row, double howLong)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(program);
    String time = Double.toString(howLong);
    command.addAll(
        writes ? List.of(folder, row, time) : List.of(CALLS, folder + "/calls.tmp", time, row));
    String line = BenchRun.run(command, null).strip();
    if (!line.startsWith(row + " ") || line.lines().count() != 1) {
      throw new CommandException(
          CommandException.FAILED, String.join(" ", command) + " printed " + line);
    }
    return Double.parseDouble(line.substring(row.length() + 1));
  }

  /** Its image is no longer mounted; asked by the end of the command, however it comes. */
  @Override
  public synchronized void close() throws IOException, InterruptedException {
    if (mounted != null) {
      BenchRun.run(List.of("umount", mounted.toString()), null);
      mounted = null;
    }
  }
}
