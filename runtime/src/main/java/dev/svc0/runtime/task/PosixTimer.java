package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.SignalConstants;
import org.jspecify.annotations.Nullable;

/** A timer of timer_create(2), and the signal it sends. */
public final class PosixTimer {
  private final SignalStruct process;
  private final int clock;
  private final int notify;
  private final int signal;
  private volatile long value;
  private final @Nullable Task target;
  private final KTimer timer;
  int id;

  // Protected by the monitor of the process.
  private @Nullable SigInfo queued;
  private int overrun;
  private int lastOverrun;

  /**
   * A timer that is not armed.
   *
   * @param clock CLOCK_ id
   * @param notify SIGEV_ kind
   * @param target the thread of SIGEV_THREAD_ID, else null
   */
  public PosixTimer(
      SignalStruct process,
      int clock,
      KTimer.Source source,
      int notify,
      int signal,
      long value,
      @Nullable Task target) {
    this.process = process;
    this.clock = clock;
    this.notify = notify;
    this.signal = signal;
    this.value = value;
    this.target = target;
    this.timer = new KTimer(process.kernel().timers(), source, this::fire);
  }

  /** CLOCK_ id. */
  public int clock() {
    return clock;
  }

  /** When it runs out. */
  public KTimer timer() {
    return timer;
  }

  /** What the signal carries. */
  public void setValue(long newValue) {
    value = newValue;
  }

  /** timer_settime(2) begins: nothing of the old setting counts any more. */
  public void reset() {
    synchronized (process) {
      overrun = 0;
      lastOverrun = 0;
    }
  }

  private void fire(long times) {
    if (notify == SignalConstants.SIGEV_NONE) {
      return;
    }
    synchronized (process) {
      SigInfo waiting = queued;
      SigPending pending = target == null ? process.shared : target.pending;
      if (waiting != null && pending.contains(waiting)) {
        overrun += (int) times;
        return;
      }
      overrun += (int) times - 1;
      SigInfo info = SigInfo.timer(signal, id, value);
      queued = info;
      if (target == null) {
        SignalSender.sendToProcess(process, info);
      } else {
        SignalSender.sendToThread(target, info);
      }
    }
  }

  /** Under the signal lock. */
  void delivered(SigInfo info) {
    if (info == queued) {
      queued = null;
      lastOverrun = overrun;
      overrun = 0;
      info.setOverrun(lastOverrun);
    }
  }

  /** timer_getoverrun(2). */
  public int overrun() {
    synchronized (process) {
      return lastOverrun;
    }
  }

  void cancel() {
    timer.set(0, 0);
    synchronized (process) {
      SigInfo waiting = queued;
      if (waiting != null) {
        (target == null ? process.shared : target.pending).remove(waiting);
        queued = null;
      }
    }
  }
}
