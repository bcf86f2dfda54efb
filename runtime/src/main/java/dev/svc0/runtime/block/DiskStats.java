package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of one disk, in the order of /proc/diskstats.
 *
 * <p><i>Linux:</i> {@code disk_stats}; brd, which keeps no statistics there, is counted here too.
 */
@Traced(layer = Traced.Layer.BLOCK)
public final class DiskStats {
  public final LongAdder reads = new LongAdder();
  public final LongAdder readMerges = new LongAdder();
  public final LongAdder readSectors = new LongAdder();
  public final LongAdder readNanos = new LongAdder();
  public final LongAdder writes = new LongAdder();
  public final LongAdder writeMerges = new LongAdder();
  public final LongAdder writeSectors = new LongAdder();
  public final LongAdder writeNanos = new LongAdder();
  public final AtomicLong inFlight = new AtomicLong();
  public final LongAdder busyNanos = new LongAdder();
  public final LongAdder discards = new LongAdder();
  public final LongAdder discardMerges = new LongAdder();
  public final LongAdder discardSectors = new LongAdder();
  public final LongAdder discardNanos = new LongAdder();
  public final LongAdder flushes = new LongAdder();
  public final LongAdder flushNanos = new LongAdder();

  private final AtomicLong busySince = new AtomicLong();

  /** An I/O begins. */
  void start(long now) {
    if (inFlight.getAndIncrement() == 0) {
      busySince.set(now);
    }
  }

  /** A bio joined a request. */
  @Traced("blk_account_io_merge_bio")
  void merged(int opf) {
    if (ReqOp.op(opf) == ReqOp.DISCARD) {
      discardMerges.increment();
    } else if (ReqOp.isWrite(opf)) {
      writeMerges.increment();
    } else {
      readMerges.increment();
    }
  }

  /** So many sectors were moved. */
  @Traced("blk_account_io_completion")
  void blkAccountIoCompletion(int opf, int sectors) {
    if (ReqOp.op(opf) == ReqOp.DISCARD) {
      discardSectors.add(sectors);
    } else if (ReqOp.isWrite(opf)) {
      writeSectors.add(sectors);
    } else {
      readSectors.add(sectors);
    }
  }

  /** An I/O is over. */
  void done(int opf, long startNanos, long now) {
    long took = now - startNanos;
    if (ReqOp.op(opf) == ReqOp.DISCARD) {
      discards.increment();
      discardNanos.add(took);
    } else if (ReqOp.isWrite(opf)) {
      writes.increment();
      writeNanos.add(took);
    } else {
      reads.increment();
      readNanos.add(took);
    }
    long since = busySince.get();
    if (now > since && busySince.compareAndSet(since, now)) {
      busyNanos.add(now - since);
    }
    inFlight.decrementAndGet();
  }

  /** A flush is over that the device was asked for. */
  void flushed(long startNanos, long now) {
    flushes.increment();
    flushNanos.add(now - startNanos);
  }

  /** Time of all I/O, summed up over those under way at once. */
  public long weightedNanos() {
    return readNanos.sum() + writeNanos.sum() + discardNanos.sum() + flushNanos.sum();
  }

  /** The disk's line of /proc/diskstats, with a newline at the end. */
  public String line(BlockDevice device) {
    return String.format("%4d %7d %s ", device.major(), device.minor(), device.name())
        + columns()
        + "\n";
  }

  /** The counters in their order, separated by spaces, as the disk's stat in /sys has them. */
  public String columns() {
    return String.format(
        "%d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d",
        reads.sum(),
        readMerges.sum(),
        readSectors.sum(),
        millis(readNanos.sum()),
        writes.sum(),
        writeMerges.sum(),
        writeSectors.sum(),
        millis(writeNanos.sum()),
        inFlight.get(),
        millis(busyNanos.sum()),
        millis(weightedNanos()),
        discards.sum(),
        discardMerges.sum(),
        discardSectors.sum(),
        millis(discardNanos.sum()),
        flushes.sum(),
        millis(flushNanos.sum()));
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }
}
