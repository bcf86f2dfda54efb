package dev.svc0.runtime.mm;

import static dev.svc0.runtime.abi.MmapConstants.MADV_DONTNEED;
import static dev.svc0.runtime.abi.MmapConstants.MAP_ANONYMOUS;
import static dev.svc0.runtime.abi.MmapConstants.MAP_FIXED;
import static dev.svc0.runtime.abi.MmapConstants.MAP_PRIVATE;
import static dev.svc0.runtime.abi.MmapConstants.MAP_SHARED;
import static dev.svc0.runtime.abi.MmapConstants.MREMAP_FIXED;
import static dev.svc0.runtime.abi.MmapConstants.MREMAP_MAYMOVE;
import static dev.svc0.runtime.abi.MmapConstants.PROT_EXEC;
import static dev.svc0.runtime.abi.MmapConstants.PROT_READ;
import static dev.svc0.runtime.abi.MmapConstants.PROT_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.svc0.runtime.abi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random mapping calls, accesses, forks and exits of a family of processes, compared page by page
 * with a model that copies everything at once.
 */
class RandomMappingsTest {
  static final int PAGES = 48;
  private static final int PAGE = 4096;
  private static final int PROCESSES = 7;

  /** Across boundaries, on purpose: of a chunk, of the inner window, of two outer windows. */
  private static final long[] BOUNDARIES = {
    1L << 30, MemoryManager.WINDOW_SIZE, 5L << 32 | 3L << 44
  };

  private static long base;

  private static final int[] PROTS = {
    0, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC, PROT_WRITE
  };

  private final FrameAllocator frames = new FrameAllocator(4096);
  private final MemoryAccount account = new MemoryAccount(100_000);
  private final TestBacking file = new TestBacking(frames, PAGES);
  private final List<ModelProcess> processes = new ArrayList<>();
  private Random random = new Random();
  private String context = "";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void behavesLikeTheModel(int round) {
    long seed = Long.getLong("svc0.seed", 1) + round;
    random = new Random(seed);
    base = BOUNDARIES[round % BOUNDARIES.length] - 20 * PAGE;
    processes.add(
        new ModelProcess(new MemoryManager(frames, account), new ModelProcess.Page[PAGES]));
    for (int step = 0; step < 4000; step++) {
      context = "seed " + seed + " step " + step;
      step(processes.get(random.nextInt(processes.size())));
      if (step % 100 == 0) {
        processes.forEach(this::checkAll);
      }
    }
    processes.forEach(this::checkAll);
    while (!processes.isEmpty()) {
      processes.remove(random.nextInt(processes.size())).mm.release();
      processes.forEach(this::checkAll);
    }
    file.cache.values().forEach(frame -> frames.free(frame, 0));
    assertThat(account.usedPages()).as(context).isZero();
    assertThat(frames.usedPages()).as(context).isZero();
    assertThat(file.pins).as(context).isZero();
    assertThat(file.mappings).as(context).isEmpty();
    assertThat(ShownFrames.runs()).as(context).isZero();
    frames.close();
  }

  private void step(ModelProcess process) {
    int first = random.nextInt(PAGES);
    int count = 1 + random.nextInt(Math.min(12, PAGES - first));
    switch (random.nextInt(16)) {
      case 0, 1 -> map(process, first, count);
      case 2 -> unmap(process, first, count);
      case 3 -> protect(process, first, count);
      case 4 -> remap(process, first, count);
      case 5 -> dontNeed(process, first, count);
      case 6 -> fork(process);
      case 7 -> exit(process);
      case 8, 9, 10, 11, 12 -> write(process, first);
      default -> check(process, first);
    }
  }

  static long at(int page) {
    return base + (long) page * PAGE;
  }

  private int prot() {
    return PROTS[random.nextInt(PROTS.length)];
  }

  private void map(ModelProcess process, int first, int count) {
    int kind = random.nextInt(4);
    int prot = prot();
    int flags = MAP_FIXED | (kind == 0 ? MAP_SHARED : MAP_PRIVATE);
    boolean fromFile = kind == 1;
    long result =
        fromFile
            ? process.mm.mmap(at(first), (long) count * PAGE, prot, flags, file, first / 2)
            : process.mm.mmap(
                at(first), (long) count * PAGE - 7, prot, flags | MAP_ANONYMOUS, null, 0);
    assertThat(result).as(context).isEqualTo(at(first));
    ModelProcess.Shared shared = kind == 0 ? new ModelProcess.Shared() : null;
    for (int i = 0; i < count; i++) {
      ModelProcess.Page page = new ModelProcess.Page();
      page.prot = prot;
      page.shared = shared;
      page.sharedIndex = i;
      page.fromFile = fromFile;
      page.fresh = fromFile ? first / 2 + i + 1 : 0;
      page.value = page.fresh;
      process.pages[first + i] = page;
    }
  }

  private void unmap(ModelProcess process, int first, int count) {
    assertThat(process.mm.munmap(at(first), (long) count * PAGE)).as(context).isZero();
    process.clear(first, count);
  }

