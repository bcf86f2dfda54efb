package dev.svc0.runtime.mm;

import static dev.svc0.runtime.mm.FrameAllocator.PAGE_SHIFT;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one address space: the inner one from address 0, through which engines go by
 * themselves, and outer ones of 4 GiB, each made when a page of it is first touched. So mappings
 * may lie anywhere in 48 bits, and what is only reserved there costs nothing.
 *
 * <p>The first page of an outer window lies in a frame, which the window below shows once more
 * behind its end. So an access may cross from one window into the next.
 *
 * <p>An outer window stays until the process ends, so whoever found one may read its permissions
 * without a lock. There are at most {@link #MOST_OUTER} in a JVM: a matter of the host's address
 * space, and of the number of mappings that it allows.
 *
 * <p><i>Locks:</i> {@link #provide} is called with the manager's lock held, or before others know
 * the address space; the rest as in {@link PageTable}.
 */
final class Windows {
  /** The page after the last one of user space. */
  static final long END_PAGE = MemoryManager.TASK_SIZE >>> PAGE_SHIFT;

  /** Outer windows in all address spaces: together 2 TiB of the host's 128. */
  static final int MOST_OUTER = 512;

  private static final int OUTER_SHIFT = 20;
  private static final AtomicInteger OUTER = new AtomicInteger();
  private static final Window[] NONE = {};

  /** The window that begins at address 0. */
  final Window inner;

  /** By address; replaced as a whole. */
  private volatile Window[] outer = NONE;

  private final FrameAllocator frames;

  Windows(FrameAllocator frames) {
    this.frames = frames;
    this.inner = frames.windows().take();
  }

  /** The window that holds a page; null when there is none yet. */
  @Nullable Window find(long page) {
    if (page < Window.PAGES) {
      return inner;
    }
    for (Window window : outer) {
      if (page >= window.firstPage && page < window.endPage) {
        return window;
      }
    }
    return null;
  }

  private Window holding(long page) {
    Window window = find(page);
    if (window == null) {
      throw new IllegalStateException("no window for page " + Long.toHexString(page));
    }
    return window;
  }

  /** Makes sure that there is a window for a page; false when the host has no room for it. */
  boolean provide(long page) {
    if (find(page) != null) {
      return true;
    }
    Window added = OUTER.incrementAndGet() > MOST_OUTER ? null : create(page);
    if (added == null) {
      OUTER.decrementAndGet();
      return false;
    }
    Window[] old = outer;
    int at = 0;
    while (at < old.length && old[at].firstPage < added.firstPage) {
      at++;
    }
    Window[] all = Arrays.copyOf(old, old.length + 1);
    System.arraycopy(old, at, all, at + 1, old.length - at);
    all[at] = added;
    outer = all;
    return true;
  }

  private @Nullable Window create(long page) {
    long edge = frames.allocate(0);
    if (edge < 0) {
      return null;
    }
    Window window;
    try {
      window = new Window(page & -(1L << OUTER_SHIFT), 1L << OUTER_SHIFT);
    } catch (OutOfMemoryError e) {
      frames.free(edge, 0);
      return null;
    }
    window.edge = edge;
    Window above = find(window.endPage);
    boolean joins = above == null || showAt(window, window.endPage, firstFrame(above));
    if (!joins || !showFirst(window, edge)) {
      window.release();
      frames.free(edge, 0);
      return null;
    }
    return window;
  }

  private boolean showAt(Window window, long page, long frame) {
    return frames.showAt(window.base + (page << PAGE_SHIFT), frame, 1) == 0;
  }

  /** What lies in the first page of an outer window. */
  private long firstFrame(Window window) {
    long number = window.frameNumber(window.firstPage) & 0xffffffffL;
    return number == 0 ? window.edge : frames.addressOf(number - 1);
  }

  /** Shows a frame in the first page of an outer window, and behind the end of the one below. */
  private boolean showFirst(Window window, long frame) {
    if (!showAt(window, window.firstPage, frame)) {
      return false;
    }
    Window below = find(window.firstPage - 1);
    if (below == null) {
      return true;
    }
    below.tailShown = true;
    return showAt(below, window.firstPage, frame);
  }

  /** Shows a frame in a page; false when the host allows no more mappings. */
  boolean show(long page, long frame) {
    Window window = holding(page);
    if (window == inner || page != window.firstPage) {
      return showAt(window, page, frame);
    }
    if (showFirst(window, frame)) {
      return true;
    }
    showEdge(window);
    return false;
  }

  /** Takes the place of one mapping with one, for which the host has room. */
  private void showEdge(Window window) {
    if (!showFirst(window, window.edge)) {
      throw new OutOfMemoryError("the host refused to map a page");
    }
  }

  /** Makes sure that there are windows where another address space has some. */
  boolean provideLike(Windows other) {
    for (Window window : other.outer) {
      if (!provide(window.firstPage)) {
        return false;
      }
    }
    return true;
  }

  int permission(long page) {
    Window window = find(page);
    return window == null ? 0 : window.permission(page);
  }

  int state(long page) {
    Window window = find(page);
    return window == null ? 0 : window.state(page);
  }

  void setPermission(long page, int permission) {
    holding(page).setPermission(page, permission);
  }

  void setState(long page, int state) {
    holding(page).setState(page, state);
  }

  int frameNumber(long page) {
    Window window = find(page);
    return window == null ? 0 : window.frameNumber(page);
  }

  void setFrameNumber(long page, int number) {
    holding(page).setFrameNumber(page, number);
  }

  /** Whether two pages lie in one window, and so at the same distance on the host. */
  boolean joined(long page, long other) {
    Window window = find(page);
    return window != null && other >= window.firstPage && other < window.endPage;
  }

  /** Where a page lies on the host; there is a window for it. */
  long hostOf(long page) {
    return holding(page).base + (page << PAGE_SHIFT);
  }

  /** The first page at or after one, and below a bound, whose state is not 0; or the bound. */
  long nextUsed(long page, long bound) {
    if (page < Window.PAGES) {
      long end = Math.min(bound, Window.PAGES);
      long found = inner.nextUsed(page, end);
      if (found < end || bound <= Window.PAGES) {
        return found;
      }
    }
    for (Window window : outer) {
      long from = Math.max(page, window.firstPage);
      long end = Math.min(bound, window.endPage);
      long found = from < end ? window.nextUsed(from, end) : end;
      if (found < end) {
        return found;
      }
    }
    return bound;
  }

  /** What is done to a part of a window. */
  @FunctionalInterface
  private interface Part {
    void apply(Window window, long firstPage, long endPage);
  }

  private void eachPart(long firstPage, long endPage, Part part) {
    if (firstPage < Window.PAGES) {
      part.apply(inner, firstPage, Math.min(endPage, Window.PAGES));
    }
    for (Window window : outer) {
      long from = Math.max(firstPage, window.firstPage);
      long end = Math.min(endPage, window.endPage);
      if (from < end) {
        part.apply(window, from, end);
      }
    }
  }

  /** {@link Window#forgetChunks}. */
  void forgetChunks(long firstPage, long endPage) {
    eachPart(firstPage, endPage, Window::forgetChunks);
  }

  /** {@link Window#discard}. */
  void discard(long page, long pages) {
    eachPart(page, page + pages, (window, from, end) -> window.discard(from, end - from));
  }

  /** {@link Window#conceal}. */
  void conceal(long page, long pages) {
    eachPart(page, page + pages, this::concealPart);
  }

  private void concealPart(Window window, long firstPage, long endPage) {
    window.conceal(firstPage, endPage - firstPage);
    if (window != inner && firstPage == window.firstPage) {
      showEdge(window);
    }
  }

  /** Nobody accesses the address space any more. */
  void release() {
    if (inner.tailShown) {
      inner.conceal(inner.endPage, 1);
      inner.tailShown = false;
    }
    for (Window window : outer) {
      window.release();
      frames.free(window.edge, 0);
      OUTER.decrementAndGet();
    }
    outer = NONE;
    frames.windows().give(inner);
  }
}
