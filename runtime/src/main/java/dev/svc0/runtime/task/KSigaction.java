package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.SignalConstants;

/**
 * What a process does with a signal. <i>Linux:</i> {@code k_sigaction}.
 *
 * @param handler address of the handler, SIG_DFL or SIG_IGN
 * @param flags SA_ bits
 * @param restorer address of the code that calls rt_sigreturn, with SA_RESTORER
 * @param mask signals blocked while the handler runs, bit n−1 for signal n
 */
public record KSigaction(long handler, long flags, long restorer, long mask) {
  /** The default action. */
  public static final KSigaction DEFAULT = new KSigaction(SignalConstants.SIG_DFL, 0, 0, 0);

  /** Whether it is the default action. */
  public boolean isDefault() {
    return handler == SignalConstants.SIG_DFL;
  }

  /** Whether the signal is thrown away. */
  public boolean isIgnore() {
    return handler == SignalConstants.SIG_IGN;
  }

  /** Whether an SA_ bit is set. */
  public boolean has(int flag) {
    return (flags & (flag & 0xffffffffL)) != 0;
  }
}
