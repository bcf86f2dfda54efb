package dev.svc0.arm64.elf;

import dev.svc0.arm64.elf.ElfImage.Segment;
import dev.svc0.runtime.abi.Elf;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.VmBacking;
import dev.svc0.runtime.syscall.SyscallResult;

/** Maps the segments of one file into an address space that nobody runs in yet. */
final class ElfMapper {
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_MASK = (1L << PAGE_SHIFT) - 1;

  private final MemoryManager mm;
  private final ElfImage image;

  /** What is added to the file's addresses. */
  long bias;

  /** First address after everything that was mapped. */
  long end;

  ElfMapper(MemoryManager mm, ElfImage image) {
    this.mm = mm;
    this.image = image;
  }

  private static long pageDown(long address) {
    return address & ~PAGE_MASK;
  }

  private static long pageUp(long address) {
    return (address + PAGE_MASK) & ~PAGE_MASK;
  }

  /** Whether every loadable segment lies in user space and in the file as it says. */
  static boolean plausible(ElfImage image) {
    boolean any = false;
    for (Segment segment : image.segments) {
      if (!segment.loads()) {
        continue;
      }
      any = true;
      boolean inside =
          segment.address() >= 0
              && segment.address() < MemoryManager.TASK_SIZE
              && segment.memoryBytes() >= 0
              && segment.memoryBytes() <= MemoryManager.TASK_SIZE - segment.address()
              && segment.fileBytes() >= 0
              && segment.fileBytes() <= segment.memoryBytes()
              && segment.offset() >= 0
              && segment.offset() <= Long.MAX_VALUE - segment.fileBytes()
              && (segment.offset() & PAGE_MASK) == (segment.address() & PAGE_MASK);
      if (!inside) {
        return false;
      }
    }
    return any;
  }

  /** Maps at addresses as the file has them, or moved so that the first one is at {@code base}. */
  long mapAt(long base) {
    bias = image.type == Elf.ET_DYN ? base - lowest() : 0;
    return mapSegments();
  }

  /** Maps wherever there is room. */
  long mapAnywhere() {
    if (image.type != Elf.ET_DYN) {
      return mapAt(0);
    }
    long bytes = highest() - lowest();
    long at =
        mm.mmap(
            0,
            bytes,
            MmapConstants.PROT_NONE,
            MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS,
            null,
            0);
    if (SyscallResult.isError(at)) {
      return at;
    }
    long unmapped = mm.munmap(at, bytes);
    return unmapped != 0 ? unmapped : mapAt(at);
  }

  private long lowest() {
    long low = Long.MAX_VALUE;
    for (Segment segment : image.segments) {
      if (segment.loads()) {
        low = Math.min(low, pageDown(segment.address()));
      }
    }
    return low;
  }

  private long highest() {
    long high = 0;
    for (Segment segment : image.segments) {
      if (segment.loads()) {
        high = Math.max(high, pageUp(segment.address() + segment.memoryBytes()));
      }
    }
    return high;
  }

  private long mapSegments() {
    for (Segment segment : image.segments) {
      if (segment.loads()) {
        long result = mapSegment(segment);
        if (SyscallResult.isError(result)) {
          return result;
        }
        end = Math.max(end, segment.address() + bias + segment.memoryBytes());
      }
    }
    return 0;
  }

  private static int protectionOf(Segment segment) {
    int flags = segment.flags();
    return ((flags & Elf.PF_R) != 0 ? MmapConstants.PROT_READ : 0)
        | ((flags & Elf.PF_W) != 0 ? MmapConstants.PROT_WRITE : 0)
        | ((flags & Elf.PF_X) != 0 ? MmapConstants.PROT_EXEC : 0);
  }

  private long mapSegment(Segment segment) {
    long start = segment.address() + bias;
    long fileEnd = start + segment.fileBytes();
    long zeroFrom = fileEnd;
    if (segment.fileBytes() > 0) {
      long result = mapFile(segment, pageDown(start), pageUp(fileEnd));
      if (SyscallResult.isError(result)) {
        return result;
      }
      if (segment.memoryBytes() > segment.fileBytes() && (segment.flags() & Elf.PF_W) != 0) {
        // To the end of the page, beyond the segment: loaders rely on finding zeroes there.
        if (mm.clearUser(fileEnd, pageUp(fileEnd) - fileEnd) != 0) {
          return -Errno.EFAULT;
        }
      }
      zeroFrom = pageUp(fileEnd);
    }
    long zeroEnd = pageUp(start + segment.memoryBytes());
    return zeroEnd > pageDown(zeroFrom) && segment.memoryBytes() > segment.fileBytes()
        ? mapZero(segment, pageDown(zeroFrom), zeroEnd)
        : 0;
  }

  private long mapFile(Segment segment, long from, long to) {
    long[] error = new long[1];
    VmBacking backing = image.file.operations().mmap(image.file, false, error);
    if (backing == null) {
      return error[0];
    }
    return mm.mmap(
        from,
        to - from,
        protectionOf(segment),
        MmapConstants.MAP_PRIVATE | MmapConstants.MAP_FIXED,
        backing,
        pageDown(segment.offset()) >>> PAGE_SHIFT);
  }

  private long mapZero(Segment segment, long from, long to) {
    if (to <= from) {
      return 0;
    }
    int protection =
        MmapConstants.PROT_READ
            | MmapConstants.PROT_WRITE
            | protectionOf(segment) & MmapConstants.PROT_EXEC;
    return mm.mmap(
        from,
        to - from,
        protection,
        MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS | MmapConstants.MAP_FIXED,
        null,
        0);
  }
}
