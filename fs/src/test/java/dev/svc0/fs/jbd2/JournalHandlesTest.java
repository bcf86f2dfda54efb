package dev.svc0.fs.jbd2;

import static dev.svc0.fs.jbd2.JournalLayout.FEATURE_INCOMPAT_64BIT;
import static dev.svc0.fs.jbd2.JournalLayout.FEATURE_INCOMPAT_CSUM_V3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.fs.flakey.Flakey;
import dev.svc0.fs.logwrites.LogWrites;
import dev.svc0.fs.logwrites.WriteLog;
import dev.svc0.fs.testing.Tools;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.buffer.Buffers;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.trace.CallNode;
import dev.svc0.runtime.trace.CallTree;
import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handles: what they share, what they wait for, and what an error makes of them. */
class JournalHandlesTest {
  private static final int BLOCK = 1024;
  private static final int VICTIM = 200;
  private static final long HOUR = 3_600_000_000_000L;

  @TempDir Path folder;

  private static BufferHead victim(JournalImage image, BlockDevice disk, int at) {
    BufferHead buffer = Buffers.bread(disk, image.victim[at], BLOCK);
    assertThat(buffer).isNotNull();
    return buffer;
  }

  private static Journal load(JournalImage image, BlockDevice disk) throws Exception {
    assertThat(disk.setBlockSize(BLOCK)).isZero();
    Journal journal = image.journal(disk);
    journal.setCommitInterval(HOUR);
    journal.load();
    int features = FEATURE_INCOMPAT_64BIT | FEATURE_INCOMPAT_CSUM_V3;
    assertThat(journal.setFeatures(0, features)).isTrue();
    return journal;
  }

  /** One more in the counter that a block is; under a monitor of the block. */
  private static void increment(Handle handle, BufferHead buffer) {
    synchronized (buffer.folio) {
      assertThat(handle.getWriteAccess(buffer)).isZero();
      HostMemory.putLong(buffer.address, HostMemory.getLong(buffer.address) + 1);
      assertThat(handle.dirtyMetadata(buffer)).isZero();
    }
  }

