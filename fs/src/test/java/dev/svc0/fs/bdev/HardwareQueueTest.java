package dev.svc0.fs.bdev;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver with several queues: each thread has its own, and each has its own tags. */
@Timeout(60)
class HardwareQueueTest {
  private static final int QUEUES = 2;
  private static final int DEPTH = 2;
  private static final int BYTES = 4096;
  private static final DiskLimits LIMITS =
      new DiskLimits(512, 512, 1 << 20, 128, DEPTH, true, false, false, false);

  private final DiskKernel kernel = new DiskKernel(64);
  private final long memory = HostMemory.reserve(BYTES);
  private final Keeping driver = new Keeping();
  private final BlockDevice disk = kernel.devices.add("mq", 250, 1 << 16, LIMITS, driver);

  @AfterEach
  void stop() {
    driver.letGo();
    kernel.close();
    HostMemory.release(memory, BYTES);
  }

  /** Keeps what it is given until it is told to let go. */
  private static final class Keeping implements BlockDriver {
    private final List<Request> kept = new ArrayList<>();
    private boolean keeping = true;
    private final int[] most = new int[QUEUES];
    private final int[] now = new int[QUEUES];

    @Override
    public int hardwareQueues() {
      return QUEUES;
    }

    @Override
    public void queueRequest(Request request, boolean last) {
      request.start();
      synchronized (this) {
        int queue = request.hardwareQueue;
        most[queue] = Math.max(most[queue], ++now[queue]);
        if (keeping) {
          kept.add(request);
          return;
        }
      }
      finish(request);
    }

    private void finish(Request request) {
      synchronized (this) {
        now[request.hardwareQueue]--;
      }
      request.complete(0);
    }

    synchronized int underWay(int queue) {
      return now[queue];
    }

    synchronized int most(int queue) {
      return most[queue];
    }

    void letGo() {
      List<Request> all;
      synchronized (this) {
        keeping = false;
        all = List.copyOf(kept);
        kept.clear();
      }
      all.forEach(this::finish);
    }

    @Override
    public void close() {}
  }

  private void submit(int count, CountDownLatch ended) {
    for (int i = 0; i < count; i++) {
      Bio bio = new Bio(disk, 1, ReqOp.WRITE);
      bio.sector = 8L * i;
      bio.addSegment(memory, BYTES);
      bio.endIo = done -> ended.countDown();
      BlockCore.submitBio(bio);
    }
  }

  /** One thread for each queue: which queue a thread has is decided by its number. */
  private static List<Thread> threads(Runnable work) {
    Thread[] byQueue = new Thread[QUEUES];
    int found = 0;
    while (found < QUEUES) {
      Thread thread = new Thread(work);
      int queue = (int) (thread.threadId() % QUEUES);
      if (byQueue[queue] == null) {
        byQueue[queue] = thread;
        found++;
      }
    }
    return List.of(byQueue);
  }

  @Test
  void eachThreadHasTheDepthOfItsOwnQueue() throws Exception {
    CountDownLatch ended = new CountDownLatch(QUEUES * 5);
    List<Thread> threads = threads(() -> submit(5, ended));
    threads.forEach(Thread::start);
    // Both wait for a tag with two requests at the driver, whatever the other does.
    while (driver.underWay(0) < DEPTH || driver.underWay(1) < DEPTH) {
      Thread.onSpinWait();
    }
    assertThat(disk.queue().busyRequests()).isEqualTo(QUEUES * DEPTH);
    assertThat(ended.getCount()).isEqualTo(QUEUES * 5);
    driver.letGo();
    ended.await();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(driver.most(0)).isEqualTo(DEPTH);
    assertThat(driver.most(1)).isEqualTo(DEPTH);
    DiskKernel.awaitIdle(disk);
    assertThat(disk.stats().writes.sum()).isEqualTo(QUEUES * 5);
    assertThat(disk.stats().inFlight.get()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "mq-deadline"})
  void manyThreadsAndFlushesEnd(String scheduler) throws Exception {
    driver.letGo();
    assertThat(disk.queue().setScheduler(scheduler)).isZero();
    int each = 500;
    CountDownLatch ended = new CountDownLatch(4 * each);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          new Thread(() -> {
            for (int round = 0; round < each; round += 50) {
              submit(50, ended);
              BlockCore.blkdevIssueFlush(disk);
            }
          }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    ended.await();
    DiskKernel.awaitIdle(disk);
    assertThat(driver.most(0)).isLessThanOrEqualTo(DEPTH + 1); // the queue's own flush has no tag
    assertThat(driver.most(1)).isLessThanOrEqualTo(DEPTH);
    assertThat(disk.stats().writeSectors.sum()).isEqualTo(4L * each * BYTES / 512);
  }
}
