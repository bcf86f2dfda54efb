package dev.svc0.runtime.block;

import java.util.concurrent.atomic.LongAdder;

/** Counters of one disk, in the order of /proc/diskstats. */
public final class DiskStats {
  public final LongAdder reads = new LongAdder();
  public final LongAdder readMerges = new LongAdder();
  public final LongAdder readSectors = new LongAdder();
  public final LongAdder readNanos = new LongAdder();
  public final LongAdder writes = new LongAdder();
  public final LongAdder writeMerges = new LongAdder();
  public final LongAdder writeSectors = new LongAdder();
  public final LongAdder writeNanos = new LongAdder();
  public final LongAdder inFlight = new LongAdder();
  public final LongAdder busyNanos = new LongAdder();
  public final LongAdder weightedNanos = new LongAdder();
  public final LongAdder discards = new LongAdder();
  public final LongAdder discardMerges = new LongAdder();
  public final LongAdder discardSectors = new LongAdder();
  public final LongAdder discardNanos = new LongAdder();
  public final LongAdder flushes = new LongAdder();
  public final LongAdder flushNanos = new LongAdder();
}
