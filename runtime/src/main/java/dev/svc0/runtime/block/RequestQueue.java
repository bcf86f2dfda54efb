package dev.svc0.runtime.block;

/**
 * Takes bios to a driver: merges them in the submitter's plug, orders and bounds the requests,
 * sequences flushes, and completes. <i>Linux:</i> {@code request_queue}, block/blk-mq.c.
 */
public final class RequestQueue {
  private final BlockDriver driver;
  private final DiskLimits limits;

  RequestQueue(BlockDriver driver, DiskLimits limits) {
    this.driver = driver;
    this.limits = limits;
  }

  /** Who does the work. */
  public BlockDriver driver() {
    return driver;
  }

  /** What the disk can do. */
  public DiskLimits limits() {
    return limits;
  }

  void complete(Request request, long status) {
    throw new UnsupportedOperationException();
  }
}
