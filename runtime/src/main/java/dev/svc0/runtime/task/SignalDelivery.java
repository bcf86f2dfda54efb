package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.trace.event.SignalTrace;
import org.jspecify.annotations.Nullable;

/**
 * How a thread takes its signals before it goes back to its program. <i>Linux:</i> {@code
 * get_signal} and its helpers.
 */
public final class SignalDelivery {
  /** In a wait status: a core was dumped. */
  private static final int CORE_DUMPED = 0x80;

  private SignalDelivery() {}

  /**
   * A signal and the handler that is to run.
   *
   * @param info the signal
   * @param action what the process does with it: an address in {@code handler}
   */
  public record Caught(SigInfo info, KSigaction action) {}

  /**
   * Takes signals until one has a handler: default actions are carried out, stops are slept
   * through.
   *
   * @return what to run; null when there is nothing, or when the task is to exit ({@link
   *     Task#exiting})
   */
  public static @Nullable Caught getSignal(Task task) {
    SignalStruct process = task.signal();
    while (true) {
      notifyParentOfStop(process);
      Task execTask = process.groupExecTask;
      synchronized (process) {
        if (process.groupExit) {
          task.requestExit(process.groupExitCode);
          return null;
        }
        if (execTask != null && execTask != task) {
          task.requestExit(0);
          return null;
        }
      }
      if (task.stopPending) {
        sleepStopped(task);
        continue;
      }
      SigInfo info;
      KSigaction action;
      synchronized (process) {
        info = dequeue(task, task.blocked);
        if (info == null) {
          task.recalcSigpending();
          if (!task.signalPending()) {
            return null;
          }
          continue;
        }
        action = task.sighand().get(info.signal());
        SignalTrace.signalDeliver(info.signal(), 0, info.code(), action.handler(), action.flags());
        if (action.isIgnore()) {
          continue;
        }
        if (!action.isDefault()) {
          if (action.has(SignalConstants.SA_RESETHAND)) {
            task.sighand().set(info.signal(), KSigaction.DEFAULT);
          }
          return new Caught(info, action);
        }
      }
      defaultAction(task, info.signal());
    }
  }

  private static void defaultAction(Task task, int signal) {
    SignalStruct process = task.signal();
    if (SignalRules.ignoredByDefault(signal)) {
      return;
    }
    if (SignalRules.stops(signal)) {
      if (signal == Signals.SIGSTOP || !JobControl.isOrphaned(process)) {
        startGroupStop(process, signal);
      }
      return;
    }
    int status = signal;
    if (SignalRules.dumpsCore(signal) && process.limits().soft(Rlimits.RLIMIT_CORE) != 0) {
      status |= CORE_DUMPED; // as with a core_pattern whose reader keeps nothing
    }
    synchronized (process) {
      SignalSender.startGroupExit(process, status);
      task.requestExit(process.groupExitCode);
    }
  }

  /** Under the signal lock: takes the next signal that the mask does not block. */
  static @Nullable SigInfo dequeue(Task task, long blocked) {
    SigPending from = task.pending;
    int signal = from.next(blocked);
    if (signal == 0) {
      from = task.signal().shared;
      signal = from.next(blocked);
    }
    if (signal == 0) {
      return null;
    }
    SigInfo info = from.take(signal);
    if (info != null && info.code() == SignalConstants.SI_TIMER) {
      task.signal().timers.delivered(info);
    }
    task.recalcSigpending();
    return info;
  }

  private static void startGroupStop(SignalStruct process, int signal) {
    synchronized (process) {
      if (process.groupExit) {
        return;
      }
      process.stopSignal = signal;
      process.groupStopCount = 0;
      for (Task task : process.threads) {
        if (!task.isDead()) {
          task.stopPending = true;
          process.groupStopCount++;
          task.signalWakeUp();
        }
      }
    }
  }

  /** The thread takes part in the stop of its process and sleeps until that ends. */
  private static void sleepStopped(Task task) {
    SignalStruct process = task.signal();
    synchronized (process) {
      if (!task.stopPending) {
        return;
      }
      if (process.groupStopCount > 0 && --process.groupStopCount == 0) {
        process.stopped = true;
        process.continued = false;
        process.stopReported = true;
        process.notifyParent = SignalConstants.CLD_STOPPED;
      }
    }
    notifyParentOfStop(process);
    process.stopQueue.waitUninterruptibly(() -> !task.stopPending || process.groupExit);
    synchronized (process) {
      task.recalcSigpending();
    }
  }

  /** Under the signal lock: a thread leaves; a stop must not wait for it. */
  static void leaveGroupStop(Task task) {
    SignalStruct process = task.signal();
    if (task.stopPending && process.groupStopCount > 0 && --process.groupStopCount == 0) {
      process.stopped = true;
      process.stopReported = true;
      process.notifyParent = SignalConstants.CLD_STOPPED;
    }
    task.stopPending = false;
  }

  /** Tells the parent what a stop or continue left to tell. Takes the task list lock. */
  static void notifyParentOfStop(SignalStruct process) {
    if (process.notifyParent == 0) {
      return;
    }
    synchronized (process.kernel().taskListLock()) {
      int why;
      int status;
      synchronized (process) {
        why = process.notifyParent;
        process.notifyParent = 0;
        status = why == SignalConstants.CLD_CONTINUED ? Signals.SIGCONT : process.stopSignal;
      }
      if (why != 0) {
        JobControl.tellParent(process, why, status);
      }
    }
  }
}
