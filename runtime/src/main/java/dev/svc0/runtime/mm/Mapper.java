package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.AddressSpaceLayout.pageUp;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;
import org.jspecify.annotations.Nullable;

/**
 * Creates and removes mappings. The manager's lock is held by the caller. <i>Linux:</i> {@code
 * mm/mmap.c}: the same checks in the same order.
 */
final class Mapper {
  /** <i>Linux:</i> {@code sysctl_max_map_count}. */
  static final int MAX_MAP_COUNT = 65530;

  private static final long TASK_SIZE = MemoryManager.TASK_SIZE;
  private static final int ALL_ACCESS = Vma.VM_ACCESS;

  /** Flags that a shared mapping may carry; MAP_SHARED_VALIDATE refuses others. */
  private static final int KNOWN_FLAGS =
      MmapConstants.MAP_TYPE
          | MmapConstants.MAP_FIXED
          | MmapConstants.MAP_ANONYMOUS
          | MmapConstants.MAP_GROWSDOWN
          | MmapConstants.MAP_DENYWRITE
          | MmapConstants.MAP_EXECUTABLE
          | MmapConstants.MAP_LOCKED
          | MmapConstants.MAP_NORESERVE
          | MmapConstants.MAP_POPULATE
          | MmapConstants.MAP_NONBLOCK
          | MmapConstants.MAP_STACK
          | MmapConstants.MAP_HUGETLB
          | MmapConstants.MAP_HUGE_MASK << MmapConstants.MAP_HUGE_SHIFT;

  private final MemoryManager mm;
  private final VmaSet areas;
  private final PageTable pages;

  Mapper(MemoryManager mm) {
    this.mm = mm;
    this.areas = mm.areas;
    this.pages = mm.pages;
  }

  /** <i>Linux:</i> {@code do_mmap}. */
  long mmap(
      long hint,
      long length,
      int prot,
      int mapFlags,
      @Nullable VmBacking backing,
      long pageOffset,
      int fileAccess) {
    if (length == 0) {
      return -Errno.EINVAL;
    }
    int flags = mapFlags;
    if ((flags & MmapConstants.MAP_FIXED_NOREPLACE) != 0) {
      flags |= MmapConstants.MAP_FIXED;
    }
    boolean fixed = (flags & MmapConstants.MAP_FIXED) != 0;
    long bytes = pageUp(length);
    if (bytes == 0) {
      return -Errno.ENOMEM;
    }
    if (Long.compareUnsigned(pageOffset + (bytes >>> PAGE_SHIFT), pageOffset) < 0) {
      return -Errno.EOVERFLOW;
    }
    if (areas.size() > MAX_MAP_COUNT) {
      return -Errno.ENOMEM;
    }
    long wanted = fixed ? hint : AddressSpaceLayout.roundHint(hint);
    if (!fixed && prot == MmapConstants.PROT_NONE && backing == null) {
      wanted = mm.layout.hintOfReservation(wanted, bytes);
    }
    long address = mm.layout.getUnmappedArea(wanted, bytes, flags);
    if (address < 0) {
      return address;
    }
    if ((mapFlags & MmapConstants.MAP_FIXED_NOREPLACE) != 0
        && areas.intersects(address, address + bytes)) {
      return -Errno.EEXIST;
    }
    long vmFlags = vmFlags(prot, flags, backing, pageOffset, bytes, fileAccess);
    if (vmFlags < 0) {
      return vmFlags;
    }
    return mmapRegion(address, bytes, (int) vmFlags, flags, backing, pageOffset);
  }

