package dev.svc0.runtime.mm;

import dev.svc0.annotation.Traced;
import org.jspecify.annotations.Nullable;

/**
 * A position in a list of buffers that data is copied to or from: user memory, or host memory of
 * the kernel itself. <i>Linux:</i> {@code iov_iter}. Reusable and not thread-safe.
 *
 * <p><i>Partial:</i> each copy advances by what it managed and returns that many bytes; a short
 * count means a bad user address at the position reached.
 */
public final class IovIter {
  private long[] bases = new long[1];
  private long[] lengths = new long[1];
  private int segments;
  private int segment;
  private long offsetInSegment;
  private long count;
  private @Nullable UserMemory user;

  /** Sets up one user buffer. */
  public IovIter initUser(UserMemory memory, long userAddress, long bytes) {
    init(memory, userAddress, bytes);
    return this;
  }

  /** Sets up one buffer in host memory, by host address. */
  public IovIter initKernel(long hostAddress, long bytes) {
    init(null, hostAddress, bytes);
    return this;
  }

  /** Sets up several user buffers; the arrays are copied. */
  public IovIter initUserVector(UserMemory memory, long[] addresses, long[] sizes, int n) {
    if (bases.length < n) {
      bases = new long[n];
      lengths = new long[n];
    }
    System.arraycopy(addresses, 0, bases, 0, n);
    System.arraycopy(sizes, 0, lengths, 0, n);
    user = memory;
    segments = n;
    segment = 0;
    offsetInSegment = 0;
    count = 0;
    for (int i = 0; i < n; i++) {
      count += sizes[i];
    }
    return this;
  }

  private void init(@Nullable UserMemory memory, long base, long bytes) {
    user = memory;
    bases[0] = base;
    lengths[0] = bytes;
    segments = 1;
    segment = 0;
    offsetInSegment = 0;
    count = bytes;
  }

  /** Bytes left. */
  public long count() {
    return count;
  }

  /** Whether the buffers are user memory. */
  public boolean isUser() {
    return user != null;
  }

  /** The memory that user addresses refer to; null for host memory. */
  public @Nullable UserMemory userMemory() {
    return user;
  }

  /** Address of the next byte: a user address, or a host address when not {@link #isUser}. */
  public long currentAddress() {
    skipEmptySegments();
    return segment < segments ? bases[segment] + offsetInSegment : 0;
  }

  /** Bytes from {@link #currentAddress} to the end of its buffer, at most {@link #count}. */
  public long currentLength() {
    skipEmptySegments();
    return segment < segments ? Math.min(lengths[segment] - offsetInSegment, count) : 0;
  }

  /**
   * Whether every buffer left begins at a multiple of one power of two and is as long as a multiple
   * of another, each given as itself minus one. <i>Linux:</i> iov_iter_is_aligned.
   */
  public boolean isAligned(long addressMask, long lengthMask) {
    long offset = offsetInSegment;
    long left = count;
    for (int i = segment; i < segments && left > 0; i++) {
      long length = Math.min(lengths[i] - offset, left);
      if ((bases[i] + offset & addressMask) != 0 || (length & lengthMask) != 0) {
        return false;
      }
      left -= length;
      offset = 0;
    }
    return true;
  }

  /** Cuts what is left to at most this many bytes. */
  public void truncate(long bytes) {
    count = Math.min(count, bytes);
  }

  /** Undoes {@link #truncate}: there are this many bytes left after all. */
  public void reexpand(long bytes) {
    count = bytes;
  }

  /** Moves forward without copying. */
  public void advance(long bytes) {
    long left = Math.min(bytes, count);
    count -= left;
    while (left > 0) {
      long step = Math.min(left, lengths[segment] - offsetInSegment);
      offsetInSegment += step;
      left -= step;
      skipFinishedSegment();
    }
  }

  /** Moves back over bytes that were copied or skipped. */
  public void revert(long bytes) {
    long left = bytes;
    count += bytes;
    while (left > offsetInSegment) {
      left -= offsetInSegment;
      segment--;
      offsetInSegment = lengths[segment];
    }
    offsetInSegment -= left;
  }

  private void skipFinishedSegment() {
    if (segment < segments && offsetInSegment == lengths[segment]) {
      segment++;
      offsetInSegment = 0;
    }
  }

