package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.AddressSpaceLayout.pageUp;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import org.jspecify.annotations.Nullable;

/** The mappings that grow: the stack and the heap. The manager's lock is held by the caller. */
final class StackAndHeap {
  private static final int READ_WRITE = Vma.VM_READ | Vma.VM_WRITE;
  private static final int MAY_ALL = Vma.VM_ACCESS << Vma.MAY_SHIFT;

  /** What a stack begins with, besides one page. <i>Linux:</i> {@code stack_expand}. */
  private static final long INITIAL_STACK = 128 << 10;

  private final MemoryManager mm;
  private long startBrk;
  private long brk;
  private long stackTop;

  StackAndHeap(MemoryManager mm) {
    this.mm = mm;
  }

  void copyFrom(StackAndHeap other) {
    startBrk = other.startBrk;
    brk = other.brk;
    stackTop = other.stackTop;
  }

  void setBrkStart(long address) {
    startBrk = address;
    brk = address;
  }

  /** <i>Linux:</i> {@code sys_brk}. */
  long brk(long wanted) {
    if (Long.compareUnsigned(wanted, startBrk) < 0
        || Long.compareUnsigned(wanted, MemoryManager.TASK_SIZE) > 0
        || !MemoryLimits.allows(mm.limits.dataBytes, wanted - startBrk)) {
      return brk;
    }
    long newEnd = pageUp(wanted);
    long oldEnd = pageUp(brk);
    boolean moved = newEnd <= oldEnd ? shrink(newEnd, oldEnd) : grow(oldEnd, newEnd);
    if (moved) {
      brk = wanted;
    }
    return brk;
  }

  private boolean shrink(long newEnd, long oldEnd) {
    return newEnd == oldEnd || mm.mapper.unmap(newEnd, oldEnd) == 0;
  }

  private boolean grow(long oldEnd, long newEnd) {
    Vma next = mm.areas.find(oldEnd);
    if (newEnd > MemoryManager.TASK_SIZE
        || (next != null && newEnd + PAGE_SIZE > AddressSpaceLayout.startWithGap(next))
        || mm.areas.size() > Mapper.MAX_MAP_COUNT
        || mm.limits.refuse(oldEnd, newEnd - oldEnd, READ_WRITE, true) < 0) {
      return false;
    }
    mm.mapper.insert(
        new Vma(mm.pages, oldEnd, newEnd, READ_WRITE | MAY_ALL | Vma.VM_ACCOUNT, null, 0, ""));
    return true;
  }

  long mapStack(long limitBytes, boolean executable) {
    mm.limits.stackBytes = limitBytes;
    mm.layout.setStackLimit(limitBytes < 0 ? Long.MAX_VALUE : limitBytes);
    stackTop = MemoryManager.WINDOW_SIZE;
    int flags =
        READ_WRITE | MAY_ALL | Vma.VM_ACCOUNT | Vma.VM_GROWSDOWN | (executable ? Vma.VM_EXEC : 0);
    long start = stackTop - INITIAL_STACK - PAGE_SIZE;
    mm.mapper.insert(new Vma(mm.pages, start, stackTop, flags, null, 0, ""));
    return stackTop;
  }

  /**
   * Grows a mapping down to an address below it. <i>Linux:</i> {@code expand_stack}.
   *
   * @return whether it could: it grows down, the limit and the gap to its neighbour allow it
   */
  boolean expand(Vma vma, long address) {
    if (!vma.has(Vma.VM_GROWSDOWN)) {
      return false;
    }
    long start = address & -PAGE_SIZE;
    if (start < AddressSpaceLayout.MMAP_MIN_ADDR) {
      return false;
    }
    @Nullable Vma below = mm.areas.before(mm.areas.indexFrom(address));
    if (below != null
        && !below.has(Vma.VM_GROWSDOWN)
        && below.has(Vma.VM_ACCESS)
        && start - below.end < AddressSpaceLayout.STACK_GUARD_GAP) {
      return false;
    }
    long growth = vma.start - start >> PAGE_SHIFT;
    if (!MemoryLimits.allows(mm.limits.stackBytes, vma.end - start)
        || mm.limits.refuse(start, vma.start - start, vma.flags, true) < 0) {
      return false;
    }
    mm.pages.setBounds(vma, start, vma.end, vma.pageOffset);
    mm.limits.addPages(growth);
    return true;
  }

  /** The bracketed name of a mapping without one of its own. */
  String nameOf(Vma vma) {
    if (startBrk != 0 && vma.start < brk && vma.end > startBrk && vma.backing == null) {
      return "[heap]";
    }
    return stackTop != 0 && vma.end == stackTop && vma.has(Vma.VM_GROWSDOWN) ? "[stack]" : "";
  }
}
