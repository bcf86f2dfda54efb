package dev.svc0.runtime.task;

import static dev.svc0.runtime.abi.CloneFlags.*;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.trace.event.SchedTrace;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;
import org.jspecify.annotations.Nullable;

/** New processes and threads. <i>Linux:</i> kernel/fork.c. */
@Traced(layer = Traced.Layer.TASK)
public final class Fork {
  private static final long NAMESPACES =
      CLONE_NEWNS
          | CLONE_NEWCGROUP
          | CLONE_NEWUTS
          | CLONE_NEWIPC
          | CLONE_NEWUSER
          | CLONE_NEWPID
          | CLONE_NEWNET
          | CLONE_NEWTIME;

  private Fork() {}

  /** Makes a child of the calling task and starts it. Its thread id, or −errno. */
  @Traced("kernel_clone")
  public static long kernelClone(Task parent, CloneArgs args) {
    long invalid = checkFlags(parent, args);
    if (invalid != 0) {
      return invalid;
    }
    int pidfd = -1;
    if (args.has(CLONE_PIDFD)) {
      pidfd = reservePidfd(parent, args);
      if (pidfd < 0) {
        return pidfd;
      }
    }
    Task child = null;
    long error;
    synchronized (parent.kernel().taskListLock()) {
      error = mayFork(parent, args);
      if (error == 0) {
        int tid = parent.kernel().pids().allocate();
        if (tid < 0) {
          error = tid;
        } else {
          child = copyProcess(parent, args, tid);
          error = child == null ? -Errno.ENOMEM : 0;
        }
      }
    }
    if (child == null) {
      if (pidfd >= 0) {
        parent.files().unreserve(pidfd);
      }
      return error;
    }
    if (pidfd >= 0) {
      parent.files().publish(pidfd, PidFile.create(child.signal(), 0, parent.cred()));
    }
    int tid = child.tid();
    if (args.has(CLONE_PARENT_SETTID)) {
      putTid(parent, args.parentTid(), tid);
    }
    WaitQueue vfork = child.vforkDone;
    SchedTrace.schedProcessFork(parent.comm(), parent.tid(), child.comm(), tid);
    try {
      parent.kernel().start(child);
    } catch (OutOfMemoryError noThread) {
      abandon(child);
      File opened = pidfd < 0 ? null : parent.files().remove(pidfd);
      if (opened != null) {
        opened.put();
      }
      return -Errno.EAGAIN;
    }
    if (vfork != null) {
      waitForVforkDone(parent, child, vfork);
    }
    return tid;
  }

  /** The host has no thread left: the child vanishes without a trace before it ran. */
  private static void abandon(Task child) {
    SignalStruct process = child.signal();
    boolean alone = process.leader == child;
    child.clearChildTid = 0;
    child.vforkDone = null;
    child.setThread(null);
    child.requestExit(0);
    if (alone) {
      process.exitSignal = 0;
    }
    Exit.doExit(child);
    if (alone) {
      synchronized (child.kernel().taskListLock()) {
        Exit.release(process);
      }
    }
  }

  /** A descriptor for the child, told to the program before there is one; −errno. */
  private static int reservePidfd(Task parent, CloneArgs args) {
    int fd = parent.files().reserve(0, true, parent.rlimit(Rlimits.RLIMIT_NOFILE));
    if (fd >= 0) {
      try {
        parent.memory().writeInt(args.pidfd(), fd);
      } catch (UserFault bad) {
        parent.files().unreserve(fd);
        return -Errno.EFAULT;
      }
    }
    return fd;
  }

  private static void putTid(Task task, long address, int tid) {
    try {
      task.memory().writeInt(address, tid);
    } catch (UserFault ignored) {
      // Linux does not report it either: the child exists already.
    }
  }

  private static long checkFlags(Task parent, CloneArgs args) {
    if (args.has(CLONE_NEWNS | CLONE_FS)
        || args.has(CLONE_NEWUSER | CLONE_FS)
        || args.has(CLONE_THREAD) && !args.has(CLONE_SIGHAND)
        || args.has(CLONE_SIGHAND) && !args.has(CLONE_VM)
        || args.has(CLONE_SIGHAND | CLONE_CLEAR_SIGHAND)) {
      return -Errno.EINVAL;
    }
    if ((args.flags() & NAMESPACES & ~CLONE_NEWUSER) != 0
        && !parent.cred().capable(Capability.CAP_SYS_ADMIN)) {
      return -Errno.EPERM;
    }
    if ((args.flags() & (NAMESPACES | CLONE_INTO_CGROUP)) != 0) {
      return -Errno.EINVAL; // as from a kernel built without namespaces and cgroups
    }
    if (args.has(CLONE_PIDFD) && (args.flags() & (CLONE_DETACHED | CLONE_THREAD)) != 0) {
      return -Errno.EINVAL;
    }
    return 0;
  }

