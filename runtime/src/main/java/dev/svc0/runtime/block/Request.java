package dev.svc0.runtime.block;

import dev.svc0.runtime.trace.BlockEvent;
import dev.svc0.runtime.trace.TraceSubject;
import org.jspecify.annotations.Nullable;

/**
 * Bios that follow each other on the disk, merged into one piece of work for the driver. Belongs to its
 * tag and is used again. <i>Linux:</i> {@code request}.
 */
public final class Request implements TraceSubject {
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

  /** Tag of the request in its queue, 0 … depth−1; −1 for the queue's own flush. */
  public final int tag;

  /** For the driver. */
  public @Nullable Object driverData;

  /** Memory segments over all bios. */
  int segments;

  /** When it was made. */
  long startNanos;

  /** Next in a plug, a scheduler's or the flush machinery's list. */
  @Nullable Request next;

  /** Steps of the flush sequence that are behind it; 0 when it has none. */
  int flushSteps;

  /** First error of the flush sequence. */
  long flushError;

  Request(RequestQueue queue, int tag) {
    this.queue = queue;
    this.tag = tag;
  }

  /** Begins a new life with its first bio. */
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

  /** The operation that caused the first bio. */
  public long operationId() {
    Bio bio = firstBio;
    return bio == null ? 0 : bio.operationId;
  }

  /** The driver is done with all of it: 0 or −errno. Any thread. */
  public void complete(long status) {
    queue.blkMqCompleteRequest(this, status);
  }

  /** Ends it and its bios. Called by {@link BlockDriver#completeRequest}, which drivers may override. */
  public void end(long status) {
    queue.blkMqEndRequest(this, status);
  }

  @Override
  public long traceOperation() {
    return operationId();
  }

  @Override
  public long traceSlot(int slot) {
    Bio bio = firstBio;
    return switch (slot) {
      case 0 -> sector;
      case 1 -> BlockEvent.packLength(sizeBytes, opf);
      case 2 -> bio == null ? 0 : BlockEvent.packDevice(bio.device.major(), bio.device.minor());
      case 3 -> bio == null ? 0 : bio.lastOperationId;
      default -> System.identityHashCode(this);
    };
  }
}
