package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;

import dev.svc0.runtime.abi.MmapConstants;
import org.jspecify.annotations.Nullable;

/**
 * One mapping. Its bounds and flags change only with both the manager's lock and the page lock
 * held, so either is enough to read them. <i>Linux:</i> {@code vm_area_struct}.
 */
final class Vma implements VmMapping {
  static final int VM_READ = MmapConstants.PROT_READ;
  static final int VM_WRITE = MmapConstants.PROT_WRITE;
  static final int VM_EXEC = MmapConstants.PROT_EXEC;
  static final int VM_ACCESS = VM_READ | VM_WRITE | VM_EXEC;

  /** Stores reach the backing. */
  static final int VM_SHARED = 0x08;

  /** What mprotect may ever grant: the access bits shifted by this. */
  static final int MAY_SHIFT = 4;

  static final int VM_MAYWRITE = VM_WRITE << MAY_SHIFT;
  static final int VM_GROWSDOWN = 0x100;

  /** Created with MAP_SHARED, whatever the file allows. */
  static final int VM_MAYSHARE = 0x200;

  static final int VM_LOCKED = 0x2000;
  static final int VM_SEQ_READ = 0x8000;
  static final int VM_RAND_READ = 0x10000;
  static final int VM_DONTCOPY = 0x20000;

  /** Counts as memory that the program may use up; survives becoming read-only. */
  static final int VM_ACCOUNT = 0x100000;

  static final int VM_NORESERVE = 0x200000;
  static final int VM_WIPEONFORK = 0x2000000;
  static final int VM_DONTDUMP = 0x4000000;
  static final int VM_HUGEPAGE = 0x20000000;
  static final int VM_NOHUGEPAGE = 0x40000000;
  static final int VM_MERGEABLE = 0x80000000;

  final PageTable pages;
  long start;
  long end;
  int flags;
  final @Nullable VmBacking backing;

  /** The page of the backing at {@link #start}. */
  long pageOffset;

  String name;

  Vma(
      PageTable pages,
      long start,
      long end,
      int flags,
      @Nullable VmBacking backing,
      long pageOffset,
      String name) {
    this.pages = pages;
    this.start = start;
    this.end = end;
    this.flags = flags;
    this.backing = backing;
    this.pageOffset = pageOffset;
    this.name = name;
  }

  /** The same mapping for other bounds inside it. */
  Vma part(long newStart, long newEnd) {
    return new Vma(pages, newStart, newEnd, flags, backing, pageIndex(newStart), name);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether pages of the backing themselves are shown, not copies. */
  boolean showsFrames() {
    return backing != null && has(VM_MAYSHARE);
  }

  /** The page of the backing at an address. */
  long pageIndex(long address) {
    return pageOffset + ((address - start) >> PAGE_SHIFT);
  }

  long pageCount() {
    return (end - start) >> PAGE_SHIFT;
  }

  /** Whether one mapping could stand for both. */
  boolean canMerge(Vma after) {
    return end == after.start
        && flags == after.flags
        && backing == after.backing
        && name.equals(after.name)
        && (backing == null || pageIndex(end) == after.pageOffset);
  }

  @Override
  public void unmapPages(long firstPageIndex, long lastPageIndex) {
    pages.shown.unmap(this, firstPageIndex, lastPageIndex);
  }

  @Override
  public boolean shows(long index) {
    return pages.shown.shows(this, index);
  }

  @Override
  public boolean mayWriteShared() {
    return has(VM_SHARED) && has(VM_MAYWRITE);
  }

  @Override
  public void writeProtect(long pageIndex) {
    pages.shown.writeProtect(this, pageIndex);
  }
}
