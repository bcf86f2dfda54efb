package dev.svc0.arm64.decode;

import dev.svc0.runtime.mm.CodeListener;
import dev.svc0.runtime.mm.MemoryManager;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The decoded code of one address space, shared by its threads. */
public final class CodeCache implements CodeListener {
  private static final int PAGE_SHIFT = 12;

  /** Pages by the low bits of their number; entries may be dead or another's: check. */
  public final @Nullable CodePage[] fast = new @Nullable CodePage[CodePage.FAST];

  /** Guarded by this. */
  private final Map<Long, CodePage> pages = new HashMap<>();

  /** How to have each processor that executes from here come out of translations. */
  private final List<Runnable> executors = new CopyOnWriteArrayList<>();

  /** Set once, by the translator. */
  private volatile @Nullable CodeListener units;

  /** An empty cache that hears of changes in the given memory. */
  public CodeCache(MemoryManager mm) {
    mm.addCodeListener(this);
  }

  /**
   * A processor begins to execute from here.
   *
   * @param interrupt has it come out of what it executes; callable from any thread
   */
  public void addExecutor(Runnable interrupt) {
    executors.add(interrupt);
  }

  /** A processor does not execute from here any more. */
  public void removeExecutor(Runnable interrupt) {
    executors.remove(interrupt);
  }

  /** Has all processors come out of translations, so that none goes on with forgotten code. */
  public void interruptAll() {
    executors.forEach(Runnable::run);
  }

  /** What is translated from this memory; null when nothing is. */
  public @Nullable CodeListener units() {
    return units;
  }

  /**
   * Has translations hear of changes too.
   *
   * @return the listener: the given one, or the one that was set before
   */
  public synchronized CodeListener attachUnits(CodeListener listener) {
    CodeListener present = units;
    if (present == null) {
      units = listener;
      return listener;
    }
    return present;
  }

  /** Has whoever interprets an instruction return to who can run a translation. */
  public synchronized void mark(long address) {
    pages.computeIfAbsent(address >>> PAGE_SHIFT, CodePage::new).mark((int) (address & 4095) >>> 2);
  }

  /** The same for several instructions. */
  public synchronized void mark(long[] addresses) {
    CodePage page = null;
    for (long address : addresses) {
      if (page == null || page.number != address >>> PAGE_SHIFT) {
        page = add(address);
      }
      page.mark((int) (address & 4095) >>> 2);
    }
  }

  /** Takes a mark away. */
  public synchronized void unmark(long address) {
    CodePage page = pages.get(address >>> PAGE_SHIFT);
    if (page != null) {
      int index = (int) (address & 4095) >>> 2;
      page.invalidate(index, index + 1);
    }
  }

  /** The page of an address if it is at hand: {@link #find} may know one when this does not. */
  public @Nullable CodePage fast(long address) {
    long number = address >>> PAGE_SHIFT;
    CodePage page = fast[(int) number & CodePage.FAST - 1];
    return page != null && page.number == number && !page.isDead() ? page : null;
  }

  /** The page of an address, or null when nothing of it was decoded yet. */
  public @Nullable CodePage find(long address) {
    CodePage page = fast(address);
    return page != null ? page : findSlowly(address >>> PAGE_SHIFT);
  }

  private synchronized @Nullable CodePage findSlowly(long number) {
    CodePage page = pages.get(number);
    fast[(int) number & CodePage.FAST - 1] = page;
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
    CodeListener listener = units;
    if (listener != null) {
      long line = address & -lineBytes;
      listener.codeChanged(line, line + lineBytes);
    }
  }

  @Override
  public void codeChanged(long start, long end) {
    forget(start, end);
    CodeListener listener = units;
    if (listener != null) {
      listener.codeChanged(start, end);
    }
  }

  private synchronized void forget(long start, long end) {
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
      fast[(int) page.number & CodePage.FAST - 1] = null;
    }
  }
}
