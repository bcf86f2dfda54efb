package dev.svc0.runtime.mm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What an address space should be: a few pages, each with its access bits and one value. */
final class ModelProcess {
  /** The object behind shared pages: their values. */
  static final class Shared {
    final long[] values = new long[RandomMappingsTest.PAGES];
  }

  /** One mapped page. */
  static final class Page {
    int prot;
    @Nullable Shared shared;
    int sharedIndex;
    long value;

    /** The value that DONTNEED brings back. */
    long fresh;

    boolean fromFile;

    Page copy() {
      Page page = new Page();
      page.prot = prot;
      page.shared = shared;
      page.sharedIndex = sharedIndex;
      page.value = value;
      page.fresh = fresh;
      page.fromFile = fromFile;
      return page;
    }

    long value() {
      return shared != null ? shared.values[sharedIndex] : value;
    }

    void store(long newValue) {
      if (shared != null) {
        shared.values[sharedIndex] = newValue;
      } else {
        value = newValue;
      }
    }

    /** Whether one mapping may hold this page and the next. */
    boolean continues(Page next) {
      return prot == next.prot
          && shared == next.shared
          && fromFile == next.fromFile
          && (shared == null || sharedIndex + 1 == next.sharedIndex)
          && (!fromFile || fresh + 1 == next.fresh);
    }
  }

  final MemoryManager mm;
  final @Nullable Page[] pages;

  ModelProcess(MemoryManager mm, @Nullable Page[] pages) {
    this.mm = mm;
    this.pages = pages;
  }

  /** The model's own fork. */
  @Nullable Page[] copyPages() {
    @Nullable Page[] copy = new Page[pages.length];
    for (int i = 0; i < pages.length; i++) {
      Page page = pages[i];
      copy[i] = page == null ? null : page.copy();
    }
    return copy;
  }

  void clear(int first, int count) {
    Arrays.fill(pages, first, first + count, null);
  }

  /**
   * Whether a range is one piece: in the model, and not kept apart for what the model does not know
   * (memory that was writable once). Where mappings merge is tested against recordings.
   */
  boolean isUniform(int first, int count) {
    long start = RandomMappingsTest.at(first);
    long end = RandomMappingsTest.at(first + count);
    return isUniformHere(first, count)
        && mm.areas().stream().anyMatch(area -> area.start() <= start && area.end() >= end);
  }

  private boolean isUniformHere(int first, int count) {
    for (int i = first; i < first + count; i++) {
      Page page = pages[i];
      Page next = i + 1 < first + count ? pages[i + 1] : page;
      if (page == null || next == null || (next != page && !page.continues(next))) {
        return false;
      }
    }
    return true;
  }

  boolean isFree(int first, int count) {
    for (int i = first; i < first + count; i++) {
      if (pages[i] != null) {
        return false;
      }
    }
    return true;
  }
}
