package dev.svc0.runtime.syscall;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long calls took: eight buckets for each power of two, so that a value is known to an eighth.
 * Written by many threads, read while they write.
 */
public final class LatencyHistogram {
  private static final int SUB_SHIFT = 3;
  private static final int SUB = 1 << SUB_SHIFT;
  private static final int BUCKETS = (Long.SIZE - SUB_SHIFT) * SUB;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  void record(long nanos) {
    counts.getAndIncrement(bucket(Math.max(0, nanos)));
  }

  private static int bucket(long nanos) {
    if (nanos < SUB) {
      return (int) nanos;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_SHIFT;
    return ((shift + 1) << SUB_SHIFT) + (int) (nanos >>> shift) - SUB;
  }

  /** The smallest value of a bucket. */
  private static long lowest(int bucket) {
    int shift = (bucket >>> SUB_SHIFT) - 1;
    return shift < 0 ? bucket : (long) (bucket % SUB + SUB) << shift;
  }

  /** How many calls were timed. */
  public long samples() {
    long samples = 0;
    for (int i = 0; i < BUCKETS; i++) {
      samples += counts.get(i);
    }
    return samples;
  }

  /**
   * The time that a share of the timed calls did not exceed, in nanoseconds; 0 when none was timed.
   *
   * @param share from 0 to 1
   */
  public long nanosAt(double share) {
    long wanted = (long) Math.ceil(samples() * share);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts.get(i);
      if (seen >= wanted && seen > 0) {
        return lowest(i + 1) - 1;
      }
    }
    return 0;
  }
}
