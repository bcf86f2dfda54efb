package dev.svc0.runtime.block;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.sched.ThreadState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One piece of I/O: a contiguous range of sectors, and the host memory it goes to or comes from.
 * <i>Linux:</i> {@code bio}.
 *
 * <p>Built by one thread, submitted once, completed once, by any thread. The memory stays valid
 * until the completion.
 */
@Traced(layer = Traced.Layer.BLOCK)
public final class Bio {
  /** Told when the I/O is over. Must not block. */
  @FunctionalInterface
  public interface EndIo {
    /** {@link Bio#status} is 0 or −errno. */
    void endIo(Bio bio);
  }

  private static final VarHandle REMAINING;

  static {
    try {
      REMAINING = MethodHandles.lookup().findVarHandle(Bio.class, "remaining", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
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
  public volatile long status;

  /** The operation that caused it. */
  public long operationId;

  /** The last operation that wrote the data it carries, when that was another one. */
  public long lastOperationId;

  /** What traces know it by; 0 while none has seen it. Owned by {@link BlockPoints}. */
  int traceId;

  /** Next in a request or a plug list. Owned by the block layer. */
  @Nullable Bio next;

  /** When it was submitted to a device without a queue; for the statistics. */
  long startNanos;

  /** Whether its beginning was offered to a trace, which then sees its end too. */
  boolean traceCompletion;

  /** The bio that this one was cut from, which ends when all its parts have. */
  private @Nullable Bio parent;

  private volatile int remaining = 1;
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

  /**
   * Adds memory, joining it to the last segment when it follows it; false when there is no room.
   */
  @Traced("bio_add_page")
  public boolean addSegment(long hostAddress, int bytes) {
    if (segments > 0 && addresses[segments - 1] + lengths[segments - 1] == hostAddress) {
      lengths[segments - 1] += bytes;
    } else if (segments < addresses.length) {
      addPage(hostAddress, bytes);
      return true;
    } else {
      return false;
    }
    sizeBytes += bytes;
    return true;
  }

  /** Adds memory as a segment of its own to a bio that has room. */
  @Traced("__bio_add_page")
  public void addPage(long hostAddress, int bytes) {
    addresses[segments] = hostAddress;
    lengths[segments] = bytes;
    segments++;
    sizeBytes += bytes;
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

  /** Copies the first bytes of its memory into an array, for who must keep them. */
  public void copyTo(byte[] target) {
    int done = 0;
    for (int i = 0; i < segments && done < target.length; i++) {
      int step = Math.min(lengths[i], target.length - done);
      HostMemory.copy(addresses[i], target, done, step);
      done += step;
    }
  }

  /**
   * A copy for a device below, over the same memory, that passes its end on to this one.
   * <i>Linux:</i> bio_alloc_clone.
   */
  public Bio cloneFor(BlockDevice below) {
    Bio copy = new Bio(below, 0, opf);
    copy.addresses = addresses;
    copy.lengths = lengths;
    copy.segments = segments;
    copy.sector = sector;
    copy.sizeBytes = sizeBytes;
    copy.operationId = operationId;
    copy.lastOperationId = lastOperationId;
    copy.privateData = this;
    copy.endIo = Bio::endOriginal;
    BlockPoints.bioRemap(copy, device);
    return copy;
  }

  @Traced("clone_endio")
  private static void endOriginal(Bio copy) {
    if (copy.privateData instanceof Bio original) {
      original.end(copy.status);
    }
  }

  /**
   * Cuts the first bytes off into a bio of their own; this one keeps the rest, and ends after both.
   *
   * @param bytes a multiple of the logical block size, less than {@link #sizeBytes}
   */
  @Traced("bio_split")
  Bio split(int bytes) {
    Bio front = new Bio(device, segments, opf);
    front.sector = sector;
    front.operationId = operationId;
    front.lastOperationId = lastOperationId;
    front.parent = this;
    if (segments == 0) {
      front.sizeBytes = bytes;
    } else {
      moveSegments(front, bytes);
    }
    BlockPoints.split(front);
    REMAINING.getAndAdd(this, 1);
    sector += bytes >>> 9;
    sizeBytes -= bytes;
    return front;
  }

  private void moveSegments(Bio front, int bytes) {
    int left = bytes;
    for (int at = 0; left > 0; at++) {
      int step = Math.min(lengths[at], left);
      front.addSegment(addresses[at], step);
      left -= step;
    }
    dropSegments(bytes);
  }

  /** The first bytes are done: what is left begins behind them. <i>Linux:</i> bio_advance. */
  void advance(int bytes) {
    if (segments > 0) {
      dropSegments(bytes);
    }
    sector += bytes >>> 9;
    sizeBytes -= bytes;
  }

  private void dropSegments(int bytes) {
    int left = bytes;
    int at = 0;
    while (left > 0 && lengths[at] <= left) {
      left -= lengths[at++];
    }
    int kept = segments - at;
    long[] restAddresses = new long[kept];
    int[] restLengths = new int[kept];
    System.arraycopy(addresses, at, restAddresses, 0, kept);
    System.arraycopy(lengths, at, restLengths, 0, kept);
    if (left > 0) {
      restAddresses[0] += left;
      restLengths[0] -= left;
    }
    addresses = restAddresses;
    lengths = restLengths;
    segments = kept;
  }

  /** Ends it: sets the status and calls {@link #endIo}. */
  @Traced("bio_endio")
  public void end(long result) {
    if (result != 0) {
      status = result;
    }
    if (remaining != 1 && (int) REMAINING.getAndAdd(this, -1) != 1) {
      return;
    }
    if (startNanos != 0) {
      device.stats().blkAccountIoCompletion(opf, sizeBytes >>> 9);
      device.stats().done(opf, startNanos, System.nanoTime());
      startNanos = 0;
    }
    if (traceCompletion) {
      traceCompletion = false;
      BlockPoints.bioComplete(this);
    }
    Bio whole = parent;
    if (whole != null) {
      whole.end(status);
      return;
    }
    EndIo callback = endIo;
    if (callback != null) {
      callback.endIo(this);
    }
  }
}
