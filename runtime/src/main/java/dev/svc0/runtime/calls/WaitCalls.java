package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.OUT;
import static dev.svc0.runtime.abi.CloneFlags.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.SiginfoLayout;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.PidFile;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.task.Wait;
import dev.svc0.runtime.task.WaitOptions;
import dev.svc0.runtime.task.WaitResult;
import dev.svc0.runtime.vfs.File;
import org.jspecify.annotations.Nullable;

/** Waiting for children. */
public final class WaitCalls {
  private static final long CLONE_BITS = __WNOTHREAD | __WCLONE | __WALL;

  private WaitCalls() {}

  @SyscallDefine(
      nr = 260,
      name = "wait4",
      errors = {"ECHILD", "EINVAL", "EFAULT", "ESRCH"},
      restart = Restart.IF_SA_RESTART,
      note = "__WNOTHREAD: children of all threads are waited for")
  public static long wait4(
      Task task,
      @Pid int upid,
      @UserPtr(access = OUT, length = "4") long statAddr,
      @Flags("wait:W|__W") int options,
      @UserPtr(access = OUT, struct = "rusage") long ru) {
    long known = WNOHANG | WUNTRACED | WCONTINUED | CLONE_BITS;
    if ((options & 0xffffffffL & ~known) != 0) {
      return -Errno.EINVAL;
    }
    if (upid == Integer.MIN_VALUE) {
      return -Errno.ESRCH;
    }
    int wanted = options | WEXITED;
    WaitOptions which;
    if (upid == -1) {
      which = new WaitOptions(P_ALL, 0, wanted);
    } else if (upid > 0) {
      which = new WaitOptions(P_PID, upid, wanted);
    } else {
      int group = upid == 0 ? task.signal().processGroup() : -upid;
      which = new WaitOptions(P_PGID, group, wanted);
    }
    long[] error = new long[1];
    WaitResult result = Wait.doWait(task, which, error);
    if (result == null) {
      return error[0];
    }
    if (statAddr != 0) {
      task.memory().writeInt(statAddr, result.status());
    }
    if (ru != 0) {
      UsageCalls.writeBoth(task.memory(), ru, result.process());
    }
    return result.pid();
  }

  @SyscallDefine(
      nr = 95,
      name = "waitid",
      errors = {"EAGAIN", "EBADF", "ECHILD", "EINVAL", "EFAULT"},
      restart = Restart.IF_SA_RESTART)
  public static long waitid(
      Task task,
      @EnumOf("wait:P_") int which,
      @Pid int upid,
      @UserPtr(access = OUT, struct = "siginfo") long infop,
      @Flags("wait:W|__W") int options,
      @UserPtr(access = OUT, struct = "rusage") long ru) {
    @Nullable WaitResult[] found = new WaitResult[1];
    long error = kernelWaitid(task, which, upid, options, found);
    WaitResult result = found[0];
    if (result != null && ru != 0) {
      UsageCalls.writeBoth(task.memory(), ru, result.process());
    }
    // Written, without a child, also when the call fails.
    if (infop != 0) {
      writeInfo(task.memory(), infop, result);
    }
    return error;
  }

  private static long kernelWaitid(
      Task task, int which, int upid, int options, @Nullable WaitResult[] found) {
    long known = WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | CLONE_BITS;
    if ((options & 0xffffffffL & ~known) != 0
        || (options & (WEXITED | WSTOPPED | WCONTINUED)) == 0) {
      return -Errno.EINVAL;
    }
    if (which == P_PIDFD) {
      return waitPidfd(task, upid, options, found);
    }
    int id = upid;
    switch (which) {
      case P_ALL -> id = 0;
      case P_PID -> {
        if (upid <= 0) {
          return -Errno.EINVAL;
        }
      }
      case P_PGID -> {
        if (upid < 0) {
          return -Errno.EINVAL;
        }
        id = upid == 0 ? task.signal().processGroup() : upid;
      }
      default -> {
        return -Errno.EINVAL;
      }
    }
    long[] error = new long[1];
    found[0] = Wait.doWait(task, new WaitOptions(which, id, options), error);
    return found[0] == null ? error[0] : 0;
  }

  /** <i>Linux:</i> the case P_PIDFD of kernel_waitid_prepare. */
  private static long waitPidfd(Task task, int fd, int options, @Nullable WaitResult[] found) {
    if (fd < 0) {
      return -Errno.EINVAL;
    }
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      PidFile pidfd = PidFile.of(file);
      if (pidfd == null) {
        return -Errno.EBADF;
      }
      boolean nonblock = (file.flags & Fcntl.O_NONBLOCK) != 0;
      int wanted = nonblock ? options | WNOHANG : options;
      long[] error = new long[1];
      int pid = pidfd.process().pid();
      found[0] = Wait.doWait(task, new WaitOptions(P_PID, pid, wanted), error);
      boolean again = nonblock && (options & WNOHANG) == 0 && found[0] == null && error[0] == 0;
      return again ? -Errno.EAGAIN : found[0] == null ? error[0] : 0;
    } finally {
      file.put();
    }
  }

  private static void writeInfo(UserMemory memory, long infop, @Nullable WaitResult result) {
    memory.writeInt(infop + SiginfoLayout.si_signo, result == null ? 0 : Signals.SIGCHLD);
    memory.writeInt(infop + SiginfoLayout.si_errno, 0);
    memory.writeInt(infop + SiginfoLayout.si_code, result == null ? 0 : result.code());
    memory.writeInt(
        infop + SiginfoLayout._sifields__sigchld__pid, result == null ? 0 : result.pid());
    memory.writeInt(
        infop + SiginfoLayout._sifields__sigchld__uid, result == null ? 0 : result.uid());
    memory.writeInt(
        infop + SiginfoLayout._sifields__sigchld__status, result == null ? 0 : result.info());
  }
}
