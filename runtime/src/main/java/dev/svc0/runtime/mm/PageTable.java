package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;
import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SIZE;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which pages of an address space are there, what they are, and what may be done with them.
 *
 * <p>The state says what a page is; the permission byte, which engines read without a lock, follows
 * from state and mapping. A permission other than 0 therefore implies a state other than 0.
 *
 * <p><i>Locks:</i> every method takes the page lock itself; it is the innermost lock and no backing
 * is called under it but for {@link VmBacking#unpin}. <i>Linux:</i> page tables under their lock.
 */
final class PageTable {
  /** A private page lies in the window and is charged. */
  static final int PRESENT = 1;

  /** A frame of the backing is shown in the window and pinned. */
  static final int SHOWN = 2;

  /** A shown frame's backing has agreed to stores. */
  static final int DIRTY = 4;

  /** The content is the parent's page; nothing lies in the windows. See {@link CowLinks}. */
  static final int LINKED = 8;

  /** A child may link to this page: it must not change unnoticed. */
  static final int SOURCE = 16;

  private static final long SOURCES_AT_ONCE = 64;

  final Windows windows;

  /** One lock for all tables that fork created from one another. */
  final ReentrantLock lock;

  final CowLinks links;
  final ShownFrames shown;
  final AccessGate gate = new AccessGate();
  final List<CodeListener> codeListeners = new CopyOnWriteArrayList<>();

  private final MemoryAccount account;

  // Protected by the page lock.
  private long privatePages;

  PageTable(FrameAllocator frames, MemoryAccount account, ReentrantLock lock) {
    this.account = account;
    this.lock = lock;
    this.windows = new Windows(frames);
    this.links = new CowLinks(this, account);
    this.shown = new ShownFrames(this, frames);
  }

  int state(long page) {
    lock.lock();
    try {
      return windows.state(page);
    } finally {
      lock.unlock();
    }
  }

  /** Whether any page of a mapping was touched and is still there. */
  boolean hasPages(Vma vma) {
    lock.lock();
    try {
      long end = vma.end >>> PAGE_SHIFT;
      return windows.nextUsed(vma.start >>> PAGE_SHIFT, end) < end;
    } finally {
      lock.unlock();
    }
  }

  long residentPages() {
    lock.lock();
    try {
      return privatePages + shown.pages() + links.linkedPages();
    } finally {
      lock.unlock();
    }
  }

  /** What may be done with a page of a mapping, by its state. */
  private static int permissionOf(int flags, int state) {
    if (state == 0 || (state & LINKED) != 0) {
      return 0;
    }
    int access = flags & Vma.VM_ACCESS;
    // The architecture has no page that may be written or executed but not read.
    int permission = access == 0 ? 0 : access | MemoryManager.PERM_READ;
    if ((state & SOURCE) != 0 || (state & (SHOWN | DIRTY)) == SHOWN) {
      permission &= ~MemoryManager.PERM_WRITE;
    }
    return permission;
  }

  /** Sets the state of a page and the permission that follows. */
  void set(Vma vma, long page, int state) {
    windows.setState(page, state);
    // What was put into the page is visible to whoever sees the permission.
    VarHandle.releaseFence();
    windows.setPermission(page, permissionOf(vma.flags, state));
  }

  /** How an attempt to make a page accessible ended. */
  enum Reach {
    DONE,
    ABSENT,
    NO_MEMORY
  }

  /** Makes a page accessible that is there in some form: a link, a source, a page just pushed. */
  Reach reach(Vma vma, long page, int access) {
    lock.lock();
    try {
      int state = windows.state(page);
      if (state == 0) {
        return Reach.ABSENT;
      }
      if ((state & LINKED) != 0) {
        if (!links.materialise(page)) {
          return Reach.NO_MEMORY;
        }
        state = windows.state(page);
      }
      if (access == MemoryManager.PERM_WRITE && (state & SOURCE) != 0) {
        if (!links.push(page, page + 1, false)) {
          return Reach.NO_MEMORY;
        }
        state &= ~SOURCE;
        if (!links.hasChildren()) {
          releaseSources(vma, page);
        }
      }
      set(vma, page, state);
      return Reach.DONE;
    } finally {
      lock.unlock();
    }
  }

  /** No child is left: pages around one that is written to are sources no longer either. */
  private void releaseSources(Vma vma, long page) {
    long first = Math.max(page & -SOURCES_AT_ONCE, vma.start >>> PAGE_SHIFT);
    long end = Math.min((page & -SOURCES_AT_ONCE) + SOURCES_AT_ONCE, vma.end >>> PAGE_SHIFT);
    for (long at = windows.nextUsed(first, end); at < end; at = windows.nextUsed(at + 1, end)) {
      int state = windows.state(at);
      if ((state & SOURCE) != 0) {
        set(vma, at, state & ~SOURCE);
      }
    }
  }

  /** A zero page on first touch; false when the account is exhausted. */
  boolean installZero(Vma vma, long page) {
    lock.lock();
    try {
      if (windows.state(page) != 0) {
        return true;
      }
      if (!account.tryCharge(1)) {
        return false;
      }
      privatePages++;
      HostMemory.fill(hostOf(page), PAGE_SIZE, (byte) 0);
      set(vma, page, PRESENT);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A private copy of a frame on first touch; false when the account is exhausted. */
  boolean installCopy(Vma vma, long page, long frame) {
    lock.lock();
    try {
      if (windows.state(page) != 0) {
        return true;
      }
      if (!account.tryCharge(1)) {
        return false;
      }
      privatePages++;
      HostMemory.copy(frame, hostOf(page), PAGE_SIZE);
      set(vma, page, PRESENT);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Before pages go away: children get what they still need of them.
   *
   * @return false, with nothing done, when the account is exhausted
   */
  boolean prepareToDrop(long start, long end) {
    lock.lock();
    try {
      return links.push(start >>> PAGE_SHIFT, end >>> PAGE_SHIFT, true);
    } finally {
      lock.unlock();
    }
  }

  /** The same before pages move; all of them are pages of their own then. */
  boolean prepareToMove(long start, long end) {
    lock.lock();
    try {
      long first = start >>> PAGE_SHIFT;
      long last = end >>> PAGE_SHIFT;
      return links.push(first, last, false) && links.materialiseRange(first, last);
    } finally {
      lock.unlock();
    }
  }

  /** Provides windows for pages that will move; false when the host has no room. */
  boolean provideAt(long start, long end, long newStart) {
    long shift = (newStart - start) >> PAGE_SHIFT;
    long endPage = end >>> PAGE_SHIFT;
    long page = nextUsed(start >>> PAGE_SHIFT, endPage);
    while (page < endPage) {
      // Without the page lock: a frame is asked for.
      if (!windows.provide(page + shift)) {
        return false;
      }
      page = nextUsed(page + 1, endPage);
    }
    return true;
  }

  long nextUsed(long page, long bound) {
    lock.lock();
    try {
      return windows.nextUsed(page, bound);
    } finally {
      lock.unlock();
    }
  }

  /** Drops the pages of a part of a mapping, which is prepared; private content is gone. */
  void zap(Vma vma, long start, long end) {
    lock.lock();
    try {
      drop(vma, start >>> PAGE_SHIFT, end >>> PAGE_SHIFT);
      windows.forgetChunks(start >>> PAGE_SHIFT, end >>> PAGE_SHIFT);
    } finally {
      lock.unlock();
    }
  }

  /** The same in pages, with the page lock held. */
  void drop(Vma vma, long firstPage, long endPage) {
    takePermissions(vma, firstPage, endPage);
    long first = windows.nextUsed(firstPage, endPage);
    if (first == endPage) {
      return;
    }
    long last = first;
    long dropped = 0;
    long linked = 0;
    for (long page = first; page < endPage; page = windows.nextUsed(page + 1, endPage)) {
      last = page;
      dropped++;
      linked += (windows.state(page) & LINKED) != 0 ? 1 : 0;
    }
    if (vma.showsFrames()) {
      shown.conceal(vma, first, last + 1);
    } else {
      windows.discard(first, last - first + 1);
      privatePages -= dropped - linked;
      account.uncharge(dropped - linked);
    }
    for (long page = first; page <= last; page = windows.nextUsed(page + 1, last + 1)) {
      windows.setState(page, 0);
    }
    links.dropped(linked);
  }

  /** Takes all permissions of a part of a mapping away; no access and no code relies on them. */
  private void takePermissions(Vma vma, long firstPage, long endPage) {
    int lost = 0;
    long page = windows.nextUsed(firstPage, endPage);
    for (; page < endPage; page = windows.nextUsed(page + 1, endPage)) {
      lost |= windows.permission(page);
      windows.setPermission(page, 0);
    }
    settle(vma, lost, firstPage << PAGE_SHIFT, endPage << PAGE_SHIFT);
  }

  /** Permissions were taken away: waits for accesses under way, and then has code forgotten. */
  private void settle(Vma vma, int lost, long start, long end) {
    if ((lost & (MemoryManager.PERM_WRITE | MemoryManager.PERM_EXEC)) != 0) {
      gate.flush();
    }
    if (vma.has(Vma.VM_EXEC)) {
      codeListeners.forEach(listener -> listener.codeChanged(start, end));
    }
  }

  /** Sets the flags of a mapping and what follows from them. */
  void protect(Vma vma, int newFlags) {
    lock.lock();
    try {
      int lost = 0;
      long end = vma.end >>> PAGE_SHIFT;
      long page = windows.nextUsed(vma.start >>> PAGE_SHIFT, end);
      for (; page < end; page = windows.nextUsed(page + 1, end)) {
        int permission = permissionOf(newFlags, windows.state(page));
        lost |= windows.permission(page) & ~permission;
        windows.setPermission(page, permission);
      }
      settle(vma, lost, vma.start, vma.end);
      vma.flags = newFlags;
    } finally {
      lock.unlock();
    }
  }

  /** Moves the prepared private pages of a part of a mapping to an unused range; drops frames. */
  void move(Vma from, long start, long end, Vma to, long newStart) {
    lock.lock();
    try {
      long endPage = end >>> PAGE_SHIFT;
      if (from.showsFrames()) {
        drop(from, start >>> PAGE_SHIFT, endPage);
        return;
      }
      takePermissions(from, start >>> PAGE_SHIFT, endPage);
      long shift = (newStart - start) >> PAGE_SHIFT;
      long page = windows.nextUsed(start >>> PAGE_SHIFT, endPage);
      while (page < endPage) {
        // Some at a time, so that the host needs little more memory than before.
        long batchEnd = Math.min(endPage, page + 256);
        movePages(page, batchEnd, to, shift);
        page = windows.nextUsed(batchEnd, endPage);
      }
    } finally {
      lock.unlock();
    }
  }

  private void movePages(long firstPage, long endPage, Vma to, long shift) {
    long page = firstPage;
    for (; page < endPage; page = windows.nextUsed(page + 1, endPage)) {
      HostMemory.copy(hostOf(page), hostOf(page + shift), PAGE_SIZE);
      set(to, page + shift, PRESENT);
      windows.setState(page, 0);
    }
    windows.discard(firstPage, endPage - firstPage);
  }

  /** Links the private pages of a mapping into a child. */
  void linkInto(PageTable child, Vma vma) {
    lock.lock();
    try {
      links.linkInto(child.links, vma, vma.start >>> PAGE_SHIFT, vma.end >>> PAGE_SHIFT);
    } finally {
      lock.unlock();
    }
  }

  /** Changes the bounds of a mapping, whose pages must agree already. */
  void setBounds(Vma vma, long start, long end, long pageOffset) {
    lock.lock();
    try {
      vma.start = start;
      vma.end = end;
      vma.pageOffset = pageOffset;
    } finally {
      lock.unlock();
    }
  }

  /** The process is gone, and its mappings with it. */
  void close() {
    lock.lock();
    try {
      codeListeners.forEach(listener -> listener.codeChanged(0, MemoryManager.TASK_SIZE));
      codeListeners.clear();
      links.close();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody needs any page of this table; the page lock is held. */
  void end() {
    account.uncharge(privatePages);
    privatePages = 0;
    windows.release();
  }

  /** Corrects the count of private pages; the page lock is held. */
  void addPrivatePages(long pages) {
    privatePages += pages;
  }

  /** Where a page lies on the host. */
  long hostOf(long page) {
    return windows.hostOf(page);
  }
}
