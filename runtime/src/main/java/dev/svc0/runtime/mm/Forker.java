package dev.svc0.runtime.mm;

import org.jspecify.annotations.Nullable;

/** Copies an address space for a child process. <i>Linux:</i> {@code dup_mmap}. */
final class Forker {
  private Forker() {}

  /** The copy, or null when memory is exhausted. The parent's lock is held. */
  static @Nullable MemoryManager fork(MemoryManager parent) {
    MemoryManager child;
    try {
      child = new MemoryManager(parent);
    } catch (OutOfMemoryError e) {
      // The host has no address space left for one more window.
      return null;
    }
    if (!child.pages.windows.provideLike(parent.pages.windows)) {
      child.release();
      return null;
    }
    child.layout.copyFrom(parent.layout);
    child.limits.copyFrom(parent.limits);
    child.stack.copyFrom(parent.stack);
    for (int i = 0; i < parent.areas.size(); i++) {
      Vma vma = parent.areas.get(i);
      if (!vma.has(Vma.VM_DONTCOPY)) {
        copy(parent, vma, child);
      }
    }
    // Stores that are still under way happen before the fork.
    parent.pages.gate.flush();
    return child;
  }

  private static void copy(MemoryManager parent, Vma vma, MemoryManager child) {
    int flags = vma.flags & ~Vma.VM_LOCKED;
    child.mapper.insert(
        new Vma(child.pages, vma.start, vma.end, flags, vma.backing, vma.pageOffset, vma.name));
    if (!vma.showsFrames() && !vma.has(Vma.VM_WIPEONFORK)) {
      parent.pages.linkInto(child.pages, vma);
    }
  }
}
