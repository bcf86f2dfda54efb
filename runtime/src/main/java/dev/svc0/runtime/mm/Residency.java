package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.AddressSpaceLayout.pageUp;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import dev.svc0.runtime.abi.Errno;

/**
 * mlock, munlock and mincore. The manager's lock is held by the caller. Nothing is ever swapped
 * out, so a locked page is one that was made present.
 */
final class Residency {
  private final MemoryManager mm;

  Residency(MemoryManager mm) {
    this.mm = mm;
  }

  /** Sets or clears VM_LOCKED. <i>Linux:</i> {@code apply_vma_lock_flags}. 0 or −errno. */
  long lock(long address, long length, int lockFlag, boolean populate) {
    long start = address & -PAGE_SIZE;
    long end = start + pageUp(length + (address & PAGE_SIZE - 1));
    if (Long.compareUnsigned(end, start) < 0) {
      return -Errno.EINVAL;
    }
    for (long at = start; at != end; ) {
      Vma vma = at >= 0 && at < MemoryManager.TASK_SIZE ? mm.areas.lookup(at) : null;
      if (vma == null) {
        return -Errno.ENOMEM;
      }
      long partEnd = Long.compareUnsigned(end, vma.end) < 0 ? end : vma.end;
      long result = mm.protector.setFlags(at, partEnd, vma.flags & ~Vma.VM_LOCKED | lockFlag);
      if (result < 0) {
        return result;
      }
      at = partEnd;
    }
    if (end != start) {
      mm.mapper.mergeAround(start, end);
    }
    return !populate || mm.advice.populate(start, end) ? 0 : -Errno.ENOMEM;
  }

  /**
   * Which pages of a range are present, a byte each. <i>Linux:</i> {@code sys_mincore}, which
   * counts cached pages of files too; here only what this process has touched counts.
   *
   * @return pages answered, or −ENOMEM at a hole
   */
  long inCore(long address, byte[] answer, int pages) {
    for (int i = 0; i < pages; i++) {
      long at = address + ((long) i << PAGE_SHIFT);
      if (mm.areas.lookup(at) == null) {
        return -Errno.ENOMEM;
      }
      answer[i] = (byte) (mm.pages.state(at >>> PAGE_SHIFT) != 0 ? 1 : 0);
    }
    return pages;
  }
}
