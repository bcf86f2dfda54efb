package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.AddressSpaceLayout.pageUp;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;

/**
 * Changes what may be done with mappings. The manager's lock is held by the caller. <i>Linux:</i>
 * {@code mm/mprotect.c}: the same checks in the same order.
 */
final class Protector {
  private final MemoryManager mm;

  Protector(MemoryManager mm) {
    this.mm = mm;
  }

  /** <i>Linux:</i> {@code do_mprotect_pkey}, with the address already untagged. */
  long mprotect(long address, long length, int protBits) {
    int growth = MmapConstants.PROT_GROWSDOWN | MmapConstants.PROT_GROWSUP;
    int prot = protBits & ~growth;
    if ((protBits & growth) == growth || (address & PAGE_SIZE - 1) != 0) {
      return -Errno.EINVAL;
    }
    if (length == 0) {
      return 0;
    }
    long end = address + pageUp(length);
    if (Long.compareUnsigned(end, address) <= 0) {
      return -Errno.ENOMEM;
    }
    if ((prot & ~(Vma.VM_ACCESS | MmapConstants.PROT_SEM)) != 0) {
      return -Errno.EINVAL;
    }
    Vma vma =
        Long.compareUnsigned(address, MemoryManager.TASK_SIZE) < 0 ? mm.areas.find(address) : null;
    if (vma == null) {
      return -Errno.ENOMEM;
    }
    long start = address;
    if ((protBits & MmapConstants.PROT_GROWSDOWN) != 0) {
      if (Long.compareUnsigned(vma.start, end) >= 0) {
        return -Errno.ENOMEM;
      }
      if (!vma.has(Vma.VM_GROWSDOWN)) {
        return -Errno.EINVAL;
      }
      start = vma.start;
    } else if (vma.start > start) {
      return -Errno.ENOMEM;
    } else if ((protBits & MmapConstants.PROT_GROWSUP) != 0) {
      return -Errno.EINVAL;
    }
    return protect(start, end, prot & Vma.VM_ACCESS);
  }

  private long protect(long start, long end, int access) {
    long at = start;
    long result = 0;
    while (result == 0 && Long.compareUnsigned(at, end) < 0) {
      Vma vma = mm.areas.lookup(at);
      if (vma == null) {
        result = -Errno.ENOMEM;
      } else if ((access & ~(vma.flags >> Vma.MAY_SHIFT)) != 0) {
        result = -Errno.EACCES;
      } else {
        long partEnd = Long.compareUnsigned(end, vma.end) < 0 ? end : vma.end;
        result = setFlags(at, partEnd, protectedFlags(vma, access));
        at = partEnd;
      }
    }
    if (Long.compareUnsigned(at, start) > 0) {
      mm.mapper.mergeAround(start, at);
    }
    return result;
  }

  /** The flags of a mapping with other access bits. */
  private int protectedFlags(Vma vma, int access) {
    int flags = vma.flags & ~Vma.VM_ACCESS | access;
    int exempt = Vma.VM_ACCOUNT | Vma.VM_WRITE | Vma.VM_MAYSHARE | Vma.VM_NORESERVE;
    if ((access & Vma.VM_WRITE) != 0) {
      return vma.has(exempt) ? flags : flags | Vma.VM_ACCOUNT;
    }
    boolean untouched = vma.backing == null && !mm.pages.hasPages(vma);
    return untouched ? flags & ~Vma.VM_ACCOUNT : flags;
  }

  /** Gives a part of one mapping other flags. 0, or −ENOMEM when there would be too many. */
  long setFlags(long start, long end, int flags) {
    Vma vma = mm.areas.lookup(start);
    if (vma == null || vma.flags == flags) {
      return 0;
    }
    if ((vma.start < start || vma.end > end) && mm.areas.size() >= Mapper.MAX_MAP_COUNT) {
      return -Errno.ENOMEM;
    }
    mm.mapper.split(start);
    mm.mapper.split(end);
    Vma part = mm.areas.lookup(start);
    if (part != null) {
      mm.pages.protect(part, flags);
    }
    return 0;
  }
}
