package dev.svc0.runtime.block;

import dev.svc0.runtime.sched.ThreadState;
import org.jspecify.annotations.Nullable;

/**
 * One piece of I/O: a contiguous range of sectors, and the host memory it goes to or comes from.
 * <i>Linux:</i> {@code bio}.
 *
 * <p>Built by one thread, submitted once, completed once, by any thread. The memory stays valid until
 * the completion.
 */
public final class Bio {
  /** Told when the I/O is over. Must not block. */
  @FunctionalInterface
  public interface EndIo {
    /** {@link Bio#status} is 0 or −errno. */
    void endIo(Bio bio);
  }

  /** Operation and flags, see {@link ReqOp}. */
  public int opf;

  /** First sector of 512 bytes, relative to {@link #device}. */
  public long sector;

  /** Where it goes. */
  public BlockDevice device;

  /** Bytes of the range; equals the sum of the segments, except for DISCARD and WRITE_ZEROES. */
  public int sizeBytes;

  /** Called at completion. */
  public @Nullable EndIo endIo;

  /** For whoever built it. */
  public @Nullable Object privateData;

  /** 0, or −errno after completion. */
  public long status;

  /** The operation that caused it. */
  public long operationId;

  /** The last operation that wrote the data it carries, when that was another one. */
  public long lastOperationId;

  /** Next in a request or a plug list. Owned by the block layer. */
  @Nullable Bio next;

  private long[] addresses;
  private int[] lengths;
  private int segments;

  /** A bio for a device with room for some segments, caused by the calling thread's operation. */
  public Bio(BlockDevice device, int maxSegments, int opf) {
    this.device = device;
    this.opf = opf;
    this.addresses = new long[maxSegments];
    this.lengths = new int[maxSegments];
    this.operationId = ThreadState.currentOperation();
  }

  /** Adds memory, joining it to the last segment when it follows it; false when there is no room. */
  public boolean addSegment(long hostAddress, int bytes) {
    if (segments > 0 && addresses[segments - 1] + lengths[segments - 1] == hostAddress) {
      lengths[segments - 1] += bytes;
    } else if (segments < addresses.length) {
      addresses[segments] = hostAddress;
      lengths[segments] = bytes;
      segments++;
    } else {
      return false;
    }
    sizeBytes += bytes;
    return true;
  }

  /** Number of segments. */
  public int segments() {
    return segments;
  }

  /** Host address of a segment. */
  public long segmentAddress(int index) {
    return addresses[index];
  }

  /** Bytes in a segment. */
  public int segmentLength(int index) {
    return lengths[index];
  }

  /** First sector after the range. */
  public long endSector() {
    return sector + (sizeBytes >>> 9);
  }

  /** Ends it: sets the status and calls {@link #endIo}. <i>Linux:</i> bio_endio. */
  public void end(long result) {
    status = result;
    EndIo callback = endIo;
    if (callback != null) {
      callback.endIo(this);
    }
  }
}
