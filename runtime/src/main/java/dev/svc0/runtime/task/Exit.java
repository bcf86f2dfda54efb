package dev.svc0.runtime.task;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.ipc.IpcNamespace;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.trace.event.SchedTrace;

/** The end of tasks. <i>Linux:</i> kernel/exit.c. */
@Traced(layer = Traced.Layer.TASK)
public final class Exit {
  private static final int SIGNAL_MASK = 0x7f;
  private static final int CORE_FLAG = 0x80;

  private Exit() {}

  /** exit_group(2): all threads of the process end with this wait status. */
  public static void doGroupExit(Task task, int waitStatus) {
    SignalStruct process = task.signal();
    synchronized (process) {
      if (!process.groupExit) {
        SignalSender.startGroupExit(process, waitStatus);
      }
      task.requestExit(process.groupExitCode);
    }
  }

  /**
   * Takes the calling task apart. The last thing its thread does. After an error it can be called
   * again and goes on with what is left.
   */
  @Traced("do_exit")
  static void doExit(Task task) {
    if (task.exitedWholly) {
      return;
    }
    SchedTrace.schedProcessExit(task.comm(), task.tid(), 120, task.exitCode);
    try {
      mmRelease(task);
      exitFiles(task);
    } finally {
      if (!task.exitedMm) {
        long total = task.cpuNanos();
        long user = Math.min(task.userNanos(), total);
        task.exitUsage = new long[] {user, total - user, task.memory().residentPages()};
        task.exitedMm = true;
        Exec.dropImage(task.image);
        task.memory().release();
      }
      exitNotify(task, task.exitUsage);
    }
  }

  /**
   * The task lets go of user memory: robust futexes, clear_child_tid, the parent of a vfork. At the
   * end and at execve.
   */
  static void mmRelease(Task task) {
    RobustList.exit(task);
    task.kernel().futexes().pi().exit(task);
    if (task.clearChildTid != 0) {
      try {
        task.memory().writeInt(task.clearChildTid, 0);
        task.kernel().futexes().wakeShared(task, task.clearChildTid, 1);
      } catch (UserFault ignored) {
        // The thread gave an address that is gone; Linux ignores it too.
      }
      task.clearChildTid = 0;
    }
    WaitQueue vfork = task.vforkDone;
    if (vfork != null) {
      task.vforkDone = null;
      vfork.wakeUp();
    }
  }

  private static void exitFiles(Task task) {
    if (!task.exitedFiles) {
      task.exitedFiles = true;
      task.files().release(task);
      task.fs().release();
    }
  }

  @Traced("exit_notify")
  private static void exitNotify(Task task, long[] usage) {
    SignalStruct process = task.signal();
    synchronized (task.kernel().taskListLock()) {
      boolean last;
      synchronized (process) {
        task.dead = true;
        process.threads.remove(task);
        SignalDelivery.leaveGroupStop(task);
        process.accounting().addThread(usage[0], usage[1], usage[2]);
        task.setThread(null);
        last = process.threads.isEmpty();
        if (last && !process.groupExit) {
          process.groupExit = true;
          process.groupExitCode = lastStatus(process, task);
        }
      }
      if (task != process.leader) {
        task.kernel().pids().remove(task);
      }
      if (process.groupExecTask != null) {
        process.groupExecTask.wake();
      }
      if (last) {
        endProcess(process);
      }
    }
    task.exitedWholly = true;
    SignalDelivery.notifyParentOfStop(process);
  }

  /** Without exit_group the status is what the leader gave to exit(2). */
  private static int lastStatus(SignalStruct process, Task last) {
    return process.leader == last ? last.exitCode : process.leader.exitCode;
  }

  private static void endProcess(SignalStruct process) {
    process.timers().cancelAll();
    IpcNamespace.of(process.kernel().vfs()).processEnded(process.pid());
    forgetOriginalParent(process);
    JobControl.killOrphaned(process, process.parent);
    if (process.isSessionLeader()) {
      disassociateTerminal(process);
    }
    process.zombie = true;
    process.exitQueue.wakeUp();
    SignalStruct parent = process.parent;
    boolean reap = notifyParent(process, parent);
    if (reap) {
      release(process);
    }
    parent.waitChild.wakeUp();
  }