  private void protect(ModelProcess process, int first, int count) {
    int prot = prot();
    long result = process.mm.mprotect(at(first), (long) count * PAGE, prot);
    for (int i = first; i < first + count; i++) {
      ModelProcess.Page page = process.pages[i];
      if (page == null) {
        assertThat(result).as(context).isEqualTo(-Errno.ENOMEM);
        return;
      }
      page.prot = prot;
    }
    assertThat(result).as(context).isZero();
  }

  private void dontNeed(ModelProcess process, int first, int count) {
    long result = process.mm.madvise(at(first), (long) count * PAGE, MADV_DONTNEED);
    boolean holes = false;
    for (int i = first; i < first + count; i++) {
      ModelProcess.Page page = process.pages[i];
      holes |= page == null;
      if (page != null) {
        page.value = page.fresh;
      }
    }
    assertThat(result).as(context).isEqualTo(holes ? -Errno.ENOMEM : 0);
  }

  private void remap(ModelProcess process, int first, int count) {
    int newCount = 1 + random.nextInt(12);
    int target = random.nextInt(PAGES - newCount + 1);
    if (first + newCount > PAGES || (target < first + count && first < target + newCount)) {
      return;
    }
    boolean move = random.nextBoolean();
    boolean uniform = process.isUniform(first, move ? Math.min(count, newCount) : count);
    long result =
        process.mm.mremap(
            at(first),
            (long) count * PAGE,
            (long) newCount * PAGE,
            move ? MREMAP_MAYMOVE | MREMAP_FIXED : 0,
            at(target));
    ModelProcess.Page head = process.pages[first];
    if (head == null) {
      assertThat(result).as(context).isEqualTo(-Errno.EFAULT);
      return;
    }
    if (move) {
      remapTo(process, first, count, newCount, target, uniform, result);
    } else if (newCount <= count) {
      assertThat(result).as(context).isEqualTo(at(first));
      process.clear(first + newCount, count - newCount);
    } else if (!uniform) {
      assertThat(result).as(context).isEqualTo(-Errno.EFAULT);
    } else if (process.isFree(first + count, newCount - count)) {
      assertThat(result).as(context).isEqualTo(at(first));
      extend(process, first, count, newCount, first);
    } else {
      assertThat(result).as(context).isEqualTo(-Errno.ENOMEM);
    }
  }

  private void remapTo(
      ModelProcess process,
      int first,
      int count,
      int newCount,
      int target,
      boolean uniform,
      long result) {
    process.clear(target, newCount);
    int kept = Math.min(count, newCount);
    process.clear(first + kept, count - kept);
    if (!uniform) {
      assertThat(result).as(context).isEqualTo(-Errno.EFAULT);
      return;
    }
    assertThat(result).as(context).isEqualTo(at(target));
    for (int i = 0; i < kept; i++) {
      process.pages[target + i] = process.pages[first + i];
    }
    process.clear(first, kept);
    extend(process, target, kept, newCount, target);
  }

  private static void extend(ModelProcess process, int first, int count, int newCount, int target) {
    for (int i = count; i < newCount; i++) {
      ModelProcess.Page before = Objects.requireNonNull(process.pages[first + i - 1]);
      ModelProcess.Page page = before.copy();
      page.sharedIndex = before.sharedIndex + 1;
      page.fresh = page.fromFile ? before.fresh + 1 : 0;
      page.value = page.fresh;
      process.pages[target + i] = page;
    }
  }

  private void fork(ModelProcess process) {
    if (processes.size() < PROCESSES) {
      MemoryManager child = Objects.requireNonNull(process.mm.fork());
      processes.add(new ModelProcess(child, process.copyPages()));
    }
  }

  private void exit(ModelProcess process) {
    if (processes.size() > 1) {
      processes.remove(process);
      process.mm.release();
    }
  }

  private static boolean beyondEnd(ModelProcess.Page page) {
    return page.fromFile && page.fresh > PAGES || page.shared != null && page.sharedIndex >= PAGES;
  }

  private void write(ModelProcess process, int index) {
    ModelProcess.Page page = process.pages[index];
    long value = 100 + random.nextInt(100);
    boolean allowed = page != null && (page.prot & PROT_WRITE) != 0 && !beyondEnd(page);
    int left = process.mm.copyToUser(at(index) + 64, new byte[] {(byte) value}, 0, 1);
    if (page != null && beyondEnd(page) && page.shared != null) {
      return;
    }
    assertThat(left).as(context).isEqualTo(allowed ? 0 : 1);
    if (page != null && allowed) {
      page.store(value);
    }
  }

  private void checkAll(ModelProcess process) {
    for (int i = 0; i < PAGES; i++) {
      check(process, i);
    }
  }

  private void check(ModelProcess process, int index) {
    ModelProcess.Page page = process.pages[index];
    byte[] got = new byte[1];
    int left = process.mm.copyFromUser(got, 0, at(index) + 64, 1);
    if (page == null || page.prot == 0) {
      assertThat(left).as("%s page %d", context, index).isEqualTo(1);
    } else if (!beyondEnd(page)) {
      assertThat(left).as("%s page %d", context, index).isZero();
      assertThat(got[0] & 0xff).as("%s page %d", context, index).isEqualTo((int) page.value());
    }
  }
}
