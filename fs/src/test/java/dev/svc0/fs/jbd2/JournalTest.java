package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs written here, replayed by e2fsck and by ourselves. */
class JournalTest {
  private static final int VICTIM = 200;

  @TempDir Path folder;

  /** Changes a block under a handle as a file system would. */
  private static void put(Handle handle, BlockDevice disk, JournalImage image, int at, byte value) {
    BufferHead buffer = Buffers.bread(disk, image.victim[at], image.blockSize);
    assertThat(buffer).isNotNull();
    assertThat(handle.getWriteAccess(buffer)).isZero();
    HostMemory.fill(buffer.address, image.blockSize, value);
    assertThat(handle.dirtyMetadata(buffer)).isZero();
    Buffers.brelse(buffer);
  }

  private static void features(Journal journal, int features) {
    assertThat(journal.setFeatures(features & 1, features & ~1)).isTrue();
  }

  private byte[] dump(Path image) throws Exception {
    Path dumped = folder.resolve("dumped");
    Tools.debugfs(image, "dump /victim " + dumped);
    return Files.readAllBytes(dumped);
  }

  /** Stops without the last checkpoint: what a crash behind the last commit leaves. */
  private static void crash(SmallKernel kernel, Path image, Path copy) throws Exception {
    Files.copy(image, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static final int V1 = FEATURE_COMPAT_CHECKSUM;

  static final int[] KINDS = {
    0,
    V1,
    FEATURE_INCOMPAT_CSUM_V2,
    FEATURE_INCOMPAT_CSUM_V3,
    FEATURE_INCOMPAT_64BIT,
    FEATURE_INCOMPAT_64BIT | FEATURE_INCOMPAT_CSUM_V2,
    FEATURE_INCOMPAT_64BIT | FEATURE_INCOMPAT_CSUM_V3
  };

  @ParameterizedTest
  @CsvSource({"1024", "2048", "4096"})
  void e2fsckReplaysWhatWasCommitted(int blockSize) throws Exception {
    JournalImage image = JournalImage.make(folder, blockSize, VICTIM);
    Path pristine = Files.copy(image.path, folder.resolve("pristine"));
    for (int kind : KINDS) {
      Files.copy(pristine, image.path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      byte[] expected = new byte[VICTIM * blockSize];
      Arrays.fill(expected, (byte) 'v');
      Path crashed = folder.resolve("crashed");
      Random random = new Random(blockSize + kind);
      try (SmallKernel kernel = new SmallKernel()) {
        BlockDevice disk = kernel.loop(image.path);
        assertThat(disk.setBlockSize(blockSize)).isZero();
        Journal journal = image.journal(disk);
        journal.setCommitInterval(3_600_000_000_000L);
        journal.load();
        features(journal, kind);
        for (int i = 0; i < 40; i++) {
          Handle handle = journal.start(20);
          assertThat(handle.error()).isZero();
          for (int j = random.nextInt(20); j >= 0; j--) {
            int at = random.nextInt(VICTIM);
            byte value = (byte) (random.nextInt(100) + 1);
            put(handle, disk, image, at, value);
            Arrays.fill(expected, at * blockSize, (at + 1) * blockSize, value);
          }
          assertThat(handle.stop()).isZero();
          if (random.nextInt(3) == 0) {
            assertThat(journal.forceCommit()).isZero();
          }
        }
        assertThat(journal.forceCommit()).isZero();
        crash(kernel, image.path, crashed);
        assertThat(journal.destroy()).isZero();
      }
      assertThat(dump(image.path)).as("checkpointed, features %x", kind).isEqualTo(expected);
      Path replayed = Files.copy(crashed, folder.resolve("replayed" + kind));
      Tools.Answer answer = Tools.run("e2fsck", "-fy", crashed.toString());
      assertThat(answer.exit()).as(answer.output()).isLessThan(2);
      assertThat(answer.output()).contains("recovering journal");
      assertThat(dump(crashed)).as("replayed by e2fsck, features %x", kind).isEqualTo(expected);
      try (SmallKernel kernel = new SmallKernel()) {
        Journal journal = image.journal(kernel.loop(replayed));
        journal.load();
        assertThat(journal.replayedBlocks()).isPositive();
        assertThat(journal.destroy()).isZero();
      }
      assertThat(dump(replayed)).as("replayed here, features %x", kind).isEqualTo(expected);
      Files.delete(replayed);
    }
  }
}
