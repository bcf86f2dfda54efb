package dev.svc0.runtime.mm;

import org.jspecify.annotations.Nullable;

/** Copies an address space for a child process. <i>Linux:</i> {@code dup_mmap}. */
final class Forker {
  private Forker() {}

  /** The copy, or null when memory is exhausted. The parent's lock is held. */
  static @Nullable MemoryManager fork(MemoryManager parent) {
    MemoryManager child;
    try {
      child = new MemoryManager(parent.frames, parent.account);
    } catch (OutOfMemoryError e) {
      // The host has no address space left for one more window.
      return null;
    }
    child.layout.copyFrom(parent.layout);
    child.limits.copyFrom(parent.limits);
    child.stack.copyFrom(parent.stack);
    for (int i = 0; i < parent.areas.size(); i++) {
      if (!copy(parent, parent.areas.get(i), child)) {
        child.release();
        return null;
      }
    }
    return child;
  }

  private static boolean copy(MemoryManager parent, Vma vma, MemoryManager child) {
    if (vma.has(Vma.VM_DONTCOPY)) {
      return true;
    }
    int flags = vma.flags & ~Vma.VM_LOCKED;
    Vma twin =
        new Vma(child.pages, vma.start, vma.end, flags, vma.backing, vma.pageOffset, vma.name);
    child.mapper.insert(twin);
    if (vma.showsFrames() || vma.has(Vma.VM_WIPEONFORK)) {
      return true;
    }
    // The twin may have been merged with the mapping before it.
    Vma inserted = java.util.Objects.requireNonNull(child.areas.lookup(vma.start));
    return parent.pages.copyTo(vma, child.pages, inserted);
  }
}