  private static long mayFork(Task parent, CloneArgs args) {
    SignalStruct process = parent.signal();
    synchronized (process) {
      parent.recalcSigpending();
      if (parent.fatalSignalPending() || process.groupExecTask != null && args.has(CLONE_THREAD)) {
        return -InternalErrno.ERESTARTNOINTR;
      }
      if (parent.signalPending()) {
        return -InternalErrno.ERESTARTNOINTR;
      }
    }
    Kernel kernel = parent.kernel();
    if (kernel.isClosed()
        || parent.overProcessLimit()
        || !args.has(CLONE_THREAD) && kernel.isFull()) {
      return -Errno.EAGAIN;
    }
    return 0;
  }

  @Traced("copy_process")
  private static @Nullable Task copyProcess(Task parent, CloneArgs args, int tid) {
    boolean thread = args.has(CLONE_THREAD);
    MemoryManager mm = args.has(CLONE_VM) ? parent.memory().retain() : parent.memory().fork();
    if (mm == null) {
      return null;
    }
    ThreadContext context =
        args.has(CLONE_VM) ? parent.context().copyForThread() : parent.context().copyForFork(mm);
    context.setReturnValue(0);
    if (args.stack() != 0) {
      context.setStackPointer(args.stack());
    }
    if (args.has(CLONE_SETTLS)) {
      context.setThreadPointer(args.tls());
    }
    SignalStruct process =
        thread
            ? parent.signal()
            : new SignalStruct(parent.kernel(), tid, parent.signal().limits().copy());
    process.membarrier.set(parent.signal().membarrier.get());
    Task child =
        new Task(
            parent.kernel(),
            tid,
            process,
            new TaskResources(
                parent.cred(),
                copyFs(parent, args),
                copyFiles(parent, args),
                mm,
                copySighand(parent, args),
                context,
                parent.settings.copy()));
    copyRest(parent, child, args);
    link(parent, child, args);
    return child;
  }

  private static FsStruct copyFs(Task parent, CloneArgs args) {
    return args.has(CLONE_FS) ? parent.fs().retain() : parent.fs().copy();
  }

  private static FilesStruct copyFiles(Task parent, CloneArgs args) {
    return args.has(CLONE_FILES) ? parent.files().retain() : parent.files().copy();
  }

  private static SighandStruct copySighand(Task parent, CloneArgs args) {
    if (args.has(CLONE_SIGHAND)) {
      return parent.sighand();
    }
    return args.has(CLONE_CLEAR_SIGHAND)
        ? parent.sighand().copyKeepingIgnored()
        : parent.sighand().copy();
  }

  private static void copyRest(Task parent, Task child, CloneArgs args) {
    child.setComm(parent.comm());
    child.image = parent.image;
    Exec.holdImage(child.image);
    child.blocked = parent.blocked;
    if (!args.has(CLONE_VM) || args.has(CLONE_VFORK)) {
      child.altStackAddress = parent.altStackAddress;
      child.altStackBytes = parent.altStackBytes;
      child.altStackFlags = parent.altStackFlags;
    }
    if (!args.has(CLONE_VM)) {
      child.rseq.copyFrom(parent.rseq);
    }
    if (args.has(CLONE_CHILD_SETTID)) {
      child.setChildTid = args.childTid();
    }
    if (args.has(CLONE_CHILD_CLEARTID)) {
      child.clearChildTid = args.childTid();
    }
    if (args.has(CLONE_VFORK)) {
      child.vforkDone = new WaitQueue();
    }
  }

  private static void link(Task parent, Task child, CloneArgs args) {
    SignalStruct process = child.signal();
    if (!args.has(CLONE_THREAD)) {
      SignalStruct creator = parent.signal();
      process.leader = child;
      process.exitSignal = args.has(CLONE_PARENT) ? creator.exitSignal : args.exitSignal();
      process.parent = args.has(CLONE_PARENT) ? creator.parent : creator;
      process.parent.children.add(process);
      process.processGroup = creator.processGroup;
      process.session = creator.session;
      process.setControllingTerminal(creator.controllingTerminal());
      child.kernel().addProcess(process);
    }
    synchronized (process) {
      process.threads.add(child);
      child.recalcSigpending();
      if (child.signalPending()) {
        child.context().requestInterrupt();
      }
    }
    child.kernel().pids().publish(child);
  }

  private static void waitForVforkDone(Task parent, Task child, WaitQueue vfork) {
    vfork.waitEvent(parent.killable(), () -> child.vforkDone == null, WaitQueue.NO_DEADLINE);
  }

  /** The first thing a child does on its own thread. */
  static void scheduleTail(Task task) {
    if (task.setChildTid != 0) {
      putTid(task, task.setChildTid, task.tid());
      task.setChildTid = 0;
    }
  }
}