  private void skipEmptySegments() {
    while (segment < segments && offsetInSegment == lengths[segment]) {
      segment++;
      offsetInSegment = 0;
    }
  }

  /** Copies from the buffers to host memory; the number of bytes copied. */
  public long copyFromIter(long hostTo, long bytes) {
    long wanted = Math.min(bytes, count);
    long done = 0;
    while (done < wanted) {
      long step = Math.min(wanted - done, currentLength());
      long copied = step;
      if (user == null) {
        HostMemory.copy(currentAddress(), hostTo + done, step);
      } else {
        copied -= user.copyFromUser(hostTo + done, currentAddress(), step);
      }
      advance(copied);
      done += copied;
      if (copied < step) {
        break;
      }
    }
    return done;
  }

  /** Copies from the buffers into an array; the number of bytes copied. */
  public int copyFromIter(byte[] to, int bytes) {
    int wanted = (int) Math.min(bytes, count);
    int done = 0;
    while (done < wanted) {
      int step = (int) Math.min(wanted - done, currentLength());
      int copied = step;
      if (user == null) {
        HostMemory.copy(currentAddress(), to, done, step);
      } else {
        copied -= user.copyFromUser(to, done, currentAddress(), step);
      }
      advance(copied);
      done += copied;
      if (copied < step) {
        break;
      }
    }
    return done;
  }

  /** Copies from an array to the buffers; the number of bytes copied. */
  public int copyToIter(byte[] from, int index, int bytes) {
    int wanted = (int) Math.min(bytes, count);
    int done = 0;
    while (done < wanted) {
      int step = (int) Math.min(wanted - done, currentLength());
      int copied = step;
      if (user == null) {
        HostMemory.copy(from, index + done, currentAddress(), step);
      } else {
        copied -= user.copyToUser(currentAddress(), from, index + done, step);
      }
      advance(copied);
      done += copied;
      if (copied < step) {
        break;
      }
    }
    return done;
  }

  /**
   * As {@link #copyFromIter} but touches only what is present: for copying under a folio's lock,
   * which resolving a fault could need. <i>Linux:</i> copy_folio_from_iter_atomic.
   */
  public long copyFromIterAtomic(long hostTo, long bytes) {
    if (user == null) {
      return copyFromIter(hostTo, bytes);
    }
    long wanted = Math.min(bytes, count);
    long done = 0;
    while (done < wanted) {
      long step = Math.min(wanted - done, currentLength());
      long copied = step - user.copyFromUserInatomic(hostTo + done, currentAddress(), step);
      advance(copied);
      done += copied;
      if (copied < step) {
        break;
      }
    }
    return done;
  }

  /** Copies from host memory to the buffers; the number of bytes copied. */
  public long copyToIter(long hostFrom, long bytes) {
    long wanted = Math.min(bytes, count);
    long done = 0;
    while (done < wanted) {
      long step = Math.min(wanted - done, currentLength());
      long copied = step;
      if (user == null) {
        HostMemory.copy(hostFrom + done, currentAddress(), step);
      } else {
        copied -= user.copyToUser(currentAddress(), hostFrom + done, step);
      }
      advance(copied);
      done += copied;
      if (copied < step) {
        break;
      }
    }
    return done;
  }

  /** Writes zeroes to the buffers; the number of bytes written. */
  public long zero(long bytes) {
    long wanted = Math.min(bytes, count);
    long done = 0;
    while (done < wanted) {
      long step = Math.min(wanted - done, currentLength());
      long written = step;
      if (user == null) {
        HostMemory.fill(currentAddress(), step, (byte) 0);
      } else {
        written -= user.clearUser(currentAddress(), step);
      }
      advance(written);
      done += written;
      if (written < step) {
        break;
      }
    }
    return done;
  }

  /**
   * Makes the next bytes present and readable before a lock is taken; the number of bytes that are
   * not. <i>Linux:</i> {@code fault_in_iov_iter_readable}.
   */
  @Traced(value = "fault_in_readable", layer = Traced.Layer.MM)
  public long faultInReadable(long bytes) {
    long wanted = Math.min(bytes, count);
    if (user == null || wanted == 0) {
      return 0;
    }
    long step = Math.min(wanted, currentLength());
    long missing = user.faultInReadable(currentAddress(), step);
    return missing == 0 ? 0 : wanted - (step - missing);
  }
}
