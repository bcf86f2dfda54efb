package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.IN_OUT;
import static dev.svc0.annotation.UserPtr.Access.OUT;
import static dev.svc0.runtime.abi.Sched.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Pid;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.SignalStruct;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.task.TaskSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Scheduling: settings are kept and shown; the host schedules. */
public final class SchedCalls {
  private static final String HOST = "kept and shown; the host schedules";
  private static final int MAX_RT_PRIORITY = 99;
  private static final int AFFINITY_BYTES = 8;
  private static final long RR_INTERVAL_NANOS = 100_000_000;
  private static final int NICE_WIDTH = 20;

  private SchedCalls() {}

  private static @Nullable Task find(Task task, int pid) {
    return pid == 0 ? task : task.kernel().findTask(pid);
  }

  private static boolean realtime(int policy) {
    return policy == SCHED_FIFO || policy == SCHED_RR;
  }

  @SyscallDefine(nr = 124, name = "sched_yield")
  public static long schedYield(Task task) {
    Thread.yield();
    return 0;
  }

  @SyscallDefine(
      nr = 120,
      name = "sched_getscheduler",
      errors = {"EINVAL", "ESRCH"})
  public static long schedGetscheduler(Task task, @Pid int pid) {
    if (pid < 0) {
      return -Errno.EINVAL;
    }
    Task target = find(task, pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    TaskSettings settings = target.settings;
    return settings.schedulerPolicy | (settings.schedulerResetOnFork ? SCHED_RESET_ON_FORK : 0);
  }

  @SyscallDefine(
      nr = 119,
      name = "sched_setscheduler",
      support = Support.PARTIAL,
      note = HOST,
      errors = {"EINVAL", "EPERM", "ESRCH", "EFAULT"})
  public static long schedSetscheduler(
      Task task, @Pid int pid, int policy, @UserPtr(access = IN, length = "4") long param) {
    if (policy < 0) {
      return -Errno.EINVAL;
    }
    return setScheduler(task, pid, policy, param);
  }

  @SyscallDefine(
      nr = 118,
      name = "sched_setparam",
      support = Support.PARTIAL,
      note = HOST,
      errors = {"EINVAL", "EPERM", "ESRCH", "EFAULT"})
  public static long schedSetparam(
      Task task, @Pid int pid, @UserPtr(access = IN, length = "4") long param) {
    return setScheduler(task, pid, -1, param);
  }

  private static long setScheduler(Task task, int pid, int policyArgument, long param) {
    if (param == 0 || pid < 0) {
      return -Errno.EINVAL;
    }
    int priority = task.memory().readInt(param);
    Task target = find(task, pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    TaskSettings settings = target.settings;
    boolean keep = policyArgument == -1;
    int policy = keep ? settings.schedulerPolicy : policyArgument & ~SCHED_RESET_ON_FORK;
    if (policy != SCHED_NORMAL
        && policy != SCHED_BATCH
        && policy != SCHED_IDLE
        && !realtime(policy)) {
      return -Errno.EINVAL;
    }
    if (priority < 0 || priority > MAX_RT_PRIORITY || realtime(policy) != (priority != 0)) {
      return -Errno.EINVAL;
    }
    if (realtime(policy) && !task.cred().capable(Capability.CAP_SYS_NICE)) {
      return -Errno.EPERM;
    }
    settings.schedulerPolicy = policy;
    settings.schedulerPriority = priority;
    if (!keep) {
      settings.schedulerResetOnFork = (policyArgument & SCHED_RESET_ON_FORK) != 0;
    }
    return 0;
  }

  @SyscallDefine(
      nr = 121,
      name = "sched_getparam",
      errors = {"EINVAL", "ESRCH", "EFAULT"})
  public static long schedGetparam(
      Task task, @Pid int pid, @UserPtr(access = OUT, length = "4") long param) {
    if (param == 0 || pid < 0) {
      return -Errno.EINVAL;
    }
    Task target = find(task, pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    task.memory().writeInt(param, target.settings.schedulerPriority);
    return 0;
  }

  @SyscallDefine(nr = 125, name = "sched_get_priority_max", errors = "EINVAL")
  public static long schedGetPriorityMax(Task task, int policy) {
    return priorityBound(policy, MAX_RT_PRIORITY);
  }

  @SyscallDefine(nr = 126, name = "sched_get_priority_min", errors = "EINVAL")
  public static long schedGetPriorityMin(Task task, int policy) {
    return priorityBound(policy, 1);
  }

  private static long priorityBound(int policy, int realtimeBound) {
    return switch (policy) {
      case SCHED_FIFO, SCHED_RR -> realtimeBound;
      case SCHED_NORMAL, SCHED_BATCH, SCHED_IDLE, SCHED_DEADLINE, SCHED_EXT -> 0;
      default -> -Errno.EINVAL;
    };
  }

  @SyscallDefine(
      nr = 127,
      name = "sched_rr_get_interval",
      errors = {"EINVAL", "ESRCH", "EFAULT"})
  public static long schedRrGetInterval(
      Task task, @Pid int pid, @UserPtr(access = OUT, struct = "__kernel_timespec") long interval) {
    if (pid < 0) {
      return -Errno.EINVAL;
    }
    Task target = find(task, pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    boolean roundRobin = target.settings.schedulerPolicy == SCHED_RR;
    UserTime.writeTimespec(task.memory(), interval, roundRobin ? RR_INTERVAL_NANOS : 0);
    return 0;
  }

  private static long allProcessors(Task task) {
    int cpus = Math.min(task.kernel().options().cpus(), Long.SIZE);
    return cpus == Long.SIZE ? -1 : (1L << cpus) - 1;
  }

  @SyscallDefine(
      nr = 123,
      name = "sched_getaffinity",
      errors = {"EINVAL", "ESRCH", "EFAULT"})
  public static long schedGetaffinity(
      Task task, @Pid int pid, int len, @UserPtr(access = OUT, length = "len") long userMaskPtr) {
    if ((long) (len & 0xffffffffL) * Byte.SIZE < task.kernel().options().cpus()
        || (len & AFFINITY_BYTES - 1) != 0) {
      return -Errno.EINVAL;
    }
    Task target = find(task, pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    task.memory().writeLong(userMaskPtr, target.settings.affinity & allProcessors(task));
    return AFFINITY_BYTES;
  }

  @SyscallDefine(
      nr = 122,
      name = "sched_setaffinity",
      support = Support.PARTIAL,
      note = HOST,
      errors = {"EINVAL", "ESRCH", "EFAULT"})
  public static long schedSetaffinity(
      Task task, @Pid int pid, int len, @UserPtr(access = IN, length = "len") long userMaskPtr) {
    long mask = 0;
    UserMemory memory = task.memory();
    for (int i = 0; i < Math.min(len & 0x7fffffff, AFFINITY_BYTES); i++) {
      mask |= (memory.readByte(userMaskPtr + i) & 0xffL) << (i * Byte.SIZE);
    }
    Task target = find(task, pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    if ((mask & allProcessors(task)) == 0) {
      return -Errno.EINVAL;
    }
    target.settings.affinity = mask;
    if (target == task) {
      task.rseq.move(task, mask & allProcessors(task));
    }
    return 0;
  }

  @SyscallDefine(nr = 168, name = "getcpu", errors = "EFAULT")
  public static long getcpu(
      Task task,
      @UserPtr(access = OUT, length = "4") long cpup,
      @UserPtr(access = OUT, length = "4") long nodep,
      long unused) {
    long allowed = task.settings.affinity & allProcessors(task);
    int own = task.rseq.processor();
    if (cpup != 0) {
      task.memory().writeInt(cpup, own >= 0 ? own : Long.numberOfTrailingZeros(allowed));
    }
    if (nodep != 0) {
      task.memory().writeInt(nodep, 0);
    }
    return 0;
  }

  @SyscallDefine(
      nr = 293,
      name = "rseq",
      support = Support.PARTIAL,
      note =
          "each thread of a process has a processor number of its own; those beyond the number of"
              + " processors read -1, as before registration",
      errors = {"EINVAL", "EPERM", "EBUSY", "EFAULT"})
  public static long rseq(
      Task task,
      @UserPtr(access = IN_OUT, struct = "rseq") long rseq,
      int rseqLen,
      int flags,
      int sig) {
    long allowed = task.settings.affinity & allProcessors(task);
    return task.rseq.call(task, rseq, rseqLen, flags, sig, allowed);
  }

  private static List<Task> who(Task task, int which, int who) {
    List<Task> found = new ArrayList<>();
    for (SignalStruct process : task.kernel().processes()) {
      boolean match =
          switch (which) {
            case Rlimits.PRIO_PGRP ->
                process.processGroup() == (who == 0 ? task.signal().processGroup() : who);
            case Rlimits.PRIO_USER ->
                process.leader().cred().uid() == (who == 0 ? task.cred().uid() : who);
            default -> false;
          };
      if (match) {
        found.addAll(process.threads());
      }
    }
    if (which == Rlimits.PRIO_PROCESS) {
      Task one = find(task, who);
      if (one != null) {
        found.add(one);
      }
    }
    return found;
  }

  @SyscallDefine(
      nr = 140,
      name = "setpriority",
      support = Support.PARTIAL,
      note = HOST,
      errors = {"EINVAL", "EACCES", "ESRCH"})
  public static long setpriority(
      Task task, @EnumOf("prio:PRIO_P|PRIO_USER") int which, int who, int niceval) {
    if (which < Rlimits.PRIO_PROCESS || which > Rlimits.PRIO_USER) {
      return -Errno.EINVAL;
    }
    int nice = Math.clamp(niceval, Rlimits.PRIO_MIN, Rlimits.PRIO_MAX - 1);
    long result = -Errno.ESRCH;
    for (Task target : who(task, which, who)) {
      if (nice < target.settings.nice && !task.cred().capable(Capability.CAP_SYS_NICE)) {
        result = -Errno.EACCES;
        continue;
      }
      target.settings.nice = nice;
      result = result == -Errno.ESRCH ? 0 : result;
    }
    return result;
  }

  @SyscallDefine(
      nr = 141,
      name = "getpriority",
      errors = {"EINVAL", "ESRCH"})
  public static long getpriority(Task task, @EnumOf("prio:PRIO_P|PRIO_USER") int which, int who) {
    if (which < Rlimits.PRIO_PROCESS || which > Rlimits.PRIO_USER) {
      return -Errno.EINVAL;
    }
    long result = -Errno.ESRCH;
    for (Task target : who(task, which, who)) {
      result = Math.max(result, NICE_WIDTH - target.settings.nice);
    }
    return result;
  }

  private static final int BARRIER_REGISTERS =
      MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED
          | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED
          | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE
          | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ;

  private static final int BARRIERS =
      MEMBARRIER_CMD_GLOBAL
          | MEMBARRIER_CMD_GLOBAL_EXPEDITED
          | MEMBARRIER_CMD_PRIVATE_EXPEDITED
          | MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE
          | MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ;

  @SyscallDefine(
      nr = 283,
      name = "membarrier",
      errors = {"EINVAL", "EPERM"})
  public static long membarrier(
      Task task, @EnumOf("membarrier:MEMBARRIER_CMD_") int cmd, int flags, int cpuId) {
    if (flags != 0
        && (cmd != MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ || flags != MEMBARRIER_CMD_FLAG_CPU)) {
      return -Errno.EINVAL;
    }
    AtomicInteger registered = task.signal().membarrier;
    return switch (cmd) {
      case MEMBARRIER_CMD_QUERY -> BARRIER_REGISTERS | BARRIERS | MEMBARRIER_CMD_GET_REGISTRATIONS;
      case MEMBARRIER_CMD_GET_REGISTRATIONS -> registered.get();
      case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED,
          MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED,
          MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE,
          MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ -> {
        registered.accumulateAndGet(cmd, (was, more) -> was | more);
        yield 0;
      }
      case MEMBARRIER_CMD_PRIVATE_EXPEDITED, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE -> {
        if ((registered.get() & cmd << 1) == 0) {
          yield -Errno.EPERM;
        }
        task.kernel().memoryBarrier(task.signal().threads());
        yield 0;
      }
      case MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ -> {
        if ((registered.get() & MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ) == 0) {
          yield -Errno.EPERM;
        }
        for (Task thread : task.signal().threads()) {
          boolean meant = flags == 0 || thread.rseq.processor() == cpuId;
          if (meant && thread != task) {
            thread.requestRseqRestart();
          }
        }
        task.memory().awaitWindowUsers();
        yield 0;
      }
      case MEMBARRIER_CMD_GLOBAL, MEMBARRIER_CMD_GLOBAL_EXPEDITED -> {
        task.kernel().memoryBarrier(task.kernel().tasks());
        yield 0;
      }
      default -> -Errno.EINVAL;
    };
  }
}
