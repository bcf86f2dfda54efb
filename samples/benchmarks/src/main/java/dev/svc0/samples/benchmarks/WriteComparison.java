package dev.svc0.samples.benchmarks;

import dev.svc0.runtime.vfs.MountException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Writes inside svc0 beside those of native Linux (on a tmpfs, and on ext4 on a loop device where
 * this machine lets us mount one) and of {@code qemu-aarch64}, in one run. Everything is counted in
 * CPU time of the writing thread, the best of several rounds, so that a busy machine changes
 * little; rivals are measured before and after ours.
 */
public final class WriteComparison {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 3;

  /** How often all memory is taken anew: where it lies decides how much of it the caches hold. */
  private static final int PLACEMENTS = 4;

  private static final long ROUND_NANOS = 200_000_000;
  private static final long IMAGE_BYTES = 64L << 20;

  /** What is measured here, how many bytes it writes, and which rival's row stands beside it. */
  private record Row(
      String name, String rival, ToLongFunction<WriteBenchmark.Writer> write, int batch) {}

  private static final WriteBenchmark CALLS = new WriteBenchmark();

  private static final List<Row> ROWS =
      List.of(
          new Row("copy 1M", "copy1M", CALLS::plainCopy1M, 20),
          new Row("/dev/null 1", "devNull", CALLS::devNull, 10_000),
          new Row("tmpfs 4K", "write4K", CALLS::tmpfs4K, 2000),
          new Row("ext2 4K", "write4K", CALLS::ext2At4K, 2000),
          new Row("ext4 4K", "write4K", CALLS::ext4At4K, 2000),
          new Row("disk 4K", "write4K", CALLS::disk4K, 2000),
          new Row("tmpfs 1M", "write1M", CALLS::tmpfs1M, 20),
          new Row("ext2 1M", "write1M", CALLS::ext2At1M, 20),
          new Row("ext4 1M", "write1M", CALLS::ext4At1M, 20),
          new Row("disk 1M", "write1M", CALLS::disk1M, 20),
          new Row("O_DIRECT 4K", "", CALLS::direct4K, 500));

  private final Map<String, Map<String, Double>> rivals = new LinkedHashMap<>();
  private final Map<String, Double> ours = new LinkedHashMap<>();
  private final Path folder;

  private WriteComparison(Path folder) {
    this.folder = folder;
  }

