package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.DiskStats;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.iomap.IomapDirectIo;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.Filemap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every driver under random reads, writes (cached and direct), discards, zeroing and syncs,
 * compared with an array; and the columns of /proc/diskstats, compared with what the driver was
 * asked for.
 *
 * <p>Short by itself; {@code -Dsvc0.exercise.seconds=1800} goes on for half an hour a driver, and
 * {@code -Dsvc0.seed=N} repeats a run.
 */
class DriverExerciseTest {
  private static final int BYTES = 4 << 20;
  private static final int MOST = 1 << 19;

  @TempDir Path folder;

  private final DiskKernel kernel = new DiskKernel(2048);
  private final long memory = HostMemory.reserve(MOST);
  private final byte[] model = new byte[BYTES];
  private Process server;
  private int syncs;

  @BeforeEach
  void fill() throws Exception {
    Files.write(folder.resolve("disk.img"), new byte[BYTES]);
  }

  @AfterEach
  void stop() throws Exception {
    kernel.close();
    HostMemory.release(memory, MOST);
    if (server != null) {
      server.destroy();
      server.waitFor();
    }
  }

  private BlockDevice make(String kind) throws Exception {
    String image = folder.resolve("disk.img").toString();
    return switch (kind) {
      case "brd" -> kernel.disk("brd:size=4M");
      case "loop", "loop mq-deadline" -> kernel.disk("loop:" + image);
      case "loop direct" -> kernel.disk("loop:" + image + ",direct");
      case "flakey" -> {
        kernel.disk("brd:size=4M");
        yield kernel.disk("flakey:ram0");
      }
      case "logwrites" -> {
        kernel.disk("brd:size=4M");
        yield kernel.disk("logwrites:ram0,log=" + folder.resolve("log"));
      }
      default -> {
        serve(image);
        yield kernel.disk("nbd:unix:" + folder.resolve("nbd.sock"));
      }
    };
  }

