package dev.svc0.runtime.sched;

/** Who waits: what an interruptible wait asks while it sleeps. */
public interface Sleeper {
  /** A sleeper that no signal interrupts. */
  Sleeper UNINTERRUPTIBLE = () -> false;

  /**
   * Whether a signal is pending that must be handled before going on. Whoever makes one pending
   * also unparks the sleeping thread.
   */
  boolean signalPending();
}
