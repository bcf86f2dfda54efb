package dev.svc0.runtime.mm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Memory outside the Java heap, by host address: little-endian, any alignment, nothing allocated.
 *
 * <p>There is no check here. Whoever calls has the address from {@link #reserve} or {@link
 * FrameAllocator} and has bounded the offset itself; that is the rule that keeps guests inside.
 */
public final class HostMemory {
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Aligned, little-endian, for atomic access: coordinates {@code (MemorySegment, long)}. */
  private static final VarHandle ATOMIC_INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle().withInvokeExactBehavior();

  private static final VarHandle ATOMIC_LONG =
      ValueLayout.JAVA_LONG
          .withOrder(ByteOrder.LITTLE_ENDIAN)
          .varHandle()
          .withInvokeExactBehavior();

  private HostMemory() {}

  public static byte getByte(long address) {
    return ALL.get(BYTE, address);
  }

  public static short getShort(long address) {
    return ALL.get(SHORT, address);
  }

  public static int getInt(long address) {
    return ALL.get(INT, address);
  }

  public static long getLong(long address) {
    return ALL.get(LONG, address);
  }

  public static void putByte(long address, byte value) {
    ALL.set(BYTE, address, value);
  }

  public static void putShort(long address, short value) {
    ALL.set(SHORT, address, value);
  }

  public static void putInt(long address, int value) {
    ALL.set(INT, address, value);
  }

  public static void putLong(long address, long value) {
    ALL.set(LONG, address, value);
  }

  /** The 32-bit value at a 4-byte aligned address, with acquire ordering. */
  public static int getIntAcquire(long address) {
    return (int) ATOMIC_INT.getAcquire(ALL, address);
  }

  /** The 64-bit value at an 8-byte aligned address, with acquire ordering. */
  public static long getLongAcquire(long address) {
    return (long) ATOMIC_LONG.getAcquire(ALL, address);
  }

  /** Sequentially consistent store to a 4-byte aligned address. */
  public static void putIntVolatile(long address, int value) {
    ATOMIC_INT.setVolatile(ALL, address, value);
  }

  /** Sequentially consistent store to an 8-byte aligned address. */
  public static void putLongVolatile(long address, long value) {
    ATOMIC_LONG.setVolatile(ALL, address, value);
  }

  /** Compare and exchange at a 4-byte aligned address; the value found there before. */
  public static int compareAndExchangeInt(long address, int expected, int value) {
    return (int) ATOMIC_INT.compareAndExchange(ALL, address, expected, value);
  }

  /** Compare and exchange at an 8-byte aligned address; the value found there before. */
  public static long compareAndExchangeLong(long address, long expected, long value) {
    return (long) ATOMIC_LONG.compareAndExchange(ALL, address, expected, value);
  }

  /** Adds at a 4-byte aligned address; the value before. */
  public static int getAndAddInt(long address, int delta) {
    return (int) ATOMIC_INT.getAndAdd(ALL, address, delta);
  }

  /** Adds at an 8-byte aligned address; the value before. */
  public static long getAndAddLong(long address, long delta) {
    return (long) ATOMIC_LONG.getAndAdd(ALL, address, delta);
  }

  /** Copies bytes; the ranges may overlap. */
  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /** Copies bytes out of an array. */
  public static void copy(byte[] from, int fromIndex, long to, int bytes) {
    MemorySegment.copy(from, fromIndex, ALL, BYTE, to, bytes);
  }

  /** Copies bytes into an array. */
  public static void copy(long from, byte[] to, int toIndex, int bytes) {
    MemorySegment.copy(ALL, BYTE, from, to, toIndex, bytes);
  }

  /** Sets bytes to one value. */
  public static void fill(long address, long bytes, byte value) {
    ALL.asSlice(address, bytes).fill(value);
  }

  /** A range as a segment that lives for ever, for channels and checksums. */
  public static MemorySegment segment(long address, long bytes) {
    return ALL.asSlice(address, bytes);
  }

  /**
   * Reserves host addresses: zero pages that cost nothing until they are written.
   *
   * @return the host address, a multiple of 4096
   * @throws OutOfMemoryError when the host has no such range left
   */
  public static long reserve(long bytes) {
    return NativeMemory.reserve(bytes);
  }

  /** Gives a range from {@link #reserve} back to the host. Nobody may touch it afterwards. */
  public static void release(long address, long bytes) {
    NativeMemory.release(address, bytes);
  }

  /** Drops the content of whole pages of a reserved range: they read as zero again. */
  public static void discard(long address, long bytes) {
    NativeMemory.discard(address, bytes);
  }
}