  private void serve(String image) throws Exception {
    assumeTrue(
        System.getenv("CI") != null
            || List.of("/usr/bin/nbdkit", "/usr/sbin/nbdkit").stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path))),
        "needs nbdkit");
    Path socket = folder.resolve("nbd.sock");
    server =
        new ProcessBuilder("nbdkit", "-f", "-U", socket.toString(), "file", image)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (!Files.exists(socket)) {
      assertThat(server.isAlive()).isTrue();
      Thread.sleep(5);
    }
  }

  /** The same disk behind a driver that counts. */
  private BlockDevice counted(BlockDevice disk, CountingDriver counter) {
    return kernel.devices.add("cnt", 251, disk.sectors(), disk.queue().limits(), counter);
  }

  /** A flush that carries no data is a write of no sectors, as Linux counts it, and a flush. */
  private void assertCounts(BlockDevice disk, CountingDriver counter) {
    DiskStats stats = disk.stats();
    while (stats.inFlight.get() > 0) {
      Thread.onSpinWait(); // who waited goes on a moment before the request is counted
    }
    boolean sequenced = disk.queue().limits().writeCache() && !counter.isBioBased();
    long writes = counter.writes.requests.sum() + (sequenced ? syncs : 0);
    assertThat(stats.reads + " " + stats.readMerges + " " + stats.readSectors)
        .as("reads")
        .isEqualTo(counter.reads.toString());
    assertThat(stats.writes + " " + stats.writeMerges + " " + stats.writeSectors)
        .as("writes")
        .isEqualTo(writes + " " + counter.writes.merges + " " + counter.writes.sectors);
    assertThat(stats.discards + " " + stats.discardMerges + " " + stats.discardSectors)
        .as("discards")
        .isEqualTo(counter.discards.toString());
    assertThat(stats.flushes.sum()).as("flushes").isEqualTo(counter.flushes.requests.sum());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"brd", "loop", "loop mq-deadline", "loop direct", "flakey", "logwrites", "nbd"})
  void whatIsReadIsWhatWasWrittenAndTheCountsAgree(String kind) throws Exception {
    long seed = Long.getLong("svc0.seed", 1);
    System.out.println("seed of " + kind + ": " + seed);
    Random random = new Random(seed);
    CountingDriver counter = new CountingDriver(make(kind).queue().driver());
    BlockDevice disk = counted(kernel.devices.all().getLast(), counter);
    if (kind.endsWith("mq-deadline")) {
      assertThat(disk.queue().setScheduler("mq-deadline")).isZero();
    }
    long seconds = Long.getLong("svc0.exercise.seconds", 0);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int step = 0; step < 250 || seconds > 0 && System.nanoTime() - end < 0; step++) {
      exercise(disk, random);
    }
    sync(disk);
    for (int at = 0; at < BYTES; at += MOST) {
      compare(at, MOST, direct(disk, ReqOp.READ, at, MOST));
    }
    assertCounts(disk, counter);
  }

  private void exercise(BlockDevice disk, Random random) {
    int bytes = 1 + random.nextInt(random.nextInt(4) == 0 ? MOST : 20_000);
    int at = random.nextInt(BYTES - bytes);
    int sectorAt = at & -512;
    int whole = Math.min(bytes + 511 & -512, MOST);
    byte[] data = new byte[Math.max(bytes, whole)];
    random.nextBytes(data);
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        DiskKernel.write(disk, at, data, bytes);
        System.arraycopy(data, 0, model, at, bytes);
      }
      case 2 -> compare(at, bytes, DiskKernel.read(disk, at, bytes));
      case 3 -> {
        HostMemory.copy(data, 0, memory, whole);
        cleanCache(disk, sectorAt, whole);
        direct(disk, ReqOp.WRITE, sectorAt, whole);
        System.arraycopy(data, 0, model, sectorAt, whole);
      }
      case 4 -> {
        cleanCache(disk, sectorAt, whole);
        compare(sectorAt, whole, direct(disk, ReqOp.READ, sectorAt, whole));
      }
      case 5 -> {
        cleanCache(disk, sectorAt, whole);
        if (disk.queue().limits().discard()) {
          assertThat(BlockCore.blkdevIssueDiscard(disk, sectorAt >> 9, whole >> 9)).isZero();
        }
        assertThat(BlockCore.blkdevIssueZeroout(disk, sectorAt >> 9, whole >> 9)).isZero();
        Arrays.fill(model, sectorAt, sectorAt + whole, (byte) 0);
      }
      case 6 -> sync(disk);
      default ->
          assertThat(Filemap.filemapWriteAndWaitRange(disk.mapping(), at, at + bytes)).isZero();
    }
  }

  private void sync(BlockDevice disk) {
    assertThat(disk.sync()).isZero();
    syncs++;
  }

  private static void cleanCache(BlockDevice disk, int at, int bytes) {
    assertThat(IomapDirectIo.kiocbInvalidatePages(disk.mapping(), at, bytes)).isZero();
  }

  private byte[] direct(BlockDevice disk, int op, int at, int bytes) {
    long moved = IomapDirectIo.deviceRw(disk, op, at, new IovIter().initKernel(memory, bytes));
    assertThat(moved).isEqualTo(bytes);
    byte[] result = new byte[bytes];
    HostMemory.copy(memory, result, 0, bytes);
    return result;
  }

  private void compare(int at, int bytes, byte[] got) {
    int wrong = Arrays.mismatch(Arrays.copyOfRange(model, at, at + bytes), got);
    assertThat(wrong).as("first wrong byte of " + bytes + " at " + at).isEqualTo(-1);
  }

  /** The null disk keeps nothing, and counts all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"nullblk", "nullblk:bio"})
  void theNullDiskReadsZeroesAndCounts(String spec) {
    BlockDevice made = kernel.disk(spec);
    CountingDriver counter = new CountingDriver(made.queue().driver());
    BlockDevice disk = counted(made, counter);
    HostMemory.fill(memory, MOST, (byte) 7);
    direct(disk, ReqOp.WRITE, 4096, MOST);
    assertThat(direct(disk, ReqOp.READ, 4096, MOST)).containsOnly(0);
    DiskKernel.write(disk, 0, new byte[100_000], 100_000);
    sync(disk);
    assertCounts(disk, counter);
    assertThat(counter.writes.sectors.sum()).isPositive();
  }

  /** Pages that follow each other on the disk go to the driver in few large requests. */
  @Test
  void writeBackOfALongRunIssuesLargeRequests() throws Exception {
    CountingDriver counter = new CountingDriver(make("loop").queue().driver());
    BlockDevice disk = counted(kernel.devices.all().getLast(), counter);
    for (int at = 0; at < 1 << 20; at += 4096) {
      DiskKernel.write(disk, at, new byte[4096], 4096);
    }
    sync(disk);
    assertThat(counter.writes.sectors.sum()).isEqualTo(2048);
    assertThat(counter.writes.requests.sum()).isLessThanOrEqualTo(4);
    Filemap.invalidateInodePages2Range(disk.mapping(), 0, Long.MAX_VALUE >>> 12);
    for (int at = 0; at < 1 << 20; at += 4096) {
      DiskKernel.read(disk, at, 4096);
    }
    assertThat(counter.reads.requests.sum()).isLessThanOrEqualTo(12);
  }

  @Test
  void aDiscardGivesTheFilesBlocksBack() throws Exception {
    BlockDevice disk = make("loop");
    Path image = folder.resolve("disk.img");
    byte[] ones = new byte[MOST];
    Arrays.fill(ones, (byte) 1);
    DiskKernel.write(disk, 0, ones, MOST);
    sync(disk);
    long before = (long) Files.getAttribute(image, "unix:size");
    assertThat(BlockCore.blkdevIssueDiscard(disk, 0, MOST >> 9)).isZero();
    byte[] content = Files.readAllBytes(image);
    assertThat(Arrays.copyOf(content, MOST)).containsOnly(0);
    assertThat(Files.size(image)).isEqualTo(before);
  }

  /** The memory of direct I/O has a bound, and all of it comes back. */
  @Test
  void directIoUsesBoundedMemory() {
    BlockDevice disk = kernel.disk("brd:size=4M");
    long limit = kernel.devices.bounce().limitPages();
    assertThat(limit).isEqualTo(256);
    long first = kernel.devices.bounce().take(7);
    long second = kernel.devices.bounce().take(7);
    assertThat(kernel.devices.bounce().usedPages()).isEqualTo(limit);
    Thread third =
        Thread.ofPlatform()
            .start(() -> kernel.devices.bounce().put(kernel.devices.bounce().take(0), 0));
    while (third.getState() != Thread.State.WAITING) {
      assertThat(third.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    kernel.devices.bounce().put(first, 7);
    kernel.devices.bounce().put(second, 7);
    while (third.isAlive()) {
      Thread.onSpinWait();
    }
    assertThat(kernel.devices.bounce().usedPages()).isZero();
    sync(disk);
  }
}