  private static void join(List<Thread> threads, AtomicReference<Throwable> failure)
      throws Exception {
    for (Thread thread : threads) {
      thread.join(120_000);
      assertThat(thread.isAlive()).as(thread.getName() + " is done").isFalse();
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  private static Thread start(AtomicReference<Throwable> failure, Runnable work) {
    Thread thread =
        new Thread(() -> {
          try {
            work.run();
          } catch (Throwable e) {
            failure.set(e);
          }
        });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Far more than the log holds, by several threads: commits, checkpoints and frozen copies. */
  @Test
  void manyThreadsFillTheLogManyTimes() throws Exception {
    JournalImage image = JournalImage.make(folder, BLOCK, VICTIM);
    int[] expected = new int[VICTIM];
    int threads = 4;
    Path crashed = folder.resolve("crashed");
    try (SmallKernel kernel = new SmallKernel()) {
      BlockDevice disk = kernel.loop(image.path);
      Journal journal = load(image, disk);
      Handle zero = journal.start(VICTIM);
      for (int at = 0; at < VICTIM; at++) {
        BufferHead buffer = victim(image, disk, at);
        assertThat(zero.getWriteAccess(buffer)).isZero();
        HostMemory.fill(buffer.address, BLOCK, (byte) 0);
        assertThat(zero.dirtyMetadata(buffer)).isZero();
        Buffers.brelse(buffer);
      }
      assertThat(zero.stop()).isZero();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Random random = new Random(i);
        running.add(start(failure, () -> fill(image, disk, journal, random, expected)));
      }
      join(running, failure);
      assertThat(journal.forceCommit()).isZero();
      assertThat(journal.commitSequence()).as("the log was full several times").isGreaterThan(5);
      Files.copy(image.path, crashed);
      assertThat(journal.destroy()).isZero();
    }
    assertThat(counters(image.path)).isEqualTo(expected);
    assertThat(Tools.run("e2fsck", "-fy", crashed.toString()).exit()).isLessThan(2);
    assertThat(counters(crashed)).isEqualTo(expected);
  }

  private static void fill(
      JournalImage image, BlockDevice disk, Journal journal, Random random, int[] expected) {
    for (int i = 0; i < 300; i++) {
      Handle handle = journal.start(12);
      assertThat(handle.error()).isZero();
      for (int j = 0; j < 10; j++) {
        int at = random.nextInt(VICTIM);
        BufferHead buffer = victim(image, disk, at);
        increment(handle, buffer);
        Buffers.brelse(buffer);
        synchronized (expected) {
          expected[at]++;
        }
        if (j == 5) {
          long room = handle.extend(2, 0);
          assertThat(room == 1 ? handle.restart(12, 0) : room).isZero();
        }
      }
      if (random.nextInt(20) == 0) {
        handle.setSync();
      }
      assertThat(handle.stop()).isZero();
    }
  }

  private int[] counters(Path image) throws Exception {
    Path dumped = folder.resolve("dumped");
    Tools.debugfs(image, "dump /victim " + dumped);
    byte[] content = Files.readAllBytes(dumped);
    int[] found = new int[VICTIM];
    for (int at = 0; at < VICTIM; at++) {
      found[at] = content[at * BLOCK] & 0xff | (content[at * BLOCK + 1] & 0xff) << 8;
    }
    return found;
  }

  /** Whoever asks while a commit is under way shares the next one. */
  @Test
  void concurrentSyncsShareACommit() throws Exception {
    JournalImage image = JournalImage.make(folder, BLOCK, VICTIM);
    try (SmallKernel kernel = new SmallKernel()) {
      CountDownLatch held = new CountDownLatch(1);
      AtomicInteger toHold = new AtomicInteger();
      Predicate<Bio> commit = bio -> (bio.opf & ReqOp.FUA) != 0 && toHold.get() > 0;
      BlockDevice disk =
          Flakey.over(
              kernel.devices,
              new CachedDisk(kernel, image.path).disk,
              (bio, number) -> {
                if (commit.test(bio)) {
                  toHold.decrementAndGet();
                  await(held);
                }
                return new Flakey.Pass();
              });
      Journal journal = load(image, disk);
      increment(image, disk, journal, 0);
      toHold.set(1);
      int first = journal.currentTid();
      assertThat(journal.logStartCommit(first)).isTrue();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      CountDownLatch joined = new CountDownLatch(16);
      List<Thread> threads = new ArrayList<>();
      for (int i = 1; i <= 16; i++) {
        int at = i;
        threads.add(
            start(
                failure,
                () -> {
                  int tid = increment(image, disk, journal, at);
                  joined.countDown();
                  assertThat(journal.completeTransaction(tid)).isZero();
                }));
      }
      await(joined);
      held.countDown();
      join(threads, failure);
      assertThat(journal.commitSequence() - first)
          .as("commits for 16 syncs")
          .isLessThanOrEqualTo(2);
      assertThat(journal.destroy()).isZero();
    }
  }

  private static int increment(JournalImage image, BlockDevice disk, Journal journal, int at) {
    Handle handle = journal.start(1);
    assertThat(handle.error()).isZero();
    BufferHead buffer = victim(image, disk, at);
    increment(handle, buffer);
    Buffers.brelse(buffer);
    int tid = handle.tid();
    assertThat(handle.stop()).isZero();
    return tid;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(240, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A disk that says it has a volatile cache, so that flushes and FUA reach the layers above. */
  private record CachedDisk(SmallKernel kernel, Path image, BlockDevice disk) {
    CachedDisk(SmallKernel kernel, Path image) throws Exception {
      this(
          kernel,
          image,
          LogWrites.over(kernel.devices, kernel.loop(image), new WriteLog.InMemory()));
    }
  }

  @Test
  void anErrorOfTheLogAbortsAndIsRecorded() throws Exception {
    JournalImage image = JournalImage.make(folder, BLOCK, VICTIM);
    try (SmallKernel kernel = new SmallKernel()) {
      long logStart = image.log[10] * (BLOCK / 512);
      long logEnd = (image.log[image.log.length - 1] + 1) * (BLOCK / 512);
      AtomicInteger failing = new AtomicInteger();
      BlockDevice disk =
          Flakey.over(
              kernel.devices,
              kernel.loop(image.path),
              (bio, number) ->
                  failing.get() != 0
                          && ReqOp.isWrite(bio.opf)
                          && bio.sector >= logStart
                          && bio.sector < logEnd
                      ? new Flakey.Fail(-Errno.EIO)
                      : new Flakey.Pass());
      Journal journal = load(image, disk);
      for (int i = 0; i < 30; i++) {
        increment(image, disk, journal, i);
      }
      assertThat(journal.forceCommit()).isZero();
      assertThat(journal.flush()).isZero();
      AtomicReference<Long> told = new AtomicReference<>();
      Handle handle = journal.start(2);
      BufferHead buffer = victim(image, disk, 3);
      increment(handle, buffer);
      journal.setHooks(
          new JournalHooks() {
            @Override
            public void committed(Journal which, int tid, long error) {
              told.set(error);
            }
          });
      assertThat(handle.stop()).isZero();
      failing.set(1);
      assertThat(journal.forceCommit()).isEqualTo(-Errno.EIO);
      failing.set(0);
      assertThat(told.get()).isEqualTo(-Errno.EIO);
      assertThat(journal.isAborted()).isTrue();
      assertThat(journal.start(1).error()).isEqualTo(-Errno.EROFS);
      assertThat(buffer.isDirty()).as("what did not commit is not written").isFalse();
      Buffers.brelse(buffer);
      assertThat(journal.destroy()).isEqualTo(-Errno.EIO);
    }
    int[] found = counters(image.path);
    int vv = 'v' | 'v' << 8;
    assertThat(found[3]).isEqualTo(vv + 1);
    assertThat(Tools.run("dumpe2fs", "-h", image.path.toString()).output())
        .contains("Journal errno:            -5");
    try (SmallKernel kernel = new SmallKernel()) {
      Journal journal = image.journal(kernel.loop(image.path));
      journal.load();
      assertThat(journal.errno()).isEqualTo(-Errno.EIO);
      assertThat(journal.clearErr()).isZero();
      assertThat(journal.destroy()).isZero();
    }
    assertThat(Tools.run("dumpe2fs", "-h", image.path.toString()).output())
        .doesNotContain("Journal errno");
  }

  @Test
  void moreThanATransactionHoldsIsRefused() throws Exception {
    JournalImage image = JournalImage.make(folder, BLOCK, VICTIM);
    try (SmallKernel kernel = new SmallKernel()) {
      BlockDevice disk = kernel.loop(image.path);
      Journal journal = load(image, disk);
      int most = journal.maxTransactionBuffers();
      assertThat(most).isBetween(200, 256);
      assertThat(journal.start(most + 1).error()).isEqualTo(-Errno.ENOSPC);
      Handle handle = journal.start(most);
      assertThat(handle.error()).isZero();
      assertThat(journal.start(5)).as("nested").isSameAs(handle);
      assertThat(handle.stop()).isZero();
      assertThat(handle.extend(1, 0)).isEqualTo(1);
      BufferHead buffer = victim(image, disk, 0);
      assertThat(handle.dirtyMetadata(buffer)).isEqualTo(-Errno.EUCLEAN);
      Buffers.brelse(buffer);
      assertThat(handle.stop()).isZero();
      assertThat(journal.currentHandle()).isNull();
      Handle small = journal.start(1);
      for (int at = 0; at < 2; at++) {
        BufferHead changed = victim(image, disk, at);
        assertThat(small.getWriteAccess(changed)).isZero();
        assertThat(small.dirtyMetadata(changed)).isEqualTo(at == 0 ? 0 : -Errno.ENOSPC);
        Buffers.brelse(changed);
      }
      assertThat(small.stop()).isZero();
      assertThat(journal.destroy()).isZero();
    }
  }

  @Test
  void aTraceShowsCreditsThatRunOut() throws Exception {
    JournalImage image = JournalImage.make(folder, BLOCK, VICTIM);
    List<String> fired = new ArrayList<>();
    try (SmallKernel kernel = new SmallKernel()) {
      BlockDevice disk = kernel.loop(image.path);
      Journal journal = load(image, disk);
      try (TraceSession session =
          TraceSession.start(
              TraceSession.Options.defaults()
                  .withEvents(EventSelection.of("jbd2_handle_*", "jbd2_start_commit")))) {
        Handle handle = journal.start(3);
        assertThat(handle.extend(2, 0)).isZero();
        assertThat(handle.restart(4, 0)).isZero();
        assertThat(handle.stop()).isZero();
        assertThat(journal.destroy()).isZero();
        for (CallTree.Root root : CallTree.roots(session.stop())) {
          if (root.node() instanceof CallNode.Event event) {
            fired.add(event.point().pointName() + " " + event.value("requested_blocks"));
          }
        }
      }
    }
    assertThat(fired)
        .containsSubsequence(
            "jbd2_handle_start 3",
            "jbd2_handle_extend 2",
            "jbd2_handle_restart 4",
            "jbd2_handle_stats 4")
        .contains("jbd2_start_commit 0");
  }

  /** A reserved handle joins even a transaction that is locked because a commit was asked for. */
  @Test
  void aReservedHandleNeedsNoRoom() throws Exception {
    JournalImage image = JournalImage.make(folder, BLOCK, VICTIM);
    try (SmallKernel kernel = new SmallKernel()) {
      BlockDevice disk = kernel.loop(image.path);
      Journal journal = load(image, disk);
      Handle handle = journal.start(5, 10, 0);
      Handle reserved = handle.takeReserved();
      assertThat(reserved).isNotNull();
      assertThat(handle.stop()).isZero();
      assertThat(reserved.startReserved()).isZero();
      BufferHead buffer = victim(image, disk, 7);
      increment(reserved, buffer);
      Buffers.brelse(buffer);
      assertThat(reserved.credits()).isEqualTo(9);
      assertThat(reserved.stop()).isZero();
      Handle unused = journal.start(1, 3, 0);
      assertThat(unused.stop()).isZero();
      journal.lockUpdates(); // waits for all that is reserved
      journal.unlockUpdates();
      assertThat(journal.destroy()).isZero();
    }
  }
}
