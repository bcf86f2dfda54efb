package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.AddressSpaceLayout.pageUp;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;

/**
 * Moves and resizes mappings. The manager's lock is held by the caller. <i>Linux:</i> {@code
 * mm/mremap.c}: the same checks in the same order.
 */
final class Remapper {
  private static final int FIXED = MmapConstants.MREMAP_FIXED;
  private static final int MAYMOVE = MmapConstants.MREMAP_MAYMOVE;
  private static final int DONTUNMAP = MmapConstants.MREMAP_DONTUNMAP;

  private final MemoryManager mm;

  Remapper(MemoryManager mm) {
    this.mm = mm;
  }

  /** <i>Linux:</i> {@code sys_mremap}, with the old address already untagged. */
  long mremap(long address, long oldLength, long newLength, int flags, long newAddress) {
    if ((flags & ~(FIXED | MAYMOVE | DONTUNMAP)) != 0
        || ((flags & (FIXED | DONTUNMAP)) != 0 && (flags & MAYMOVE) == 0)
        || ((flags & DONTUNMAP) != 0 && oldLength != newLength)
        || (address & PAGE_SIZE - 1) != 0) {
      return -Errno.EINVAL;
    }
    long oldBytes = pageUp(oldLength);
    long newBytes = pageUp(newLength);
    if (newBytes == 0) {
      return -Errno.EINVAL;
    }
    Vma vma = lookup(address);
    if (vma == null) {
      return -Errno.EFAULT;
    }
    if ((flags & (FIXED | DONTUNMAP)) != 0) {
      return mremapTo(address, oldBytes, newBytes, flags, newAddress);
    }
    if (Long.compareUnsigned(oldBytes, newBytes) >= 0) {
      return shrink(address, oldBytes, newBytes);
    }
    long refusal = checkResize(address, oldBytes, newBytes);
    if (refusal < 0) {
      return refusal;
    }
    if (oldBytes == vma.end - address && growInPlace(vma, newBytes - oldBytes)) {
      return address;
    }
    if ((flags & MAYMOVE) == 0) {
      return -Errno.ENOMEM;
    }
    long target = mm.layout.getUnmappedArea(0, newBytes, 0);
    return target < 0 ? target : move(address, oldBytes, newBytes, target, false);
  }

  private @org.jspecify.annotations.Nullable Vma lookup(long address) {
    boolean inside = Long.compareUnsigned(address, MemoryManager.TASK_SIZE) < 0;
    return inside ? mm.areas.lookup(address) : null;
  }

  private long shrink(long address, long oldBytes, long newBytes) {
    if (oldBytes == newBytes) {
      return address;
    }
    long result = mm.mapper.munmap(address + newBytes, oldBytes - newBytes);
    return result < 0 ? result : address;
  }

  /** <i>Linux:</i> {@code vma_to_resize}. 0 or −errno. */
  private long checkResize(long address, long oldBytes, long newBytes) {
    Vma vma = lookup(address);
    if (vma == null) {
      return -Errno.EFAULT;
    }
    if (oldBytes == 0 && !vma.has(Vma.VM_MAYSHARE)) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(oldBytes, vma.end - address) > 0) {
      return -Errno.EFAULT;
    }
    if (newBytes == oldBytes) {
      return 0;
    }
    long pageIndex = vma.pageIndex(address);
    if (Long.compareUnsigned(pageIndex + (newBytes >>> PAGE_SHIFT), pageIndex) < 0) {
      return -Errno.EINVAL;
    }
    if (Long.compareUnsigned(newBytes, MemoryManager.TASK_SIZE) > 0) {
      return -Errno.ENOMEM;
    }
    return mm.limits.refuse(vma.end, Math.max(0, newBytes - oldBytes), vma.flags, true);
  }

  private boolean growInPlace(Vma vma, long growth) {
    long newEnd = vma.end + growth;
    Vma next = mm.areas.find(vma.end);
    if (newEnd > MemoryManager.TASK_SIZE || (next != null && next.start < newEnd)) {
      return false;
    }
    mm.pages.setBounds(vma, vma.start, newEnd, vma.pageOffset);
    mm.limits.addPages(growth >> PAGE_SHIFT);
    mm.mapper.mergeAround(vma.start, newEnd);
    return true;
  }

  /** <i>Linux:</i> {@code mremap_to}. */
  private long mremapTo(long address, long oldLength, long newBytes, int flags, long newAddress) {
    long oldBytes = oldLength;
    if ((newAddress & PAGE_SIZE - 1) != 0
        || Long.compareUnsigned(newBytes, MemoryManager.TASK_SIZE) > 0
        || Long.compareUnsigned(newAddress, MemoryManager.TASK_SIZE - newBytes) > 0
        || (Long.compareUnsigned(address + oldBytes, newAddress) > 0
            && Long.compareUnsigned(newAddress + newBytes, address) > 0)) {
      return -Errno.EINVAL;
    }
    if (mm.areas.size() + 2 >= Mapper.MAX_MAP_COUNT - 3) {
      return -Errno.ENOMEM;
    }
    if ((flags & FIXED) != 0) {
      long result = mm.mapper.munmap(newAddress, newBytes);
      if (result < 0) {
        return result;
      }
    }
    if (Long.compareUnsigned(oldBytes, newBytes) > 0) {
      long result = mm.mapper.munmap(address + newBytes, oldBytes - newBytes);
      if (result < 0) {
        return result;
      }
      oldBytes = newBytes;
    }
    long refusal = checkResize(address, oldBytes, newBytes);
    if (refusal < 0) {
      return refusal;
    }
    int mapFlags = (flags & FIXED) != 0 ? MmapConstants.MAP_FIXED : 0;
    long target = mm.layout.getUnmappedArea(newAddress, newBytes, mapFlags);
    return target < 0
        ? target
        : move(address, oldBytes, newBytes, target, (flags & DONTUNMAP) != 0);
  }

  /** <i>Linux:</i> {@code move_vma}. */
  private long move(long address, long oldBytes, long newBytes, long target, boolean keepOld) {
    Vma vma = lookup(address);
    if (vma == null) {
      return -Errno.EFAULT;
    }
    if (mm.areas.size() >= Mapper.MAX_MAP_COUNT - 3
        || !mm.pages.prepareToMove(address, address + oldBytes)
        || !mm.pages.provideAt(address, address + oldBytes, target)) {
      return -Errno.ENOMEM;
    }
    long offset = vma.backing == null ? 0 : vma.pageIndex(address);
    Vma to = new Vma(mm.pages, target, target + newBytes, vma.flags, vma.backing, offset, vma.name);
    if (to.backing != null) {
      to.backing.attach(to);
    }
    mm.areas.insert(to);
    mm.limits.addPages(to.pageCount());
    mm.pages.move(vma, address, address + oldBytes, to, target);
    mm.mapper.mergeAround(target, target + newBytes);
    if (!keepOld && oldBytes != 0) {
      // Cannot be refused: there is room for the split, as was checked.
      mm.mapper.unmap(address, address + oldBytes);
    }
    return target;
  }
}
