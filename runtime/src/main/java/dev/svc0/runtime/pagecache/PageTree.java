package dev.svc0.runtime.pagecache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Folios by page index: a radix tree of 64-way nodes that grows with the largest index, with marks
 * that are summed up in every node, so that the next marked folio is found without looking at the
 * others. <i>Linux:</i> {@code xarray}.
 *
 * <p>{@link #find} takes no lock and allocates nothing; everything else needs the tree's monitor. A
 * folio of several pages stands in the slot of each of its pages and is marked in its first one
 * only.
 */
final class PageTree {
  /** Folios that must be written. */
  static final int DIRTY = 0;

  /** Folios that are being written. */
  static final int WRITEBACK = 1;

  /** Folios that a sync going on must write. */
  static final int TOWRITE = 2;

  /** Every folio. */
  static final int PRESENT = 3;

  private static final int MARKS = 4;
  private static final int SHIFT = 6;
  private static final int MASK = (1 << SHIFT) - 1;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

  private static final class Node {
    final int shift;
    final int slotInParent;
    @Nullable Node parent;
    final @Nullable Object[] slots = new Object[1 << SHIFT];
    final long[] marks = new long[MARKS];

    Node(int shift, int slotInParent, @Nullable Node parent) {
      this.shift = shift;
      this.slotInParent = slotInParent;
      this.parent = parent;
    }

    boolean covers(long index) {
      return index >>> (shift + SHIFT) == 0;
    }
  }

  private volatile @Nullable Node root;

  /** The folio that holds a page, or null. */
  @Nullable Folio find(long index) {
    Node node = root;
    if (node == null || !node.covers(index)) {
      return null;
    }
    while (true) {
      Object at = SLOT.getAcquire(node.slots, (int) (index >>> node.shift) & MASK);
      if (node.shift == 0 || at == null) {
        return (Folio) at;
      }
      node = (Node) at;
    }
  }

  /** Puts a folio in place of nothing; false when any of its pages is there already. */
  boolean insert(Folio folio) {
    long last = folio.index + folio.pages() - 1;
    if (next(folio.index, last, PRESENT) >= 0) {
      return false;
    }
    for (long index = folio.index; index <= last; index++) {
      Node leaf = leafForInsert(index);
      SLOT.setRelease(leaf.slots, (int) index & MASK, folio);
      mark(leaf, (int) index & MASK, PRESENT);
    }
    return true;
  }

  /**
   * Puts a folio for each page in the place of one of several pages, with its marks; whoever looks
   * meanwhile finds one or the other. Each part gets one more reference, the tree's.
   */
  void replace(Folio whole, Folio[] parts) {
    boolean dirty = isMarked(whole, DIRTY);
    boolean toWrite = isMarked(whole, TOWRITE);
    for (Folio part : parts) {
      Node leaf = leafForInsert(part.index);
      part.get();
      SLOT.setRelease(leaf.slots, (int) part.index & MASK, part);
      if (dirty) {
        setMark(part, DIRTY);
      }
      if (toWrite) {
        setMark(part, TOWRITE);
      }
    }
  }

  private Node leafForInsert(long index) {
    Node node = grow(index);
    while (node.shift > 0) {
      int slot = (int) (index >>> node.shift) & MASK;
      Node child = (Node) node.slots[slot];
      if (child == null) {
        child = new Node(node.shift - SHIFT, slot, node);
        SLOT.setRelease(node.slots, slot, child);
      }
      node = child;
    }
    return node;
  }

  private Node grow(long index) {
    Node top = root;
    if (top == null) {
      top = new Node(0, 0, null);
    }
    while (!top.covers(index)) {
      Node above = new Node(top.shift + SHIFT, 0, null);
      above.slots[0] = top;
      for (int mark = 0; mark < MARKS; mark++) {
        above.marks[mark] = top.marks[mark] != 0 ? 1 : 0;
      }
      top.parent = above;
      top = above;
    }
    root = top;
    return top;
  }

  /** Takes a folio out. */
  void remove(Folio folio) {
    for (long index = folio.index; index < folio.index + folio.pages(); index++) {
      Node leaf = leaf(index);
      if (leaf == null) {
        continue;
      }
      int slot = (int) index & MASK;
      for (int mark = 0; mark < MARKS; mark++) {
        unmark(leaf, slot, mark);
      }
      SLOT.setRelease(leaf.slots, slot, null);
      dropEmpty(leaf);
    }
  }

  private void dropEmpty(Node from) {
    Node node = from;
    while (node.marks[PRESENT] == 0) {
      Node parent = node.parent;
      if (parent == null) {
        root = null;
        return;
      }
      SLOT.setRelease(parent.slots, node.slotInParent, null);
      node = parent;
    }
  }

  private @Nullable Node leaf(long index) {
    Node node = root;
    if (node == null || !node.covers(index)) {
      return null;
    }
    while (node != null && node.shift > 0) {
      node = (Node) node.slots[(int) (index >>> node.shift) & MASK];
    }
    return node;
  }

  /** Marks a folio that is in the tree. */
  void setMark(Folio folio, int mark) {
    Node leaf = leaf(folio.index);
    if (leaf != null && leaf.slots[(int) folio.index & MASK] == folio) {
      mark(leaf, (int) folio.index & MASK, mark);
    }
  }

  /** Takes a mark off a folio. */
  void clearMark(Folio folio, int mark) {
    Node leaf = leaf(folio.index);
    if (leaf != null && leaf.slots[(int) folio.index & MASK] == folio) {
      unmark(leaf, (int) folio.index & MASK, mark);
    }
  }

  private static void mark(Node from, int slot, int mark) {
    Node node = from;
    int at = slot;
    while (node != null && (node.marks[mark] & 1L << at) == 0) {
      node.marks[mark] |= 1L << at;
      at = node.slotInParent;
      node = node.parent;
    }
  }

  private static void unmark(Node from, int slot, int mark) {
    Node node = from;
    int at = slot;
    while (node != null) {
      node.marks[mark] &= ~(1L << at);
      if (node.marks[mark] != 0) {
        return;
      }
      at = node.slotInParent;
      node = node.parent;
    }
  }

  /** Whether any folio has the mark. */
  boolean anyMarked(int mark) {
    Node top = root;
    return top != null && top.marks[mark] != 0;
  }

  /** The first index in a range (end inclusive) with the mark, or −1. */
  long next(long from, long last, int mark) {
    Node top = root;
    if (top == null || !top.covers(from)) {
      return -1;
    }
    long found = next(top, from, mark);
    return Long.compareUnsigned(found, last) > 0 ? -1 : found;
  }

  private static long next(Node node, long from, int mark) {
    int at = (int) (from >>> node.shift);
    long rest = from & ((1L << node.shift) - 1);
    for (long bits = node.marks[mark] & -1L << at; bits != 0; bits &= bits - 1) {
      int slot = Long.numberOfTrailingZeros(bits);
      if (node.shift == 0) {
        return slot;
      }
      Node child = (Node) node.slots[slot];
      long sub = child == null ? -1 : next(child, slot == at ? rest : 0, mark);
      if (sub >= 0) {
        return ((long) slot << node.shift) + sub;
      }
    }
    return -1;
  }

  /**
   * Collects folios with a mark in a range of indices (end inclusive) and takes a reference of
   * each.
   *
   * @return how many were put into the batch
   */
  int gather(long from, long last, int mark, Folio[] batch) {
    int count = 0;
    long at = from;
    if (mark != PRESENT) {
      Folio straddling = find(from);
      if (straddling != null && straddling.index < from && isMarked(straddling, mark)) {
        straddling.get();
        batch[count++] = straddling;
        at = straddling.index + straddling.pages();
      }
    }
    while (count < batch.length && Long.compareUnsigned(at, last) <= 0) {
      long index = next(at, last, mark);
      if (index < 0) {
        break;
      }
      Folio folio = find(index);
      if (folio == null) {
        throw new IllegalStateException("marked but absent: " + index);
      }
      folio.get();
      batch[count++] = folio;
      at = folio.index + folio.pages();
    }
    return count;
  }

  private boolean isMarked(Folio folio, int mark) {
    return next(folio.index, folio.index, mark) >= 0;
  }

  /** Copies one mark to another in a range (end inclusive). */
  void copyMark(long from, long last, int mark, int to) {
    Folio straddling = find(from);
    if (straddling != null && straddling.index < from && isMarked(straddling, mark)) {
      setMark(straddling, to);
    }
    long at = next(from, last, mark);
    while (at >= 0) {
      Folio folio = find(at);
      if (folio != null) {
        setMark(folio, to);
      }
      at = at == last ? -1 : next(at + 1, last, mark);
    }
  }
}
