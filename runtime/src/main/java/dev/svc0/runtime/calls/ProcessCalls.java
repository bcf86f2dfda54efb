package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.CString;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.CloneArgsLayout;
import dev.svc0.runtime.abi.CloneFlags;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.CloneArgs;
import dev.svc0.runtime.task.Exec;
import dev.svc0.runtime.task.Exit;
import dev.svc0.runtime.task.Fork;
import dev.svc0.runtime.task.Task;
import java.util.ArrayList;
import java.util.List;

/** Processes and threads: clone, execve, exit. */
public final class ProcessCalls {
  private static final int PATH_MAX = 4096;
  private static final int MAX_ARG_STRLEN = 131072;
  private static final int MAX_STRINGS = 1 << 20;
  private static final int PAGE_SIZE = 4096;
  private static final int EXIT_STATUS = 0xff;
  private static final int STATUS_SHIFT = 8;

  private ProcessCalls() {}

  @SyscallDefine(
      nr = 220,
      name = "clone",
      support = Support.PARTIAL,
      note = "no namespaces, no CLONE_PTRACE: EINVAL",
      errors = {"EINVAL", "EAGAIN", "ENOMEM"},
      restart = Restart.ALWAYS)
  public static long clone(
      Task task,
      @Flags("clone") long cloneFlags,
      long newsp,
      long parentTidptr,
      long tls,
      long childTidptr) {
    long flags = cloneFlags & 0xffffffffL & ~CloneFlags.CSIGNAL;
    int exitSignal = (int) (cloneFlags & CloneFlags.CSIGNAL);
    if ((flags & CloneFlags.CLONE_PIDFD) != 0 && (flags & CloneFlags.CLONE_PARENT_SETTID) != 0) {
      return -Errno.EINVAL; // both would go to the same place
    }
    return Fork.kernelClone(
        task,
        new CloneArgs(flags, exitSignal, newsp, tls, parentTidptr, childTidptr, parentTidptr));
  }

  @SyscallDefine(
      nr = 435,
      name = "clone3",
      support = Support.PARTIAL,
      note = "no namespaces, no set_tid, no cgroup: EINVAL",
      errors = {"E2BIG", "EINVAL", "EAGAIN", "ENOMEM", "EFAULT"},
      restart = Restart.ALWAYS)
  public static long clone3(
      Task task, @UserPtr(access = IN, struct = "clone_args") long uargs, @Size long size) {
    if (Long.compareUnsigned(size, PAGE_SIZE) > 0) {
      return -Errno.E2BIG;
    }
    if (size < CloneFlags.CLONE_ARGS_SIZE_VER0) {
      return -Errno.EINVAL;
    }
    UserMemory memory = task.memory();
    for (long at = CloneArgsLayout.SIZE; at < size; at++) {
      if (memory.readByte(uargs + at) != 0) {
        return -Errno.E2BIG;
      }
    }
    long flags = memory.readLong(uargs + CloneArgsLayout.flags);
    long exitSignal = memory.readLong(uargs + CloneArgsLayout.exit_signal);
    long stack = memory.readLong(uargs + CloneArgsLayout.stack);
    long stackSize = memory.readLong(uargs + CloneArgsLayout.stack_size);
    boolean setTid =
        size >= CloneFlags.CLONE_ARGS_SIZE_VER1
            && memory.readLong(uargs + CloneArgsLayout.set_tid_size) != 0;
    if ((flags & (CloneFlags.CSIGNAL | CloneFlags.CLONE_DETACHED)) != 0
        || Long.compareUnsigned(exitSignal, 64) > 0
        || (stack == 0) != (stackSize == 0)
        || setTid
        || (flags & (CloneFlags.CLONE_THREAD | CloneFlags.CLONE_PARENT)) != 0 && exitSignal != 0) {
      return -Errno.EINVAL;
    }
    return Fork.kernelClone(
        task,
        new CloneArgs(
            flags,
            (int) exitSignal,
            stack == 0 ? 0 : stack + stackSize,
            memory.readLong(uargs + CloneArgsLayout.tls),
            memory.readLong(uargs + CloneArgsLayout.parent_tid),
            memory.readLong(uargs + CloneArgsLayout.child_tid),
            memory.readLong(uargs + CloneArgsLayout.pidfd)));
  }

  @SyscallDefine(
      nr = 221,
      name = "execve",
      errors = {"ENOENT", "EACCES", "ENOEXEC", "E2BIG", "ELOOP", "ENOMEM", "EFAULT"},
      support = Support.PARTIAL,
      note = "set-user-id and set-group-id bits are ignored")
  public static long execve(Task task, @CString long filename, long argv, long envp) {
    return execveat(task, Fcntl.AT_FDCWD, filename, argv, envp, 0);
  }

