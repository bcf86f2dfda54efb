package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;

/** Process groups, sessions, and what parents are told. */
public final class JobControl {
  private static final long NANOS_PER_TICK = 10_000_000;

  private JobControl() {}

  /** Sends SIGCHLD about a stop or a continue, unless the parent does not want it. */
  static void tellParent(SignalStruct process, int why, int status) {
    SignalStruct parent = process.parent;
    KSigaction action = parent.anyThread().sighand().get(Signals.SIGCHLD);
    if (!action.isIgnore() && !action.has(SignalConstants.SA_NOCLDSTOP)) {
      SignalSender.sendToProcess(parent, childInfo(process, why, status));
    }
    parent.waitChild.wakeUp();
  }

  static SigInfo childInfo(SignalStruct process, int code, int status) {
    Accounting times = process.accounting();
    return SigInfo.child(
        code,
        process.pid(),
        process.leader().cred().uid(),
        status,
        times.userNanos(process) / NANOS_PER_TICK,
        times.systemNanos(process) / NANOS_PER_TICK);
  }

  /**
   * Whether no process of the group has a parent in another group of the same session: nobody is
   * there to continue it after a stop. Takes the task list lock.
   */
  public static boolean isOrphaned(SignalStruct process) {
    synchronized (process.kernel().taskListLock()) {
      return isOrphaned(process.kernel(), process.processGroup, null);
    }
  }

  static boolean isOrphaned(
      Kernel kernel, int group, @org.jspecify.annotations.Nullable SignalStruct ignored) {
    for (SignalStruct member : kernel.processes()) {
      if (member.processGroup != group
          || member == ignored
          || member.zombie
          || member.parent == kernel.reaper()) {
        continue;
      }
      SignalStruct parent = member.parent;
      if (parent.processGroup != group && parent.session == member.session) {
        return false;
      }
    }
    return true;
  }

  /**
   * A process ends or moves: groups that it kept from being orphaned, and that have stopped
   * members, get SIGHUP and SIGCONT. <i>Linux:</i> kill_orphaned_pgrp.
   */
  static void killOrphaned(SignalStruct process, SignalStruct parent) {
    if (parent.processGroup == process.processGroup || parent.session != process.session) {
      return;
    }
    Kernel kernel = process.kernel();
    int group = process.processGroup;
    if (isOrphaned(kernel, group, process) && hasStopped(kernel, group)) {
      sendToGroup(kernel, group, SigInfo.kernel(Signals.SIGHUP));
      sendToGroup(kernel, group, SigInfo.kernel(Signals.SIGCONT));
    }
  }

  private static boolean hasStopped(Kernel kernel, int group) {
    for (SignalStruct member : kernel.processes()) {
      if (member.processGroup == group && member.isStopped()) {
        return true;
      }
    }
    return false;
  }

  /** Sends to every process of a group. */
  public static void sendToGroup(Kernel kernel, int group, SigInfo info) {
    synchronized (kernel.taskListLock()) {
      for (SignalStruct member : kernel.processes()) {
        if (member.processGroup == group) {
          SignalSender.sendToProcess(member, info);
        }
      }
    }
  }

  /** setsid(2): a session and a process group of its own. The session id or −errno. */
  public static long setsid(SignalStruct process) {
    Kernel kernel = process.kernel();
    synchronized (kernel.taskListLock()) {
      if (process.session == process.pid()) {
        return -Errno.EPERM;
      }
      for (SignalStruct member : kernel.processes()) {
        if (member.processGroup == process.pid()) {
          return -Errno.EPERM;
        }
      }
      process.session = process.pid();
      process.processGroup = process.pid();
      process.setControllingTerminal(null);
      return process.pid();
    }
  }

  /** setpgid(2) with the defaults filled in. 0 or −errno. */
  public static long setpgid(SignalStruct caller, int pid, int group) {
    Kernel kernel = caller.kernel();
    synchronized (kernel.taskListLock()) {
      SignalStruct target = kernel.findProcess(pid);
      if (target == null) {
        return kernel.findTask(pid) == null ? -Errno.ESRCH : -Errno.EINVAL;
      }
      if (target.parent == caller) {
        if (target.session != caller.session) {
          return -Errno.EPERM;
        }
        if (target.executed) {
          return -Errno.EACCES;
        }
      } else if (target != caller) {
        return -Errno.ESRCH;
      }
      if (target.isSessionLeader()) {
        return -Errno.EPERM;
      }
      if (group != pid && !groupInSession(kernel, group, caller.session)) {
        return -Errno.EPERM;
      }
      target.processGroup = group;
      return 0;
    }
  }

  private static boolean groupInSession(Kernel kernel, int group, int session) {
    for (SignalStruct member : kernel.processes()) {
      if (member.processGroup == group && member.session == session) {
        return true;
      }
    }
    return false;
  }
}
