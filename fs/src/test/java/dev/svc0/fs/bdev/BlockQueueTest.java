package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merging, splitting, depth, flush sequences and statistics, as the driver sees them. */
@Timeout(240)
class BlockQueueTest {
  private static final int DISK_BYTES = 8 << 20;
  private static final int MEMORY = 4 << 20;

  private final DiskKernel kernel = new DiskKernel(256);
  private final RecordingDriver driver = new RecordingDriver(DISK_BYTES);
  private final long memory = HostMemory.reserve(MEMORY);
  private final List<Long> ended = new ArrayList<>();

  @AfterEach
  void close() {
    kernel.close();
    HostMemory.release(memory, MEMORY);
  }

  private BlockDevice disk(int depth, boolean cache, boolean fua) {
    DiskLimits limits = new DiskLimits(512, 512, 1 << 20, 128, depth, cache, fua, true, false);
    return kernel.devices.add("rec", 250, DISK_BYTES >> 9, limits, driver);
  }

  private Bio bio(BlockDevice disk, int opf, long sector, int bytes) {
    Bio bio = new Bio(disk, 1, opf);
    bio.sector = sector;
    if (bytes > 0) {
      // Not adjacent in memory, so that each keeps a segment of its own.
      bio.addSegment(memory + (sector << 10) % MEMORY, bytes);
    }
    bio.endIo =
        done -> {
          synchronized (ended) {
            ended.add(done.status);
          }
        };
    return bio;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // sectors of 4 KiB writes in one plug | requests of the driver | merges
        "0 8 16 24 32 40 48 56 | WRITE 0+64 | 7",
        "24 16 8 0 | WRITE 0+32 | 3",
        "0 8 64 72 0 | WRITE 0+16; WRITE 64+16; WRITE 0+8 | 2",
        "0 16 8 | WRITE 0+8; WRITE 8+16 | 1",
      })
  void biosThatFollowEachOtherBecomeOneRequest(String sectors, String requests, long merges) {
    BlockDevice disk = disk(128, false, false);
    BlockCore.blkStartPlug();
    for (String sector : sectors.trim().split(" ")) {
      BlockCore.submitBio(bio(disk, ReqOp.WRITE, Long.parseLong(sector), 4096));
    }
    assertThat(driver.trace()).isEmpty();
    BlockCore.blkFinishPlug();
    assertThat(driver.trace()).containsExactly(requests.trim().split("; "));
    assertThat(disk.stats().writeMerges.sum()).isEqualTo(merges);
    assertThat(ended).hasSize(sectors.trim().split(" ").length).containsOnly(0L);
  }

  @Test
  void readsAndWritesAreNotMergedWithEachOther() {
    BlockDevice disk = disk(128, false, false);
    BlockCore.blkStartPlug();
    BlockCore.submitBio(bio(disk, ReqOp.WRITE, 0, 4096));
    BlockCore.submitBio(bio(disk, ReqOp.READ, 8, 4096));
    BlockCore.blkFinishPlug();
    assertThat(driver.trace()).containsExactly("WRITE 0+8", "READ 8+8");
  }

  @Test
  void aBioLargerThanTheDiskTakesIsSplitAndEndsOnce() {
    BlockDevice disk = disk(128, false, false);
    BlockCore.submitBio(bio(disk, ReqOp.WRITE, 0, (2 << 20) + 8192));
    assertThat(driver.trace()).containsExactly("WRITE 0+2048", "WRITE 2048+2048", "WRITE 4096+16");
    assertThat(ended).containsExactly(0L);
  }

  @Test
  void aPartThatFailsFailsTheWholeBio() {
    BlockDevice disk = disk(128, false, false);
    driver.failNextWrite(-Errno.EIO);
    BlockCore.submitBio(bio(disk, ReqOp.WRITE, 0, 2 << 20));
    assertThat(ended).containsExactly((long) -Errno.EIO);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // write cache | FUA | flags | bytes | what the driver gets
        "false | false | PREFLUSH+FUA | 4096 | WRITE 0+8",
        "false | false | PREFLUSH     | 0    | nothing",
        "true  | false | PREFLUSH     | 0    | FLUSH",
        "true  | false | PREFLUSH     | 4096 | FLUSH; WRITE 0+8",
        "true  | false | FUA          | 4096 | WRITE 0+8; FLUSH",
        "true  | false | PREFLUSH+FUA | 4096 | FLUSH; WRITE 0+8; FLUSH",
        "true  | true  | FUA          | 4096 | WRITE+FUA 0+8",
        "true  | true  | PREFLUSH+FUA | 4096 | FLUSH; WRITE+FUA 0+8",
      })
  void flushAndFuaBecomeStepsTheDeviceCanDo(
      boolean cache, boolean fua, String flags, int bytes, String expected) {
    BlockDevice disk = disk(128, cache, fua);
    int opf = ReqOp.WRITE;
    opf |= flags.contains("PREFLUSH") ? ReqOp.PREFLUSH : 0;
    opf |= flags.contains("FUA") ? ReqOp.FUA : 0;
    BlockCore.submitBio(bio(disk, opf, 0, bytes));
    List<String> wanted = expected.equals("nothing") ? List.of() : List.of(expected.split("; "));
    assertThat(driver.trace()).isEqualTo(wanted);
    assertThat(ended).containsExactly(0L);
  }

  @Test
  void theDataOfAFailedFlushIsNotWritten() {
    BlockDevice disk = disk(128, true, false);
    driver.failNextWrite(-Errno.EIO);
    BlockCore.submitBio(bio(disk, ReqOp.WRITE | ReqOp.FUA, 0, 4096));
    assertThat(driver.trace()).containsExactly("WRITE 0+8");
    assertThat(ended).containsExactly((long) -Errno.EIO);
  }

  @Test
  void flushesAskedForMeanwhileShareOne() {
    BlockDevice disk = disk(128, true, false);
    driver.hold();
    for (int i = 0; i < 5; i++) {
      BlockCore.submitBio(bio(disk, ReqOp.WRITE | ReqOp.PREFLUSH, 0, 0));
    }
    assertThat(driver.trace()).containsExactly("FLUSH");
    driver.letGo();
    assertThat(driver.trace()).containsExactly("FLUSH", "FLUSH");
    assertThat(ended).hasSize(5).containsOnly(0L);
    assertThat(disk.stats().flushes.sum()).isEqualTo(2);
  }

  @Test
  void noMoreRequestsAreUnderWayThanTheQueueIsDeep() throws Exception {
    BlockDevice disk = disk(4, false, false);
    driver.hold();
    AtomicInteger submitted = new AtomicInteger();
    CountDownLatch finished = new CountDownLatch(1);
    Thread submitter =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 40; i++) {
                BlockCore.submitBio(bio(disk, ReqOp.WRITE, i * 16, 4096));
                submitted.incrementAndGet();
              }
              finished.countDown();
            });
    while (submitter.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(submitted.get()).isEqualTo(4);
    driver.letGo();
    finished.await();
    assertThat(driver.mostUnderWay).isLessThanOrEqualTo(4);
    assertThat(ended).hasSize(40);
    DiskKernel.awaitIdle(disk);
  }

  @ParameterizedTest
  @CsvSource({"16384, 4096, 5", "16376, 8192, 5", "-8, 4096, 5"})
  void behindTheEndThereIsNothing(long sector, int bytes, int errno) {
    BlockDevice disk = disk(128, false, false);
    Bio bio = new Bio(disk, 1, ReqOp.WRITE);
    bio.sector = sector;
    bio.addSegment(memory, bytes);
    assertThat(BlockCore.submitBioWait(bio)).isEqualTo(-errno);
    assertThat(driver.trace()).isEmpty();
  }

  @Test
  void discardGoesThroughAndWriteZeroesFallsBackToZeroes() {
    BlockDevice disk = disk(128, false, false);
    assertThat(BlockCore.blkdevIssueDiscard(disk, 0, 2048)).isZero();
    assertThat(driver.trace()).containsExactly("DISCARD 0+2048");
    driver.forget();
    assertThat(BlockCore.blkdevIssueZeroout(disk, 8, 600)).isZero();
    assertThat(driver.seen.stream().mapToInt(RecordingDriver.Seen::bytes).sum())
        .isEqualTo(600 * 512);
  }

  private long submitAll(BlockDevice disk, int opf, long... sectors) {
    for (long sector : sectors) {
      BlockCore.submitBio(bio(disk, opf, sector, 4096));
    }
    return sectors.length;
  }

  @Test
  void theDeadlineSchedulerSortsMergesAndPrefersReads() {
    BlockDevice disk = disk(2, false, false);
    assertThat(disk.queue().setScheduler("bfq")).isEqualTo(-Errno.EINVAL);
    disk = disk(32, false, false);
    assertThat(disk.queue().setScheduler("mq-deadline")).isZero();
    driver.hold();
    // Sixteen fill the driver; what follows waits in the scheduler.
    for (int i = 0; i < 16; i++) {
      submitAll(disk, ReqOp.WRITE, 10_000 + i * 16L);
    }
    assertThat(driver.seen).hasSize(16);
    submitAll(disk, ReqOp.WRITE, 800, 400, 600, 408);
    submitAll(disk, ReqOp.READ, 1600, 1200);
    driver.forget();
    driver.letGo();
    // Reads by sector; no write lies behind the last one, so the oldest comes first, then by
    // sector.
    assertThat(driver.trace())
        .containsExactly(
            "READ 1200+8", "READ 1600+8", "WRITE 800+8", "WRITE 400+16", "WRITE 600+8");
    assertThat(ended).hasSize(22).containsOnly(0L);
    DiskKernel.awaitIdle(disk);
  }

  @Test
  void statisticsAreThoseOfTheDriver() {
    BlockDevice disk = disk(128, true, false);
    BlockCore.blkStartPlug();
    for (int i = 0; i < 64; i++) {
      BlockCore.submitBio(bio(disk, i % 3 == 0 ? ReqOp.READ : ReqOp.WRITE, i * 8, 4096));
    }
    BlockCore.blkFinishPlug();
    BlockCore.blkdevIssueFlush(disk);
    BlockCore.blkdevIssueDiscard(disk, 0, 16);
    long reads = driver.seen.stream().filter(s -> s.op() == ReqOp.READ).count();
    long writes = driver.seen.stream().filter(s -> s.op() == ReqOp.WRITE).count();
    assertThat(disk.stats().reads.sum()).isEqualTo(reads);
    // A bare flush is a write of no sectors, as in Linux.
    assertThat(disk.stats().writes.sum()).isEqualTo(writes + 1);
    assertThat(disk.stats().readSectors.sum() + disk.stats().writeSectors.sum()).isEqualTo(64 * 8);
    assertThat(disk.stats().flushes.sum()).isOne();
    assertThat(disk.stats().discards.sum()).isOne();
    assertThat(disk.stats().inFlight.get()).isZero();
    assertThat(disk.stats().line(disk).trim().split(" +"))
        .hasSize(20)
        .startsWith("250", "0", "rec0");
  }
}
