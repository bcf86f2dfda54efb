package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.SignalConstants.*;

import dev.svc0.runtime.abi.Errno;

/** What a process does with its signals, and on which stack. Called by the task's own thread. */
public final class SignalActions {
  /** SA_ bits that the kernel keeps; programs can find out by setting others. */
  public static final long KNOWN_FLAGS =
      SA_NOCLDSTOP
          | SA_NOCLDWAIT
          | SA_SIGINFO
          | SA_EXPOSE_TAGBITS
          | SA_RESTORER
          | SA_ONSTACK
          | SA_RESTART
          | SA_NODEFER
          | SA_RESETHAND & 0xffffffffL;

  /** What restart_syscall(2) does when there is nothing to go on with: −EINTR. */
  public static final RestartBlock NO_RESTART = RestartBlocks.NONE;

  private SignalActions() {}

  /**
   * Changes an action; a signal that is ignored from now on is no longer pending. The old action.
   */
  public static KSigaction change(Task task, int signal, KSigaction action) {
    SignalStruct process = task.signal();
    synchronized (process) {
      KSigaction old = task.sighand().set(signal, action);
      if (action.isIgnore() || action.isDefault() && SignalRules.ignoredByDefault(signal)) {
        long mask = SigPending.bit(signal);
        process.shared.flush(mask);
        for (Task thread : process.threads) {
          thread.pending.flush(mask);
        }
      }
      return old;
    }
  }

  /** Whether a stack pointer lies on the alternate stack. */
  public static boolean onAltStack(Task task, long stackPointer) {
    return (task.altStackFlags & SS_AUTODISARM) == 0
        && Long.compareUnsigned(stackPointer, task.altStackAddress) > 0
        && Long.compareUnsigned(stackPointer - task.altStackAddress, task.altStackBytes) <= 0;
  }

  /** SS_ flags as sigaltstack(2) shows them. */
  public static int altStackFlags(Task task, long stackPointer) {
    if (task.altStackBytes == 0) {
      return SS_DISABLE | task.altStackFlags & SS_FLAG_BITS;
    }
    return (onAltStack(task, stackPointer) ? SS_ONSTACK : 0) | task.altStackFlags & SS_FLAG_BITS;
  }

  /** sigaltstack(2). 0 or −errno. */
  public static long setAltStack(Task task, long address, int flags, long bytes) {
    if (onAltStack(task, task.context().stackPointer())) {
      return -Errno.EPERM;
    }
    int mode = flags & ~SS_FLAG_BITS;
    if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0) {
      return -Errno.EINVAL;
    }
    if (task.altStackAddress == address
        && task.altStackBytes == bytes
        && task.altStackFlags == flags) {
      return 0;
    }
    if (mode == SS_DISABLE) {
      storeAltStack(task, 0, flags, 0);
      return 0;
    }
    if (Long.compareUnsigned(bytes, MINSIGSTKSZ) < 0) {
      return -Errno.ENOMEM;
    }
    storeAltStack(task, address, flags, bytes);
    return 0;
  }

  private static void storeAltStack(Task task, long address, int flags, long bytes) {
    task.altStackAddress = address;
    task.altStackFlags = flags;
    task.altStackBytes = bytes;
  }

  /** rt_sigreturn(2) puts the alternate stack of the frame back; what is not valid is left. */
  public static void restoreAltStack(Task task, long address, int flags, long bytes) {
    setAltStack(task, address, flags, bytes);
  }

  /** SS_AUTODISARM: a handler that runs on the alternate stack has none. */
  public static void handlerRuns(Task task) {
    if ((task.altStackFlags & SS_AUTODISARM) != 0) {
      storeAltStack(task, 0, SS_DISABLE, 0);
    }
  }
}
