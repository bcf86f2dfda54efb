package dev.svc0.runtime.block;

import org.jspecify.annotations.Nullable;

/** Bios that follow each other on the disk, merged into one piece of work for the driver. */
public final class Request {
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

  /** Tag of the request in its queue, 0 … depth−1. */
  public int tag = -1;

  /** For the driver. */
  public @Nullable Object driverData;

  Request(RequestQueue queue) {
    this.queue = queue;
  }

  /** The queue it came through. */
  public RequestQueue queue() {
    return queue;
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
    queue.complete(this, status);
  }
}
