package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.pagecache.Filemap;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random reads, writes, syncs and invalidations by several threads, byte for byte against an array.
 */
@Timeout(120)
class PageCacheModelTest {
  private static final int SLICE = 1 << 18;
  private static final int THREADS = 4;
  private static final int STEPS = 1500;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "brd,4096,512",
    "brd,160,4096",
    "loop,4096,4096",
    "loop,160,1024",
    "loop,100,512",
  })
  void everyByteIsWhereTheModelHasIt(String driver, int framePages, int blockBytes)
      throws Exception {
    long seed = Long.getLong("svc0.seed", 1);
    System.out.println("seed of " + driver + " " + framePages + ": " + seed);
    byte[] model = new byte[THREADS * SLICE];
    Path image = folder.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(model.length);
    }
    try (DiskKernel kernel = new DiskKernel(framePages)) {
      BlockDevice disk = kernel.disk(driver.equals("brd") ? "brd:size=1M" : "loop:" + image);
      assertThat(disk.setBlockSize(blockBytes)).isZero();
      runThreads(disk, model, seed);
      assertThat(DiskKernel.read(disk, 0, model.length)).isEqualTo(model);
      assertThat(disk.sync()).isZero();
      Filemap.truncateInodePages(disk.mapping(), 0);
      assertThat(disk.mapping().pages()).isZero();
      assertThat(kernel.writeback.dirtyPages()).isZero();
      assertThat(kernel.writeback.writebackPages()).isZero();
      assertThat(kernel.frames.usedPages()).isZero();
      assertThat(DiskKernel.read(disk, 0, model.length)).isEqualTo(model);
    }
    if (driver.equals("loop")) {
      assertThat(Files.readAllBytes(image)).isEqualTo(model);
    }
  }

  private static void runThreads(BlockDevice disk, byte[] model, long seed) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int slice = thread;
        all.add(pool.submit(() -> exercise(disk, model, slice, new Random(seed + slice))));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  /** The slices do not end at page boundaries, so that threads meet in folios. */
  private static void exercise(BlockDevice disk, byte[] model, int slice, Random random) {
    byte[] data = new byte[40_000];
    int start = slice * SLICE + slice * 37;
    int end = slice == THREADS - 1 ? model.length : (slice + 1) * SLICE + (slice + 1) * 37;
    for (int step = 0; step < STEPS; step++) {
      int bytes = 1 + random.nextInt(random.nextInt(4) == 0 ? data.length : 3000);
      int at = start + random.nextInt(end - start - bytes);
      int what = random.nextInt(100);
      if (what < 55) {
        random.nextBytes(data);
        DiskKernel.write(disk, at, data, bytes);
        System.arraycopy(data, 0, model, at, bytes);
      } else if (what < 95) {
        assertThat(DiskKernel.read(disk, at, bytes))
            .isEqualTo(Arrays.copyOfRange(model, at, at + bytes));
      } else if (what < 98) {
        assertThat(Filemap.filemapWriteAndWaitRange(disk.mapping(), at, at + bytes)).isZero();
      } else {
        Filemap.invalidateInodePages2Range(disk.mapping(), at >> 12, at + bytes >> 12);
      }
    }
  }
}
