package dev.svc0.runtime.mm;

import static dev.svc0.runtime.abi.MmapConstants.MADV_DONTNEED;
import static dev.svc0.runtime.abi.MmapConstants.MAP_ANONYMOUS;
import static dev.svc0.runtime.abi.MmapConstants.MAP_FIXED;
import static dev.svc0.runtime.abi.MmapConstants.MAP_PRIVATE;
import static dev.svc0.runtime.abi.MmapConstants.MAP_SHARED;
import static dev.svc0.runtime.abi.MmapConstants.MREMAP_FIXED;
import static dev.svc0.runtime.abi.MmapConstants.MREMAP_MAYMOVE;
import static dev.svc0.runtime.abi.MmapConstants.PROT_READ;
import static dev.svc0.runtime.abi.MmapConstants.PROT_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guest threads that store without locks while others change the mappings under them. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ConcurrentMemoryTest {
  private static final int PAGE = 4096;
  private static final int RW = PROT_READ | PROT_WRITE;
  private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  private static final long AT = 0x40_0000;
  private static final int PAGES = 16;

  private final FrameAllocator frames = new FrameAllocator(4096);
  private final MemoryAccount account = new MemoryAccount(100_000);
  private final MemoryManager mm = new MemoryManager(frames, account);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean stop;

  @AfterEach
  void close() {
    threads.shutdownNow();
    frames.close();
  }

  /** An engine reduced to what matters: check, dawdle, store. */
  private final class Guest implements Runnable {
    private final Random random = new Random();
    private volatile boolean interrupted;
    long stores;

    @Override
    public void run() {
      WindowUser user = mm.addWindowUser(() -> interrupted = true);
      while (!stop) {
        user.enter();
        for (int i = 0; i < 50 && !interrupted; i++) {
          step();
        }
        user.leave();
        interrupted = false;
      }
      mm.removeWindowUser(user);
    }

    private void step() {
      long address = AT + random.nextInt(PAGES) * PAGE + 8L * random.nextInt(512);
      long permission = mm.permissionBase() + (address >>> 12);
      if ((HostMemory.getByte(permission) & MemoryManager.PERM_WRITE) == 0
          && mm.handleFault(address, MemoryManager.PERM_WRITE) != MemoryManager.FAULT_RESOLVED) {
        return;
      }
      if ((HostMemory.getByte(permission) & MemoryManager.PERM_WRITE) != 0) {
        if (random.nextInt(8) == 0) {
          Thread.yield();
        }
        HostMemory.putLong(mm.windowBase() + address, 0x5a5a_5a5a_5a5a_5a5aL);
        stores++;
      }
    }
  }

  /** The kernel storing for a system call of another thread. */
  private void kernelStores() {
    Random random = new Random();
    byte[] data = new byte[3 * PAGE];
    java.util.Arrays.fill(data, (byte) 0x5a);
    while (!stop) {
      mm.copyToUser(AT + random.nextInt((PAGES - 3) * PAGE), data, 0, data.length);
    }
  }

  private List<Future<?>> startGuests(List<Guest> guests) {
    List<Future<?>> running = new ArrayList<>();
    guests.forEach(guest -> running.add(threads.submit(guest)));
    running.add(threads.submit(this::kernelStores));
    return running;
  }

  private void finish(List<Future<?>> running) throws Exception {
    stop = true;
    for (Future<?> thread : running) {
      thread.get();
    }
  }

  @Test
  void nothingReachesAFileThatMayOnlyBeRead() throws Exception {
    TestBacking file = new TestBacking(frames, PAGES);
    List<Guest> guests = List.of(new Guest(), new Guest(), new Guest());
    List<Future<?>> running = startGuests(guests);
    for (int round = 0; round < 400; round++) {
      mm.mmap(AT, PAGES * PAGE, RW, ANON, null, 0);
      Thread.yield();
      mm.mmap(AT, PAGES * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0, PROT_READ);
      mm.faultInReadable(AT, PAGES * PAGE);
    }
    finish(running);
    assertThat(guests).allMatch(guest -> guest.stores > 0);
    file.cache.forEach((index, frame) -> assertUntouched(index, frame));
    mm.release();
    assertThat(account.usedPages()).isZero();
    assertThat(file.pins).isZero();
  }

  private static void assertUntouched(long index, long frame) {
    for (int i = 0; i < PAGE; i++) {
      assertThat(HostMemory.getByte(frame + i)).isEqualTo((byte) (index + 1));
    }
  }

  @Test
  void aPageThatIsBeingCleanedHoldsStill() throws Exception {
    TestBacking file = new TestBacking(frames, PAGES);
    mm.mmap(AT, PAGES * PAGE, RW, MAP_SHARED | MAP_FIXED, file, 0);
    List<Guest> guests = List.of(new Guest(), new Guest());
    List<Future<?>> running = startGuests(guests);
    Random random = new Random();
    int[] cleaned = new int[PAGES];
    for (int compared = 0; compared < 200; ) {
      int index = random.nextInt(PAGES);
      int agreed;
      Thread.yield();
      synchronized (file) {
        agreed = file.mkwriteCounts.getOrDefault((long) index, 0);
        if (agreed == cleaned[index]) {
          continue;
        }
        // Dirty: now it is cleaned, and written while nobody may store.
        file.mappings.forEach(mapping -> mapping.writeProtect(index));
        HostMemory.fill(file.cache.get((long) index), PAGE, (byte) 0);
      }
      cleaned[index] = agreed;
      Thread.yield();
      synchronized (file) {
        if (agreed == file.mkwriteCounts.get((long) index)) {
          assertThat(content(file, index)).containsOnly(0);
          compared++;
        }
      }
    }
    finish(running);
    mm.release();
    assertThat(account.usedPages()).isZero();
    assertThat(file.pins).isZero();
  }

  private static byte[] content(TestBacking file, long index) {
    byte[] bytes = new byte[PAGE];
    HostMemory.copy(file.cache.get(index), bytes, 0, PAGE);
    return bytes;
  }

  @Test
  void aChildNeverChangesBecauseItsParentRunsOn() throws Exception {
    mm.mmap(AT, PAGES * PAGE, RW, ANON, null, 0);
    List<Guest> guests = List.of(new Guest(), new Guest());
    List<Future<?>> running = startGuests(guests);
    byte[] first = new byte[PAGES * PAGE];
    byte[] second = new byte[PAGES * PAGE];
    for (int round = 0; round < 120; round++) {
      MemoryManager child = java.util.Objects.requireNonNull(mm.fork());
      MemoryManager grandchild = java.util.Objects.requireNonNull(child.fork());
      // The grandchild's pages are copied from the parent's too, but earlier.
      assertThat(grandchild.copyFromUser(second, 0, AT, second.length)).isZero();
      Thread.yield();
      assertThat(child.copyFromUser(first, 0, AT, first.length)).isZero();
      assertThat(second).isEqualTo(first);
      child.release();
      grandchild.release();
      mm.madvise(AT, PAGES * PAGE, MADV_DONTNEED);
    }
    finish(running);
    mm.release();
    assertThat(account.usedPages()).isZero();
  }

  @Test
  void everythingAtOnceEndsWithNothingLeft() throws Exception {
    TestBacking file = new TestBacking(frames, PAGES);
    List<Guest> guests = List.of(new Guest(), new Guest());
    List<Future<?>> running = startGuests(guests);
    List<Future<?>> mappers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long seed = Long.getLong("svc0.seed", 1) + i;
      mappers.add(threads.submit(() -> changeMappings(new Random(seed), file)));
    }
    mappers.add(threads.submit(() -> changeFile(file)));
    for (Future<?> mapper : mappers) {
      mapper.get();
    }
    finish(running);
    mm.release();
    file.cache.values().forEach(frame -> frames.free(frame, 0));
    assertThat(account.usedPages()).isZero();
    assertThat(frames.usedPages()).isZero();
    assertThat(file.pins).isZero();
    assertThat(file.mappings).isEmpty();
    assertThat(ShownFrames.runs()).isZero();
  }

  private void changeMappings(Random random, TestBacking file) {
    for (int i = 0; i < 2000; i++) {
      long first = random.nextInt(PAGES);
      long bytes = (1 + random.nextInt((int) (PAGES - first))) * PAGE;
      long at = AT + first * PAGE;
      switch (random.nextInt(8)) {
        case 0, 1 -> mm.mmap(at, bytes, RW, ANON, null, 0);
        case 2 -> mm.mmap(at, bytes, RW, MAP_SHARED | MAP_FIXED, file, first);
        case 3 -> mm.mmap(at, bytes, RW, MAP_PRIVATE | MAP_FIXED, file, first);
        case 4 -> mm.munmap(at, bytes);
        case 5 -> mm.mprotect(at, bytes, random.nextInt(4));
        case 6 -> mm.mremap(at, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, AT + PAGES * PAGE);
        default -> {
          MemoryManager child = mm.fork();
          if (child != null) {
            child.copyToUser(AT, new byte[PAGES * PAGE], 0, PAGES * PAGE);
            child.release();
          }
        }
      }
    }
  }

  private static void changeFile(TestBacking file) {
    for (int i = 0; i < 500; i++) {
      List<VmMapping> mappings;
      synchronized (file) {
        mappings = List.copyOf(file.mappings);
      }
      long index = i % PAGES;
      mappings.forEach(mapping -> mapping.writeProtect(index));
      mappings.forEach(mapping -> mapping.unmapPages(index, index + 3));
      Thread.yield();
    }
  }
}
