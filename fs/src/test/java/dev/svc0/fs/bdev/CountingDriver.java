package dev.svc0.fs.bdev;

import dev.svc0.runtime.block.Bio;
import dev.svc0.runtime.block.BlockDriver;
import dev.svc0.runtime.block.ReqOp;
import dev.svc0.runtime.block.Request;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a driver is asked for, as /proc/diskstats would, and passes it on. */
final class CountingDriver implements BlockDriver {
  /** Requests and sectors of one column group. */
  static final class Column {
    final LongAdder requests = new LongAdder();
    final LongAdder merges = new LongAdder();
    final LongAdder sectors = new LongAdder();

    @Override
    public String toString() {
      return requests + " " + merges + " " + sectors;
    }
  }

  final Column reads = new Column();
  final Column writes = new Column();
  final Column discards = new Column();
  final Column flushes = new Column();
  final LongAdder largest = new LongAdder();
  private final BlockDriver below;

  CountingDriver(BlockDriver below) {
    this.below = below;
  }

  private Column columnOf(int opf) {
    return switch (ReqOp.op(opf)) {
      case ReqOp.READ -> reads;
      case ReqOp.DISCARD -> discards;
      case ReqOp.FLUSH -> flushes;
      default -> writes;
    };
  }

  private void count(int opf, int bytes, int bios) {
    Column column = columnOf(opf);
    column.requests.increment();
    column.merges.add(Math.max(bios - 1, 0));
    column.sectors.add(bytes >>> 9);
    synchronized (this) {
      largest.add(Math.max(bytes - largest.sum(), 0));
    }
  }

  @Override
  public boolean isBioBased() {
    return below.isBioBased();
  }

  @Override
  public void queueRequest(Request request, boolean last) {
    int bios = 0;
    for (Bio bio = request.firstBio(); bio != null; bio = Request.nextBio(bio)) {
      bios++;
    }
    count(request.opf, request.sizeBytes, bios);
    below.queueRequest(request, last);
  }

  @Override
  public void completeRequest(Request request, long status) {
    below.completeRequest(request, status);
  }

  @Override
  public Timeout timeout(Request request) {
    return below.timeout(request);
  }

  @Override
  public void submitBio(Bio bio) {
    count(bio.opf, bio.sizeBytes, 1);
    below.submitBio(bio);
  }

  /** The disk that made the driver below closes it. */
  @Override
  public void close() {}
}
