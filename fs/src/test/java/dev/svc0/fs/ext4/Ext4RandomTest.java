package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.fs.testing.TreeModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random operations against a model, over sizes of blocks and inodes, features and mount options;
 * e2fsck after each round. The seed is the last parameter; -Dsvc0.seed=N adds N to it.
 */
class Ext4RandomTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          64M, -t ext4, '', 1
          64M, -t ext4 -b 1024 -I 128, '', 2
          64M, -t ext4 -b 2048 -I 256, nodelalloc, 3
          64M, '-t ext4 -O ^has_journal', '', 4
          64M, -t ext4, data=journal, 14
          64M, '-t ext4 -O ^metadata_csum,uninit_bg -b 1024', '', 5
          32M, '-t ext4 -O ^extent,^64bit -b 2048', '', 6
          64M, '-t ext4 -O ^64bit,^flex_bg,^dir_index', data=writeback, 7
          64M, '-t ext4 -O metadata_csum_seed,orphan_file -I 128', '', 8
          64M, '-t ext4 -O meta_bg,^resize_inode -b 1024', '', 9
          32M, -t ext3 -b 1024, '', 10
          16M, -t ext2 -b 1024 -I 128, '', 11
          1M,  '-t ext4 -b 1024 -m 0 -O ^has_journal', '', 9
          1M,  '-t ext4 -b 1024 -m 0 -O ^has_journal', nodelalloc, 10
          """)
  void sameAsTheModel(String size, String options, String mountOptions, long base)
      throws Exception {
    long seed = base + Long.getLong("svc0.seed", 0);
    System.out.println("seed " + seed);
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, size, options.split(" "));
    TreeModel model = new TreeModel(seed);
    for (int round = 0; round < 3; round++) {
      try (TestKernel kernel = TestKernel.mount(image, "ext4", mountOptions)) {
        model.exercise(kernel, 250);
        model.compare(kernel);
      }
      Tools.assertClean(image);
    }
    try (TestKernel kernel = TestKernel.mount(image, "ext4", mountOptions)) {
      model.compare(kernel);
    }
    Path dumped = Files.createDirectory(folder.resolve("dumped"));
    Tools.debugfs(image, "rdump / " + dumped);
    model.compare(dumped);
    if (size.equals("1M") && seed == base) {
      assertThat(model.noSpace).isPositive();
    }
  }

  /** Threads that fill and empty a small disk while the flusher and the journal run. */
  @ParameterizedTest
  @CsvSource({"'', 1", "nodelalloc, 2", "data=journal, 3"})
  void threadsLeaveACleanImage(String mountOptions, long base) throws Exception {
    long seed = base + Long.getLong("svc0.seed", 0);
    System.out.println("seed " + seed);
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "12M", "-t", "ext4", "-b", "1024");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (TestKernel kernel = TestKernel.mount(image, "ext4", mountOptions)) {
      kernel.vfs.writeback().setDirtyLimits(50, 150);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String home = "/t" + i;
        long own = 10 * seed + i;
        assertThat(kernel.mkdir(home)).isZero();
        Thread thread = Thread.ofPlatform().unstarted(() -> fill(kernel.another(), home, own));
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join(180_000);
        assertThat(thread.isAlive()).isFalse();
      }
      assertThat(failure.get()).isNull();
    }
    Tools.assertClean(image);
  }

  private static void fill(TestKernel.Worker worker, String home, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 120; i++) {
      String path = home + "/f" + random.nextInt(12);
      switch (random.nextInt(4)) {
        case 0 -> worker.unlink(path);
        case 1 -> worker.rename(path, home + "/f" + random.nextInt(12));
        default -> {
          byte[] data = new byte[1 + random.nextInt(150_000)];
          random.nextBytes(data);
          long written = worker.write(path, 0, data);
          if (written == data.length) {
            byte[] back = worker.read(path);
            if (Arrays.mismatch(data, 0, data.length, back, 0, data.length) >= 0) {
              throw new AssertionError(path + " differs");
            }
          }
        }
      }
    }
  }
}
