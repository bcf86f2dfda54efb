package dev.svc0.fs.ext2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.fs.testing.TreeModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random operations against a model, over sizes of blocks and inodes and features. The seed is the
 * last parameter; -Dsvc0.seed=N adds N to it.
 */
class Ext2RandomTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          16M, -b 1024 -I 128, 1
          16M, -b 1024 -I 256, 2
          32M, '-b 1024 -I 256 -g 1024', 3
          32M, -b 2048 -I 128, 4
          32M, -b 2048 -I 256, 5
          32M, -b 4096 -I 128, 6
          32M, -b 4096 -I 256, 7
          16M, '-b 1024 -I 128 -O ^filetype,^dir_index', 8
          16M, -b 1024 -r 0, 9
          1M,  '-b 1024 -I 128 -m 0', 10
          4M,  '-b 4096 -I 256 -m 0', 11
          """)
  void sameAsTheModel(String size, String options, long base) throws Exception {
    long seed = base + Long.getLong("svc0.seed", 0);
    System.out.println("seed " + seed);
    Path image = folder.resolve("ext2.img");
    Tools.mke2fs(image, size, ("-t ext2 " + options).split(" "));
    TreeModel model = new TreeModel(seed);
    for (int round = 0; round < 3; round++) {
      try (TestKernel kernel = TestKernel.mount(image)) {
        model.exercise(kernel, 250);
        model.compare(kernel);
      }
      Tools.assertClean(image);
    }
    try (TestKernel kernel = TestKernel.mount(image)) {
      model.compare(kernel);
    }
    Path dumped = Files.createDirectory(folder.resolve("dumped"));
    Tools.debugfs(image, "rdump / " + dumped);
    model.compare(dumped);
    if (size.equals("1M")) {
      assertThat(model.noSpace).isPositive();
    }
  }

  /** Threads that fill and empty the disk while the flusher runs, in little memory. */
  @Test
  void threadsLeaveACleanImage() throws Exception {
    Path image = folder.resolve("ext2.img");
    Tools.mke2fs(image, "8M", "-t", "ext2", "-b", "1024");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (TestKernel kernel = TestKernel.mountSmall(image, 700)) {
      kernel.vfs.writeback().setDirtyLimits(20, 60);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String home = "/t" + i;
        long seed = i;
        assertThat(kernel.mkdir(home)).isZero();
        Thread thread = Thread.ofPlatform().start(() -> fillAndEmpty(kernel.another(), home, seed));
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join(120_000);
        assertThat(thread.isAlive()).isFalse();
      }
      assertThat(failure.get()).isNull();
    }
    Tools.assertClean(image);
  }

  private static void fillAndEmpty(TestKernel.Worker worker, String home, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 150; i++) {
      String path = home + "/f" + random.nextInt(12);
      switch (random.nextInt(4)) {
        case 0 -> worker.unlink(path);
        case 1 -> worker.rename(path, home + "/f" + random.nextInt(12));
        default -> {
          byte[] data = new byte[1 + random.nextInt(120_000)];
          random.nextBytes(data);
          long written = worker.write(path, 0, data);
          if (written == data.length) {
            byte[] back = worker.read(path);
            for (int at = 0; at < data.length; at++) {
              if (back[at] != data[at]) {
                throw new AssertionError(path + " differs at " + at);
              }
            }
          }
        }
      }
    }
  }
}
