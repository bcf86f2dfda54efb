package dev.svc0.runtime.mm;

import dev.svc0.runtime.abi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Page frames of the page cache and of shared memory: runs of 2^order pages of 4 KiB, aligned to
 * their size, out of one memory file, so that a frame can be shown inside any process's window.
 *
 * <p>A buddy system: free runs stand in one list per order, a run is split until it fits and merged
 * with its neighbour when both are free. Thread-safe. The size is the bound of the page cache.
 *
 * <p><i>Linux:</i> {@code alloc_pages}, {@code __free_pages}.
 */
public final class FrameAllocator implements AutoCloseable {
  /** The largest run: 2^9 pages, 2 MiB. */
  public static final int MAX_ORDER = 9;

  /** Bytes a frame. */
  public static final int PAGE_SIZE = 4096;

  /** log2 of {@link #PAGE_SIZE}. */
  public static final int PAGE_SHIFT = 12;

  private static final int NONE = -1;

  /** Free pages that keep their host memory, so that handing them out again is cheap. */
  private static final long WARM_PAGES = 8192;

  private static final byte NOT_FREE = -1;

  private final long limitPages;
  private final long mostRuns;
  private final long reserved;
  private final long reservedBytes;
  private final long base;
  private final int fd;
  private final WindowPool windows = new WindowPool();

  private volatile @Nullable Shrinker shrinker;

  // All below are protected by this.
  private final int[] heads = new int[MAX_ORDER + 1];
  private final int[] next;
  private final int[] previous;

  /** The order of the free run that begins at a page, or NOT_FREE. */
  private final byte[] freeOrder;

  /** Whether a page may hold something other than zeroes. */
  private final boolean[] warm;

  private long usedPages;
  private long warmFreePages;
  private boolean closed;

  /** An allocator of at most this many pages; host memory is used as frames are handed out. */
  public FrameAllocator(long limitPages) {
    this(limitPages, mostRunsOfHost());
  }

  /** The same with a bound on the runs of frames that are shown in windows. */
  FrameAllocator(long limitPages, long mostRuns) {
    this.mostRuns = mostRuns;
    if (limitPages <= 0 || limitPages > 1 << 28) {
      throw new IllegalArgumentException("frames must be 1 to 2^28 pages: " + limitPages);
    }
    this.limitPages = limitPages;
    int pages = (int) limitPages;
    next = new int[pages];
    previous = new int[pages];
    freeOrder = new byte[pages];
    warm = new boolean[pages];
    Arrays.fill(heads, NONE);
    Arrays.fill(freeOrder, NOT_FREE);
    long bytes = limitPages << PAGE_SHIFT;
    long largest = (long) PAGE_SIZE << MAX_ORDER;
    fd = NativeMemory.memoryFile("svc0-frames", bytes);
    reservedBytes = bytes + largest;
    reserved = NativeMemory.reserve(reservedBytes);
    base = (reserved + largest - 1) & -largest;
    if (!NativeMemory.mapSharedAt(base, fd, 0, bytes)) {
      throw new OutOfMemoryError("the host refused to map " + bytes + " bytes of frames");
    }
    fillLists(pages);
  }

  /** Two mappings a run (itself and what follows), and a share left for the JVM's own. */
  private static long mostRunsOfHost() {
    long allowed = 65_530;
    try {
      allowed =
          Long.parseLong(Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst());
    } catch (IOException e) {
      // No such file where /proc is restricted: the kernel's default.
    }
    return Math.max(64, (allowed - 8192) / 2);
  }

  /** The most runs of adjacent frames that may be shown at a time, in all windows of the JVM. */
  long mostRuns() {
    return mostRuns;
  }

  private void fillLists(int pages) {
    for (int page = 0; page < pages; ) {
      int order = MAX_ORDER;
      while ((page & ((1 << order) - 1)) != 0 || page + (1 << order) > pages) {
        order--;
      }
      link(page, order);
      page += 1 << order;
    }
  }

  /** Who can give frames up when none are left. <i>Linux:</i> {@code shrinker}. */
  @FunctionalInterface
  public interface Shrinker {
    /** Gives up what is easily given up, without waiting; whether anything. */
    boolean shrink();
  }

  /** Says whom to ask when no frame is left. */
  public void setShrinker(Shrinker newShrinker) {
    shrinker = newShrinker;
  }

  /**
   * A run of 2^order zeroed pages: its host address, or −ENOMEM when the bound is reached and
   * nothing is given up.
   */
  public long allocate(int order) {
    long address = allocateFree(order);
    Shrinker helper = shrinker;
    if (address < 0 && helper != null && helper.shrink()) {
      address = allocateFree(order);
    }
    return address;
  }

