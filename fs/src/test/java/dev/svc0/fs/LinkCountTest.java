package dev.svc0.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads make, move and remove directories in the same few directories while these are written
 * back all the time. The link count of a directory is two and its subdirectories: in memory, after
 * each mount, and as e2fsck counts.
 */
class LinkCountTest {
  private static final int THREADS = 4;
  private static final int PLACES = 3;
  private static final int NAMES = 8;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"ext2", "ext4"})
  void directoriesKeepTheirLinkCounts(String type) throws Exception {
    Path image = folder.resolve("disk.img");
    Tools.mke2fs(image, "8M", "-t", type, "-b", "1024");
    for (int round = 0; round < 3; round++) {
      try (TestKernel kernel = TestKernel.mount(image, type, "")) {
        kernel.vfs.writeback().setDirtyLimits(1, 400);
        kernel.vfs.writeback().setAges(0, 1_000_000);
        for (int place = 0; place < PLACES; place++) {
          kernel.mkdir("/p" + place);
        }
        run(kernel, round);
        countLinks(kernel);
      }
      Tools.assertClean(image);
    }
  }

  private static void run(TestKernel kernel, int round) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      long seed = 100L * round + i;
      TestKernel.Worker worker = kernel.another();
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failure.set(e))
              .start(() -> change(worker, new Random(seed))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
  }

  private static String anyName(Random random) {
    return "/p" + random.nextInt(PLACES) + "/d" + random.nextInt(NAMES);
  }

  private static void change(TestKernel.Worker worker, Random random) {
    for (int i = 0; i < 400; i++) {
      String name = anyName(random);
      switch (random.nextInt(6)) {
        case 0 -> worker.rmdir(name);
        case 1, 2 -> worker.rename(name, anyName(random));
        case 3 -> worker.fsync("/p" + random.nextInt(PLACES));
        default -> worker.mkdir(name);
      }
    }
  }

  private static void countLinks(TestKernel kernel) {
    int found = 0;
    for (int place = 0; place < PLACES; place++) {
      String path = "/p" + place;
      long directories = 0;
      for (String name : kernel.list(path).keySet()) {
        boolean own = name.equals(".") || name.equals("..");
        directories +=
            own ? 0 : kernel.ask(path + "/" + name, inode -> inode.isDirectory() ? 1 : 0);
      }
      assertThat(kernel.ask(path, inode -> inode.nlink)).as(path).isEqualTo(2 + directories);
      found += (int) directories;
    }
    assertThat(found).as("something was made").isPositive();
  }
}
