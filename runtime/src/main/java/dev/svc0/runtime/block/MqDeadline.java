package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Orders requests by sector, in batches, and lets none wait longer than its deadline while others
 * pass it: half a second for reads, five for writes. Reads go first, but not for ever.
 * <i>Linux:</i> block/mq-deadline.c, one priority.
 *
 * <p><i>Locks:</i> the object's monitor protects everything. No driver is called with it held.
 */
@Traced(layer = Traced.Layer.BLOCK)
final class MqDeadline {
  private static final long READ_EXPIRE_NANOS = 500_000_000L;
  private static final long WRITE_EXPIRE_NANOS = 5_000_000_000L;
  private static final int FIFO_BATCH = 16;
  private static final int WRITES_STARVED = 2;

  /** The requests of one direction: all but reads count as writes. */
  private static final class Direction {
    final ArrayDeque<Request> fifo = new ArrayDeque<>();
    final TreeMap<Long, ArrayDeque<Request>> bySector = new TreeMap<>();
    final Map<Long, Request> byEnd = new HashMap<>();
    final long expireNanos;

    /** Where the last dispatched request of this direction ended. */
    long nextSector;

    Direction(long expireNanos) {
      this.expireNanos = expireNanos;
    }

    void add(Request request) {
      fifo.add(request);
      index(request);
    }

    void index(Request request) {
      elvRbAdd(request);
      elvRqhashAdd(request);
    }

    void unindex(Request request) {
      elvRbDel(request);
      elvRqhashDel(request);
    }

    @Traced(value = "elv_rb_add", layer = Traced.Layer.BLOCK)
    private void elvRbAdd(Request request) {
      bySector.computeIfAbsent(request.sector, sector -> new ArrayDeque<>(1)).add(request);
    }

    @Traced(value = "elv_rqhash_add", layer = Traced.Layer.BLOCK)
    private void elvRqhashAdd(Request request) {
      byEnd.put(request.endSector(), request);
    }

    @Traced(value = "elv_rb_del", layer = Traced.Layer.BLOCK)
    private void elvRbDel(Request request) {
      ArrayDeque<Request> same = bySector.get(request.sector);
      if (same != null && same.remove(request) && same.isEmpty()) {
        bySector.remove(request.sector);
      }
    }

    @Traced(value = "elv_rqhash_del", layer = Traced.Layer.BLOCK)
    private void elvRqhashDel(Request request) {
      byEnd.remove(request.endSector(), request);
    }

    @Traced(value = "elv_rqhash_find", layer = Traced.Layer.BLOCK)
    @Nullable Request elvRqhashFind(long sector) {
      return byEnd.get(sector);
    }

    @Traced(value = "elv_rb_find", layer = Traced.Layer.BLOCK)
    @Nullable Request elvRbFind(long sector) {
      ArrayDeque<Request> there = bySector.get(sector);
      return there == null ? null : there.peekFirst();
    }

    void remove(Request request) {
      fifo.remove(request);
      unindex(request);
      nextSector = request.endSector();
    }

    @Nullable Request atOrAfter(long sector) {
      Map.Entry<Long, ArrayDeque<Request>> entry = bySector.ceilingEntry(sector);
      return entry == null ? null : entry.getValue().peekFirst();
    }

    boolean expired(long now) {
      Request oldest = fifo.peekFirst();
      return oldest != null && now - oldest.startNanos >= expireNanos;
    }
  }

  private final RequestQueue queue;
  private final Direction reads = new Direction(READ_EXPIRE_NANOS);
  private final Direction writes = new Direction(WRITE_EXPIRE_NANOS);
  private Direction last = reads;
  private int batch;
  private int starved;

  /** Requests the driver has now that came from here. */
  private final AtomicInteger dispatched = new AtomicInteger();

  MqDeadline(RequestQueue queue) {
    this.queue = queue;
  }

  private Direction directionOf(int opf) {
    return ReqOp.isWrite(opf) ? writes : reads;
  }

  /** Joins a bio to a request that waits here. */
  @Traced("dd_bio_merge")
  synchronized boolean bioMerge(Bio bio) {
    Direction direction = directionOf(bio.opf);
    return tryMerge(direction, bio);
  }

  @Traced("blk_mq_sched_try_merge")
  private boolean tryMerge(Direction direction, Bio bio) {
    Request candidate = elvMerge(direction, bio);
    if (candidate == null) {
      return false;
    }
    direction.unindex(candidate);
    boolean merged = queue.attemptMerge(candidate, bio);
    direction.index(candidate);
    return merged;
  }

  /** The request that a bio may join, or null. */
  @Traced("elv_merge")
  private static @Nullable Request elvMerge(Direction direction, Bio bio) {
    Request before = direction.elvRqhashFind(bio.sector);
    return before != null ? before : ddRequestMerge(direction, bio);
  }

  @Traced("dd_request_merge")
  private static @Nullable Request ddRequestMerge(Direction direction, Bio bio) {
    return direction.elvRbFind(bio.endSector());
  }

  /** Takes a request in. */
  @Traced("dd_insert_requests")
  synchronized void insert(Request request) {
    directionOf(request.opf).add(request);
  }

  @Traced("dd_has_work")
  synchronized boolean hasWork() {
    return !reads.fifo.isEmpty() || !writes.fifo.isEmpty();
  }

  /** The request to do next, or null. */
  @Traced("dd_dispatch_request")
  synchronized @Nullable Request dispatch() {
    return ddDispatchRequest();
  }

  @Traced("__dd_dispatch_request")
  private @Nullable Request ddDispatchRequest() {
    Request request = continueBatch();
    if (request == null) {
      Direction direction = chooseDirection();
      if (direction == null) {
        return null;
      }
      last = direction;
      batch = 0;
      request = startBatch(direction);
    }
    batch++;
    last.remove(request);
    return request;
  }

  /** Requests the driver has. */
  int dispatched() {
    return dispatched.get();
  }

  /** The driver gets one. */
  void startRequest() {
    dispatched.incrementAndGet();
  }

  /** It is done with one. */
  @Traced("dd_finish_request")
  void finishRequest() {
    dispatched.decrementAndGet();
  }

  private @Nullable Request continueBatch() {
    return batch > 0 && batch < FIFO_BATCH ? last.atOrAfter(last.nextSector) : null;
  }

  private @Nullable Direction chooseDirection() {
    boolean anyReads = !reads.fifo.isEmpty();
    boolean anyWrites = !writes.fifo.isEmpty();
    if (anyReads && !(anyWrites && starved++ >= WRITES_STARVED)) {
      return reads;
    }
    if (anyWrites) {
      starved = 0;
      return writes;
    }
    return null;
  }

  private static Request startBatch(Direction direction) {
    Request next = direction.atOrAfter(direction.nextSector);
    if (next == null || direction.expired(System.nanoTime())) {
      return direction.fifo.getFirst();
    }
    return next;
  }
}
