package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.AddressSpaceLayout.pageUp;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;

/** madvise, msync and populating. The manager's lock is held by the caller. */
final class Advice {
  private final MemoryManager mm;

  Advice(MemoryManager mm) {
    this.mm = mm;
  }

  private static boolean isValid(int advice) {
    return switch (advice) {
      case MmapConstants.MADV_NORMAL,
          MmapConstants.MADV_RANDOM,
          MmapConstants.MADV_SEQUENTIAL,
          MmapConstants.MADV_WILLNEED,
          MmapConstants.MADV_DONTNEED,
          MmapConstants.MADV_FREE,
          MmapConstants.MADV_REMOVE,
          MmapConstants.MADV_DONTFORK,
          MmapConstants.MADV_DOFORK,
          MmapConstants.MADV_MERGEABLE,
          MmapConstants.MADV_UNMERGEABLE,
          MmapConstants.MADV_HUGEPAGE,
          MmapConstants.MADV_NOHUGEPAGE,
          MmapConstants.MADV_DONTDUMP,
          MmapConstants.MADV_DODUMP,
          MmapConstants.MADV_WIPEONFORK,
          MmapConstants.MADV_KEEPONFORK,
          MmapConstants.MADV_COLD,
          MmapConstants.MADV_PAGEOUT,
          MmapConstants.MADV_POPULATE_READ,
          MmapConstants.MADV_POPULATE_WRITE,
          MmapConstants.MADV_DONTNEED_LOCKED,
          MmapConstants.MADV_COLLAPSE ->
          true;
      default -> false;
    };
  }

  /** <i>Linux:</i> {@code do_madvise}, with the address already untagged. */
  long madvise(long address, long length, int advice) {
    if (!isValid(advice) || (address & PAGE_SIZE - 1) != 0) {
      return -Errno.EINVAL;
    }
    long bytes = pageUp(length);
    if (length != 0 && bytes == 0) {
      return -Errno.EINVAL;
    }
    long end = address + bytes;
    if (Long.compareUnsigned(end, address) < 0) {
      return -Errno.EINVAL;
    }
    if (end == address) {
      return 0;
    }
    if (address < 0 || address >= MemoryManager.TASK_SIZE) {
      return -Errno.ENOMEM;
    }
    long bound = end < 0 ? MemoryManager.TASK_SIZE : Math.min(end, MemoryManager.TASK_SIZE);
    long result = walk(address, bound, advice);
    return result == 0 && bound != end ? -Errno.ENOMEM : result;
  }

  /** Applies advice to each mapping; holes are passed over and answered with −ENOMEM at the end. */
  private long walk(long start, long end, int advice) {
    boolean populates =
        advice == MmapConstants.MADV_POPULATE_READ || advice == MmapConstants.MADV_POPULATE_WRITE;
    long holes = 0;
    for (long at = start; at < end; ) {
      Vma vma = mm.areas.find(at);
      if (vma == null || vma.start > at) {
        holes = -Errno.ENOMEM;
        if (vma == null || vma.start >= end || populates) {
          return holes;
        }
        at = vma.start;
        continue;
      }
      long partEnd = Math.min(end, vma.end);
      long result = apply(vma, at, partEnd, advice);
      if (result < 0) {
        return result;
      }
      at = partEnd;
    }
    return holes;
  }

  private long apply(Vma vma, long start, long end, int advice) {
    boolean privateAnonymous = vma.backing == null;
    return switch (advice) {
      case MmapConstants.MADV_DONTNEED -> dontNeed(vma, start, end, vma.has(Vma.VM_LOCKED));
      case MmapConstants.MADV_DONTNEED_LOCKED -> dontNeed(vma, start, end, false);
      // Linux may keep the pages until memory is short; dropping them at once is allowed.
      case MmapConstants.MADV_FREE -> dontNeed(vma, start, end, !privateAnonymous);
      case MmapConstants.MADV_REMOVE -> remove(vma);
      case MmapConstants.MADV_WILLNEED -> willNeed(vma, start, end);
      case MmapConstants.MADV_WIPEONFORK ->
          privateAnonymous ? mark(vma, start, end, advice) : -Errno.EINVAL;
      case MmapConstants.MADV_POPULATE_READ ->
          populateResult(vma, start, end, MemoryManager.PERM_READ);
      case MmapConstants.MADV_POPULATE_WRITE ->
          populateResult(vma, start, end, MemoryManager.PERM_WRITE);
      default -> mark(vma, start, end, advice);
    };
  }

