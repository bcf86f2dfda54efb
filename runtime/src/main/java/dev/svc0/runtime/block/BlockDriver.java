package dev.svc0.runtime.block;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.UserMemory;
import java.util.Map;

/**
 * What a driver implements for one disk: either {@link #queueRequest} (through the request queue),
 * or {@link #submitBio} (below it there is no queue). <i>Linux:</i> {@code blk_mq_ops} and {@code
 * block_device_operations}.
 */
public interface BlockDriver extends AutoCloseable {
  /** Whether bios come straight to {@link #submitBio}, without queue, merging or scheduling. */
  default boolean isBioBased() {
    return false;
  }

  /**
   * How many queues it has, asked once: each thread submits to one of them, and each has {@link
   * DiskLimits#queueDepth} tags of its own. <i>Linux:</i> nr_hw_queues.
   */
  default int hardwareQueues() {
    return 1;
  }

  /**
   * Starts a request. A read that ends with 0 has filled all of the memory: what is there before is
   * another program's. The driver calls {@link Request#start} first and ends it by {@link
   * Request#complete}, now or later, on any thread. It must not block: a driver that has to wait
   * gives the request to a thread of its own.
   *
   * @param last whether nothing more follows at once, so that batched work must be kicked off
   */
  default void queueRequest(Request request, boolean last) {
    request.start();
    request.complete(-Errno.EIO);
  }

  /**
   * A request is complete, on the thread that completed it: what the driver has to do then, ending
   * with {@link Request#end}. <i>Linux:</i> the complete operation of blk_mq_ops.
   */
  default void completeRequest(Request request, long status) {
    request.end(status);
  }

  /** What a driver says about a request that it has for too long. */
  enum Timeout {
    /** It has ended the request, or is just about to. */
    DONE,
    /** Give it as much time again. */
    RESTART_TIMER
  }

  /**
   * A request is with the driver for longer than {@link RequestQueue#setTimeout} allows. Must not
   * block. <i>Linux:</i> the timeout operation of blk_mq_ops.
   */
  default Timeout timeout(Request request) {
    return Timeout.RESTART_TIMER;
  }

  /**
   * Starts a bio of a bio-based driver; ends it by {@link Bio#end}, now or later, on any thread.
   */
  default void submitBio(Bio bio) {
    bio.end(-Errno.EIO);
  }

  /**
   * A request of ioctl(2) that is the driver's own.
   *
   * @return 0 or −errno; −ENOTTY for one that it does not know
   */
  default long ioctl(BlockDevice disk, int request, long argument, UserMemory memory) {
    return -Errno.ENOTTY;
  }

  /**
   * What /sys/block shows of the driver besides what all disks have: files of one line in a folder
   * of the driver's name; empty for none.
   */
  default Map<String, String> attributes() {
    return Map.of();
  }

  /** The name of the folder of {@link #attributes}. */
  default String attributeFolder() {
    return "";
  }

  /** Gives the driver's resources back; no I/O is under way. */
  @Override
  void close();
}
