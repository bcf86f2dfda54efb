package dev.svc0.fs.jbd2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.logwrites.PowerCut;
import dev.svc0.fs.logwrites.PowerCut.Choice;
import dev.svc0.fs.logwrites.PowerCut.Cut;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.vfs.MountException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random bytes in a log: it is recovered as far as it is right, or refused with a reason. */
class JournalDamageTest {
  private static final int IMAGES = Integer.getInteger("svc0.images", 150);
  private static final int VICTIM = 60;

  /** Blocks of the log with something in them, its superblock among them. */
  private static final int USED = 120;

  @TempDir Path folder;

  private JournalImage image;

  private void change(Journal journal, BlockDevice disk, Random random, boolean free) {
    Handle handle = journal.start(12, 0, 4);
    assertThat(handle.error()).isZero();
    for (int i = 0; i < 8; i++) {
      long block = image.victim[random.nextInt(VICTIM)];
      BufferHead buffer = Buffers.bread(disk, block, image.blockSize);
      assertThat(buffer).isNotNull();
      if (free && i < 3) {
        assertThat(handle.revoke(block, buffer)).isZero();
      } else {
        assertThat(handle.getWriteAccess(buffer)).isZero();
        HostMemory.fill(buffer.address, image.blockSize, (byte) random.nextInt());
        assertThat(handle.dirtyMetadata(buffer)).isZero();
        Buffers.brelse(buffer);
      }
    }
    assertThat(handle.stop()).isZero();
  }

  /** An image whose log has several transactions that are not at their place. */
  private Path crashed(int features) throws Exception {
    Path copy = folder.resolve("crashed.img");
    try (SmallKernel kernel = new SmallKernel()) {
      BlockDevice disk = kernel.loop(image.path);
      assertThat(disk.setBlockSize(image.blockSize)).isZero();
      Journal journal = image.journal(disk);
      journal.setCommitInterval(3_600_000_000_000L);
      journal.load();
      assertThat(journal.setFeatures(features & 1, features & ~1)).isTrue();
      Random random = new Random(features);
      for (int i = 0; i < 10; i++) {
        change(journal, disk, random, i % 3 == 2);
        assertThat(journal.forceCommit()).isZero();
      }
      Files.copy(image.path, copy);
      assertThat(journal.destroy()).isZero();
    }
    return copy;
  }

  /** A sector of the log with some bytes changed. */
  private WriteLog.Entry damage(Path start, Random random) throws Exception {
    int at = random.nextInt(4) == 0 ? 0 : random.nextInt(USED);
    long sector = image.log[at] * (image.blockSize / 512) + random.nextInt(2);
    byte[] content = new byte[512];
    try (RandomAccessFile file = new RandomAccessFile(start.toFile(), "r")) {
      file.seek(sector * 512);
      file.readFully(content);
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      int spot = random.nextBoolean() ? random.nextInt(64) : random.nextInt(512);
      content[spot] = (byte) (random.nextInt(4) == 0 ? -1 : random.nextInt());
    }
    return new WriteLog.Entry(sector, 512, WriteLog.FUA, content, 0, 1, 2);
  }

  private boolean isUsable(Path start, WriteLog.Entry damage) throws Exception {
    boolean[] loaded = new boolean[1];
    try (PowerCut power = new PowerCut(start, List.of(damage))) {
      power.visit(
          List.of(new Cut(2, Choice.ALL, 0)),
          state -> {
            try (SmallKernel kernel = new SmallKernel()) {
              BlockDevice disk = state.attach(kernel.devices);
              assertThat(disk.setBlockSize(image.blockSize)).isZero();
              Journal journal = image.journal(disk);
              try {
                journal.load();
                loaded[0] = true;
                change(journal, disk, new Random(1), false);
                assertThat(journal.forceCommit()).isZero();
              } catch (MountException e) {
                assertThat(e.getMessage()).startsWith("jbd2: ").hasSizeGreaterThan(20);
              }
              assertThat(journal.destroy()).isZero();
            }
          });
    }
    return loaded[0];
  }

  @ParameterizedTest
  @CsvSource({"1024, 0", "1024, 18", "4096, 8"})
  @Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void recoveredOrRefused(int blockSize, int features) throws Exception {
    image = JournalImage.make(folder, blockSize, VICTIM);
    Path start = crashed(features);
    long base = Long.getLong("svc0.seed", 0);
    int usable = 0;
    for (long seed = base; seed < base + IMAGES; seed++) {
      Random random = new Random(seed);
      try {
        usable += isUsable(start, damage(start, random)) ? 1 : 0;
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(usable).as("logs that could be recovered").isBetween(1, IMAGES - 1);
  }
}
