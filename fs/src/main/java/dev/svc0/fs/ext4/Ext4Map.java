package dev.svc0.fs.ext4;

/** A question where blocks of a file are, and its answer. <i>Linux:</i> {@code ext4_map_blocks}. */
final class Ext4Map {
  /** Nothing there. */
  static final int HOLE = 0;

  /** Blocks with content. */
  static final int WRITTEN = 1;

  /** Blocks that read as zeroes. */
  static final int UNWRITTEN = 2;

  /** Space is reserved, no block chosen yet. */
  static final int DELAYED = 3;

  /** First block of the file. */
  long block;

  /** Blocks asked about. */
  long wanted;

  /** Blocks from {@link #block} on that the answer holds for, at least 1. */
  long count;

  /** The first device block; valid for WRITTEN and UNWRITTEN. */
  long physical;

  /** One of the constants above. */
  int state;

  /** They were allocated, or got content, just now. */
  boolean isNew;

  Ext4Map(long block, long wanted) {
    this.block = block;
    this.wanted = wanted;
  }

  /** Whether device blocks are behind it. */
  boolean isAllocated() {
    return state == WRITTEN || state == UNWRITTEN;
  }

  void answer(int newState, long newCount, long newPhysical) {
    state = newState;
    count = Math.min(newCount, wanted);
    physical = newPhysical;
  }
}
