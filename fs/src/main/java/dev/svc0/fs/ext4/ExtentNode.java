package dev.svc0.fs.ext4;

import dev.svc0.runtime.buffer.BufferHead;
import dev.svc0.runtime.mm.HostMemory;
import org.jspecify.annotations.Nullable;

/**
 * A node of a tree of extents: the root, in the inode, or a block. A header of three words and
 * entries of three words each.
 *
 * <p>Header: magic 0xF30A and number of entries; most entries and depth; generation. A leaf's
 * entry: first file block; length (above 32768: unwritten) and upper half of the device block; its
 * lower half. An index's entry: first file block; lower half of the child's block; upper half.
 */
final class ExtentNode {
  static final int MAGIC = 0xF30A;
  static final int ENTRY_SIZE = 12;
  static final int ROOT_ENTRIES = 4;

  /** Longest extent with content; a longer length is that of an unwritten one, plus this. */
  static final int INIT_MAX_LEN = 32768;

  private static final int WORDS = 3;

  /** The block; null for the root. */
  final @Nullable BufferHead buffer;

  private final int[] root;

  /** The entry that leads on: the last one that begins at or before the block looked for. */
  int at;

  ExtentNode(@Nullable BufferHead buffer, int[] root) {
    this.buffer = buffer;
    this.root = root;
  }

  private int word(int index) {
    BufferHead block = buffer;
    return block == null ? root[index] : HostMemory.getInt(block.address + 4L * index);
  }

  private void put(int index, int value) {
    BufferHead block = buffer;
    if (block == null) {
      root[index] = value;
    } else {
      HostMemory.putInt(block.address + 4L * index, value);
    }
  }

  int magic() {
    return word(0) & 0xffff;
  }

  int entries() {
    return word(0) >>> 16;
  }

  void setEntries(int count) {
    put(0, word(0) & 0xffff | count << 16);
  }

  int max() {
    return word(1) & 0xffff;
  }

  int depth() {
    return word(1) >>> 16;
  }

  /** Makes an empty node of it. */
  void init(int max, int depth) {
    put(0, MAGIC);
    put(1, max | depth << 16);
    put(2, 0);
  }

  void setShape(int max, int depth) {
    put(1, max | depth << 16);
  }

  private static int of(int entry) {
    return WORDS * (entry + 1);
  }

  /** First file block of an entry. */
  long first(int entry) {
    return word(of(entry)) & 0xffff_ffffL;
  }

  void setFirst(int entry, long block) {
    put(of(entry), (int) block);
  }

  /** Blocks of an extent. */
  int length(int entry) {
    int raw = word(of(entry) + 1) & 0xffff;
    return raw > INIT_MAX_LEN ? raw - INIT_MAX_LEN : raw;
  }

  boolean isUnwritten(int entry) {
    return (word(of(entry) + 1) & 0xffff) > INIT_MAX_LEN;
  }

  /** First device block of an extent. */
  long physical(int entry) {
    return (long) (word(of(entry) + 1) >>> 16) << 32 | word(of(entry) + 2) & 0xffff_ffffL;
  }

  /** File block behind an extent. */
  long end(int entry) {
    return first(entry) + length(entry);
  }

  void setExtent(int entry, long first, int length, long physical, boolean unwritten) {
    int raw = unwritten ? length + INIT_MAX_LEN : length;
    put(of(entry), (int) first);
    put(of(entry) + 1, raw | (int) (physical >>> 32) << 16);
    put(of(entry) + 2, (int) physical);
  }

  /** Block of an index's child. */
  long child(int entry) {
    return (long) (word(of(entry) + 2) & 0xffff) << 32 | word(of(entry) + 1) & 0xffff_ffffL;
  }

  void setIndex(int entry, long first, long child) {
    put(of(entry), (int) first);
    put(of(entry) + 1, (int) child);
    put(of(entry) + 2, (int) (child >>> 32) & 0xffff);
  }

  /** Makes room for an entry. */
  void open(int entry) {
    for (int i = of(entries() + 1) - 1; i >= of(entry) + WORDS; i--) {
      put(i, word(i - WORDS));
    }
    setEntries(entries() + 1);
  }

  /** Takes an entry out. */
  void remove(int entry) {
    int end = of(entries());
    for (int i = of(entry); i + WORDS < end; i++) {
      put(i, word(i + WORDS));
    }
    setEntries(entries() - 1);
  }

  /** Moves the entries from one on to the end of another node. */
  void moveTail(int from, ExtentNode other) {
    int count = entries() - from;
    int target = of(other.entries());
    for (int i = 0; i < count * WORDS; i++) {
      other.put(target + i, word(of(from) + i));
    }
    other.setEntries(other.entries() + count);
    setEntries(from);
  }

  /** Finds the entry that leads to a block; −1 when all begin behind it. */
  int search(long block) {
    int low = 0;
    int high = entries() - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (first(middle) <= block) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }
}
