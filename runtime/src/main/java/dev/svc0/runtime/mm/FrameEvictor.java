package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

/**
 * Makes room when the host allows no more mappings: takes shown frames out of the window, in turn,
 * to be shown again when touched. The manager's lock is held.
 */
final class FrameEvictor {
  private static final long BYTES_AT_ONCE = 1024L * PAGE_SIZE;

  private final MemoryManager mm;
  private long hand;

  FrameEvictor(MemoryManager mm) {
    this.mm = mm;
  }

  /** Whether any frame was taken out. */
  boolean evict() {
    long before = mm.pages.shown.pages();
    long start = hand;
    boolean wrapped = false;
    while (mm.pages.shown.pages() == before) {
      Vma vma = mm.areas.find(hand);
      if (vma == null) {
        if (wrapped) {
          return false;
        }
        wrapped = true;
        hand = 0;
        continue;
      }
      long from = Math.max(hand, vma.start);
      long to = Math.min(vma.end, from + BYTES_AT_ONCE);
      hand = to;
      if (vma.showsFrames()) {
        mm.pages.zap(vma, from, to);
      } else {
        hand = vma.end;
      }
      if (wrapped && hand > start && mm.pages.shown.pages() == before) {
        return false;
      }
    }
    return true;
  }
}
