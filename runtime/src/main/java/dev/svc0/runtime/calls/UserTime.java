package dev.svc0.runtime.calls;

import dev.svc0.runtime.abi.ItimerspecLayout;
import dev.svc0.runtime.abi.OldItimervalLayout;
import dev.svc0.runtime.abi.TimespecLayout;
import dev.svc0.runtime.abi.TimevalLayout;
import dev.svc0.runtime.mm.UserMemory;

/**
 * Times in user memory, as nanoseconds. A time that is not a valid one reads as {@link #INVALID};
 * longer ones than a {@code long} of nanoseconds holds read as {@link Long#MAX_VALUE}.
 */
final class UserTime {
  /** Not a valid time: −EINVAL. */
  static final long INVALID = -1;

  static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int IT_INTERVAL = ItimerspecLayout.it_interval;
  private static final int IT_VALUE = ItimerspecLayout.it_value;

  private UserTime() {}

  static long join(long seconds, long nanos) {
    return seconds > Long.MAX_VALUE / NANOS_PER_SECOND - 1
        ? Long.MAX_VALUE
        : seconds * NANOS_PER_SECOND + nanos;
  }

  static long readTimespec(UserMemory memory, long address) {
    long seconds = memory.readLong(address + TimespecLayout.tv_sec);
    long nanos = memory.readLong(address + TimespecLayout.tv_nsec);
    return seconds < 0 || Long.compareUnsigned(nanos, NANOS_PER_SECOND) >= 0
        ? INVALID
        : join(seconds, nanos);
  }

  static void writeTimespec(UserMemory memory, long address, long nanos) {
    memory.writeLong(address + TimespecLayout.tv_sec, nanos / NANOS_PER_SECOND);
    memory.writeLong(address + TimespecLayout.tv_nsec, nanos % NANOS_PER_SECOND);
  }

  static long readTimeval(UserMemory memory, long address) {
    long seconds = memory.readLong(address + TimevalLayout.tv_sec);
    long micros = memory.readLong(address + TimevalLayout.tv_usec);
    return seconds < 0 || Long.compareUnsigned(micros, MICROS_PER_SECOND) >= 0
        ? INVALID
        : join(seconds, micros * NANOS_PER_MICRO);
  }

  static void writeTimeval(UserMemory memory, long address, long nanos) {
    memory.writeLong(address + TimevalLayout.tv_sec, nanos / NANOS_PER_SECOND);
    memory.writeLong(address + TimevalLayout.tv_usec, nanos % NANOS_PER_SECOND / NANOS_PER_MICRO);
  }

  static long readInterval(UserMemory memory, long itimerspec) {
    return readTimespec(memory, itimerspec + IT_INTERVAL);
  }

  static long readValue(UserMemory memory, long itimerspec) {
    return readTimespec(memory, itimerspec + IT_VALUE);
  }

  static void writeItimerspec(UserMemory memory, long address, long value, long interval) {
    writeTimespec(memory, address + IT_INTERVAL, interval);
    writeTimespec(memory, address + IT_VALUE, value);
  }

  static long readOldInterval(UserMemory memory, long itimerval) {
    return readTimeval(memory, itimerval + OldItimervalLayout.it_interval);
  }

  static long readOldValue(UserMemory memory, long itimerval) {
    return readTimeval(memory, itimerval + OldItimervalLayout.it_value);
  }

  static void writeOldItimerval(UserMemory memory, long address, long value, long interval) {
    writeTimeval(memory, address + OldItimervalLayout.it_interval, interval);
    writeTimeval(memory, address + OldItimervalLayout.it_value, value);
  }
}
