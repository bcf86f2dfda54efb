package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;

import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.SignalNr;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.CloneFlags;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.abi.SiginfoLayout;
import dev.svc0.runtime.abi.SignalConstants;
import dev.svc0.runtime.task.PidFile;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalFile;
import dev.svc0.runtime.task.SignalMask;
import dev.svc0.runtime.task.SignalStruct;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import org.jspecify.annotations.Nullable;

/** Processes and signals as files. */
public final class PidfdCalls {
  private static final int NEW_FILE = -1;

  private PidfdCalls() {}

  static long install(Task task, File file, boolean cloexec) {
    int fd = task.files().install(file, 0, cloexec, task.rlimit(Rlimits.RLIMIT_NOFILE));
    if (fd < 0) {
      file.put();
    }
    return fd;
  }

  @SyscallDefine(
      nr = 434,
      name = "pidfd_open",
      support = Support.PARTIAL,
      note = "no PIDFD_THREAD: EINVAL",
      errors = {"EINVAL", "EMFILE", "ESRCH"})
  public static long pidfdOpen(
      Task task,
      @Pid int pid,
      @Flags(
              value = "pidfd:PIDFD_NONBLOCK",
              supported = {"PIDFD_NONBLOCK"})
          int flags) {
    if (pid <= 0) {
      return -Errno.EINVAL;
    }
    SignalStruct process = task.kernel().findProcess(pid);
    if (process == null) {
      return task.kernel().findTask(pid) == null ? -Errno.ESRCH : -Errno.EINVAL;
    }
    return install(task, PidFile.create(process, flags, task.cred()), true);
  }

  /** Does something with the process behind a descriptor. */
  @FunctionalInterface
  private interface Action {
    long apply(PidFile pidfd);
  }

  private static long with(Task task, int fd, Action action) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      PidFile pidfd = PidFile.of(file);
      return pidfd == null ? -Errno.EBADF : action.apply(pidfd);
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 424,
      name = "pidfd_send_signal",
      support = Support.PARTIAL,
      note = "to the process only: PIDFD_SIGNAL_ flags are EINVAL; no folders of /proc",
      errors = {"EBADF", "EINVAL", "EPERM", "ESRCH"})
  public static long pidfdSendSignal(
      Task task,
      @Fd int pidfd,
      @SignalNr int sig,
      @UserPtr(access = IN, struct = "siginfo") long info,
      int flags) {
    if ((flags & ~(int) CloneFlags.PIDFD_SIGNAL_THREAD_GROUP) != 0) {
      return -Errno.EINVAL;
    }
    return with(
        task,
        pidfd,
        target -> {
          int pid = target.process().pid();
          SigInfo sent;
          if (info == 0) {
            sent = SigInfo.user(sig, SignalConstants.SI_USER, task.pid(), task.cred().uid());
          } else {
            sent = SigInfo.fromUser(sig, task.memory().readBytes(info, SiginfoLayout.SIZE));
            if (task.memory().readInt(info + SiginfoLayout.si_signo) != sig) {
              return -Errno.EINVAL;
            }
            boolean kernels = sent.code() >= 0 || sent.code() == SignalConstants.SI_TKILL;
            if (kernels && task.pid() != pid) {
              return -Errno.EPERM;
            }
          }
          return target.isReaped() ? -Errno.ESRCH : KillCalls.sendToProcess(task, pid, sig, sent);
        });
  }

  @SyscallDefine(
      nr = 438,
      name = "pidfd_getfd",
      errors = {"EBADF", "EINVAL", "EMFILE", "EPERM", "ESRCH"})
  public static long pidfdGetfd(Task task, @Fd int pidfd, @Fd int fd, int flags) {
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    return with(
        task,
        pidfd,
        target -> {
          SignalStruct process = target.process();
          if (process.isZombie()) {
            return -Errno.ESRCH;
          }
          if (!mayInspect(task, process)) {
            return -Errno.EPERM;
          }
          File file = process.anyThread().files().fdgetRaw(fd);
          return file == null ? -Errno.EBADF : install(task, file, true);
        });
  }

  /** Whether a process may look into another one. <i>Linux:</i> ptrace_may_access. */
  static boolean mayInspect(Task task, SignalStruct process) {
    Cred mine = task.cred();
    Cred theirs = process.leader().cred();
    boolean same =
        mine.uid() == theirs.uid()
            && mine.uid() == theirs.euid()
            && mine.uid() == theirs.suid()
            && mine.gid() == theirs.gid()
            && mine.gid() == theirs.egid()
            && mine.gid() == theirs.sgid();
    return process == task.signal() || same || mine.capable(Capability.CAP_SYS_PTRACE);
  }

  @SyscallDefine(
      nr = 74,
      name = "signalfd4",
      errors = {"EBADF", "EINVAL", "EMFILE"})
  public static long signalfd4(
      Task task,
      @Fd int ufd,
      @UserPtr(access = IN, length = "sizemask") long user_mask,
      @Size long sizemask,
      @Flags("signalfd") int flags) {
    if (sizemask != SignalMask.SIGSET_BYTES) {
      return -Errno.EINVAL;
    }
    long mask = task.memory().readLong(user_mask);
    if ((flags & ~(SignalConstants.SFD_CLOEXEC | SignalConstants.SFD_NONBLOCK)) != 0) {
      return -Errno.EINVAL;
    }
    if (ufd == NEW_FILE) {
      File file = SignalFile.create(task.kernel(), mask, flags, task.cred());
      return install(task, file, (flags & Fcntl.O_CLOEXEC) != 0);
    }
    File file = task.files().fdget(ufd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      @Nullable SignalFile signals = SignalFile.of(file);
      if (signals == null) {
        return -Errno.EINVAL;
      }
      signals.setMask(mask);
      return ufd;
    } finally {
      file.put();
    }
  }
}
