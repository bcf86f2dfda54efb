package dev.svc0.arm64.jit;

import java.util.List;

/**
 * Guest code that becomes one unit.
 *
 * @param entry the block that execution begins with
 * @param blocks by address
 * @param instructions in all of them
 */
record GuestCode(Block entry, List<Block> blocks, int instructions) {
  /** Ranges of words, [start, end) in pairs, of which the code consists. */
  long[] ranges() {
    long[] ranges = new long[blocks.size() * 2];
    int n = 0;
    for (Block block : blocks) {
      if (n != 0 && ranges[n - 1] == block.start) {
        ranges[n - 1] = block.end();
      } else {
        ranges[n++] = block.start;
        ranges[n++] = block.end();
      }
    }
    return java.util.Arrays.copyOf(ranges, n);
  }
}
