package dev.svc0.runtime.calls;

import dev.svc0.annotation.Pid;
import dev.svc0.annotation.SignalNr;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalRules;
import dev.svc0.runtime.task.SignalSender;
import dev.svc0.runtime.task.SignalStruct;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import org.jspecify.annotations.Nullable;

/** Sending signals. */
public final class KillCalls {
  private static final int EVERYBODY = -1;

  private KillCalls() {}

  @SyscallDefine(
      nr = 129,
      name = "kill",
      errors = {"EINVAL", "EPERM", "ESRCH"})
  public static long kill(Task task, @Pid int pid, @SignalNr int sig) {
    SigInfo info = SigInfo.user(sig, SignalConstants.SI_USER, task.pid(), task.cred().uid());
    if (pid > 0) {
      return sendToProcess(task, pid, sig, info);
    }
    if (pid == Integer.MIN_VALUE) {
      return -Errno.ESRCH;
    }
    return pid == EVERYBODY ? sendToAll(task, sig, info) : sendToGroup(task, pid, sig, info);
  }

  static long sendToProcess(Task task, int pid, int sig, SigInfo info) {
    return send(task, task.kernel().findProcess(pid), sig, info);
  }

  private static long send(Task task, @Nullable SignalStruct target, int sig, SigInfo info) {
    if (target == null) {
      return sig < 0 || sig > SignalConstants._NSIG ? -Errno.EINVAL : -Errno.ESRCH;
    }
    long allowed = check(task, target, sig);
    if (allowed != 0 || sig == 0) {
      return allowed;
    }
    return SignalSender.sendToProcess(target, info);
  }

  private static long check(Task task, SignalStruct target, int sig) {
    if (sig != 0 && !SignalRules.valid(sig)) {
      return -Errno.EINVAL;
    }
    if (target == task.signal() || task.cred().capable(Capability.CAP_KILL)) {
      return 0;
    }
    Cred mine = task.cred();
    Cred theirs = target.leader().cred();
    boolean same =
        mine.euid() == theirs.suid()
            || mine.euid() == theirs.uid()
            || mine.uid() == theirs.suid()
            || mine.uid() == theirs.uid();
    boolean jobControl = sig == Signals.SIGCONT && task.signal().session() == target.session();
    return same || jobControl ? 0 : -Errno.EPERM;
  }

  private static long sendToAll(Task task, int sig, SigInfo info) {
    long result = -Errno.ESRCH;
    for (SignalStruct target : task.kernel().processes()) {
      if (target.pid() > 1 && target != task.signal()) {
        long one = send(task, target, sig, info);
        result = one == -Errno.EPERM && result == -Errno.ESRCH ? result : one;
      }
    }
    return result;
  }

  private static long sendToGroup(Task task, int pid, int sig, SigInfo info) {
    int group = pid == 0 ? task.signal().processGroup() : -pid;
    boolean found = false;
    boolean sent = false;
    long error = -Errno.ESRCH;
    for (SignalStruct target : task.kernel().processes()) {
      if (target.processGroup() == group) {
        found = true;
        long one = send(task, target, sig, info);
        sent |= one == 0;
        error = one;
      }
    }
    if (!found && sig != 0 && !SignalRules.valid(sig)) {
      return -Errno.EINVAL;
    }
    return sent ? 0 : error;
  }

  @SyscallDefine(
      nr = 130,
      name = "tkill",
      errors = {"EINVAL", "EPERM", "ESRCH"})
  public static long tkill(Task task, @Pid int pid, @SignalNr int sig) {
    return pid <= 0 ? -Errno.EINVAL : sendToThread(task, 0, pid, sig, threadInfo(task, sig));
  }

  @SyscallDefine(
      nr = 131,
      name = "tgkill",
      errors = {"EINVAL", "EPERM", "ESRCH"})
  public static long tgkill(Task task, @Pid int tgid, @Pid int pid, @SignalNr int sig) {
    if (pid <= 0 || tgid <= 0) {
      return -Errno.EINVAL;
    }
    return sendToThread(task, tgid, pid, sig, threadInfo(task, sig));
  }

  private static SigInfo threadInfo(Task task, int sig) {
    return SigInfo.user(sig, SignalConstants.SI_TKILL, task.pid(), task.cred().uid());
  }

  static long sendToThread(Task task, int tgid, int tid, int sig, SigInfo info) {
    Task target = task.kernel().findTask(tid);
    if (target == null || tgid != 0 && target.pid() != tgid) {
      return -Errno.ESRCH;
    }
    long allowed = check(task, target.signal(), sig);
    if (allowed != 0 || sig == 0) {
      return allowed;
    }
    return SignalSender.sendToThread(target, info);
  }
}