  /** The session loses its terminal; its foreground processes hear SIGHUP. */
  private static void disassociateTerminal(SignalStruct leader) {
    Object terminal = leader.controllingTerminal();
    int orphans = leader.oldForegroundGroup();
    if (orphans != 0) {
      JobControl.sendToGroup(leader.kernel(), orphans, SigInfo.kernel(Signals.SIGHUP));
      JobControl.sendToGroup(leader.kernel(), orphans, SigInfo.kernel(Signals.SIGCONT));
    }
    if (terminal == null) {
      return;
    }
    for (SignalStruct member : leader.kernel().processes()) {
      if (member.session == leader.pid()) {
        member.setControllingTerminal(null);
      }
    }
    if (terminal instanceof SessionTerminal session) {
      session.sessionEnded(leader);
    }
  }

  private static void forgetOriginalParent(SignalStruct process) {
    SignalStruct heir = findHeir(process);
    for (SignalStruct child : process.children) {
      child.parent = heir;
      int deathSignal = child.leader.settings.deathSignal;
      if (deathSignal != 0) {
        SignalSender.sendToProcess(
            child, SigInfo.user(deathSignal, SignalConstants.SI_USER, process.pid(), 0));
      }
      child.exitSignal = Signals.SIGCHLD;
      if (heir == process.kernel().reaper()) {
        adoptByReaper(child);
      } else {
        heir.children.add(child);
        if (child.zombie) {
          heir.waitChild.wakeUp();
          notifyParent(child, heir);
        }
      }
      JobControl.killOrphaned(child, process);
    }
    process.children.clear();
  }

  private static void adoptByReaper(SignalStruct child) {
    if (child.zombie) {
      release(child);
    }
  }

  private static SignalStruct findHeir(SignalStruct process) {
    SignalStruct reaper = process.kernel().reaper();
    for (SignalStruct p = process.parent; p != reaper; p = p.parent) {
      if (p.childSubreaper && !p.zombie) {
        return p;
      }
    }
    return reaper;
  }

  /** Sends the exit signal; whether the process is to be reaped at once. */
  private static boolean notifyParent(SignalStruct process, SignalStruct parent) {
    if (parent == process.kernel().reaper()) {
      return process.exitSignal == Signals.SIGCHLD;
    }
    if (process.exitSignal == 0) {
      return false;
    }
    KSigaction action = parent.anyThread().sighand().get(Signals.SIGCHLD);
    boolean reap =
        process.exitSignal == Signals.SIGCHLD
            && (action.isIgnore() || action.has(SignalConstants.SA_NOCLDWAIT));
    boolean silent = process.exitSignal == Signals.SIGCHLD && action.isIgnore();
    if (!silent) {
      SignalSender.sendToProcess(parent, exitInfo(process));
    }
    return reap;
  }

  static SigInfo exitInfo(SignalStruct process) {
    int status = process.groupExitCode;
    int code = exitCodeOf(status);
    int value = code == SignalConstants.CLD_EXITED ? status >> 8 & 0xff : status & SIGNAL_MASK;
    return JobControl.childInfo(process, code, value);
  }

  static int exitCodeOf(int status) {
    if ((status & SIGNAL_MASK) == 0) {
      return SignalConstants.CLD_EXITED;
    }
    return (status & CORE_FLAG) != 0 ? SignalConstants.CLD_DUMPED : SignalConstants.CLD_KILLED;
  }

  /** Under the task list lock: a zombie disappears. <i>Linux:</i> release_task. */
  @Traced("release_task")
  static void release(SignalStruct process) {
    process.parent.children.remove(process);
    process.kernel().removeProcess(process);
    process.kernel().pids().remove(process.leader);
    process.exitQueue.wakeUp();
  }
}
