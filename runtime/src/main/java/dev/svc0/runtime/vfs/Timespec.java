package dev.svc0.runtime.vfs;

/**
 * A point in time.
 *
 * @param seconds since 1970-01-01T00:00:00Z, signed
 * @param nanos 0 … 999,999,999
 */
public record Timespec(long seconds, int nanos) {
  /** The epoch. */
  public static final Timespec ZERO = new Timespec(0, 0);
}
