package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockCore;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.block.Request;
import dev.svc0.runtime.mm.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that end in parts, and requests that a driver keeps for too long. */
@Timeout(240)
class RequestLifeTest {
  private static final int BYTES = 64 * 1024;
  private static final DiskLimits LIMITS =
      new DiskLimits(512, 512, 1 << 20, 128, 4, false, false, false, false);

  private final DiskKernel kernel = new DiskKernel(256);
  private final long memory = HostMemory.reserve(BYTES);

  @AfterEach
  void stop() {
    kernel.close();
    HostMemory.release(memory, BYTES);
  }

  /** Does the first sectors of a request, and fails the rest. */
  private static final class Torn implements BlockDriver {
    final int goodBytes;
    final List<String> left = new ArrayList<>();

    Torn(int goodBytes) {
      this.goodBytes = goodBytes;
    }

    @Override
    public void queueRequest(Request request, boolean last) {
      request.start();
      request.progress(goodBytes);
      left.add(request.sector + "+" + (request.sizeBytes >>> 9));
      Bio first = request.firstBio();
      if (first != null) {
        left.add(first.sector + "+" + (first.sizeBytes >>> 9) + " of " + first.segments());
      }
      request.complete(-Errno.EIO);
    }

    @Override
    public void close() {}
  }

  private List<Bio> writeMerged(BlockDevice disk, int count, List<String> ends) {
    List<Bio> bios = new ArrayList<>();
    BlockCore.blkStartPlug();
    for (int i = 0; i < count; i++) {
      Bio bio = new Bio(disk, 2, ReqOp.WRITE);
      bio.sector = 8L * i;
      bio.addSegment(memory + 8192L * i, 2048);
      bio.addSegment(memory + 8192L * i + 4096, 2048);
      bio.endIo = done -> ends.add(done.privateData + "=" + done.status);
      bio.privateData = "bio" + i;
      bios.add(bio);
      BlockCore.submitBio(bio);
    }
    BlockCore.blkFinishPlug();
    return bios;
  }

  @Test
  void biosBeforeAnErrorEndWell() {
    Torn driver = new Torn(2 * 4096);
    BlockDevice disk = kernel.devices.add("torn", 251, BYTES >>> 9, LIMITS, driver);
    List<String> ends = new ArrayList<>();
    writeMerged(disk, 4, ends);
    assertThat(ends)
        .containsExactly("bio0=0", "bio1=0", "bio2=-" + Errno.EIO, "bio3=-" + Errno.EIO);
    assertThat(driver.left).containsExactly("16+16", "16+8 of 2");
    assertThat(disk.stats().writeSectors.sum()).isEqualTo(32);
    assertThat(disk.stats().writes.sum()).isEqualTo(1);
    DiskKernel.awaitIdle(disk);
  }

  @Test
  void aBioThatIsCutByAnErrorGoesOnBehindWhatIsDone() {
    Torn driver = new Torn(4096 + 2048 + 512);
    BlockDevice disk = kernel.devices.add("torn", 251, BYTES >>> 9, LIMITS, driver);
    List<String> ends = new ArrayList<>();
    List<Bio> bios = writeMerged(disk, 2, ends);
    assertThat(ends).containsExactly("bio0=0", "bio1=-" + Errno.EIO);
    assertThat(driver.left).containsExactly("13+3", "13+3 of 1");
    assertThat(bios.get(1).segmentAddress(0)).isEqualTo(memory + 8192 + 4096 + 512);
  }

  /** Keeps every request until it is asked about it, the second time round. */
  private static final class Sleepy implements BlockDriver {
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public void queueRequest(Request request, boolean last) {
      request.start();
    }

    @Override
    public Timeout timeout(Request request) {
      if (asked.incrementAndGet() < 2) {
        return Timeout.RESTART_TIMER;
      }
      request.complete(-Errno.ETIMEDOUT);
      return Timeout.DONE;
    }

    @Override
    public void close() {}
  }

  @Test
  void aRequestThatTakesTooLongIsAskedAboutUntilTheDriverEndsIt() {
    Sleepy driver = new Sleepy();
    BlockDevice disk = kernel.devices.add("sleepy", 251, BYTES >>> 9, LIMITS, driver);
    disk.queue().setTimeout(1_000_000);
    kernel.devices.watchTimeouts();
    Bio bio = new Bio(disk, 1, ReqOp.READ);
    bio.addSegment(memory, 4096);
    assertThat(BlockCore.submitBioWait(bio)).isEqualTo(-Errno.ETIMEDOUT);
    assertThat(driver.asked.get()).isEqualTo(2);
    DiskKernel.awaitIdle(disk);
  }
}
