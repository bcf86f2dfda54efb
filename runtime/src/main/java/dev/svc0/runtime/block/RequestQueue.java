package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Takes bios to a driver: merges them in the submitter's plug, orders and bounds the requests,
 * sequences flushes, and completes. <i>Linux:</i> {@code request_queue}, block/blk-mq.c.
 *
 * <p>Without a scheduler, requests that leave a plug go to the driver at once, on the thread that
 * let them go; the number under way in each hardware queue is bounded by its tags. With one they
 * wait in it until the driver has fewer than half of them.
 */
@Traced(layer = Traced.Layer.BLOCK)
public final class RequestQueue {
  /** Flags of a bio that stays alone in its request. <i>Linux:</i> REQ_NOMERGE_FLAGS. */
  private static final int NEVER_MERGED = ReqOp.PREFLUSH | ReqOp.FUA | ReqOp.NOMERGE;

  private final BlockDriver driver;
  private final DiskLimits limits;
  private final DiskStats stats;
  private final HardwareQueue[] hardwareQueues;
  private final FlushQueue flushes;

  private volatile @Nullable MqDeadline scheduler;
  private volatile long timeoutNanos;

  RequestQueue(BlockDriver driver, DiskLimits limits, DiskStats stats) {
    this.driver = driver;
    this.limits = limits;
    this.stats = stats;
    hardwareQueues = new HardwareQueue[driver.hardwareQueues()];
    for (int i = 0; i < hardwareQueues.length; i++) {
      hardwareQueues[i] = new HardwareQueue(this, i, limits.queueDepth());
    }
    flushes = new FlushQueue(this, stats);
  }

  /** Who does the work. */
  public BlockDriver driver() {
    return driver;
  }

  /** What the disk can do. */
  public DiskLimits limits() {
    return limits;
  }

