package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.sched.WaitQueue;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The numbers of requests under way: as many as the queue is deep. <i>Linux:</i> {@code
 * sbitmap_queue}.
 */
@Traced(layer = Traced.Layer.BLOCK)
final class TagSet {
  private final int depth;
  private final AtomicLongArray words;
  private final WaitQueue freed = new WaitQueue();

  TagSet(int depth) {
    this.depth = depth;
    words = new AtomicLongArray((depth + 63) / 64);
  }

  int depth() {
    return depth;
  }

  /**
   * A free tag, now taken; waits until there is one. Held-back requests go out before it sleeps.
   */
  @Traced("blk_mq_get_tag")
  int get() {
    int tag = tryGet();
    while (tag < 0) {
      freed.waitUninterruptibly(this::anyFree);
      tag = tryGet();
    }
    return tag;
  }

  /** A free tag, now taken, or −1. */
  @Traced("__blk_mq_get_tag")
  int tryGet() {
    for (int word = 0; word < words.length(); word++) {
      long usable = usable(word);
      long used = words.get(word);
      while ((~used & usable) != 0) {
        int bit = Long.numberOfTrailingZeros(~used & usable);
        if (words.compareAndSet(word, used, used | 1L << bit)) {
          return word * 64 + bit;
        }
        used = words.get(word);
      }
    }
    return -1;
  }

  private long usable(int word) {
    int bits = Math.min(depth - word * 64, 64);
    return bits == 64 ? -1L : (1L << bits) - 1;
  }

  private boolean anyFree() {
    for (int word = 0; word < words.length(); word++) {
      if ((~words.get(word) & usable(word)) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Gives a tag back. */
  void put(int tag) {
    words.getAndAccumulate(tag >>> 6, 1L << (tag & 63), (old, bit) -> old & ~bit);
    freed.wakeUp();
  }

  /** Tags taken now. */
  int used() {
    int used = 0;
    for (int word = 0; word < words.length(); word++) {
      used += Long.bitCount(words.get(word));
    }
    return used;
  }
}
