package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import org.jspecify.annotations.Nullable;

/**
 * Carries out writes with PREFLUSH or FUA as steps: empty the cache, write, empty the cache again
 * where the device has no FUA. Flushes asked for at the same time share one. <i>Linux:</i>
 * block/blk-flush.c.
 *
 * <p><i>Locks:</i> the object's monitor protects the lists; the driver is called without it.
 */
@Traced(layer = Traced.Layer.BLOCK)
final class FlushQueue {
  private static final int PRE = 1;
  private static final int DATA = 2;
  private static final int POST = 4;
  private static final int DONE = 8;
  private static final int ALL = PRE | DATA | POST;

  /** How long flushes wait for data of other sequences, to be shared with them. */
  private static final long PENDING_NANOS = 5_000_000_000L;

  private final RequestQueue queue;
  private final DiskStats stats;
  private final Request flush;
  private @Nullable Request pending;
  private @Nullable Request running;
  private boolean flushing;
  private int dataInFlight;
  private long pendingSince;

  FlushQueue(RequestQueue queue, DiskStats stats) {
    this.queue = queue;
    this.stats = stats;
    flush = new Request(queue, 0, -1);
  }

  /** Whether the request has steps of its sequence before it. */
  boolean isInSequence(Request request) {
    return (request.flushSteps & DONE) == 0;
  }

  /**
   * Takes a request with PREFLUSH or FUA; false when it needs no sequence and is issued as it is.
   */
  @Traced("blk_insert_flush")
  boolean blkInsertFlush(Request request) {
    DiskLimits limits = queue.limits();
    int policy = request.sizeBytes > 0 ? DATA : 0;
    if (limits.writeCache()) {
      if ((request.opf & ReqOp.PREFLUSH) != 0) {
        policy |= PRE;
      }
      if ((request.opf & ReqOp.FUA) != 0 && !limits.fua()) {
        policy |= POST;
      }
    }
    request.opf &= ~ReqOp.PREFLUSH;
    if (!limits.fua()) {
      request.opf &= ~ReqOp.FUA;
    }
    if (policy == DATA) {
      return false;
    }
    blkFlushCompleteSeq(request, ALL & ~policy, 0);
    return true;
  }

  /** Steps of a request are behind it: does the next. */
  @Traced("blk_flush_complete_seq")
  private void blkFlushCompleteSeq(Request request, int steps, long error) {
    int next;
    Request toIssue;
    synchronized (this) {
      request.flushSteps |= steps;
      request.flushError = request.flushError == 0 ? error : request.flushError;
      next = request.flushError != 0 ? DONE : nextStep(request);
      if (next == PRE || next == POST) {
        if (pending == null) {
          pendingSince = System.nanoTime();
        }
        request.next = pending;
        pending = request;
      } else if (next == DATA) {
        dataInFlight++;
      } else {
        request.flushSteps |= DONE;
      }
      BlockPoints.flushStep(request, next);
      toIssue = blkKickFlush();
    }
    if (next == DATA) {
      queue.blkMqIssueDirectly(request, true);
    } else if (next == DONE) {
      queue.blkMqEndRequest(request, request.flushError);
    }
    if (toIssue != null) {
      queue.blkMqIssueDirectly(toIssue, true);
    }
  }

  private static int nextStep(Request request) {
    int left = ~request.flushSteps & (ALL | DONE);
    return Integer.lowestOneBit(left);
  }

  /** The flush to issue now, or null: none is wanted, one is under way, or more may join soon. */
  private @Nullable Request blkKickFlush() {
    if (pending == null || flushing) {
      return null;
    }
    long now = System.nanoTime();
    if (dataInFlight > 0 && now - pendingSince < PENDING_NANOS) {
      return null;
    }
    flushing = true;
    running = pending;
    pending = null;
    flush.opf = ReqOp.FLUSH | ReqOp.SYNC;
    flush.sector = 0;
    flush.sizeBytes = 0;
    flush.startNanos = now;
    flush.causedBy(running);
    return flush;
  }

  /** The device's cache was emptied: everybody who waited for this goes on. */
  @Traced("flush_end_io")
  void flushEndIo(Request done, long status) {
    stats.flushed(done.startNanos, System.nanoTime());
    Request waiting;
    synchronized (this) {
      waiting = running;
      running = null;
      flushing = false;
    }
    while (waiting != null) {
      Request following = waiting.next;
      waiting.next = null;
      blkFlushCompleteSeq(waiting, nextStep(waiting), status);
      waiting = following;
    }
  }

  /** The data of a request with a sequence was written. */
  @Traced("mq_flush_data_end_io")
  void dataEndIo(Request request, long status) {
    synchronized (this) {
      dataInFlight--;
    }
    blkFlushCompleteSeq(request, DATA, status);
  }
}
