package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;

import dev.svc0.runtime.abi.Errno;

/** Limits of one address space. Protected by the manager's lock. */
final class MemoryLimits {
  private final MemoryManager mm;
  private long totalPages;

  /** RLIMIT_AS in bytes; negative for none. */
  long addressSpaceBytes = -1;

  /** RLIMIT_DATA in bytes; negative for none. */
  long dataBytes = -1;

  /** RLIMIT_STACK in bytes; negative for none. */
  long stackBytes = 8L << 20;

  MemoryLimits(MemoryManager mm) {
    this.mm = mm;
  }

  void copyFrom(MemoryLimits other) {
    addressSpaceBytes = other.addressSpaceBytes;
    dataBytes = other.dataBytes;
    stackBytes = other.stackBytes;
  }

  long totalPages() {
    return totalPages;
  }

  void addPages(long pages) {
    totalPages += pages;
  }

  /** Whether a limit in bytes, negative for none, allows an amount. */
  static boolean allows(long limit, long bytes) {
    return limit < 0 || bytes <= limit;
  }

  /**
   * −ENOMEM when a new mapping would pass RLIMIT_AS or RLIMIT_DATA, or asks at once for more
   * private memory than there is (overcommit heuristics); pages that it replaces do not count.
   */
  long refuse(long address, long bytes, int vmFlags, boolean charged) {
    long pages = bytes >>> PAGE_SHIFT;
    if (!allows(addressSpaceBytes, (totalPages + pages) << PAGE_SHIFT)
        && !allows(
            addressSpaceBytes, (totalPages + pages - mapped(address, bytes)) << PAGE_SHIFT)) {
      return -Errno.ENOMEM;
    }
    if (isData(vmFlags)
        && dataBytes >= 0
        && !allows(dataBytes, dataPages() + pages << PAGE_SHIFT)) {
      return -Errno.ENOMEM;
    }
    if (charged && isAccountable(vmFlags) && pages > mm.account.limitPages()) {
      return -Errno.ENOMEM;
    }
    return 0;
  }

  /** Private and writable. <i>Linux:</i> {@code accountable_mapping}. */
  static boolean isAccountable(int flags) {
    return (flags & (Vma.VM_WRITE | Vma.VM_MAYSHARE)) == Vma.VM_WRITE;
  }

  /** Private, writable, not a stack. <i>Linux:</i> {@code is_data_mapping}. */
  private static boolean isData(int flags) {
    return (flags & (Vma.VM_WRITE | Vma.VM_SHARED | Vma.VM_GROWSDOWN)) == Vma.VM_WRITE;
  }

  private long dataPages() {
    long sum = 0;
    for (int i = 0; i < mm.areas.size(); i++) {
      Vma vma = mm.areas.get(i);
      sum += isData(vma.flags) ? vma.pageCount() : 0;
    }
    return sum;
  }

  private long mapped(long address, long bytes) {
    long sum = 0;
    for (int i = mm.areas.indexFrom(address); i < mm.areas.size(); i++) {
      Vma vma = mm.areas.get(i);
      if (vma.start >= address + bytes) {
        break;
      }
      sum += Math.min(vma.end, address + bytes) - Math.max(vma.start, address);
    }
    return sum >> PAGE_SHIFT;
  }
}