  /** The flags of the new mapping, or −errno. */
  private long vmFlags(
      int prot,
      int flags,
      @Nullable VmBacking backing,
      long pageOffset,
      long bytes,
      int fileAccess) {
    int result = prot & ALL_ACCESS;
    boolean growsDown = (flags & MmapConstants.MAP_GROWSDOWN) != 0;
    int type = flags & MmapConstants.MAP_TYPE;
    boolean shared =
        type == MmapConstants.MAP_SHARED
            || (backing != null && type == MmapConstants.MAP_SHARED_VALIDATE);
    if (!shared && type != MmapConstants.MAP_PRIVATE) {
      return -Errno.EINVAL;
    }
    int may = ALL_ACCESS;
    if (backing != null) {
      long refusal = fileRefusal(prot, flags, pageOffset, bytes, shared, fileAccess);
      if (refusal < 0) {
        return refusal;
      }
      may = shared ? fileAccess : fileAccess | MmapConstants.PROT_WRITE;
    } else if ((flags & MmapConstants.MAP_HUGETLB) != 0) {
      // As on a machine with no huge pages set aside.
      return -Errno.ENOMEM;
    }
    if (growsDown && (shared || backing != null)) {
      return -Errno.EINVAL;
    }
    result |= may << Vma.MAY_SHIFT;
    result |= growsDown ? Vma.VM_GROWSDOWN : 0;
    result |= (flags & MmapConstants.MAP_LOCKED) != 0 ? Vma.VM_LOCKED : 0;
    if (shared) {
      result |= Vma.VM_MAYSHARE | ((may & Vma.VM_WRITE) != 0 ? Vma.VM_SHARED : 0);
    }
    return result;
  }

  private static long fileRefusal(
      int prot, int flags, long pageOffset, long bytes, boolean shared, int fileAccess) {
    if (pageOffset < 0 || pageOffset > (Long.MAX_VALUE >> PAGE_SHIFT) - (bytes >>> PAGE_SHIFT)) {
      return -Errno.EOVERFLOW;
    }
    if ((flags & MmapConstants.MAP_TYPE) == MmapConstants.MAP_SHARED_VALIDATE
        && (flags & ~KNOWN_FLAGS & ~MmapConstants.MAP_FIXED_NOREPLACE) != 0) {
      return -Errno.EOPNOTSUPP;
    }
    if (shared
        && (prot & MmapConstants.PROT_WRITE) != 0
        && (fileAccess & MmapConstants.PROT_WRITE) == 0) {
      return -Errno.EACCES;
    }
    if ((fileAccess & MmapConstants.PROT_READ) == 0) {
      return -Errno.EACCES;
    }
    if ((prot & MmapConstants.PROT_EXEC) != 0 && (fileAccess & MmapConstants.PROT_EXEC) == 0) {
      return -Errno.EPERM;
    }
    return 0;
  }

  private long mmapRegion(
      long address,
      long bytes,
      int vmFlags,
      int flags,
      @Nullable VmBacking backing,
      long pageOffset) {
    boolean charged = (flags & MmapConstants.MAP_NORESERVE) == 0;
    long refusal = mm.limits.refuse(address, bytes, vmFlags, charged);
    if (refusal < 0) {
      return refusal;
    }
    int accounted = charged && MemoryLimits.isAccountable(vmFlags) ? Vma.VM_ACCOUNT : 0;
    int allFlags = vmFlags | (charged ? accounted : Vma.VM_NORESERVE);
    long result = unmap(address, address + bytes);
    if (result < 0) {
      return result;
    }
    VmBacking shows = backing;
    long offset = pageOffset;
    if (backing == null) {
      offset = 0;
      if ((vmFlags & Vma.VM_MAYSHARE) != 0) {
        shows = new SharedAnonymous(mm.frames, mm.account);
      }
    }
    insert(new Vma(pages, address, address + bytes, allFlags, shows, offset, ""));
    int populate = MmapConstants.MAP_POPULATE | MmapConstants.MAP_NONBLOCK;
    if ((flags & populate) == MmapConstants.MAP_POPULATE || (vmFlags & Vma.VM_LOCKED) != 0) {
      mm.advice.populate(address, address + bytes);
    }
    return address;
  }

  /** Enters a mapping where nothing is, and merges it with its neighbours. */
  void insert(Vma vma) {
    if (vma.backing != null) {
      vma.backing.attach(vma);
    }
    areas.insert(vma);
    mm.limits.addPages(vma.pageCount());
    mergeAround(vma.start, vma.end);
  }

  /** Merges what can be merged at both ends of a range and inside. */
  void mergeAround(long start, long end) {
    int index = Math.max(0, areas.indexFrom(start) - 1);
    while (index + 1 < areas.size() && areas.get(index).start < end) {
      Vma first = areas.get(index);
      Vma second = areas.get(index + 1);
      if (first.canMerge(second)) {
        long secondEnd = second.end;
        // The first grows before the second goes, so that no page is without a mapping.
        pages.setBounds(first, first.start, secondEnd, first.pageOffset);
        forget(index + 1, index + 2);
      } else {
        index++;
      }
    }
  }

