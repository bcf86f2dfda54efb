package dev.svc0.runtime.block;

/**
 * What a disk can do. <i>Linux:</i> {@code queue_limits}.
 *
 * @param logicalBlockBytes smallest unit of I/O: 512 to 4096, a power of two
 * @param physicalBlockBytes unit that is written at once
 * @param maxBytes largest request
 * @param maxSegments most segments in a request
 * @param queueDepth most requests under way in each hardware queue
 * @param writeCache whether data may sit in a volatile cache until a flush
 * @param fua whether the driver does FUA writes by itself
 * @param discard whether discard works
 * @param writeZeroes whether write-zeroes works
 */
public record DiskLimits(
    int logicalBlockBytes,
    int physicalBlockBytes,
    int maxBytes,
    int maxSegments,
    int queueDepth,
    boolean writeCache,
    boolean fua,
    boolean discard,
    boolean writeZeroes) {

  /** Sensible values for a disk with 512-byte sectors and no volatile cache. */
  public static final DiskLimits DEFAULT =
      new DiskLimits(512, 512, 1280 * 1024, 128, 128, false, false, false, false);
}
