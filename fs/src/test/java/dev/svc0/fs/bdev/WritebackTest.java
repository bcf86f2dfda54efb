package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.DiskLimits;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.pagecache.AddressSpace;
import dev.svc0.runtime.pagecache.Filemap;
import dev.svc0.runtime.sched.KernelThread;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Causes of bios, errors of write-back, the flusher, and what the cached path allocates. */
@Timeout(240)
class WritebackTest {
  private static final int DISK_BYTES = 16 << 20;

  private final DiskKernel kernel = new DiskKernel(2048);
  private final RecordingDriver driver = new RecordingDriver(DISK_BYTES);
  private final BlockDevice disk =
      kernel.devices.add("rec", 250, DISK_BYTES >> 9, DiskLimits.DEFAULT, driver);

  @AfterEach
  void close() {
    kernel.close();
  }

  /** Runs as a guest's thread would, for an operation. */
  private static void asOperation(long operation, Runnable work) {
    KernelThread thread = new KernelThread(work, "writer");
    thread.state.operationId = operation;
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void write(long position, int bytes) {
    DiskKernel.write(disk, position, new byte[bytes], bytes);
  }

  @Test
  void aBioNamesTheFirstAndTheLastOperationThatWroteItsData() {
    asOperation(71, () -> write(0, 4096));
    asOperation(72, () -> write(100, 10));
    asOperation(73, () -> write(4000, 5));
    asOperation(74, () -> write(4096, 4096));
    assertThat(disk.sync()).isZero();
    assertThat(driver.seen).hasSize(1);
    assertThat(driver.seen.get(0).operations()).containsExactly(71L, 74L);
    assertThat(driver.lastOperations).containsExactly(73L, 74L);
    driver.forget();
    asOperation(75, () -> write(8, 8));
    assertThat(disk.sync()).isZero();
    assertThat(driver.seen.get(0).operations()).containsExactly(75L);
    assertThat(driver.lastOperations).containsExactly(75L);
  }

  @Test
  void aFailedWriteIsReportedOnceToEachOpenFile() {
    AddressSpace mapping = disk.mapping();
    int first = mapping.sampleError();
    int second = mapping.sampleError();
    write(0, 4096);
    driver.failNextWrite(-Errno.EIO);
    assertThat(Filemap.filemapFdatawriteRange(mapping, 0, Long.MAX_VALUE)).isZero();
    Filemap.waitForWriteback(mapping, 0, Long.MAX_VALUE);
    int firstNow = mapping.advanceError(first);
    assertThat(firstNow).isNotEqualTo(first);
    assertThat(AddressSpace.errorOf(firstNow)).isEqualTo(-Errno.EIO);
    assertThat(mapping.advanceError(firstNow)).isEqualTo(firstNow);
    assertThat(mapping.checkError(second)).isEqualTo(-Errno.EIO);
    int opensLater = mapping.sampleError();
    assertThat(mapping.checkError(opensLater)).isZero();
    assertThat(mapping.filemapCheckErrors()).isEqualTo(-Errno.EIO);
    assertThat(mapping.filemapCheckErrors()).isZero();
  }

  @Test
  void anErrorNobodySawIsReportedToWhoOpensLater() {
    AddressSpace mapping = disk.mapping();
    mapping.setError(-Errno.ENOSPC);
    assertThat(mapping.checkError(mapping.sampleError())).isEqualTo(-Errno.ENOSPC);
    assertThat(mapping.checkError(mapping.sampleError())).isZero();
  }

  @Test
  void theFlusherKeepsDirtyPagesBelowTheLimit() {
    kernel.writeback.setDirtyLimits(64, 128);
    for (int i = 0; i < DISK_BYTES / 4096; i++) {
      write(i * 4096L, 4096);
      assertThat(kernel.writeback.dirtyPages()).isLessThanOrEqualTo(129);
    }
    long written = driver.seen.stream().mapToLong(RecordingDriver.Seen::bytes).sum();
    assertThat(written).isGreaterThanOrEqualTo(DISK_BYTES - 129 * 4096);
  }

  @Test
  void oldDataIsWrittenWithoutBeingAskedFor() throws InterruptedException {
    write(0, 8192);
    kernel.writeback.setAges(20_000_000, 5_000_000); // only now: both pages go out together
    while (kernel.writeback.dirtyPages() > 0 || driver.trace().isEmpty()) {
      Thread.sleep(1);
    }
    assertThat(driver.trace()).containsExactly("WRITE 0+16");
  }

  /** Metadata that is dirty before anybody wrote data, which sets the limits. */
  @Test
  void youngMetadataWaitsUntilItIsOldEnough() throws InterruptedException {
    kernel.writeback.setAges(TimeUnit.HOURS.toNanos(1), 1_000_000);
    BufferHead buffer = Objects.requireNonNull(Buffers.bread(disk, 0, 4096));
    Buffers.markBufferDirty(buffer);
    Buffers.brelse(buffer);
    Thread.sleep(100);
    assertThat(kernel.writeback.dirtyPages()).isEqualTo(1);
    kernel.writeback.setAges(0, 1_000_000);
    while (kernel.writeback.dirtyPages() > 0) {
      Thread.sleep(1);
    }
  }

  @Test
  void contiguousDirtyPagesGoOutInLargeRequests() {
    write(0, 1 << 20);
    assertThat(disk.sync()).isZero();
    assertThat(driver.seen.size()).isLessThanOrEqualTo(10);
  }

  @Test
  void sequentialReadsAreReadAhead() {
    for (int i = 0; i < 256; i++) {
      DiskKernel.read(disk, i * 4096L, 4096);
    }
    assertThat(driver.seen.size()).isLessThan(40);
  }

  @Test
  void overwritingACachedPageAllocatesNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    AtomicLong allocated = new AtomicLong();
    int rounds = 20_000;
    asOperation(
        1,
        () -> {
          long buffer = HostMemory.reserve(4096);
          IovIter iter = new IovIter();
          for (int warm = 0; warm < 2; warm++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
            for (int i = 0; i < rounds; i++) {
              iter.initKernel(buffer, 4096);
              Filemap.genericPerformWrite(disk.mapping(), (i & 7) << 12, iter);
            }
            long after = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
            allocated.set(after - before);
          }
          HostMemory.release(buffer, 4096);
        });
    assertThat(allocated.get() / rounds).isLessThan(4);
  }

  @Test
  void othersWhoNeedFramesGetThoseOfCleanPages() {
    for (int i = 0; i < 4096; i++) {
      DiskKernel.read(disk, i * 4096L, 4096);
    }
    assertThat(disk.mapping().pages()).isBetween(1800L, 2048L);
    for (int i = 0; i < 1000; i++) {
      assertThat(kernel.frames.allocate(0)).isPositive();
    }
    assertThat(disk.mapping().pages()).isLessThanOrEqualTo(1048);
  }

  @Test
  void syncWritesWhatTheFilterAccepts() {
    write(0, 4096);
    assertThat(kernel.writeback.sync(owner -> false)).isZero();
    assertThat(driver.trace()).isEmpty();
    assertThat(kernel.writeback.sync(owner -> true)).isZero();
    assertThat(driver.trace()).isEqualTo(List.of("WRITE 0+8"));
    assertThat(kernel.writeback.sync(owner -> true)).isZero();
    assertThat(driver.trace()).hasSize(1);
  }
}