  @SyscallDefine(
      nr = 281,
      name = "execveat",
      errors = {"ENOENT", "EACCES", "ENOEXEC", "E2BIG", "ELOOP", "ENOMEM", "EFAULT", "EINVAL"},
      support = Support.PARTIAL,
      note = "set-user-id and set-group-id bits are ignored")
  public static long execveat(
      Task task,
      @Fd int fd,
      @CString long filename,
      long argv,
      long envp,
      @Flags("at_flags:AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH") int flags) {
    if ((flags & ~(Fcntl.AT_EMPTY_PATH | Fcntl.AT_SYMLINK_NOFOLLOW)) != 0) {
      return -Errno.EINVAL;
    }
    String path = task.memory().readCString(filename, PATH_MAX - 1);
    if (path == null) {
      return -Errno.ENAMETOOLONG;
    }
    if (path.isEmpty() && (flags & Fcntl.AT_EMPTY_PATH) == 0) {
      return -Errno.ENOENT;
    }
    List<String> arguments = new ArrayList<>();
    long error = readStrings(task, argv, arguments);
    List<String> environment = new ArrayList<>();
    if (error == 0) {
      error = readStrings(task, envp, environment);
    }
    if (error == 0) {
      error = Exec.doExecveat(task, fd, path, flags, arguments, environment);
    }
    return error == 0 ? SyscallResult.CONTROL_TRANSFERRED : error;
  }

  private static long readStrings(Task task, long array, List<String> to) {
    if (array == 0) {
      return 0;
    }
    for (long at = array; ; at += Long.BYTES) {
      long address = task.memory().readLong(at);
      if (address == 0) {
        return 0;
      }
      String one = task.memory().readCString(address, MAX_ARG_STRLEN - 1);
      if (one == null || to.size() >= MAX_STRINGS) {
        return -Errno.E2BIG;
      }
      to.add(one);
    }
  }

  @SyscallDefine(nr = 93, name = "exit")
  public static long exit(Task task, int errorCode) {
    task.requestExit((errorCode & EXIT_STATUS) << STATUS_SHIFT);
    return SyscallResult.CONTROL_TRANSFERRED;
  }

  @SyscallDefine(nr = 94, name = "exit_group")
  public static long exitGroup(Task task, int errorCode) {
    Exit.doGroupExit(task, (errorCode & EXIT_STATUS) << STATUS_SHIFT);
    return SyscallResult.CONTROL_TRANSFERRED;
  }

  @SyscallDefine(nr = 96, name = "set_tid_address")
  public static long setTidAddress(Task task, @UserPtr(access = OUT, length = "4") long tidptr) {
    task.clearChildTid = tidptr;
    return task.tid();
  }

  @SyscallDefine(nr = 99, name = "set_robust_list", errors = "EINVAL")
  public static long setRobustList(Task task, long head, long len) {
    if (len != dev.svc0.runtime.abi.RobustListHeadLayout.SIZE) {
      return -Errno.EINVAL;
    }
    task.robustList = head;
    return 0;
  }

  @SyscallDefine(
      nr = 100,
      name = "get_robust_list",
      errors = {"ESRCH", "EFAULT"})
  public static long getRobustList(
      Task task,
      @Pid int pid,
      @UserPtr(access = OUT, length = "8") long headPtr,
      @UserPtr(access = OUT, length = "8") long lenPtr) {
    Task other = pid == 0 ? task : task.kernel().findTask(pid);
    if (other == null) {
      return -Errno.ESRCH;
    }
    task.memory().writeLong(lenPtr, dev.svc0.runtime.abi.RobustListHeadLayout.SIZE);
    task.memory().writeLong(headPtr, other.robustList);
    return 0;
  }

  @SyscallDefine(
      nr = 97,
      name = "unshare",
      support = Support.PARTIAL,
      note = "CLONE_FILES and CLONE_FS; namespaces answer EINVAL",
      errors = "EINVAL")
  public static long unshare(Task task, long unshareFlags) {
    long known = CloneFlags.CLONE_FILES | CloneFlags.CLONE_FS | CloneFlags.CLONE_SYSVSEM;
    if ((unshareFlags & ~known) != 0) {
      return -Errno.EINVAL;
    }
    if ((unshareFlags & CloneFlags.CLONE_FILES) != 0) {
      task.unshareFiles();
    }
    if ((unshareFlags & CloneFlags.CLONE_FS) != 0) {
      task.unshareFs();
    }
    return 0;
  }
}