  /**
   * Chooses what orders requests, while none is under way: {@code none} or {@code mq-deadline}.
   *
   * @return 0, or −EINVAL for another name
   */
  public long setScheduler(String name) {
    switch (name) {
      case "none" -> scheduler = null;
      case "mq-deadline" -> scheduler = new MqDeadline(this);
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }

  /** The name of what orders requests. */
  public String schedulerName() {
    return scheduler == null ? "none" : "mq-deadline";
  }

  /** Requests under way. */
  public int busyRequests() {
    int busy = 0;
    for (HardwareQueue queue : hardwareQueues) {
      busy += queue.tags.used();
    }
    return busy;
  }

  /** How many hardware queues the driver has, each with its own tags. */
  public int hardwareQueues() {
    return hardwareQueues.length;
  }

  /**
   * The queue of the calling thread: always the same, and those of other threads are spread over
   * the rest. <i>Linux:</i> blk_mq_map_queue, which maps processors.
   */
  private HardwareQueue mapQueue() {
    int count = hardwareQueues.length;
    return count == 1
        ? hardwareQueues[0]
        : hardwareQueues[(int) (Thread.currentThread().threadId() % count)];
  }

  /** Takes a bio in: joins it to a request held back, or makes a request of it. */
  @Traced("blk_mq_submit_bio")
  void blkMqSubmitBio(Bio whole, BlkPlug plug) {
    while (!fits(whole)) {
      queueBio(bioSplitRw(whole), plug);
    }
    queueBio(whole, plug);
  }

  private boolean fits(Bio bio) {
    return bio.segments() == 0 // a discard or zeroing, which moves nothing
        || bio.segments() <= limits.maxSegments() && bio.sizeBytes <= limits.maxBytes();
  }

  private void queueBio(Bio bio, BlkPlug plug) {
    boolean mergeable = (bio.opf & NEVER_MERGED) == 0;
    if (mergeable && (blkAttemptPlugMerge(bio, plug) || blkMqSchedBioMerge(bio))) {
      return;
    }
    Request request = blkMqAllocRequests(bio);
    BlockPoints.getRq(request);
    stats.start(request.startNanos);
    if ((bio.opf & (ReqOp.PREFLUSH | ReqOp.FUA)) != 0 && flushes.blkInsertFlush(request)) {
      return;
    }
    plug.add(request);
  }

  /** Cuts off what fits in one request. */
  @Traced("bio_split_rw")
  private Bio bioSplitRw(Bio bio) {
    long bytes = 0;
    for (int i = 0; i < Math.min(bio.segments(), limits.maxSegments()); i++) {
      bytes += bio.segmentLength(i);
    }
    int block = limits.logicalBlockBytes();
    int fits = (int) Math.min(bytes, limits.maxBytes()) / block * block;
    if (fits == 0) {
      throw new IllegalStateException("a block in more segments than the disk takes");
    }
    return bio.split(fits);
  }

  @Traced("blk_attempt_plug_merge")
  private boolean blkAttemptPlugMerge(Bio bio, BlkPlug plug) {
    Request request = plug.newestFor(this);
    return request != null && attemptMerge(request, bio);
  }

  @Traced("blk_mq_sched_bio_merge")
  private boolean blkMqSchedBioMerge(Bio bio) {
    MqDeadline order = scheduler;
    return order != null && bio.sizeBytes > 0 && order.bioMerge(bio);
  }

  /** Joins a bio to a request that was not started yet, if the two may be one. */
  boolean attemptMerge(Request request, Bio bio) {
    return mayMerge(request, bio) && blkAttemptBioMerge(request, bio);
  }

  /** Joins a bio to a request at its end or its front. */
  @Traced("blk_attempt_bio_merge")
  private boolean blkAttemptBioMerge(Request request, Bio bio) {
    if (request.endSector() == bio.sector) {
      bioAttemptBackMerge(request, bio);
    } else if (bio.endSector() == request.sector) {
      bioAttemptFrontMerge(request, bio);
    } else {
      return false;
    }
    request.sizeBytes += bio.sizeBytes;
    request.segments += bio.segments();
    return true;
  }

  @Traced("blk_rq_merge_ok")
  private boolean mayMerge(Request request, Bio bio) {
    return ReqOp.op(request.opf) == ReqOp.op(bio.opf)
        && ((request.opf | bio.opf) & NEVER_MERGED) == 0
        && bio.sizeBytes > 0
        && (long) request.sizeBytes + bio.sizeBytes <= limits.maxBytes()
        && request.segments + bio.segments() <= limits.maxSegments();
  }

  @Traced("bio_attempt_back_merge")
  private void bioAttemptBackMerge(Request request, Bio bio) {
    BlockPoints.bioBackMerge(bio);
    Bio last = request.lastBio;
    if (last == null) {
      throw new IllegalStateException("a request without a bio");
    }
    bio.next = null;
    last.next = bio;
    request.lastBio = bio;
    stats.merged(bio.opf);
  }

  @Traced("bio_attempt_front_merge")
  private void bioAttemptFrontMerge(Request request, Bio bio) {
    BlockPoints.bioFrontMerge(bio);
    bio.next = request.firstBio;
    request.firstBio = bio;
    request.sector = bio.sector;
    stats.merged(bio.opf);
  }

  @Traced("__blk_mq_alloc_requests")
  private Request blkMqAllocRequests(Bio bio) {
    HardwareQueue queue = mapQueue();
    Request request = queue.requests[queue.tags.get()];
    request.init(bio, System.nanoTime());
    return request;
  }

  /** Takes those at the head of a list that are for this queue; the rest of the list. */
  @Nullable Request dispatchPlugged(Request list) {
    MqDeadline order = scheduler;
    return order == null ? blkMqDispatchQueueRequests(list) : blkMqDispatchList(list, order);
  }

  @Traced("blk_mq_dispatch_queue_requests")
  private @Nullable Request blkMqDispatchQueueRequests(Request list) {
    return blkMqIssueDirect(list);
  }

  /** Gives requests to the scheduler, and the driver what it can take. */
  @Traced("blk_mq_dispatch_list")
  private @Nullable Request blkMqDispatchList(Request list, MqDeadline order) {
    Request at = list;
    while (at != null && at.queue() == this) {
      Request following = at.next;
      at.next = null;
      at.scheduled = true;
      BlockPoints.rqInsert(at);
      order.insert(at);
      at = following;
    }
    blkMqRunHwQueue(order);
    return at;
  }

  /** Moves requests from the scheduler to the driver while it has room. */
  @Traced("blk_mq_run_hw_queue")
  private void blkMqRunHwQueue(MqDeadline order) {
    if (blkMqHctxHasPending(order)) {
      blkMqSchedDispatchRequests(order);
    }
  }

  @Traced("blk_mq_hctx_has_pending")
  private static boolean blkMqHctxHasPending(MqDeadline order) {
    return order.hasWork();
  }

  @Traced("blk_mq_sched_dispatch_requests")
  private void blkMqSchedDispatchRequests(MqDeadline order) {
    while (blkMqDoDispatchSched(order)) {
      // again, for what came meanwhile
    }
  }

  /** Gives the driver as many requests as it has room for; whether there were any. */
  private boolean blkMqDoDispatchSched(MqDeadline order) {
    int most = Math.max(limits.queueDepth() / 2, 1);
    Request first = null;
    Request last = null;
    while (order.hasWork() && order.dispatched() < most) {
      Request request = order.dispatch();
      if (request == null) {
        break;
      }
      blkMqAllocDriverTag(order);
      if (last == null) {
        first = request;
      } else {
        last.next = request;
      }
      last = request;
    }
    if (first == null) {
      return false;
    }
    blkMqDispatchRqList(first);
    return true;
  }

  /** The driver has one request more of those that came through the scheduler. */
  @Traced("__blk_mq_alloc_driver_tag")
  private static void blkMqAllocDriverTag(MqDeadline order) {
    order.startRequest();
  }

  @Traced("blk_mq_dispatch_rq_list")
  private void blkMqDispatchRqList(Request list) {
    for (@Nullable Request at = list; at != null; ) {
      Request following = at.next;
      at.next = null;
      driver.queueRequest(at, following == null);
      at = following;
    }
  }

  @Traced("blk_mq_issue_direct")
  private @Nullable Request blkMqIssueDirect(Request list) {
    Request at = list;
    while (at != null && at.queue() == this) {
      Request following = at.next;
      at.next = null;
      boolean last = following == null || following.queue() != this;
      blkMqIssueDirectly(at, last);
      at = following;
    }
    return at;
  }

  @Traced("__blk_mq_issue_directly")
  void blkMqIssueDirectly(Request request, boolean last) {
    driver.queueRequest(request, last);
  }

  @Traced("blk_mq_complete_request")
  void blkMqCompleteRequest(Request request, long status) {
    driver.completeRequest(request, status);
  }

  /** Ends a request, or the step of a flush sequence that it was for. */
  @Traced("blk_mq_end_request")
  void blkMqEndRequest(Request request, long status) {
    boolean flush = request.tag < 0;
    boolean inSequence = !flush && request.flushSteps != 0 && flushes.isInSequence(request);
    if (inSequence) {
      accountData(request);
    } else {
      if (!flush) {
        // Counted first, where Linux counts last: who waited for it finds it counted.
        stats.done(request.opf, request.startNanos, System.nanoTime());
      }
      blkUpdateRequest(request, status, request.sizeBytes);
    }
    blkMqFinishRequest(request);
    if (flush) {
      flushes.flushEndIo(request, status);
    } else if (inSequence) {
      flushes.dataEndIo(request, status);
    } else {
      blkMqFreeRequest(request);
    }
  }

  /** Data was written, but its bios wait for the rest of the sequence. */
  @Traced("blk_update_request")
  private void accountData(Request request) {
    stats.blkAccountIoCompletion(request.opf, request.sizeBytes >>> 9);
    request.accounted = true;
  }

  /** Ends the bios that lie in the first bytes of a request; what is left begins behind them. */
  @Traced("blk_update_request")
  void blkUpdateRequest(Request request, long status, int bytes) {
    boolean all = bytes == request.sizeBytes;
    if (all) {
      BlockPoints.rqComplete(request, status);
    }
    if (request.firstBio == null) {
      return;
    }
    stats.blkAccountIoCompletion(request.opf, request.accounted ? 0 : bytes >>> 9);
    int left = bytes;
    Bio bio = request.firstBio;
    if (!all) {
      request.sector += bytes >>> 9;
      request.sizeBytes -= bytes;
    }
    while (bio != null && (all || left >= bio.sizeBytes)) {
      left -= bio.sizeBytes;
      Bio following = bio.next;
      request.firstBio = following;
      bio.next = null;
      bio.end(status);
      bio = following;
    }
    if (bio == null) {
      request.lastBio = null;
    } else if (left > 0) {
      bio.advance(left);
    }
  }

  /**
   * Sets how long the driver may take for a request before {@link BlockDriver#timeout} is asked; 0
   * for as long as it likes, which is what it is at first. <i>Linux:</i> blk_queue_rq_timeout.
   */
  public void setTimeout(long nanos) {
    timeoutNanos = nanos;
  }

  /** See {@link #setTimeout}. */
  public long timeoutNanos() {
    return timeoutNanos;
  }

  /** Asks the driver about each request that it has for too long. */
  @Traced("blk_mq_timeout_work")
  void blkMqTimeoutWork(long now) {
    long nanos = timeoutNanos;
    for (HardwareQueue queue : hardwareQueues) {
      for (Request request : queue.requests) {
        if (nanos > 0 && request.isOverdue(nanos, now)) {
          blkMqRqTimedOut(request, now);
        }
      }
    }
  }

  @Traced("blk_mq_rq_timed_out")
  private void blkMqRqTimedOut(Request request, long now) {
    if (driver.timeout(request) == BlockDriver.Timeout.RESTART_TIMER) {
      request.restartTimer(now);
    }
  }

  @Traced("blk_mq_free_request")
  private void blkMqFreeRequest(Request request) {
    request.driverData = null;
    blkMqFinishRequest(request);
    blkMqFreeTag(request);
  }

  /** Tells the scheduler, once, that a request of it is over. */
  @Traced("blk_mq_finish_request")
  private void blkMqFinishRequest(Request request) {
    MqDeadline order = scheduler;
    if (request.scheduled && !request.finished && order != null) {
      request.finished = true;
      order.finishRequest();
    }
  }

  @Traced("__blk_mq_free_request")
  private void blkMqFreeTag(Request request) {
    boolean wasScheduled = request.scheduled;
    hardwareQueues[request.hardwareQueue].tags.put(request.tag);
    if (wasScheduled) {
      blkMqSchedRestart();
    }
  }

  /** There is room for what waits in the scheduler. */
  @Traced("__blk_mq_sched_restart")
  private void blkMqSchedRestart() {
    MqDeadline order = scheduler;
    if (order != null) {
      blkMqRunHwQueue(order);
    }
  }
}
