package dev.svc0.samples.benchmarks;

import dev.svc0.fs.mkfs.Mke2fs;
import dev.svc0.fs.mkfs.Mke2fsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * ext4 inside svc0, on a ram disk, beside the ext4 of this machine's kernel, on a loop device over
 * a file in memory: the same image, the same calls, in one run. Counted is CPU time: of the thread
 * that makes the calls, and of everything until all of it is on the disk (all threads of this JVM;
 * all threads of the native kernel). Best of several rounds; the rival is measured before and
 * after. Needs root, to mount.
 */
public final class Ext4Comparison {
  private static final long IMAGE_BYTES = 640L << 20;
  private static final long SPARSE_BYTES = 100L << 30;
  private static final int INODES = 131_072;

  /**
   * A kind of work.
   *
   * @param count operations in a round
   * @param rounds of ours, until the code is hot and a quiet moment was met
   */
  record Work(String name, String label, int count, int rounds) {}

  private static final List<Work> WORKS =
      List.of(
          new Work("write", "write 4K, new file", 16_384, 30),
          new Work("overwrite", "overwrite 4K", 16_384, 30),
          new Work("append", "append 4K + fsync", 4_000, 8),
          new Work("create", "create small file", 100_000, 5),
          new Work("delete", "delete small file", 100_000, 4));

  /** Nanoseconds for an operation: of the caller, and of all. */
  record Cost(double own, double all) {
    static final Cost NONE = new Cost(Double.MAX_VALUE, Double.MAX_VALUE);

    Cost best(Cost other) {
      return new Cost(Math.min(own, other.own), Math.min(all, other.all));
    }
  }

  private final Path folder;
  private final Path image;

  private Ext4Comparison(Path folder) {
    this.folder = folder;
    image = folder.resolve("ext4.img");
  }

  /** Measures the kinds of work that are named, or all, and the mount of a large image. */
  public static void main(String[] names) throws Exception {
    Path memory = Path.of("/dev/shm");
    Path folder = Files.createTempDirectory(memory, "svc0-ext4");
    try {
      new Ext4Comparison(folder).run(List.of(names));
    } finally {
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    }
  }

  private void run(List<String> names) throws Exception {
    Mke2fs.format(image, IMAGE_BYTES, new Mke2fsOptions().ext4().blockSize(4096).inodes(INODES));
    System.out.printf(
        "%-20s %23s %23s %15s%n", "ns CPU, each", "svc0: caller, all", "native: caller, all", "/");
    for (Work work : WORKS) {
      if (names.isEmpty() || names.contains(work.name)) {
        Cost rival = nativeCost(work);
        Cost mine = Ext4Guest.cost(image, work);
        rival = rival.best(nativeCost(work));
        System.out.printf(
            Locale.ROOT,
            "%-20s %11.0f %11.0f %11.0f %11.0f %7.2f %7.2f%n",
            work.label,
            mine.own,
            mine.all,
            rival.own,
            rival.all,
            mine.own / rival.own,
            mine.all / rival.all);
      }
    }
    if (names.isEmpty() || names.contains("mount")) {
      mounts();
    }
  }

  private void mounts() throws Exception {
    Path sparse = folder.resolve("sparse.img");
    Mke2fs.format(sparse, SPARSE_BYTES, new Mke2fsOptions().ext4().blockSize(4096));
    double[] millis = Ext4Guest.mountMillis(sparse);
    System.out.printf(
        Locale.ROOT,
        "mount of 100 GiB: %.1f ms the first time, then %.1f ms%n",
        millis[0],
        millis[1]);
  }

  private Cost nativeCost(Work work) throws IOException, InterruptedException {
    Path copy = folder.resolve("native.img");
    Path mount = Files.createDirectories(folder.resolve("mnt"));
    boolean mounted =
        runs("cp", "--sparse=always", image.toString(), copy.toString())
            && runs("mount", "-o", "loop", copy.toString(), mount.toString());
    if (!mounted) {
      return new Cost(Double.NaN, Double.NaN);
    }
    try {
      CProgram program = CProgram.compile("ext4.c", CProgram.Rival.NATIVE, folder);
      Cost best = Cost.NONE;
      int rounds = work.count >= 100_000 ? 1 : 4;
      for (int round = 0; round < rounds; round++) {
        String[] words =
            program.run(mount.toString(), work.name, "" + work.count).strip().split(" ");
        best = best.best(new Cost(Double.parseDouble(words[0]), Double.parseDouble(words[1])));
      }
      return best;
    } finally {
      runs("umount", mount.toString());
      Files.deleteIfExists(copy);
    }
  }

  private static boolean runs(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
