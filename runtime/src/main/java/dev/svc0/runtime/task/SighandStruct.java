package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.SignalConstants;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The actions of a process for each signal, shared with CLONE_SIGHAND. Thread-safe. */
public final class SighandStruct {
  private final AtomicReferenceArray<KSigaction> actions =
      new AtomicReferenceArray<>(SignalConstants._NSIG + 1);

  /** All default. */
  public SighandStruct() {
    for (int signal = 1; signal <= SignalConstants._NSIG; signal++) {
      actions.set(signal, KSigaction.DEFAULT);
    }
  }

  /** The action for a signal in 1…64. */
  public KSigaction get(int signal) {
    return actions.get(signal);
  }

  /** Changes it; the action before. */
  public KSigaction set(int signal, KSigaction action) {
    return actions.getAndSet(signal, action);
  }

  /** A copy for a child. */
  public SighandStruct copy() {
    SighandStruct child = new SighandStruct();
    for (int signal = 1; signal <= SignalConstants._NSIG; signal++) {
      child.actions.set(signal, actions.get(signal));
    }
    return child;
  }

  /** Handlers are gone after execve, ignored signals stay ignored. */
  SighandStruct copyForExec() {
    return copyKeepingIgnored();
  }

  /** CLONE_CLEAR_SIGHAND: everything that is not ignored becomes default. */
  SighandStruct copyKeepingIgnored() {
    SighandStruct next = new SighandStruct();
    for (int signal = 1; signal <= SignalConstants._NSIG; signal++) {
      if (actions.get(signal).isIgnore()) {
        next.actions.set(signal, new KSigaction(SignalConstants.SIG_IGN, 0, 0, 0));
      }
    }
    return next;
  }
}
