package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.flakey.Flakey;
import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.pagecache.Filemap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fail on purpose, and disks that log. */
@Timeout(240)
class LayersTest {
  private static final int DISK = 1 << 20;

  @TempDir Path folder;
  private final DiskKernel kernel = new DiskKernel(1024);
  private final BlockDevice below = kernel.disk("brd:size=1M");
  private final long memory = HostMemory.reserve(65536);

  @AfterEach
  void close() {
    kernel.close();
    HostMemory.release(memory, 65536);
  }

  private long write(BlockDevice disk, int flags, long sector, int bytes, int fill) {
    HostMemory.fill(memory, bytes, (byte) fill);
    Bio bio = new Bio(disk, 1, ReqOp.WRITE | flags);
    bio.sector = sector;
    if (bytes > 0) {
      bio.addSegment(memory, bytes);
    }
    return BlockCore.submitBioWait(bio);
  }

  private byte[] content(BlockDevice disk, long sector, int bytes) {
    Bio bio = new Bio(disk, 1, ReqOp.READ);
    bio.sector = sector;
    bio.addSegment(memory, bytes);
    assertThat(BlockCore.submitBioWait(bio)).isZero();
    byte[] data = new byte[bytes];
    HostMemory.copy(memory, data, 0, bytes);
    return data;
  }

  private static byte[] filled(int bytes, int fill) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) fill);
    return data;
  }

  @Test
  void eachFateDoesWhatItSays() {
    BlockDevice disk = Flakey.over(kernel.devices, below, Flakey.NONE);
    assertThat(disk.name()).isEqualTo("dm-0");
    Flakey flakey = (Flakey) disk.queue().driver();
    assertThat(write(disk, 0, 0, 4096, 1)).isZero();
    assertThat(content(below, 0, 4096)).isEqualTo(filled(4096, 1));
    flakey.setRule((bio, number) -> new Flakey.Fail(-Errno.EIO));
    assertThat(write(disk, 0, 0, 4096, 2)).isEqualTo(-Errno.EIO);
    flakey.setRule((bio, number) -> new Flakey.Drop());
    assertThat(write(disk, 0, 0, 4096, 3)).isZero();
    assertThat(content(below, 0, 4096)).isEqualTo(filled(4096, 1));
    flakey.setRule((bio, number) -> new Flakey.Tear(1536));
    assertThat(write(disk, 0, 0, 4096, 4)).isZero();
    byte[] torn = filled(4096, 1);
    Arrays.fill(torn, 0, 1536, (byte) 4);
    assertThat(content(below, 0, 4096)).isEqualTo(torn);
    flakey.setRule((bio, number) -> new Flakey.Delay(2_000_000));
    long before = System.nanoTime();
    assertThat(write(disk, 0, 0, 4096, 5)).isZero();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(2_000_000);
    assertThat(content(below, 0, 4096)).isEqualTo(filled(4096, 5));
  }

  @Test
  void theSameSeedFailsTheSameWrites() {
    String[] runs = new String[2];
    for (int run = 0; run < 2; run++) {
      BlockDevice fresh = kernel.disk("brd:size=1M");
      BlockDevice disk = kernel.disk("flakey:" + fresh.name() + ",seed=7,write_errors=5,torn=6");
      StringBuilder results = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        results.append(write(disk, 0, i, 1024, i)).append(Arrays.hashCode(content(fresh, i, 1024)));
      }
      runs[run] = results.toString();
    }
    assertThat(runs[0]).isEqualTo(runs[1]).contains("-5");
  }

  @Test
  void afterThePowerCutNothingIsWritten() {
    BlockDevice disk = kernel.disk("flakey:ram0,cut_after=3");
    for (int i = 0; i < 6; i++) {
      assertThat(write(disk, 0, i * 8L, 512, 9)).isZero();
    }
    for (int i = 0; i < 6; i++) {
      assertThat(content(below, i * 8L, 512)).isEqualTo(filled(512, i < 3 ? 9 : 0));
    }
  }

  @Test
  void writesEnterTheLogWithTheFlushThatMakesThemStable() {
    WriteLog.InMemory log = new WriteLog.InMemory();
    BlockDevice disk = LogWrites.over(kernel.devices, below, log);
    write(disk, 0, 0, 512, 1);
    write(disk, ReqOp.FUA, 8, 512, 2);
    write(disk, 0, 16, 512, 3);
    assertThat(log.entries()).extracting(WriteLog.Entry::sector).containsExactly(8L);
    assertThat(BlockCore.blkdevIssueFlush(disk)).isZero();
    write(disk, 0, 24, 512, 4);
    ((LogWrites) disk.queue().driver()).mark("here");
    assertThat(log.entries())
        .extracting(WriteLog.Entry::sector)
        .containsExactly(8L, 0L, 16L, 0L, 24L, 0L);
    assertThat(log.entries())
        .extracting(WriteLog.Entry::flags)
        .containsExactly(WriteLog.FUA, 0, 0, WriteLog.FLUSH, 0, WriteLog.MARK);
  }

  @Test
  void replayingTheLogGivesTheDisk() {
    WriteLog.InMemory log = new WriteLog.InMemory();
    BlockDevice disk = LogWrites.over(kernel.devices, below, log);
    long seed = Long.getLong("svc0.seed", 1);
    System.out.println("seed of the logged writes: " + seed);
    Random random = new Random(seed);
    byte[] data = new byte[20_000];
    byte[] image = new byte[DISK];
    int replayed = 0;
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 10; i++) {
        random.nextBytes(data);
        int bytes = 1 + random.nextInt(data.length);
        DiskKernel.write(disk, random.nextInt(DISK - data.length), data, bytes);
      }
      assertThat(disk.sync()).isZero();
      List<WriteLog.Entry> entries = log.entries();
      int added = entries.size() - replayed;
      WriteLog.InMemory.replay(entries.subList(replayed, entries.size()), added, image);
      replayed = entries.size();
      assertThat(DiskKernel.read(disk, 0, DISK)).isEqualTo(image);
    }
    Filemap.truncateInodePages(disk.mapping(), 0);
    assertThat(DiskKernel.read(disk, 0, DISK)).isEqualTo(image);
  }

  @Test
  void theLogFileHasTheLayoutOfDmLogWrites() throws Exception {
    Path file = folder.resolve("writes.log");
    BlockDevice disk = kernel.disk("logwrites:ram0,log=" + file);
    write(disk, ReqOp.FUA, 5, 1024, 7);
    ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(log.capacity()).isEqualTo(512 + 512 + 1024);
    assertThat(new long[] {log.getLong(0), log.getLong(8), log.getLong(16), log.getInt(24)})
        .containsExactly(0x6a736677736872L, 1, 1, 512);
    assertThat(new long[] {log.getLong(512), log.getLong(520), log.getLong(528), log.getLong(536)})
        .containsExactly(5, 2, 2, 1024);
    assertThat(log.get(1024)).isEqualTo((byte) 7);
  }
}
