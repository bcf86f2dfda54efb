package dev.svc0.arm64.cpu;

/**
 * Leaves the semantics of an instruction when it takes an exception. The syndrome is in the {@link
 * Cpu}; this only unwinds. One instance, no stack trace.
 */
public final class GuestAbort extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The one. */
  public static final GuestAbort INSTANCE = new GuestAbort();

  private GuestAbort() {
    super("guest exception", null, false, false);
  }
}
