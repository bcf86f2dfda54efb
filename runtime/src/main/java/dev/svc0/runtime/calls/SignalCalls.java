package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;
import static dev.svc0.runtime.abi.SignalConstants.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.SignalNr;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.SigactionLayout;
import dev.svc0.runtime.abi.SigaltstackLayout;
import dev.svc0.runtime.abi.SiginfoLayout;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.KSigaction;
import dev.svc0.runtime.task.SigInfo;
import dev.svc0.runtime.task.SignalActions;
import dev.svc0.runtime.task.SignalMask;
import dev.svc0.runtime.task.SignalRules;
import dev.svc0.runtime.task.SignalSender;
import dev.svc0.runtime.task.Task;

/** Actions, masks and stacks of signals, and waiting for them. */
public final class SignalCalls {
  private static final long NANOS_LIMIT = Long.MAX_VALUE / 2;

  private SignalCalls() {}

  @SyscallDefine(
      nr = 134,
      name = "rt_sigaction",
      errors = {"EINVAL", "EFAULT"})
  public static long rtSigaction(
      Task task,
      @SignalNr int sig,
      @UserPtr(access = IN, struct = "sigaction") long act,
      @UserPtr(access = OUT, struct = "sigaction") long oact,
      @Size long sigsetsize) {
    if (sigsetsize != SignalMask.SIGSET_BYTES) {
      return -Errno.EINVAL;
    }
    UserMemory memory = task.memory();
    KSigaction next = act == 0 ? null : readAction(memory, act);
    if (!SignalRules.valid(sig)
        || next != null && (sig == Signals.SIGKILL || sig == Signals.SIGSTOP)) {
      return -Errno.EINVAL;
    }
    KSigaction old = next == null ? task.sighand().get(sig) : SignalActions.change(task, sig, next);
    if (oact != 0) {
      memory.writeLong(oact + SigactionLayout.sa_handler, old.handler());
      memory.writeLong(oact + SigactionLayout.sa_flags, old.flags());
      memory.writeLong(oact + SigactionLayout.sa_restorer, old.restorer());
      memory.writeLong(oact + SigactionLayout.sa_mask, old.mask());
    }
    return 0;
  }

  private static KSigaction readAction(UserMemory memory, long act) {
    return new KSigaction(
        memory.readLong(act + SigactionLayout.sa_handler),
        memory.readLong(act + SigactionLayout.sa_flags) & SignalActions.KNOWN_FLAGS,
        memory.readLong(act + SigactionLayout.sa_restorer),
        memory.readLong(act + SigactionLayout.sa_mask) & ~SignalRules.KERNEL_ONLY);
  }

  @SyscallDefine(
      nr = 135,
      name = "rt_sigprocmask",
      errors = {"EINVAL", "EFAULT"})
  public static long rtSigprocmask(
      Task task,
      @EnumOf("signal_action:SIG_BLOCK|SIG_UNBLOCK|SIG_SETMASK") int how,
      @UserPtr(access = IN, length = "sigsetsize") long nset,
      @UserPtr(access = OUT, length = "sigsetsize") long oset,
      @Size long sigsetsize) {
    if (sigsetsize != SignalMask.SIGSET_BYTES) {
      return -Errno.EINVAL;
    }
    long old = task.blockedSignals();
    if (nset != 0) {
      long set = task.memory().readLong(nset);
      switch (how) {
        case SIG_BLOCK -> SignalMask.set(task, old | set);
        case SIG_UNBLOCK -> SignalMask.set(task, old & ~set);
        case SIG_SETMASK -> SignalMask.set(task, set);
        default -> {
          return -Errno.EINVAL;
        }
      }
    }
    if (oset != 0) {
      task.memory().writeLong(oset, old);
    }
    return 0;
  }

