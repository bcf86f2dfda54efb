package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The frames of backings that a window shows. Each run of adjacent frames costs the host one or two
 * mappings, of which it allows a JVM only so many (vm.max_map_count), so the runs of all windows are
 * counted and showing fails while there is still room to take any of them away again.
 *
 * <p>Protected by the page lock.
 */
final class ShownFrames {
  /** Runs in all windows of this JVM: a matter of the host, not of one kernel. */
  private static final AtomicLong RUNS = new AtomicLong();

  private final Window window;
  private final FrameAllocator frames;
  private long pages;

  ShownFrames(Window window, FrameAllocator frames) {
    this.window = window;
    this.frames = frames;
  }

  /** Pages shown. */
  long pages() {
    return pages;
  }

  /** The host address of the frame that is shown at a page; 0 for none. */
  long frameAt(long page) {
    long number = window.frameNumber(page) & 0xffffffffL;
    return number == 0 ? 0 : frames.addressOf(number - 1);
  }

  /** Shows a frame at a page; false when the host allows no more. */
  boolean show(long page, long frame) {
    long number = frames.numberOf(frame) + 1;
    long runs = 1 - joins(page - 1, number - 1) - joins(page + 1, number + 1);
    if (RUNS.addAndGet(runs) > frames.mostRuns() && runs > 0
        || frames.showAt(window.base + (page << PAGE_SHIFT), frame, 1) != 0) {
      RUNS.addAndGet(-runs);
      return false;
    }
    window.setFrameNumber(page, (int) number);
    pages++;
    return true;
  }

  private int joins(long page, long number) {
    boolean inside = page >= 0 && page < Window.PAGES;
    return inside && number != 0 && window.frameNumber(page) == (int) number ? 1 : 0;
  }

  /** Takes away what a mapping shows in a range of pages, whose permissions are gone. */
  void conceal(Vma vma, long firstPage, long endPage) {
    VmBacking backing = Objects.requireNonNull(vma.backing);
    window.conceal(firstPage, endPage - firstPage);
    long page = window.nextUsed(firstPage, endPage);
    for (; page < endPage; page = window.nextUsed(page + 1, endPage)) {
      int number = window.frameNumber(page);
      RUNS.addAndGet(-1 + joins(page - 1, number - 1) + joins(page + 1, number + 1));
      window.setFrameNumber(page, 0);
      pages--;
      backing.unpin(vma.pageIndex(page * PAGE_SIZE));
    }
  }

  /** Runs in all windows now. */
  static long runs() {
    return RUNS.get();
  }
}
