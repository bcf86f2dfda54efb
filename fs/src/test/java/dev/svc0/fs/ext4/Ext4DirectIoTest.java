package dev.svc0.fs.ext4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.TestProgram;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FsConstants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** O_DIRECT on ext4: past the page cache, and never at odds with it. */
@Timeout(120)
class Ext4DirectIoTest {
  private static final int DIRECT = Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_DIRECT;
  private static final int BLOCK = 4096;

  @TempDir Path folder;

  private Path image(String... options) {
    Path image = folder.resolve("ext4.img");
    Tools.mke2fs(image, "32M", options);
    return image;
  }

  private static byte[] filled(int bytes, int mark) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) mark);
    return data;
  }

  private byte[] onDisk(Path image, String path) throws Exception {
    Path copy = folder.resolve("copy");
    Files.deleteIfExists(copy);
    Tools.debugfs(image, "dump " + path + " " + copy);
    return Files.readAllBytes(copy);
  }

  @Test
  void whatWasWrittenIsOnTheDiskWithoutASync() throws Exception {
    Path image = image("-t", "ext4", "-b", "4096");
    TestProgram program = TestProgram.boot(image, "ext4", "");
    int fd = program.open("/f", DIRECT);
    program.write(fd, filled(4 * BLOCK, 1), 0);
    assertThat(program.fsync(fd)).isZero(); // the inode and its extents
    program.write(fd, filled(BLOCK, 2), BLOCK);
    assertThat(program.read(fd, BLOCK, BLOCK)).containsOnly(2);
    Path crashed = Files.copy(image, folder.resolve("crashed.img"));
    program.close();
    Tools.run("e2fsck", "-fp", crashed.toString());
    byte[] data = onDisk(crashed, "/f");
    assertThat(data).hasSize(4 * BLOCK);
    assertThat(Arrays.copyOfRange(data, BLOCK, 2 * BLOCK)).containsOnly(2);
    assertThat(Arrays.copyOf(data, BLOCK)).containsOnly(1);
    Tools.assertClean(image);
  }

  @Test
  void alignmentIsThatOfTheDiskAsInLinux() throws Exception {
    try (TestProgram program = TestProgram.boot(image("-t", "ext4"), "ext4", "")) {
      int fd = program.open("/f", DIRECT);
      assertThat(program.pwrite(fd, filled(BLOCK, 1), 0, 1)).isEqualTo(-Errno.EINVAL);
      assertThat(program.pwrite(fd, filled(BLOCK, 1), 100, 0)).isEqualTo(-Errno.EINVAL);
      assertThat(program.pwrite(fd, filled(BLOCK - 1, 1), 0, 0)).isEqualTo(-Errno.EINVAL);
      assertThat(program.pwrite(fd, filled(512, 1), 512, 0)).isEqualTo(512);
      assertThat(program.read(fd, 1024, 0)).startsWith(filled(512, 0)).endsWith(filled(512, 1));
    }
  }

  /** Sectors inside blocks: what surrounds them stays. */
  @Test
  void partsOfBlocks() throws Exception {
    Path image = image("-t", "ext4", "-b", "4096");
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.open("/f", DIRECT);
      program.write(fd, filled(2 * BLOCK, 1), 0);
      program.write(fd, filled(1024, 2), BLOCK - 512);
      program.write(fd, filled(512, 3), 5 * BLOCK + 512); // behind the end, into a hole
    }
    Tools.assertClean(image);
    byte[] expected = new byte[5 * BLOCK + 1024];
    Arrays.fill(expected, 0, 2 * BLOCK, (byte) 1);
    Arrays.fill(expected, BLOCK - 512, BLOCK + 512, (byte) 2);
    Arrays.fill(expected, 5 * BLOCK + 512, 5 * BLOCK + 1024, (byte) 3);
    assertThat(onDisk(image, "/f")).isEqualTo(expected);
  }

  /** Buffered, direct and mapped at once: each sees what the others did last. */
  @ParameterizedTest
  @CsvSource({
    "'-t ext4 -b 1024', ''",
    "'-t ext4 -b 4096', ''",
    "-t ext3, ''",
    "-t ext4, nodelalloc"
  })
  void mixedWithThePageCache(String format, String options) throws Exception {
    Path image = image(format.split(" "));
    byte[] model = new byte[48 * BLOCK];
    Random random = new Random(8);
    try (TestProgram program = TestProgram.boot(image, "ext4", options)) {
      int buffered = program.create("/f");
      int direct = program.open("/f", DIRECT);
      program.write(buffered, model, 0);
      long mapped = program.mapShared(buffered, model.length, 0);
      for (int step = 0; step < 300; step++) {
        int kind = random.nextInt(5);
        int unit = kind == 0 ? 1 : 512;
        int at = random.nextInt(40 * BLOCK / unit) * unit;
        int bytes = (1 + random.nextInt(4 * BLOCK / unit)) * unit;
        byte[] data = filled(bytes, 1 + random.nextInt(120));
        switch (kind) {
          case 0 -> program.write(buffered, data, at);
          case 1 -> program.write(direct, data, at);
          case 2 -> program.task.memory().writeBytes(mapped + at, data);
          case 3 -> data = program.read(direct, bytes, at);
          default -> {
            int mode = FsConstants.FALLOC_FL_PUNCH_HOLE | FsConstants.FALLOC_FL_KEEP_SIZE;
            assertThat(program.fallocate(buffered, mode, at, bytes)).isZero();
            data = new byte[bytes];
          }
        }
        if (kind == 3) {
          assertThat(data).isEqualTo(Arrays.copyOfRange(model, at, at + bytes));
        }
        System.arraycopy(data, 0, model, at, bytes);
        assertThat(program.read(buffered, bytes, at)).isEqualTo(data);
      }
      assertThat(program.munmap(mapped, model.length)).isZero();
    }
    Tools.assertClean(image);
    assertThat(onDisk(image, "/f")).isEqualTo(model);
  }

  @Test
  void dataJournalGoesThroughThePageCache() throws Exception {
    Path image = image("-t", "ext4");
    try (TestProgram program = TestProgram.boot(image, "ext4", "data=journal")) {
      assertThat(program.open("/f", DIRECT)).isEqualTo(-Errno.EINVAL);
    }
    Tools.assertClean(image);
  }

  /** Overwrites of blocks with content need the inode lock only shared; what extends, alone. */
  @Test
  void overwritesShareTheLock() throws Exception {
    Path image = image("-t", "ext4", "-b", "4096");
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.open("/f", DIRECT);
      program.write(fd, filled(8 * BLOCK, 1), 0);
      var file = java.util.Objects.requireNonNull(program.task.files().fdget(fd));
      ReentrantReadWriteLock lock = (ReentrantReadWriteLock) file.inode().lock;
      CountDownLatch held = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      Thread reader =
          new Thread(() -> {
            lock.readLock().lock();
            held.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            lock.readLock().unlock();
          });
      reader.start();
      held.await();
      program.write(fd, filled(2 * BLOCK, 2), BLOCK); // does not wait for the reader
      CountDownLatch extended = new CountDownLatch(1);
      Thread extender =
          new Thread(() -> {
            program.write(fd, filled(BLOCK, 3), 8L * BLOCK);
            extended.countDown();
          });
      extender.start();
      while (!lock.hasQueuedThread(extender) && extended.getCount() > 0) {
        Thread.onSpinWait();
      }
      assertThat(extended.getCount()).isOne();
      release.countDown();
      assertThat(extended.await(60, TimeUnit.SECONDS)).isTrue();
      reader.join();
      extender.join();
      file.put();
      assertThat(program.read(fd, BLOCK, 8L * BLOCK)).containsOnly(3);
    }
    Tools.assertClean(image);
  }

  /** A disk without room for all of it: what fits is written, and the file ends there. */
  @Test
  void aFullDisk() throws Exception {
    Path image = image("-t", "ext4", "-b", "4096", "-m", "0");
    long size = 0;
    try (TestProgram program = TestProgram.boot(image, "ext4", "")) {
      int fd = program.open("/f", DIRECT);
      byte[] data = filled(TestProgram.MEMORY, 7);
      long got = data.length;
      while (got == data.length) {
        got = program.pwrite(fd, data, size, 0);
        size += Math.max(0, got);
      }
      assertThat(got < 0 ? got : -Errno.ENOSPC).isEqualTo(-Errno.ENOSPC);
    }
    Tools.assertClean(image);
    assertThat(onDisk(image, "/f")).hasSize((int) size).containsOnly(7);
  }
}
