package dev.svc0.runtime.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A known point of the block layer, named and shaped as the kernel's tracepoint of the same name,
 * and the traced function at whose entry it stands. The function's last reference, or the object it
 * belongs to, is a {@link TraceSubject} and gives the slots: {@value #BLOCK_FIELDS}. A last
 * argument of type {@code long} is the status, 0 or −errno.
 */
public enum TracePoint {
  /** A bio enters the block layer. */
  BLOCK_BIO_QUEUE("block_bio_queue", "submit_bio"),
  /** A bio joins the end of a request. */
  BLOCK_BIO_BACKMERGE("block_bio_backmerge", "bio_attempt_back_merge"),
  /** A bio joins the front of a request. */
  BLOCK_BIO_FRONTMERGE("block_bio_frontmerge", "bio_attempt_front_merge"),
  /** A request was made for a bio. */
  BLOCK_GETRQ("block_getrq", "blk_add_rq_to_plug"),
  /** A request goes to the driver. */
  BLOCK_RQ_ISSUE("block_rq_issue", "blk_mq_start_request"),
  /** The driver is done with a request. */
  BLOCK_RQ_COMPLETE("block_rq_complete", "blk_update_request"),
  /** A bio is over. */
  BLOCK_BIO_COMPLETE("block_bio_complete", "bio_endio");

  static final String BLOCK_FIELDS =
      "sector; bytes | operation and flags << 32; dev (major << 20 | minor) | errno << 32; last"
          + " operation; identity";

  private static final List<TracePoint> ALL = List.of(values());

  private final String pointName;
  private final String function;

  TracePoint(String pointName, String function) {
    this.pointName = pointName;
    this.function = function;
  }

  /** The kernel's name of the tracepoint. */
  public String pointName() {
    return pointName;
  }

  /** The traced function at whose entry it stands. */
  public String function() {
    return function;
  }

  /** All points, by ordinal. */
  public static List<TracePoint> all() {
    return ALL;
  }

  /** The point at a function's entry, or null. */
  static @Nullable TracePoint atFunction(String name) {
    for (TracePoint point : ALL) {
      if (point.function.equals(name)) {
        return point;
      }
    }
    return null;
  }
}