  @SyscallDefine(
      nr = 136,
      name = "rt_sigpending",
      errors = {"EINVAL", "EFAULT"})
  public static long rtSigpending(
      Task task, @UserPtr(access = OUT, length = "sigsetsize") long uset, @Size long sigsetsize) {
    if (Long.compareUnsigned(sigsetsize, SignalMask.SIGSET_BYTES) > 0) {
      return -Errno.EINVAL;
    }
    long pending = task.pendingSignals() | task.signal().sharedPending();
    byte[] bytes = new byte[(int) sigsetsize];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((pending & task.blockedSignals()) >>> (i * Byte.SIZE));
    }
    task.memory().writeBytes(uset, bytes);
    return 0;
  }

  @SyscallDefine(
      nr = 133,
      name = "rt_sigsuspend",
      errors = {"EINVAL", "EFAULT", "EINTR"},
      restart = Restart.IF_NO_HANDLER)
  public static long rtSigsuspend(
      Task task, @UserPtr(access = IN, length = "sigsetsize") long unewset, @Size long sigsetsize) {
    if (sigsetsize != SignalMask.SIGSET_BYTES) {
      return -Errno.EINVAL;
    }
    return SignalMask.sigsuspend(task, task.memory().readLong(unewset));
  }

  @SyscallDefine(
      nr = 137,
      name = "rt_sigtimedwait",
      errors = {"EAGAIN", "EINTR", "EINVAL", "EFAULT"})
  public static long rtSigtimedwait(
      Task task,
      @UserPtr(access = IN, length = "sigsetsize") long uthese,
      @UserPtr(access = OUT, struct = "siginfo") long uinfo,
      @UserPtr(access = IN, struct = "__kernel_timespec") long uts,
      @Size long sigsetsize) {
    if (sigsetsize != SignalMask.SIGSET_BYTES) {
      return -Errno.EINVAL;
    }
    long these = task.memory().readLong(uthese);
    long nanos = uts == 0 ? NANOS_LIMIT : UserTime.readTimespec(task.memory(), uts);
    if (nanos == UserTime.INVALID) {
      return -Errno.EINVAL;
    }
    long deadline = nanos >= NANOS_LIMIT ? WaitQueue.NO_DEADLINE : System.nanoTime() + nanos;
    long[] error = new long[1];
    SigInfo info =
        SignalMask.sigtimedwait(
            task,
            these,
            deadline,
            nanos == 0 ? SignalMask.PollOnly.YES : SignalMask.PollOnly.NO,
            error);
    if (info == null) {
      return error[0];
    }
    if (uinfo != 0) {
      task.memory().writeBytes(uinfo, info.layout());
    }
    return info.signal();
  }

  @SyscallDefine(
      nr = 138,
      name = "rt_sigqueueinfo",
      errors = {"EPERM", "ESRCH", "EINVAL", "EFAULT"})
  public static long rtSigqueueinfo(
      Task task, int pid, @SignalNr int sig, @UserPtr(access = IN, struct = "siginfo") long uinfo) {
    byte[] layout = task.memory().readBytes(uinfo, SiginfoLayout.SIZE);
    SigInfo info = SigInfo.fromUser(sig, layout);
    if ((info.code() >= 0 || info.code() == SI_TKILL) && task.pid() != pid) {
      return -Errno.EPERM;
    }
    return KillCalls.sendToProcess(task, pid, sig, info);
  }

  @SyscallDefine(
      nr = 240,
      name = "rt_tgsigqueueinfo",
      errors = {"EPERM", "ESRCH", "EINVAL", "EFAULT"})
  public static long rtTgsigqueueinfo(
      Task task,
      int tgid,
      int pid,
      @SignalNr int sig,
      @UserPtr(access = IN, struct = "siginfo") long uinfo) {
    byte[] layout = task.memory().readBytes(uinfo, SiginfoLayout.SIZE);
    if (pid <= 0 || tgid <= 0) {
      return -Errno.EINVAL;
    }
    SigInfo info = SigInfo.fromUser(sig, layout);
    if ((info.code() >= 0 || info.code() == SI_TKILL) && task.tid() != pid) {
      return -Errno.EPERM;
    }
    return KillCalls.sendToThread(task, tgid, pid, sig, info);
  }

  @SyscallDefine(nr = 139, name = "rt_sigreturn")
  public static long rtSigreturn(Task task) {
    task.restartBlock = SignalActions.NO_RESTART;
    if (!task.context().restoreSignalFrame(task)) {
      SignalSender.forceSignal(
          task, SigInfo.fault(Signals.SIGSEGV, SEGV_MAPERR, task.context().stackPointer()));
    }
    return SyscallResult.CONTROL_TRANSFERRED;
  }

  @SyscallDefine(
      nr = 132,
      name = "sigaltstack",
      errors = {"EPERM", "EINVAL", "ENOMEM", "EFAULT"})
  public static long sigaltstack(
      Task task,
      @UserPtr(access = IN, struct = "sigaltstack") long uss,
      @UserPtr(access = OUT, struct = "sigaltstack") long uoss) {
    UserMemory memory = task.memory();
    long oldAddress = task.altStackAddress;
    long oldBytes = task.altStackBytes;
    int oldFlags = SignalActions.altStackFlags(task, task.context().stackPointer());
    if (uss != 0) {
      long result =
          SignalActions.setAltStack(
              task,
              memory.readLong(uss + SigaltstackLayout.ss_sp),
              memory.readInt(uss + SigaltstackLayout.ss_flags),
              memory.readLong(uss + SigaltstackLayout.ss_size));
      if (result != 0) {
        return result;
      }
    }
    if (uoss != 0) {
      memory.writeLong(uoss + SigaltstackLayout.ss_sp, oldAddress);
      memory.writeInt(uoss + SigaltstackLayout.ss_flags, oldFlags);
      memory.writeInt(uoss + SigaltstackLayout.ss_flags + Integer.BYTES, 0);
      memory.writeLong(uoss + SigaltstackLayout.ss_size, oldBytes);
    }
    return 0;
  }
}
