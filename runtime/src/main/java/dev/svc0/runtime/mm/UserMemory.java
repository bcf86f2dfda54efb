package dev.svc0.runtime.mm;

import java.nio.charset.StandardCharsets;

/**
 * The kernel's access to the memory of the calling program.
 *
 * <p>The bulk calls copy as far as they get and return the number of bytes <em>not</em> copied, as
 * Linux does, so that partial success survives; they never throw. The calls for single values throw
 * {@link UserFault}, which becomes −EFAULT at the system call boundary.
 *
 * <p>User addresses are unsigned 64-bit values in a {@code long}; the top byte is ignored where the
 * ABI ignores it.
 */
public abstract class UserMemory {
  /** Whether a range lies in user space at all; says nothing about mappings. */
  public abstract boolean accessOk(long userAddress, long bytes);

  /** Copies from the program to host memory; the number of bytes not copied. */
  public abstract long copyFromUser(long hostTo, long userFrom, long bytes);

  /**
   * The same without resolving faults: stops at the first page that is not present. For callers
   * that hold locks which resolving a fault might take (a locked page of the file being written);
   * they call {@link #faultInReadable} first, without the locks, and again when this falls short.
   */
  public abstract long copyFromUserInatomic(long hostTo, long userFrom, long bytes);

  /** Copies from host memory to the program; the number of bytes not copied. */
  public abstract long copyToUser(long userTo, long hostFrom, long bytes);

  /** Copies from the program into an array; the number of bytes not copied. */
  public abstract int copyFromUser(byte[] to, int toIndex, long userFrom, int bytes);

  /** Copies from an array to the program; the number of bytes not copied. */
  public abstract int copyToUser(long userTo, byte[] from, int fromIndex, int bytes);

  /** Writes zeroes; the number of bytes not written. */
  public abstract long clearUser(long userAddress, long bytes);

  /**
   * Makes the start of a range present and readable before locks are taken; the number of bytes at
   * its end that are not.
   */
  public abstract long faultInReadable(long userAddress, long bytes);

  /** The same for writing. */
  public abstract long faultInWriteable(long userAddress, long bytes);

  /** Reads one value. */
  public abstract byte readByte(long userAddress);

  /** Reads one value. */
  public abstract short readShort(long userAddress);

  /** Reads one value. */
  public abstract int readInt(long userAddress);

  /** Reads one value. */
  public abstract long readLong(long userAddress);

  /** Writes one value. */
  public abstract void writeByte(long userAddress, byte value);

  /** Writes one value. */
  public abstract void writeShort(long userAddress, short value);

  /** Writes one value. */
  public abstract void writeInt(long userAddress, int value);

  /** Writes one value. */
  public abstract void writeLong(long userAddress, long value);

  /** Atomic compare and exchange on an aligned word, for futexes; the value found. */
  public abstract int compareAndExchangeInt(long userAddress, int expected, int value);

  /**
   * The host address of a present, aligned word, for waiting on it by identity as futexes do.
   *
   * @return a host address that is the same for every mapping of the same shared page
   */
  public abstract long hostAddressOf(long userAddress);

  /** Reads a whole array, or throws {@link UserFault}. */
  public final byte[] readBytes(long userAddress, int bytes) {
    byte[] result = new byte[bytes];
    if (copyFromUser(result, 0, userAddress, bytes) != 0) {
      throw UserFault.INSTANCE;
    }
    return result;
  }

  /** Writes a whole array, or throws {@link UserFault}. */
  public final void writeBytes(long userAddress, byte[] value) {
    if (copyToUser(userAddress, value, 0, value.length) != 0) {
      throw UserFault.INSTANCE;
    }
  }

  /**
   * Reads a string that ends in NUL.
   *
   * @param limit the longest length accepted, without the NUL
   * @return one character a byte (ISO 8859-1), or null when there is no NUL within the limit
   */
  public final @org.jspecify.annotations.Nullable String readCString(long userAddress, int limit) {
    byte[] buffer = new byte[Math.min(limit + 1, 256)];
    StringBuilder result = new StringBuilder();
    long at = userAddress;
    while (result.length() <= limit) {
      int chunk = (int) Math.min(buffer.length, 4096 - (at & 4095));
      int got = chunk - copyFromUser(buffer, 0, at, chunk);
      for (int i = 0; i < got; i++) {
        if (buffer[i] == 0) {
          result.append(new String(buffer, 0, i, StandardCharsets.ISO_8859_1));
          return result.length() <= limit ? result.toString() : null;
        }
      }
      if (got < chunk) {
        throw UserFault.INSTANCE;
      }
      result.append(new String(buffer, 0, got, StandardCharsets.ISO_8859_1));
      at += got;
    }
    return null;
  }
}
