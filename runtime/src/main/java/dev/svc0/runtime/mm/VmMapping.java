package dev.svc0.runtime.mm;

/**
 * One mapping of an object, as the object sees it when its pages change. <i>Linux:</i> the reverse
 * map ({@code i_mmap}).
 */
public interface VmMapping {
  /** Takes the pages out of the mapping: truncated or invalidated. Private copies stay. */
  void unmapPages(long firstPageIndex, long lastPageIndex);

  /** Whether it shows a page of the object itself now. */
  boolean shows(long pageIndex);

  /** Whether stores through it reach the content, now or after mprotect. */
  default boolean mayWriteShared() {
    return false;
  }

  /** Takes write permission away, so that the next store is seen: the page is being cleaned. */
  void writeProtect(long pageIndex);
}
