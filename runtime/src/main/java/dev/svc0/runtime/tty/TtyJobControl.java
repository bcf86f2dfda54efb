package dev.svc0.runtime.tty;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.task.JobControl;
import dev.svc0.runtime.task.Kernel;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalStruct;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import org.jspecify.annotations.Nullable;

/** Who may use a terminal, and whose it is. <i>Linux:</i> drivers/tty/tty_jobctrl.c. */
final class TtyJobControl {
  private TtyJobControl() {}

  /** The process that calls; null for a caller that is none. */
  static @Nullable SignalStruct processOf(Caller caller) {
    return caller instanceof Task task ? task.signal() : null;
  }

  /** The terminal that controls the caller's session; null for none. */
  static @Nullable Tty currentTty(Caller caller) {
    SignalStruct process = processOf(caller);
    return process != null && process.controllingTerminal() instanceof Tty tty ? tty : null;
  }

  /**
   * A process of the background that reads (SIGTTIN) or changes settings (SIGTTOU) is stopped.
   *
   * @return 0 when it may go on, −ERESTARTSYS when a signal was sent, −EIO when nobody could
   *     continue it
   */
  static long checkChange(Tty tty, Caller caller, int signal) {
    if (currentTty(caller) != tty || !(caller instanceof Task task)) {
      return 0;
    }
    SignalStruct process = task.signal();
    int foreground = tty.foregroundGroup();
    if (foreground == 0 || foreground == process.processGroup()) {
      return 0;
    }
    boolean blocked = (task.blockedSignals() & 1L << signal - 1) != 0;
    if (blocked || task.sighand().get(signal).isIgnore()) {
      return signal == Signals.SIGTTIN ? -Errno.EIO : 0;
    }
    if (JobControl.isOrphaned(process)) {
      return -Errno.EIO;
    }
    JobControl.sendToGroup(task.kernel(), process.processGroup(), SigInfo.kernel(signal));
    return -InternalErrno.ERESTARTSYS;
  }

  /** An open by a session leader without a terminal makes this one the session's. */
  static void openSetsTerminal(Tty tty, File file, Caller caller) {
    SignalStruct process = processOf(caller);
    if (process != null
        && process.isSessionLeader()
        && process.controllingTerminal() == null
        && tty.sessionLeader() == null
        && file.hasMode(File.FMODE_READ)) {
      setTerminal(tty, process);
    }
  }

  private static void setTerminal(Tty tty, SignalStruct leader) {
    tty.setSession(leader, leader.processGroup());
    leader.setControllingTerminal(tty);
  }

  /** TIOCSCTTY. */
  static long setControlling(Tty tty, File file, long argument, Caller caller) {
    SignalStruct process = processOf(caller);
    if (process == null) {
      return -Errno.EPERM;
    }
    SignalStruct leader = tty.sessionLeader();
    if (process.isSessionLeader() && leader == process) {
      return 0;
    }
    if (!process.isSessionLeader() || process.controllingTerminal() != null) {
      return -Errno.EPERM;
    }
    boolean administrator = caller.cred().capable(Capability.CAP_SYS_ADMIN);
    if (leader != null) {
      if (argument != 1 || !administrator) {
        return -Errno.EPERM;
      }
      forgetTerminal(leader, tty);
    }
    if (!file.hasMode(File.FMODE_READ) && !administrator) {
      return -Errno.EPERM;
    }
    setTerminal(tty, process);
    return 0;
  }

  /** TIOCNOTTY. */
  static long giveUp(Tty tty, Caller caller) {
    SignalStruct process = processOf(caller);
    if (process == null || process.controllingTerminal() != tty) {
      return -Errno.ENOTTY;
    }
    if (process.isSessionLeader()) {
      tty.signalForeground(Signals.SIGHUP);
      tty.signalForeground(Signals.SIGCONT);
      forgetTerminal(process, tty);
      tty.setSession(null, 0);
    }
    process.setControllingTerminal(null);
    return 0;
  }

  /** The processes of a session have no terminal any more. */
  static void forgetTerminal(SignalStruct leader, Tty tty) {
    Kernel kernel = leader.kernel();
    for (SignalStruct member : kernel.processes()) {
      if (member.session() == leader.pid() && member.controllingTerminal() == tty) {
        member.setControllingTerminal(null);
      }
    }
  }

  /** TIOCGPGRP: the group, or −errno. */
  static long foregroundGroup(Tty tty, boolean throughMaster, Caller caller) {
    if (!throughMaster && currentTty(caller) != tty) {
      return -Errno.ENOTTY;
    }
    return tty.foregroundGroup();
  }

  /** TIOCGSID: the session, or −errno. */
  static long session(Tty tty, boolean throughMaster, Caller caller) {
    SignalStruct leader = tty.sessionLeader();
    if (!throughMaster && currentTty(caller) != tty || leader == null) {
      return -Errno.ENOTTY;
    }
    return leader.pid();
  }

  /** TIOCSPGRP. */
  static long setForegroundGroup(Tty tty, int group, Caller caller) {
    long check = checkChange(tty, caller, Signals.SIGTTOU);
    if (check != 0) {
      return check == -Errno.EIO ? -Errno.ENOTTY : check;
    }
    SignalStruct process = processOf(caller);
    SignalStruct leader = tty.sessionLeader();
    if (process == null
        || process.controllingTerminal() != tty
        || leader == null
        || leader.pid() != process.session()) {
      return -Errno.ENOTTY;
    }
    if (group < 0) {
      return -Errno.EINVAL;
    }
    boolean exists = false;
    for (SignalStruct member : process.kernel().processes()) {
      if (member.processGroup() == group) {
        if (member.session() != process.session()) {
          return -Errno.EPERM;
        }
        exists = true;
      }
    }
    if (!exists) {
      return -Errno.ESRCH;
    }
    tty.setForegroundGroup(group);
    return 0;
  }
}