  /** As {@link #allocate}, of what is free now: nobody is asked to give anything up. */
  public long allocateFree(int order) {
    int page;
    boolean mustZero;
    synchronized (this) {
      page = closed ? NONE : take(order);
      if (page == NONE) {
        return -Errno.ENOMEM;
      }
      usedPages += 1L << order;
      mustZero = markWarm(page, 1 << order);
    }
    long address = base + ((long) page << PAGE_SHIFT);
    if (mustZero) {
      HostMemory.fill(address, (long) PAGE_SIZE << order, (byte) 0);
    }
    return address;
  }

  private int take(int order) {
    int from = order;
    while (from <= MAX_ORDER && heads[from] == NONE) {
      from++;
    }
    if (from > MAX_ORDER) {
      return NONE;
    }
    int page = heads[from];
    unlink(page, from);
    while (from > order) {
      from--;
      link(page + (1 << from), from);
    }
    return page;
  }

  /** Marks pages as written to; whether any of them was before. */
  private boolean markWarm(int page, int pages) {
    boolean any = false;
    for (int i = page; i < page + pages; i++) {
      if (warm[i]) {
        any = true;
        warmFreePages--;
      }
      warm[i] = true;
    }
    return any;
  }

  /** Gives a run back. */
  public synchronized void free(long address, int order) {
    int page = pageOf(address, order);
    if (closed) {
      return;
    }
    usedPages -= 1L << order;
    warmFreePages += 1L << order;
    if (warmFreePages > WARM_PAGES) {
      NativeMemory.punch(address, (long) PAGE_SIZE << order);
      Arrays.fill(warm, page, page + (1 << order), false);
      warmFreePages -= 1L << order;
    }
    int at = order;
    while (at < MAX_ORDER) {
      int buddy = page ^ (1 << at);
      if (buddy >= limitPages || freeOrder[buddy] != at) {
        break;
      }
      unlink(buddy, at);
      page = Math.min(page, buddy);
      at++;
    }
    link(page, at);
  }

  private int pageOf(long address, int order) {
    long offset = address - base;
    long page = offset >> PAGE_SHIFT;
    boolean inside = offset >= 0 && page + (1L << order) <= limitPages;
    if (!inside || (offset & (((long) PAGE_SIZE << order) - 1)) != 0) {
      throw new IllegalArgumentException("not a run of order " + order);
    }
    if (freeOrder[(int) page] != NOT_FREE) {
      throw new IllegalStateException("freed twice: page " + page);
    }
    return (int) page;
  }

  private void link(int page, int order) {
    freeOrder[page] = (byte) order;
    previous[page] = NONE;
    next[page] = heads[order];
    if (heads[order] != NONE) {
      previous[heads[order]] = page;
    }
    heads[order] = page;
  }

  private void unlink(int page, int order) {
    freeOrder[page] = NOT_FREE;
    if (previous[page] == NONE) {
      heads[order] = next[page];
    } else {
      next[previous[page]] = next[page];
    }
    if (next[page] != NONE) {
      previous[next[page]] = previous[page];
    }
  }

  /**
   * Shows frames at a page-aligned address of a reserved window instead of what is there.
   *
   * @return 0, or −ENOMEM when the host allows no more mappings
   */
  public long showAt(long windowAddress, long frameAddress, int pages) {
    long offset = frameAddress - base;
    if (offset < 0 || (offset >> PAGE_SHIFT) + pages > limitPages) {
      throw new IllegalArgumentException("not frames of this allocator");
    }
    long bytes = (long) pages << PAGE_SHIFT;
    return NativeMemory.mapSharedAt(windowAddress, fd, offset, bytes) ? 0 : -Errno.ENOMEM;
  }

  /** The number of the frame at a host address. */
  long numberOf(long frameAddress) {
    return (frameAddress - base) >> PAGE_SHIFT;
  }

  /** The host address of a frame. */
  long addressOf(long number) {
    return base + (number << PAGE_SHIFT);
  }

  /** Windows for processes, used again when a process is gone. */
  WindowPool windows() {
    return windows;
  }

  /** Pages handed out now. */
  public synchronized long usedPages() {
    return usedPages;
  }

  /** The bound, in pages. */
  public long limitPages() {
    return limitPages;
  }

  /** Gives all host memory back. Nobody may touch a frame afterwards. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      windows.close();
      NativeMemory.release(reserved, reservedBytes);
      NativeMemory.close(fd);
    }
  }
}
