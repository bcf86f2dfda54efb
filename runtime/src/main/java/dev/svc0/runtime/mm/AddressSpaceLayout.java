package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;
import org.jspecify.annotations.Nullable;

/**
 * Where mappings go: into the window, which engines reach quickly, top down first, then bottom up;
 * above it what does not fit and what the program puts there. <i>Linux:</i> {@code
 * get_unmapped_area}. Protected by the manager's lock.
 */
final class AddressSpaceLayout {
  /** Pages that stay free below a mapping that grows down. */
  static final long STACK_GUARD_GAP = 256L * PAGE_SIZE;

  /** The lowest address that may be mapped, as a kernel is usually set up. */
  static final long MMAP_MIN_ADDR = 0x10000;

  private static final long TASK_SIZE = MemoryManager.TASK_SIZE;
  private static final long WINDOW_SIZE = MemoryManager.WINDOW_SIZE;
  private static final long MIN_GAP = 128L << 20;
  private static final long MAX_GAP = WINDOW_SIZE / 6 * 5;

  /** Large mappings above the window begin at a multiple of what lies together on the host. */
  private static final long OUTER_ALIGNMENT = 1L << 32;

  private final VmaSet areas;
  private long mmapBase = pageUp(WINDOW_SIZE - MIN_GAP);
  private final long legacyBase = WINDOW_SIZE / 4;

  AddressSpaceLayout(VmaSet areas) {
    this.areas = areas;
  }

  void copyFrom(AddressSpaceLayout other) {
    mmapBase = other.mmapBase;
  }

  /** Leaves room for a stack of this limit above the mappings. */
  void setStackLimit(long limitBytes) {
    long gap = Math.max(MIN_GAP, Math.min(limitBytes, MAX_GAP - STACK_GUARD_GAP) + STACK_GUARD_GAP);
    mmapBase = pageUp(WINDOW_SIZE - Math.min(gap, MAX_GAP));
  }

  static long pageUp(long bytes) {
    return bytes + PAGE_SIZE - 1 & -PAGE_SIZE;
  }

  /** A hint that is too low becomes the lowest address allowed. */
  static long roundHint(long address) {
    long hint = address & -PAGE_SIZE;
    return hint != 0 && Long.compareUnsigned(hint, MMAP_MIN_ADDR) < 0 ? MMAP_MIN_ADDR : hint;
  }

  /** An address for a mapping, or −errno. The length is a multiple of the page size, not 0. */
  long getUnmappedArea(long address, long bytes, int flags) {
    if (Long.compareUnsigned(bytes, TASK_SIZE) > 0) {
      return -Errno.ENOMEM;
    }
    boolean fixed = (flags & MmapConstants.MAP_FIXED) != 0;
    long result = fixed ? address : findArea(address, bytes);
    if (result < 0 && result >= -4095 && !fixed) {
      return result;
    }
    if (Long.compareUnsigned(result, TASK_SIZE - bytes) > 0) {
      return -Errno.ENOMEM;
    }
    if ((result & PAGE_SIZE - 1) != 0) {
      return -Errno.EINVAL;
    }
    return result < MMAP_MIN_ADDR ? -Errno.EPERM : result;
  }

  private long findArea(long hint, long bytes) {
    if (bytes > TASK_SIZE - MMAP_MIN_ADDR) {
      return -Errno.ENOMEM;
    }
    if (hint != 0) {
      long at = pageUp(hint);
      if (Long.compareUnsigned(at, TASK_SIZE - bytes) <= 0
          && at >= MMAP_MIN_ADDR
          && fits(at, bytes)) {
        return at;
      }
    }
    long inside = insideWindow(bytes);
    return inside != -1 ? inside : above(bytes);
  }

  private long insideWindow(long bytes) {
    long down = topDown(bytes);
    return down != -1 ? down : bottomUp(bytes);
  }

  /**
   * What to make of the hint of a mapping that only reserves addresses: one above the window is not
   * followed while there is room inside, because the heaps of some runtimes would then be slow.
   */
  long hintOfReservation(long hint, long bytes) {
    boolean outside = Long.compareUnsigned(hint, WINDOW_SIZE) >= 0;
    return outside && bytes <= WINDOW_SIZE && insideWindow(bytes) != -1 ? 0 : hint;
  }

  /** The highest room above the window, or −ENOMEM. */
  private long above(long bytes) {
    long alignment = bytes >= OUTER_ALIGNMENT ? OUTER_ALIGNMENT : PAGE_SIZE;
    long top = TASK_SIZE - OUTER_ALIGNMENT;
    for (int i = areas.size(); ; i--) {
      if (i < areas.size()) {
        top = Math.min(top, startWithGap(areas.get(i)));
      }
      @Nullable Vma below = areas.before(i);
      long at = top - bytes & -alignment;
      if (at >= Math.max(WINDOW_SIZE, below == null ? 0 : below.end)) {
        return at;
      }
      if (below == null || below.end <= WINDOW_SIZE) {
        return -Errno.ENOMEM;
      }
    }
  }

  private boolean fits(long at, long bytes) {
    int index = areas.indexFrom(at);
    Vma before = areas.before(index);
    boolean clearBelow = before == null || at >= before.end;
    return clearBelow && (index == areas.size() || at + bytes <= startWithGap(areas.get(index)));
  }

  /** Where the room below a mapping ends. <i>Linux:</i> {@code vm_start_gap}. */
  static long startWithGap(Vma vma) {
    return vma.has(Vma.VM_GROWSDOWN) ? Math.max(0, vma.start - STACK_GUARD_GAP) : vma.start;
  }

  private long topDown(long bytes) {
    long top = mmapBase;
    for (int i = areas.indexFrom(mmapBase - 1); ; i--) {
      if (i < areas.size()) {
        top = Math.min(top, startWithGap(areas.get(i)));
      }
      @Nullable Vma below = areas.before(i);
      long floor = Math.max(MMAP_MIN_ADDR, below == null ? 0 : below.end);
      if (top - bytes >= floor) {
        return top - bytes;
      }
      if (below == null) {
        return -1;
      }
    }
  }

  private long bottomUp(long bytes) {
    long at = legacyBase;
    for (int i = areas.indexFrom(at); i < areas.size(); i++) {
      Vma vma = areas.get(i);
      if (at + bytes <= Math.min(startWithGap(vma), WINDOW_SIZE)) {
        return at;
      }
      at = Math.max(at, vma.end);
    }
    return at + bytes <= WINDOW_SIZE ? at : -1;
  }
}
