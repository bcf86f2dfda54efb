package dev.svc0.arm64.decode;

import dev.svc0.runtime.mm.CodeListener;
import dev.svc0.runtime.mm.MemoryManager;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The decoded code of one address space, shared by its threads. */
public final class CodeCache implements CodeListener {
  private static final int PAGE_SHIFT = 12;
  private static final int FAST = 512;

  /** Pages by the low bits of their number; entries may be dead or another's: check. */
  private final @Nullable CodePage[] fast = new @Nullable CodePage[FAST];

  /** Guarded by this. */
  private final Map<Long, CodePage> pages = new HashMap<>();

  /** An empty cache that hears of changes in the given memory. */
  public CodeCache(MemoryManager mm) {
    mm.addCodeListener(this);
  }

  /** The page of an address, or null when nothing of it was decoded yet. */
  public @Nullable CodePage find(long address) {
    long number = address >>> PAGE_SHIFT;
    CodePage page = fast[(int) number & FAST - 1];
    if (page != null && page.number == number && !page.isDead()) {
      return page;
    }
    return findSlowly(number);
  }

  private synchronized @Nullable CodePage findSlowly(long number) {
    CodePage page = pages.get(number);
    fast[(int) number & FAST - 1] = page;
    return page;
  }

  /** The page of an address that the caller has found executable; new if there is none. */
  public synchronized CodePage add(long address) {
    return pages.computeIfAbsent(address >>> PAGE_SHIFT, CodePage::new);
  }

  /** Pages that hold decoded instructions. */
  public synchronized int pages() {
    return pages.size();
  }

  /** IC IVAU: forgets the instructions of one cache line. */
  public void invalidateLine(long address, int lineBytes) {
    CodePage page;
    synchronized (this) {
      page = pages.get(address >>> PAGE_SHIFT);
    }
    if (page != null) {
      int first = (int) (address & 4095 & -lineBytes) >>> 2;
      page.invalidate(first, first + (lineBytes >>> 2));
    }
  }

  @Override
  public synchronized void codeChanged(long start, long end) {
    long first = start >>> PAGE_SHIFT;
    long last = (end - 1) >>> PAGE_SHIFT;
    if (last - first < pages.size()) {
      for (long number = first; number <= last; number++) {
        kill(pages.remove(number));
      }
      return;
    }
    for (Iterator<CodePage> all = pages.values().iterator(); all.hasNext(); ) {
      CodePage page = all.next();
      if (page.number >= first && page.number <= last) {
        all.remove();
        kill(page);
      }
    }
  }

  private void kill(@Nullable CodePage page) {
    if (page != null) {
      page.kill();
      fast[(int) page.number & FAST - 1] = null;
    }
  }
}
