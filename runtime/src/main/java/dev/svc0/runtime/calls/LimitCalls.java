package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.RlimitLayout;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.ResourceLimits;
import dev.svc0.runtime.task.SignalStruct;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.FilesStruct;

/** Resource limits. */
public final class LimitCalls {
  private LimitCalls() {}

  private static boolean unknown(int resource) {
    return Integer.compareUnsigned(resource, Rlimits.RLIM_NLIMITS) >= 0;
  }

  @SyscallDefine(
      nr = 163,
      name = "getrlimit",
      errors = {"EINVAL", "EFAULT"})
  public static long getrlimit(
      Task task,
      @EnumOf("rlimit") int resource,
      @UserPtr(access = OUT, struct = "rlimit") long rlim) {
    if (unknown(resource)) {
      return -Errno.EINVAL;
    }
    write(task.memory(), rlim, task.signal().limits(), resource);
    return 0;
  }

  @SyscallDefine(
      nr = 164,
      name = "setrlimit",
      errors = {"EINVAL", "EPERM", "EFAULT"})
  public static long setrlimit(
      Task task,
      @EnumOf("rlimit") int resource,
      @UserPtr(access = IN, struct = "rlimit") long rlim) {
    long soft = task.memory().readLong(rlim + RlimitLayout.rlim_cur);
    long hard = task.memory().readLong(rlim + RlimitLayout.rlim_max);
    return change(task, task.signal(), resource, soft, hard);
  }

  @SyscallDefine(
      nr = 261,
      name = "prlimit64",
      errors = {"EINVAL", "EPERM", "ESRCH", "EFAULT"})
  public static long prlimit64(
      Task task,
      @Pid int pid,
      @EnumOf("rlimit") int resource,
      @UserPtr(access = IN, struct = "rlimit64") long newRlim,
      @UserPtr(access = OUT, struct = "rlimit64") long oldRlim) {
    UserMemory memory = task.memory();
    long soft = 0;
    long hard = 0;
    if (newRlim != 0) {
      soft = memory.readLong(newRlim + RlimitLayout.rlim_cur);
      hard = memory.readLong(newRlim + RlimitLayout.rlim_max);
    }
    SignalStruct target = IdentityCalls.find(task, pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    if (target != task.signal() && !mayChange(task.cred(), target.leader().cred())) {
      return -Errno.EPERM;
    }
    if (unknown(resource)) {
      return -Errno.EINVAL;
    }
    long oldSoft = target.limits().soft(resource);
    long oldHard = target.limits().hard(resource);
    if (newRlim != 0) {
      long result = change(task, target, resource, soft, hard);
      if (result != 0) {
        return result;
      }
    }
    if (oldRlim != 0) {
      memory.writeLong(oldRlim + RlimitLayout.rlim_cur, oldSoft);
      memory.writeLong(oldRlim + RlimitLayout.rlim_max, oldHard);
    }
    return 0;
  }

  private static boolean mayChange(Cred mine, Cred theirs) {
    return mine.capable(Capability.CAP_SYS_RESOURCE)
        || mine.uid() == theirs.euid()
            && mine.uid() == theirs.suid()
            && mine.uid() == theirs.uid()
            && mine.gid() == theirs.egid()
            && mine.gid() == theirs.sgid()
            && mine.gid() == theirs.gid();
  }

  private static void write(UserMemory memory, long rlim, ResourceLimits limits, int resource) {
    memory.writeLong(rlim + RlimitLayout.rlim_cur, limits.soft(resource));
    memory.writeLong(rlim + RlimitLayout.rlim_max, limits.hard(resource));
  }

  private static long change(Task task, SignalStruct target, int resource, long soft, long hard) {
    if (unknown(resource) || Long.compareUnsigned(soft, hard) > 0) {
      return -Errno.EINVAL;
    }
    if (resource == Rlimits.RLIMIT_NOFILE && Long.compareUnsigned(hard, FilesStruct.NR_OPEN) > 0) {
      return -Errno.EPERM;
    }
    ResourceLimits limits = target.limits();
    if (Long.compareUnsigned(hard, limits.hard(resource)) > 0
        && !task.cred().capable(Capability.CAP_SYS_RESOURCE)) {
      return -Errno.EPERM;
    }
    limits.set(resource, soft, hard);
    target.anyThread().applyMemoryLimits();
    return 0;
  }
}
