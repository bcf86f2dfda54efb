package dev.svc0.runtime.task;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.trace.event.SignalTrace;
import org.jspecify.annotations.Nullable;

/**
 * How signals become pending, and whom they wake. <i>Linux:</i> the sending half of
 * kernel/signal.c.
 */
@Traced(layer = Traced.Layer.TASK)
public final class SignalSender {
  /** What a trace says of a signal that was sent. */
  private static final int DELIVERED = 0;

  private static final int IGNORED = 1;
  private static final int ALREADY_PENDING = 2;

  private SignalSender() {}

  /** Sends to one thread. 0, or −EAGAIN when the queue of real-time signals is full. */
  public static long sendToThread(Task target, SigInfo info) {
    synchronized (target.signal()) {
      return sendLocked(target, info, false);
    }
  }

  /** Sends to a process: any thread that does not block it takes it. */
  public static long sendToProcess(SignalStruct target, SigInfo info) {
    synchronized (target) {
      return sendLocked(target.anyThread(), info, true);
    }
  }

  /**
   * Sends what an instruction of the thread itself caused: a blocked or ignored signal becomes
   * deadly. <i>Linux:</i> force_sig_info.
   */
  public static void forceSignal(Task task, SigInfo info) {
    SignalStruct process = task.signal();
    synchronized (process) {
      int signal = info.signal();
      KSigaction action = task.sighand().get(signal);
      boolean blocked = (task.blocked & SigPending.bit(signal)) != 0;
      if (blocked || action.isIgnore()) {
        task.sighand().set(signal, KSigaction.DEFAULT);
        task.blocked &= ~SigPending.bit(signal);
      }
      sendLocked(task, info, false);
      task.recalcSigpending();
    }
  }

  /** Ends the process with a signal, whatever it does with it otherwise. */
  public static void forceFatal(Task task, int signal) {
    synchronized (task.signal()) {
      task.sighand().set(signal, KSigaction.DEFAULT);
      forceSignal(task, SigInfo.kernel(signal));
    }
  }

  @Traced("__send_signal_locked")
  private static long sendLocked(Task target, SigInfo info, boolean group) {
    int signal = info.signal();
    if (target.isDead() || !prepareSignal(signal, target)) {
      trace(target, info, group, IGNORED);
      return 0;
    }
    SigPending pending = group ? target.signal().shared : target.pending;
    if (signal < SignalRules.SIGRTMIN_KERNEL && pending.has(signal)) {
      trace(target, info, group, ALREADY_PENDING);
      return 0;
    }
    if (signal >= SignalRules.SIGRTMIN_KERNEL
        && Long.compareUnsigned(pending.size(), target.rlimit(Rlimits.RLIMIT_SIGPENDING)) >= 0
        && info.code() != SignalConstants.SI_USER) {
      return -Errno.EAGAIN;
    }
    pending.add(info);
    target.signal().signalQueue.wakeUp();
    completeSignal(signal, target, group);
    trace(target, info, group, DELIVERED);
    return 0;
  }

  private static void trace(Task target, SigInfo info, boolean group, int result) {
    if (SignalTrace.signalGenerateOn()) {
      SignalTrace.signalGenerate(
          info.signal(), 0, info.code(), target.comm(), target.tid(), group ? 1 : 0, result);
    }
  }

  /** Stop and continue signals take each other away; says whether the signal counts at all. */
  @Traced("prepare_signal")
  private static boolean prepareSignal(int signal, Task target) {
    SignalStruct process = target.signal();
    if (process.groupExit) {
      return false;
    }
    if (SignalRules.stops(signal)) {
      flushEverywhere(process, SigPending.bit(Signals.SIGCONT));
    } else if (signal == Signals.SIGCONT) {
      continueProcess(process);
    }
    return !ignored(signal, target);
  }

  private static void flushEverywhere(SignalStruct process, long mask) {
    process.shared.flush(mask);
    for (Task task : process.threads) {
      task.pending.flush(mask);
    }
  }

  private static void continueProcess(SignalStruct process) {
    flushEverywhere(process, SignalRules.STOP);
    boolean wasStopped = process.stopped;
    boolean wasStopping = process.groupStopCount > 0;
    for (Task task : process.threads) {
      task.stopPending = false;
    }
    process.groupStopCount = 0;
    process.stopped = false;
    if (wasStopped || wasStopping) {
      process.notifyParent =
          wasStopped ? SignalConstants.CLD_CONTINUED : SignalConstants.CLD_STOPPED;
      process.continued = wasStopped;
      process.stopReported = false;
      for (Task task : process.threads) {
        task.signalWakeUp();
      }
      process.stopQueue.wakeUp();
    }
  }

  private static boolean ignored(int signal, Task target) {
    if (((target.blocked | target.realBlocked) & SigPending.bit(signal)) != 0) {
      return false;
    }
    KSigaction action = target.sighand().get(signal);
    return action.isIgnore() || action.isDefault() && SignalRules.ignoredByDefault(signal);
  }

  @Traced("complete_signal")
  private static void completeSignal(int signal, Task target, boolean group) {
    Task chosen = choose(signal, target, group);
    if (chosen == null) {
      return;
    }
    SignalStruct process = target.signal();
    boolean deadly =
        chosen.sighand().get(signal).isDefault()
            && !SignalRules.stops(signal)
            && !SignalRules.ignoredByDefault(signal)
            && !SignalRules.dumpsCore(signal)
            && (chosen.realBlocked & SigPending.bit(signal)) == 0;
    if (signal == Signals.SIGKILL || deadly) {
      startGroupExit(process, signal);
      return;
    }
    chosen.signalWakeUp();
  }

  private static @Nullable Task choose(int signal, Task target, boolean group) {
    if (wants(signal, target)) {
      return target;
    }
    if (group) {
      for (Task task : target.signal().threads) {
        if (wants(signal, task)) {
          return task;
        }
      }
    }
    return null;
  }

  private static boolean wants(int signal, Task task) {
    return !task.isDead()
        && (signal == Signals.SIGKILL || (task.blocked & SigPending.bit(signal)) == 0);
  }

  /** Under the signal lock: every thread of the process ends with this status. */
  static void startGroupExit(SignalStruct process, int waitStatus) {
    if (!process.groupExit) {
      process.groupExit = true;
      process.groupExitCode = waitStatus;
    }
    process.groupStopCount = 0;
    process.stopped = false;
    for (Task task : process.threads) {
      task.stopPending = false;
      task.pending.addKill();
      task.signalWakeUp();
    }
    process.stopQueue.wakeUp();
  }
}
