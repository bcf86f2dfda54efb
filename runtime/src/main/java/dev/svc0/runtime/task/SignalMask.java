package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.sched.Parking;
import dev.svc0.runtime.sched.WaitQueue;
import org.jspecify.annotations.Nullable;

/**
 * The signal mask of the calling thread, and the calls that wait with another one. All methods are
 * called by the task's own thread.
 */
public final class SignalMask {
  /** Bytes of a signal set. */
  public static final int SIGSET_BYTES = 8;

  private SignalMask() {}

  /** Blocks these signals and no others; SIGKILL and SIGSTOP cannot be blocked. */
  public static void set(Task task, long mask) {
    SignalStruct process = task.signal();
    synchronized (process) {
      long next = mask & ~SignalRules.KERNEL_ONLY;
      long newlyBlocked = next & ~task.blocked;
      task.blocked = next;
      if ((process.shared.signals & newlyBlocked) != 0) {
        retarget(task, newlyBlocked);
      }
      task.recalcSigpending();
    }
  }

  /** Signals of the process that this thread would have taken go to another one. */
  private static void retarget(Task task, long signals) {
    for (Task other : task.signal().threads) {
      if (other != task && (task.signal().shared.signals & signals & ~other.blocked) != 0) {
        other.signalWakeUp();
      }
    }
  }

  /**
   * Waits with a mask that a program gave, as ppoll and epoll_pwait do.
   *
   * @param userMask address of the set, 0 for none
   * @return 0 or −errno
   */
  public static long setUserSigmask(Task task, long userMask, long sigsetBytes) {
    if (userMask == 0) {
      return 0;
    }
    if (sigsetBytes != SIGSET_BYTES) {
      return -Errno.EINVAL;
    }
    long mask = task.memory().readLong(userMask);
    task.savedSigmask = task.blocked;
    task.restoreSigmask = true;
    set(task, mask);
    return 0;
  }

  /**
   * Ends such a wait: the old mask comes back now, or after the handler when a signal ended the
   * wait.
   */
  public static void restoreSavedSigmaskUnless(Task task, boolean interrupted) {
    if (!interrupted) {
      restoreSaved(task);
    }
  }

  /** Goes back to the saved mask, if there is one. */
  public static void restoreSaved(Task task) {
    if (task.restoreSigmask) {
      task.restoreSigmask = false;
      set(task, task.savedSigmask);
    }
  }

  /** The mask that a signal frame keeps. */
  public static long maskForFrame(Task task) {
    return task.restoreSigmask ? task.savedSigmask : task.blocked;
  }

  /** A handler is about to run: its mask is added, the saved one is in the frame. */
  public static void handlerStarts(Task task, KSigaction action, int signal) {
    task.restoreSigmask = false;
    long mask = task.blocked | action.mask();
    if (!action.has(dev.svc0.runtime.abi.SignalConstants.SA_NODEFER)) {
      mask |= SigPending.bit(signal);
    }
    set(task, mask);
  }

  /** rt_sigsuspend(2): waits for a signal with another mask. */
  public static long sigsuspend(Task task, long mask) {
    task.savedSigmask = task.blocked;
    set(task, mask);
    while (!task.signalPending()) {
      Parking.park(task);
    }
    task.restoreSigmask = true;
    return -InternalErrno.ERESTARTNOHAND;
  }

  /**
   * rt_sigtimedwait(2): takes one of these signals.
   *
   * @param deadlineNanos on {@link System#nanoTime}, or {@link WaitQueue#NO_DEADLINE}
   * @param pollOnly answers at once
   * @return what was taken; null with the errno in error[0]
   */
  public static @Nullable SigInfo sigtimedwait(
      Task task, long wanted, long deadlineNanos, PollOnly pollOnly, long[] error) {
    SignalStruct process = task.signal();
    long notWanted = ~(wanted & ~SignalRules.KERNEL_ONLY);
    synchronized (process) {
      SigInfo info = SignalDelivery.dequeue(task, notWanted);
      if (info != null) {
        return info;
      }
      if (pollOnly == PollOnly.YES) {
        error[0] = -Errno.EAGAIN;
        return null;
      }
      task.realBlocked = task.blocked;
      task.blocked &= notWanted;
      task.recalcSigpending();
    }
    boolean timeout = park(task, deadlineNanos);
    synchronized (process) {
      task.blocked = task.realBlocked;
      task.realBlocked = 0;
      SigInfo info = SignalDelivery.dequeue(task, notWanted);
      task.recalcSigpending();
      if (info == null) {
        error[0] = timeout ? -Errno.EAGAIN : -Errno.EINTR;
      }
      return info;
    }
  }

  /** Whether a wait only looks. */
  public enum PollOnly {
    YES,
    NO
  }

  private static boolean park(Task task, long deadlineNanos) {
    while (!task.signalPending()) {
      if (deadlineNanos == WaitQueue.NO_DEADLINE) {
        Parking.park(task);
      } else {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return true;
        }
        Parking.parkNanos(task, left);
      }
      Thread.interrupted();
    }
    return false;
  }
}
