package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.Signals.*;

/** What each signal does without a handler, as masks: bit n−1 for signal n. */
public final class SignalRules {
  /** First real-time signal. */
  public static final int SIGRTMIN_KERNEL = 32;

  /** Cannot be caught, blocked or ignored. */
  public static final long KERNEL_ONLY = SigPending.bit(SIGKILL) | SigPending.bit(SIGSTOP);

  /** Stop the process. */
  public static final long STOP =
      SigPending.bit(SIGSTOP)
          | SigPending.bit(SIGTSTP)
          | SigPending.bit(SIGTTIN)
          | SigPending.bit(SIGTTOU);

  private static final long CORE =
      SigPending.bit(SIGQUIT)
          | SigPending.bit(SIGILL)
          | SigPending.bit(SIGTRAP)
          | SigPending.bit(SIGABRT)
          | SigPending.bit(SIGFPE)
          | SigPending.bit(SIGSEGV)
          | SigPending.bit(SIGBUS)
          | SigPending.bit(SIGSYS)
          | SigPending.bit(SIGXCPU)
          | SigPending.bit(SIGXFSZ);

  private static final long IGNORE =
      SigPending.bit(SIGCONT)
          | SigPending.bit(SIGCHLD)
          | SigPending.bit(SIGWINCH)
          | SigPending.bit(SIGURG);

  private SignalRules() {}

  private static boolean in(long mask, int signal) {
    return (mask & SigPending.bit(signal)) != 0;
  }

  static boolean kernelOnly(int signal) {
    return in(KERNEL_ONLY, signal);
  }

  static boolean stops(int signal) {
    return in(STOP, signal);
  }

  static boolean dumpsCore(int signal) {
    return in(CORE, signal);
  }

  static boolean ignoredByDefault(int signal) {
    return in(IGNORE, signal);
  }

  /** Whether the number is one: 1…64. */
  public static boolean valid(int signal) {
    return signal >= 1 && signal <= dev.svc0.runtime.abi.SignalConstants._NSIG;
  }
}