  /** Measures and prints; takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("svc0-benchmarks");
    try {
      WriteComparison comparison = new WriteComparison(folder);
      comparison.measureRivals();
      comparison.measureOurs();
      comparison.measureRivals();
      System.out.print(comparison.table());
      comparison.measureTwoThreads();
    } finally {
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    }
  }

  private void measureRivals() throws IOException, InterruptedException {
    Path memory = Path.of("/dev/shm");
    for (CProgram.Rival rival : CProgram.Rival.values()) {
      Optional<String> missing = rival.missing();
      if (missing.isPresent()) {
        System.err.println(rival.label() + ": " + missing.get() + " is not installed");
        continue;
      }
      CProgram program = CProgram.compile("writes.c", rival, folder);
      if (Files.isWritable(memory)) {
        measure(rival.label() + ", tmpfs", program, memory);
      }
      if (rival == CProgram.Rival.NATIVE) {
        measureOnLoop(program);
      }
    }
  }

  private void measure(String label, CProgram program, Path where) throws IOException {
    Map<String, Double> times = rivals.computeIfAbsent(label, name -> new LinkedHashMap<>());
    for (String line : program.run(where.toString()).lines().toList()) {
      String[] words = line.split(" ", 2);
      times.merge(words[0], Double.parseDouble(words[1]), Math::min);
    }
  }

  /** Makes and mounts an ext4 image, as only root may. */
  private void measureOnLoop(CProgram program) throws IOException, InterruptedException {
    Path image = folder.resolve("ext4.img");
    Path mount = Files.createDirectories(folder.resolve("mnt"));
    try (var file =
        Files.newByteChannel(
            image,
            java.util.Set.of(
                java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE))) {
      file.position(IMAGE_BYTES - 1).write(java.nio.ByteBuffer.allocate(1));
    }
    if (!runs("mke2fs", "-q", "-F", "-t", "ext4", image.toString())
        || !runs("mount", "-o", "loop", image.toString(), mount.toString())) {
      System.err.println("native, ext4 on loop: cannot be mounted here");
      return;
    }
    try {
      measure("native, ext4", program, mount);
    } finally {
      runs("umount", mount.toString());
    }
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // the tool is missing
    }
  }

  private void measureOurs() throws IOException, MountException {
    for (int placement = 0; placement < PLACEMENTS; placement++) {
      measureOnce();
    }
  }

  private void measureOnce() throws IOException, MountException {
    WriteBenchmark.Booted booted = new WriteBenchmark.Booted();
    booted.boot();
    WriteBenchmark.Writer writer = new WriteBenchmark.Writer();
    writer.start(booted);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        for (Row row : ROWS) {
          ours.merge(row.name, nanosEach(row, writer), Math::min);
        }
      }
    } finally {
      writer.stop();
      booted.shutDown();
    }
  }

  private static void checked(long result) {
    if (result < 0) {
      throw new IllegalStateException("errno " + -result);
    }
  }

  private static double nanosEach(Row row, WriteBenchmark.Writer writer) {
    double best = Double.MAX_VALUE;
    long begin = THREADS.getCurrentThreadCpuTime();
    long start = begin;
    while (start - begin < ROUND_NANOS) {
      for (int i = 0; i < row.batch; i++) {
        checked(row.write.applyAsLong(writer));
      }
      long now = THREADS.getCurrentThreadCpuTime();
      best = Math.min(best, (now - start) / (double) row.batch);
      start = now;
    }
    return best;
  }

  private String table() {
    StringBuilder out = new StringBuilder();
    out.append(String.format("%-14s %10s %8s", "ns CPU a call", "svc0", "/copy"));
    rivals.keySet().forEach(name -> out.append(String.format(" %20s %6s", name, "ratio")));
    out.append(System.lineSeparator());
    double copy = ours.getOrDefault("copy 1M", Double.NaN);
    for (Row row : ROWS) {
      double mine = ours.getOrDefault(row.name, Double.NaN);
      String share = row.name.endsWith("1M") ? String.format("%.0f%%", 100 * copy / mine) : "";
      out.append(String.format(Locale.ROOT, "%-14s %10.1f %8s", row.name, mine, share));
      for (Map<String, Double> times : rivals.values()) {
        double other = times.getOrDefault(row.rival, Double.NaN);
        out.append(String.format(Locale.ROOT, " %20.1f %6.2f", other, mine / other));
      }
      out.append(System.lineSeparator());
    }
    return out.toString();
  }

  /**
   * How many times the calls of one thread two threads make in the same time: on two files, or at
   * two places of one disk, whose lock they share.
   */
  private static void measureTwoThreads() throws Exception {
    WriteBenchmark.Booted booted = new WriteBenchmark.Booted();
    booted.boot();
    try {
      for (Row row : ROWS) {
        double best = 0;
        for (int round = 0; round < 5; round++) {
          double one = callsInASecond(booted, row, 1);
          best = Math.max(best, callsInASecond(booted, row, 2) / one);
        }
        boolean disk = row.name.startsWith("disk") || row.name.startsWith("O_DIRECT");
        String where = disk ? "one disk" : "two files";
        System.out.printf(
            Locale.ROOT, "two threads, %s, %-12s %.2f times one%n", where, row.name, best);
      }
    } finally {
      booted.shutDown();
    }
  }

  private static double callsInASecond(WriteBenchmark.Booted booted, Row row, int threads)
      throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(threads);
    long[] calls = new long[threads];
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      all.add(Thread.ofPlatform().start(() -> calls[number] = count(booted, row, ready)));
    }
    for (Thread thread : all) {
      thread.join();
    }
    long sum = 0;
    for (long each : calls) {
      sum += each;
    }
    return sum * 1e9 / ROUND_NANOS;
  }

  private static long count(WriteBenchmark.Booted booted, Row row, CountDownLatch ready) {
    WriteBenchmark.Writer writer = new WriteBenchmark.Writer();
    writer.start(booted);
    try {
      ready.countDown();
      ready.await();
      long calls = 0;
      long end = System.nanoTime() + ROUND_NANOS;
      while (System.nanoTime() - end < 0) {
        for (int i = 0; i < row.batch; i++) {
          checked(row.write.applyAsLong(writer));
        }
        calls += row.batch;
      }
      return calls;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      writer.stop();
    }
  }
}