  /** Takes mappings out of the set whose pages are gone or belong to another. */
  private void forget(int from, int end) {
    for (int i = from; i < end; i++) {
      Vma vma = areas.get(i);
      pages.setBounds(vma, vma.end, vma.end, vma.pageOffset);
      if (vma.backing != null) {
        vma.backing.detach(vma);
      }
    }
    areas.remove(from, end);
  }

  /** Makes an address a boundary between mappings. */
  void split(long address) {
    Vma vma = areas.lookup(address);
    if (vma == null || vma.start == address) {
      return;
    }
    Vma upper = vma.part(address, vma.end);
    if (vma.backing != null) {
      vma.backing.attach(upper);
    }
    pages.setBounds(vma, vma.start, address, vma.pageOffset);
    areas.insert(upper);
  }

  /** <i>Linux:</i> {@code do_vmi_munmap}, with the address already untagged. */
  long munmap(long address, long length) {
    if ((address & PAGE_SIZE - 1) != 0
        || Long.compareUnsigned(address, TASK_SIZE) > 0
        || Long.compareUnsigned(length, TASK_SIZE - address) > 0
        || pageUp(length) == 0) {
      return -Errno.EINVAL;
    }
    return unmap(address, address + pageUp(length));
  }

  /**
   * Removes all mappings of a range. 0, or −ENOMEM when there would be too many, or no memory to
   * leave children what they need.
   */
  long unmap(long start, long end) {
    Vma first = areas.find(start);
    if (first == null || first.start >= end) {
      return 0;
    }
    if (first.start < start && first.end > end && areas.size() >= MAX_MAP_COUNT) {
      return -Errno.ENOMEM;
    }
    if (!pages.prepareToDrop(start, end)) {
      return -Errno.ENOMEM;
    }
    split(start);
    split(end);
    int from = areas.indexFrom(start);
    int to = areas.indexFrom(end - 1);
    if (to < areas.size() && areas.get(to).start < end) {
      to++;
    }
    for (int i = from; i < to; i++) {
      Vma vma = areas.get(i);
      mm.limits.addPages(-vma.pageCount());
      pages.zap(vma, vma.start, vma.end);
    }
    forget(from, to);
    return 0;
  }

  /** The process is gone: all mappings end. */
  void exit() {
    for (int i = 0; i < areas.size(); i++) {
      Vma vma = areas.get(i);
      if (vma.showsFrames()) {
        pages.zap(vma, vma.start, vma.end);
      }
    }
    forget(0, areas.size());
  }

  /** <i>Linux:</i> {@code madvise_set_anon_name}. */
  long setAnonName(long address, long length, String name) {
    long end = address + pageUp(length);
    if ((address & PAGE_SIZE - 1) != 0
        || (length != 0 && pageUp(length) == 0)
        || Long.compareUnsigned(end, address) < 0) {
      return -Errno.EINVAL;
    }
    long holes = 0;
    for (long at = address; at != end; ) {
      Vma vma = at >= 0 && at < TASK_SIZE ? areas.find(at) : null;
      if (vma == null || Long.compareUnsigned(vma.start, end) >= 0) {
        return -Errno.ENOMEM;
      }
      if (vma.start > at) {
        holes = -Errno.ENOMEM;
        at = vma.start;
      }
      if (vma.backing != null && !(vma.backing instanceof SharedAnonymous)) {
        return -Errno.EBADF;
      }
      long partEnd = Long.compareUnsigned(end, vma.end) < 0 ? end : vma.end;
      if (areas.size() >= MAX_MAP_COUNT) {
        return -Errno.ENOMEM;
      }
      split(at);
      split(partEnd);
      rename(at, name);
      at = partEnd;
    }
    if (end != address) {
      mergeAround(address, end);
    }
    return holes;
  }

  /** Gives the mapping that holds an address a name. */
  void rename(long address, String name) {
    Vma vma = areas.lookup(address);
    if (vma != null) {
      vma.name = name;
    }
  }
}
