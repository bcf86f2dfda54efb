package dev.svc0.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestKernel;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * More names than are kept in memory: threads make and remove files while the names of others, and
 * names that do not exist, are forgotten.
 */
@Timeout(240)
class ManyNamesTest {
  private static final int KEPT = 100_000;
  private static final int THREADS = 3;

  @TempDir Path folder;

  @Test
  void namesThatAreForgottenWhileOthersRemoveThem() throws Exception {
    Path image = folder.resolve("disk.img");
    Tools.mke2fs(image, "16M", "-t", "ext2", "-b", "1024", "-N", "4000");
    try (TestKernel kernel = TestKernel.mount(image)) {
      for (int i = 0; i < KEPT; i++) {
        assertThat(kernel.unlink("/no" + i)).isEqualTo(-Errno.ENOENT);
      }
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        String home = "/d" + i;
        assertThat(kernel.mkdir(home)).isZero();
        TestKernel.Worker worker = kernel.another();
        threads.add(
            Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, e) -> failure.set(e))
                .start(() -> makeAndRemove(worker, home)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
    }
    Tools.assertClean(image);
  }

  /** Each file stays for a while, so that it is forgotten now and then; all are gone at the end. */
  private static void makeAndRemove(TestKernel.Worker worker, String home) {
    byte[] data = {1, 2, 3};
    for (int i = 0; i < 40_000; i++) {
      worker.unlink(home + "/no" + i);
      if (i % 8 == 0) {
        assertThat(worker.write(home + "/f" + i, 0, data)).isEqualTo(3);
      }
      if (i % 8 == 0 && i >= 800) {
        assertThat(worker.read(home + "/f" + (i - 400))).isEqualTo(data);
        assertThat(worker.unlink(home + "/f" + (i - 800))).isZero();
      }
    }
  }
}