  /** Advice that is kept with the mapping, where it means something to fork and to merging. */
  private long mark(Vma vma, long start, long end, int advice) {
    int readAhead = Vma.VM_SEQ_READ | Vma.VM_RAND_READ;
    return switch (advice) {
      case MmapConstants.MADV_NORMAL -> change(vma, start, end, 0, readAhead);
      case MmapConstants.MADV_SEQUENTIAL -> change(vma, start, end, Vma.VM_SEQ_READ, readAhead);
      case MmapConstants.MADV_RANDOM -> change(vma, start, end, Vma.VM_RAND_READ, readAhead);
      case MmapConstants.MADV_DONTFORK -> change(vma, start, end, Vma.VM_DONTCOPY, 0);
      case MmapConstants.MADV_DOFORK -> change(vma, start, end, 0, Vma.VM_DONTCOPY);
      case MmapConstants.MADV_WIPEONFORK -> change(vma, start, end, Vma.VM_WIPEONFORK, 0);
      case MmapConstants.MADV_KEEPONFORK -> change(vma, start, end, 0, Vma.VM_WIPEONFORK);
      case MmapConstants.MADV_DONTDUMP -> change(vma, start, end, Vma.VM_DONTDUMP, 0);
      case MmapConstants.MADV_DODUMP -> change(vma, start, end, 0, Vma.VM_DONTDUMP);
      case MmapConstants.MADV_MERGEABLE ->
          vma.has(Vma.VM_MAYSHARE) ? 0 : change(vma, start, end, Vma.VM_MERGEABLE, 0);
      case MmapConstants.MADV_UNMERGEABLE -> change(vma, start, end, 0, Vma.VM_MERGEABLE);
      case MmapConstants.MADV_HUGEPAGE ->
          change(vma, start, end, Vma.VM_HUGEPAGE, Vma.VM_NOHUGEPAGE);
      case MmapConstants.MADV_NOHUGEPAGE ->
          change(vma, start, end, Vma.VM_NOHUGEPAGE, Vma.VM_HUGEPAGE);
      default -> 0;
    };
  }

  private long change(Vma vma, long start, long end, int set, int clear) {
    long result = mm.protector.setFlags(start, end, vma.flags & ~clear | set);
    mm.mapper.mergeAround(start, end);
    return result;
  }

  private static long willNeed(Vma vma, long start, long end) {
    VmBacking backing = vma.backing;
    if (backing != null) {
      long first = vma.pageIndex(start);
      backing.willNeed(first, vma.pageIndex(end) - first);
    }
    return 0;
  }

  private long dontNeed(Vma vma, long start, long end, boolean refused) {
    if (refused) {
      return -Errno.EINVAL;
    }
    if (!mm.pages.prepareToDrop(start, end)) {
      return -Errno.ENOMEM;
    }
    mm.pages.zap(vma, start, end);
    return 0;
  }

  /** Punching holes through a mapping is left out. */
  private static long remove(Vma vma) {
    if (vma.backing == null || vma.has(Vma.VM_LOCKED)) {
      return -Errno.EINVAL;
    }
    int needed = Vma.VM_SHARED | Vma.VM_WRITE;
    return (vma.flags & needed) != needed ? -Errno.EACCES : -Errno.EOPNOTSUPP;
  }

  private long populateResult(Vma vma, long start, long end, int access) {
    int needed = access == MemoryManager.PERM_READ ? Vma.VM_ACCESS : Vma.VM_WRITE;
    if (!vma.has(needed)) {
      return -Errno.EINVAL;
    }
    int fault = populatePart(vma, start, end, access);
    if (fault == MemoryManager.FAULT_RESOLVED) {
      return 0;
    }
    return fault == FaultHandler.OUT_OF_MEMORY ? -Errno.ENOMEM : -Errno.EFAULT;
  }

  /**
   * Makes pages present as far as that works; whether all are. <i>Linux:</i> {@code mm_populate}.
   */
  boolean populate(long start, long end) {
    boolean all = true;
    for (long at = start; at < end; ) {
      Vma vma = mm.areas.find(at);
      if (vma == null || vma.start >= end) {
        return false;
      }
      long partEnd = Math.min(end, vma.end);
      int access = vma.has(Vma.VM_WRITE) ? MemoryManager.PERM_WRITE : MemoryManager.PERM_READ;
      all &=
          vma.start <= at
              && vma.has(Vma.VM_ACCESS)
              && populatePart(vma, at, partEnd, access) == MemoryManager.FAULT_RESOLVED;
      at = partEnd;
    }
    return all;
  }

  private int populatePart(Vma vma, long start, long end, int access) {
    for (long at = start; at < end; at += PAGE_SIZE) {
      int fault = mm.faults.makePresent(vma, at, access);
      if (fault != MemoryManager.FAULT_RESOLVED) {
        return fault;
      }
    }
    return MemoryManager.FAULT_RESOLVED;
  }
}
