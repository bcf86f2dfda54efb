package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Bios that follow each other on the disk, merged into one piece of work for the driver. Belongs to
 * its tag and is used again. <i>Linux:</i> {@code request}.
 */
@Traced(layer = Traced.Layer.BLOCK)
public final class Request {
  private static final int IN_FLIGHT = 1;
  private static final int COMPLETE = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Request.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What traces know it by. */
  final int traceId = BlockPoints.newIdentity();

  private final RequestQueue queue;

  /** Operation and flags of the first bio, see {@link ReqOp}. */
  public int opf;

  /** First sector. */
  public long sector;

  /** Bytes over all bios. */
  public int sizeBytes;

  /** First bio; the others follow through its links. Null for a bare flush. */
  @Nullable Bio firstBio;

  /** Last bio. */
  @Nullable Bio lastBio;

  /** Tag of the request in its hardware queue, 0 … depth−1; −1 for the queue's own flush. */
  public final int tag;

  /** Which of the driver's queues it belongs to, from 0. <i>Linux:</i> mq_hctx. */
  public final int hardwareQueue;

  /** For the driver. */
  public @Nullable Object driverData;

  /** Memory segments over all bios. */
  int segments;

  /** When it was made. */
  long startNanos;

  /** Where it is in its life; see {@link #start}. */
  private volatile int state;

  /** When it went to the driver. */
  private volatile long issueNanos;

  /** Whether it went through the scheduler. */
  boolean scheduled;

  /** Whether the scheduler knows that it is over. */
  boolean finished;

  /** Whether its data was counted as moved. */
  boolean accounted;

  /** Next in a plug, a scheduler's or the flush machinery's list. */
  @Nullable Request next;

  /** Steps of the flush sequence that are behind it; 0 when it has none. */
  int flushSteps;

  /** First error of the flush sequence. */
  long flushError;

  /** For the queue's own flush: the operation of the request that it is made for. */
  private long flushOperation;

  /** For the queue's own flush: its device, as a trace shows it. */
  private int flushDevice;

  Request(RequestQueue queue, int hardwareQueue, int tag) {
    this.queue = queue;
    this.hardwareQueue = hardwareQueue;
    this.tag = tag;
  }

  /** Begins a new life with its first bio. */
  @Traced("blk_mq_rq_ctx_init")
  void init(Bio bio, long now) {
    opf = bio.opf;
    sector = bio.sector;
    sizeBytes = bio.sizeBytes;
    segments = bio.segments();
    firstBio = bio;
    lastBio = bio;
    bio.next = null;
    startNanos = now;
    next = null;
    flushSteps = 0;
    scheduled = false;
    finished = false;
    accounted = false;
    flushError = 0;
  }

  /** The queue it came through. */
  public RequestQueue queue() {
    return queue;
  }

  /** First sector after it. */
  public long endSector() {
    return sector + (sizeBytes >>> 9);
  }

  /** The first bio, for walking the data; null for a bare flush. */
  public @Nullable Bio firstBio() {
    return firstBio;
  }

  /** The bio after another one of the same request. */
  public static @Nullable Bio nextBio(Bio bio) {
    return bio.next;
  }

  /** A flush without data is made for a request: it has the same cause. */
  void causedBy(Request request) {
    flushOperation = request.operationId();
    flushDevice = request.traceDevice();
  }

  /** The operation that caused the first bio. */
  public long operationId() {
    Bio bio = firstBio;
    return bio == null ? flushOperation : bio.operationId;
  }

  /**
   * The driver begins with it: what every driver calls first. <i>Linux:</i> blk_mq_start_request.
   */
  @Traced("blk_mq_start_request")
  public void start() {
    BlockPoints.rqIssue(this);
    issueNanos = System.nanoTime();
    state = IN_FLIGHT;
  }

  /** When {@link #start} was called, as {@link System#nanoTime} tells. */
  public long issueNanos() {
    return issueNanos;
  }

  /** Whether the driver has it. */
  public boolean isInFlight() {
    return state == IN_FLIGHT;
  }

  /** Whether the driver has had it for longer than this. */
  boolean isOverdue(long nanos, long now) {
    return state == IN_FLIGHT && now - issueNanos > nanos;
  }

  /** The driver gets as much time again. */
  void restartTimer(long now) {
    issueNanos = now;
  }

  /**
   * The driver is done with the first bytes of it, and goes on with the rest: the bios they belong
   * to end now, and what is left begins behind them.
   *
   * @param bytes a multiple of the logical block size, less than {@link #sizeBytes}
   */
  public void progress(int bytes) {
    if (state != IN_FLIGHT || bytes < 0 || bytes >= sizeBytes) {
      throw new IllegalStateException("progress of " + bytes + " bytes out of " + sizeBytes);
    }
    queue.blkUpdateRequest(this, 0, bytes);
  }

  /**
   * The driver is done with all of it: 0 or −errno. Any thread.
   *
   * @throws IllegalStateException if it was not started, or completed before
   */
  public void complete(long status) {
    if (!STATE.compareAndSet(this, IN_FLIGHT, COMPLETE)) {
      throw new IllegalStateException("completed a request that is not in flight");
    }
    queue.blkMqCompleteRequest(this, status);
  }

  /**
   * Ends it and its bios. Called by {@link BlockDriver#completeRequest}, which drivers may
   * override.
   */
  public void end(long status) {
    queue.blkMqEndRequest(this, status);
  }

  /** The last operation that wrote the data of the first bio, when that was another one. */
  long lastOperationId() {
    Bio bio = firstBio;
    return bio == null ? 0 : bio.lastOperationId;
  }

  /** The device as a trace shows it. */
  int traceDevice() {
    Bio bio = firstBio;
    return bio == null ? flushDevice : BlockPoints.device(bio.device);
  }
}
