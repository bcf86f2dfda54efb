package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The frames of backings that a window shows. Each run of adjacent frames costs the host one or two
 * mappings, of which it allows a JVM only so many (vm.max_map_count), so the runs of all windows
 * are counted and showing fails while there is still room to take any of them away again.
 *
 * <p><i>Locks:</i> as {@link PageTable}.
 */
final class ShownFrames {
  /** Runs in all windows of this JVM: a matter of the host, not of one kernel. */
  private static final AtomicLong RUNS = new AtomicLong();

  private final PageTable table;
  private final Windows windows;
  private final FrameAllocator frames;
  private final ReentrantLock lock;

  // Protected by the page lock.
  private long pages;

  /** Counts calls from backings, so that a fault in progress knows that it must look again. */
  private long backingChanges;

  ShownFrames(PageTable table, FrameAllocator frames) {
    this.table = table;
    this.windows = table.windows;
    this.frames = frames;
    this.lock = table.lock;
  }

  /** What a fault remembers before it asks the backing. */
  long backingChanges() {
    lock.lock();
    try {
      return backingChanges;
    } finally {
      lock.unlock();
    }
  }

  /** Pages shown. */
  long pages() {
    lock.lock();
    try {
      return pages;
    } finally {
      lock.unlock();
    }
  }

  /** The host address of the frame that is shown at a page; 0 for none. */
  long frameAt(long page) {
    lock.lock();
    try {
      long number = windows.frameNumber(page) & 0xffffffffL;
      return number == 0 ? 0 : frames.addressOf(number - 1);
    } finally {
      lock.unlock();
    }
  }

  /** How {@link #install} ended. */
  enum Install {
    DONE,
    NOT_NEEDED,
    NO_ROOM
  }

  /** Shows a pinned frame, which stays pinned only when the answer is DONE. */
  Install install(Vma vma, long page, long frame, long seenChanges) {
    lock.lock();
    try {
      if (windows.state(page) != 0 || backingChanges != seenChanges) {
        return Install.NOT_NEEDED;
      }
      if (!show(page, frame)) {
        return Install.NO_ROOM;
      }
      table.set(vma, page, PageTable.SHOWN);
      return Install.DONE;
    } finally {
      lock.unlock();
    }
  }

  /** Allows stores to a shown frame, unless its backing has changed its mind meanwhile. */
  void allowStores(Vma vma, long page, long seenChanges) {
    lock.lock();
    try {
      int state = windows.state(page);
      if ((state & PageTable.SHOWN) != 0 && backingChanges == seenChanges) {
        table.set(vma, page, state | PageTable.DIRTY);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes frames out of the window: their backing truncates or invalidates them. */
  void unmap(Vma vma, long firstIndex, long lastIndex) {
    lock.lock();
    try {
      backingChanges++;
      long first = Math.max(firstIndex, vma.pageOffset);
      long last = Math.min(lastIndex, vma.pageOffset + vma.pageCount() - 1);
      if (vma.showsFrames() && first <= last) {
        long firstPage = (vma.start >>> PAGE_SHIFT) + (first - vma.pageOffset);
        table.drop(vma, firstPage, firstPage + (last - first + 1));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a mapping shows a page of its backing. */
  boolean shows(Vma vma, long index) {
    lock.lock();
    try {
      long offset = index - vma.pageOffset;
      boolean inside = vma.showsFrames() && offset >= 0 && offset < vma.pageCount();
      return inside && windows.state((vma.start >>> PAGE_SHIFT) + offset) != 0;
    } finally {
      lock.unlock();
    }
  }

  /** Takes write permission away from a shown frame: its backing cleans it. */
  void writeProtect(Vma vma, long index) {
    lock.lock();
    try {
      backingChanges++;
      long offset = index - vma.pageOffset;
      if (vma.showsFrames() && offset >= 0 && offset < vma.pageCount()) {
        long page = (vma.start >>> PAGE_SHIFT) + offset;
        int state = windows.state(page);
        if ((state & PageTable.DIRTY) != 0) {
          table.set(vma, page, state & ~PageTable.DIRTY);
          table.gate.flush();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean show(long page, long frame) {
    long number = frames.numberOf(frame) + 1;
    long runs = 1 - joins(page, page - 1, number - 1) - joins(page, page + 1, number + 1);
    if (RUNS.addAndGet(runs) > frames.mostRuns() && runs > 0 || !windows.show(page, frame)) {
      RUNS.addAndGet(-runs);
      return false;
    }
    windows.setFrameNumber(page, (int) number);
    pages++;
    return true;
  }

  private int joins(long page, long other, long number) {
    boolean adjacent = number != 0 && windows.joined(page, other);
    return adjacent && windows.frameNumber(other) == (int) number ? 1 : 0;
  }

  /** Takes away what a mapping shows in a range, permissions gone; the page lock is held. */
  void conceal(Vma vma, long firstPage, long endPage) {
    VmBacking backing = Objects.requireNonNull(vma.backing);
    windows.conceal(firstPage, endPage - firstPage);
    long page = windows.nextUsed(firstPage, endPage);
    for (; page < endPage; page = windows.nextUsed(page + 1, endPage)) {
      int number = windows.frameNumber(page);
      RUNS.addAndGet(-1 + joins(page, page - 1, number - 1) + joins(page, page + 1, number + 1));
      windows.setFrameNumber(page, 0);
      pages--;
      backing.unpin(vma.pageIndex(page * PAGE_SIZE));
    }
  }

  /** Runs in all windows now. */
  static long runs() {
    return RUNS.get();
  }
}
