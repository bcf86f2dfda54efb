package dev.svc0.arm64.cpu;

import java.lang.reflect.Field;

/**
 * Plain accesses to host memory by address, as {@link dev.svc0.runtime.mm.HostMemory} has them, for
 * the interpreter's loop: one JVM instruction each. A memory segment's accessors are a dozen nested
 * calls, of which HotSpot inlines only so many into one method, and which take a microsecond where
 * the JVM interprets them.
 *
 * <p>{@code sun.misc.Unsafe} is named in full: of an import of it javadoc would warn.
 */
@SuppressWarnings({"removal", "deprecation"})
public final class RawMemory {
  private static final sun.misc.Unsafe UNSAFE = unsafe();

  private RawMemory() {}

  private static sun.misc.Unsafe unsafe() {
    try {
      Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (sun.misc.Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The byte at an address. */
  public static byte getByte(long address) {
    return UNSAFE.getByte(address);
  }

  static short getShort(long address) {
    return UNSAFE.getShort(address);
  }

  /** The 4 bytes at an address. */
  public static int getInt(long address) {
    return UNSAFE.getInt(address);
  }

  /** Copies 32-bit values, in the order of the host's bytes, into an array. */
  public static void copy(long from, int[] to, int toIndex, int count) {
    long offset = sun.misc.Unsafe.ARRAY_INT_BASE_OFFSET + (long) toIndex * Integer.BYTES;
    UNSAFE.copyMemory(null, from, to, offset, (long) count * Integer.BYTES);
  }

  /** The 8 bytes at an address. */
  public static long getLong(long address) {
    return UNSAFE.getLong(address);
  }

  static void putByte(long address, byte value) {
    UNSAFE.putByte(address, value);
  }

  static void putShort(long address, short value) {
    UNSAFE.putShort(address, value);
  }

  static void putInt(long address, int value) {
    UNSAFE.putInt(address, value);
  }

  static void putLong(long address, long value) {
    UNSAFE.putLong(address, value);
  }
}
