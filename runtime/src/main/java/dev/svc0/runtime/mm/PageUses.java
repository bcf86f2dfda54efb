package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;

import java.util.Objects;

/**
 * Counts the present pages of a mapping by what they are. The manager's lock is held by the caller.
 *
 * <p>A private mapping of a file has copies of its own here where Linux shows the page cache until
 * the first store, and stores are not told apart from loads. So a page of one counts as the file's,
 * clean and private, while the mapping was never writable; else as anonymous and dirty, as every
 * page of anonymous memory does.
 *
 * <p><i>Linux:</i> {@code smap_gather_stats}, {@code show_smap_vma_flags}.
 */
final class PageUses {
  /** Bits of {@link Vma} and their letters, in the order of Linux's bits. */
  private static final Object[][] LETTERS = {
    {Vma.VM_READ, "rd"},
    {Vma.VM_WRITE, "wr"},
    {Vma.VM_EXEC, "ex"},
    {Vma.VM_SHARED, "sh"},
    {Vma.VM_READ << Vma.MAY_SHIFT, "mr"},
    {Vma.VM_MAYWRITE, "mw"},
    {Vma.VM_EXEC << Vma.MAY_SHIFT, "me"},
    {Vma.VM_MAYSHARE, "ms"},
    {Vma.VM_GROWSDOWN, "gd"},
    {Vma.VM_LOCKED, "lo"},
    {Vma.VM_SEQ_READ, "sr"},
    {Vma.VM_RAND_READ, "rr"},
    {Vma.VM_DONTCOPY, "dc"},
    {Vma.VM_ACCOUNT, "ac"},
    {Vma.VM_NORESERVE, "nr"},
    {Vma.VM_WIPEONFORK, "wf"},
    {Vma.VM_DONTDUMP, "dd"},
    {Vma.VM_HUGEPAGE, "hg"},
    {Vma.VM_NOHUGEPAGE, "nh"},
    {Vma.VM_MERGEABLE, "mg"}
  };

  private PageUses() {}

  static String flagsOf(Vma vma) {
    StringBuilder text = new StringBuilder();
    for (Object[] letter : LETTERS) {
      if (vma.has((int) letter[0])) {
        text.append(letter[1]).append(' ');
      }
    }
    return text.toString();
  }

  static PageUse of(Vma vma) {
    PageUse use = new PageUse();
    if (vma.showsFrames()) {
      addShown(vma, use);
    } else {
      addPrivate(vma, use);
    }
    return use;
  }

  private static void addPrivate(Vma vma, PageUse use) {
    PageTable table = vma.pages;
    boolean own = vma.backing == null || vma.has(Vma.VM_WRITE) || vma.has(Vma.VM_ACCOUNT);
    PageUse.Kind kind = own ? PageUse.Kind.ANONYMOUS : PageUse.Kind.FILE;
    boolean locked = vma.has(Vma.VM_LOCKED);
    long end = vma.end >>> PAGE_SHIFT;
    table.lock.lock();
    try {
      long page = table.windows.nextUsed(vma.start >>> PAGE_SHIFT, end);
      for (; page < end; page = table.windows.nextUsed(page + 1, end)) {
        boolean touched = (table.windows.state(page) & PageTable.LINKED) == 0;
        use.add(kind, table.links.mapCount(page), own, touched, locked);
      }
    } finally {
      table.lock.unlock();
    }
  }

  /** Without the page lock between pages: the backing asks other tables, which have their own. */
  private static void addShown(Vma vma, PageUse use) {
    VmBacking backing = Objects.requireNonNull(vma.backing);
    PageUse.Kind kind = backing.inMemory() ? PageUse.Kind.SHMEM : PageUse.Kind.FILE;
    boolean locked = vma.has(Vma.VM_LOCKED);
    long end = vma.end >>> PAGE_SHIFT;
    long page = vma.pages.nextUsed(vma.start >>> PAGE_SHIFT, end);
    for (; page < end; page = vma.pages.nextUsed(page + 1, end)) {
      int state = vma.pages.state(page);
      // A backing may take a page away meanwhile.
      if (state != 0) {
        int mapCount = Math.max(1, backing.mapCount(vma.pageIndex(page << PAGE_SHIFT)));
        use.add(kind, mapCount, (state & PageTable.DIRTY) != 0, true, locked);
      }
    }
  }
}
