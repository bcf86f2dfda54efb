package dev.svc0.arm64.jit;

import java.util.List;

/**
 * Guest code that becomes one unit.
 *
 * @param entry the block that execution begins with
 * @param blocks by address
 * @param looked ranges [start, end) of other code that was looked at for it
 */
record GuestCode(Block entry, List<Block> blocks, List<long[]> looked) {
  /** Instructions that are translated: not those that were only looked at. */
  int translated() {
    return blocks.stream().mapToInt(block -> block.ops.length).sum();
  }

  /** Words of all ranges. */
  int instructions() {
    long[] ranges = ranges();
    long bytes = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      bytes += ranges[i + 1] - ranges[i];
    }
    return (int) (bytes >>> 2);
  }

  /** Ranges of words, [start, end) in pairs, that the unit depends on. */
  long[] ranges() {
    long[] ranges = new long[(blocks.size() + looked.size()) * 2];
    int n = 0;
    for (Block block : blocks) {
      if (n != 0 && ranges[n - 1] == block.start) {
        ranges[n - 1] = block.end();
      } else {
        ranges[n++] = block.start;
        ranges[n++] = block.end();
      }
    }
    for (long[] range : looked) {
      ranges[n++] = range[0];
      ranges[n++] = range[1];
    }
    return java.util.Arrays.copyOf(ranges, n);
  }
}
