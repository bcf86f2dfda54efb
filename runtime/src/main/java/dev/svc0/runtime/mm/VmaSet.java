package dev.svc0.runtime.mm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The mappings of an address space in order of address. Protected by the manager's lock.
 * <i>Linux:</i> the maple tree {@code mm_mt}.
 */
final class VmaSet {
  private Vma[] areas = new Vma[32];
  private int count;

  int size() {
    return count;
  }

  Vma get(int index) {
    return areas[index];
  }

  /**
   * The index of the first mapping that ends above an address; {@link #size} when there is none.
   */
  int indexFrom(long address) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (areas[middle].end > address) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The first mapping that ends above an address. <i>Linux:</i> {@code find_vma}. */
  @Nullable Vma find(long address) {
    int index = indexFrom(address);
    return index < count ? areas[index] : null;
  }

  /** The mapping that holds an address. <i>Linux:</i> {@code vma_lookup}. */
  @Nullable Vma lookup(long address) {
    Vma vma = find(address);
    return vma != null && vma.start <= address ? vma : null;
  }

  /** Whether any mapping lies in a range. */
  boolean intersects(long start, long end) {
    Vma vma = find(start);
    return vma != null && vma.start < end;
  }

  /** The mapping before the one at an index. */
  @Nullable Vma before(int index) {
    return index > 0 ? areas[index - 1] : null;
  }

  void insert(Vma vma) {
    int index = indexFrom(vma.start);
    if (count == areas.length) {
      areas = Arrays.copyOf(areas, count * 2);
    }
    System.arraycopy(areas, index, areas, index + 1, count - index);
    areas[index] = vma;
    count++;
  }

  /** Takes out the mappings of the indices from, up to and without end. */
  void remove(int from, int end) {
    System.arraycopy(areas, end, areas, from, count - end);
    int newCount = count - (end - from);
    Arrays.fill(areas, newCount, count, null);
    count = newCount;
  }
}
