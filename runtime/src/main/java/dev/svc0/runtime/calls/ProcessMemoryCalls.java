package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;

import dev.svc0.annotation.Pid;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.Task;
import java.util.Arrays;

/** Copies between the memories of two processes. <i>Linux:</i> mm/process_vm_access.c. */
public final class ProcessMemoryCalls {
  private static final int MOST_BUFFERS = 1024;
  private static final int IOVEC_BYTES = 16;
  private static final int CHUNK = 65536;

  private ProcessMemoryCalls() {}

  @SyscallDefine(
      nr = 270,
      name = "process_vm_readv",
      errors = {"EFAULT", "EINVAL", "EPERM", "ESRCH"})
  public static long processVmReadv(
      Task task,
      @Pid int pid,
      @UserPtr(access = IN, struct = "iovec", count = "liovcnt") long lvec,
      long liovcnt,
      @UserPtr(access = IN, struct = "iovec", count = "riovcnt") long rvec,
      long riovcnt,
      long flags) {
    return copy(task, pid, lvec, liovcnt, rvec, riovcnt, flags, false);
  }

  @SyscallDefine(
      nr = 271,
      name = "process_vm_writev",
      errors = {"EFAULT", "EINVAL", "EPERM", "ESRCH"})
  public static long processVmWritev(
      Task task,
      @Pid int pid,
      @UserPtr(access = IN, struct = "iovec", count = "liovcnt") long lvec,
      long liovcnt,
      @UserPtr(access = IN, struct = "iovec", count = "riovcnt") long rvec,
      long riovcnt,
      long flags) {
    return copy(task, pid, lvec, liovcnt, rvec, riovcnt, flags, true);
  }

  private static long copy(
      Task task,
      int pid,
      long lvec,
      long liovcnt,
      long rvec,
      long riovcnt,
      long flags,
      boolean write) {
    if (flags != 0
        || Long.compareUnsigned(liovcnt, MOST_BUFFERS) > 0
        || Long.compareUnsigned(riovcnt, MOST_BUFFERS) > 0) {
      return -Errno.EINVAL;
    }
    long[] local = vector(task.memory(), lvec, (int) liovcnt);
    long[] remote = vector(task.memory(), rvec, (int) riovcnt);
    if (Arrays.stream(local).anyMatch(length -> length == Long.MIN_VALUE)
        || Arrays.stream(remote).anyMatch(length -> length == Long.MIN_VALUE)) {
      return -Errno.EINVAL;
    }
    if (total(local) == 0 || total(remote) == 0) {
      return 0;
    }
    Task other = task.kernel().findTask(pid);
    if (other == null) {
      return -Errno.ESRCH;
    }
    if (!PidfdCalls.mayInspect(task, other.signal())) {
      return -Errno.EPERM;
    }
    MemoryManager memory = other.memory().tryRetain();
    if (memory == null) {
      return -Errno.ESRCH;
    }
    try {
      return write
          ? transfer(task.memory(), local, memory, remote)
          : transfer(memory, remote, task.memory(), local);
    } finally {
      memory.release();
    }
  }

  /** Addresses and lengths in turn; a length that is too large is {@link Long#MIN_VALUE}. */
  private static long[] vector(UserMemory memory, long address, int count) {
    long[] result = new long[2 * count];
    for (int i = 0; i < count; i++) {
      result[2 * i] = memory.readLong(address + (long) i * IOVEC_BYTES);
      long length = memory.readLong(address + (long) i * IOVEC_BYTES + Long.BYTES);
      result[2 * i + 1] = length < 0 ? Long.MIN_VALUE : length;
    }
    return result;
  }

  private static long total(long[] vector) {
    long sum = 0;
    for (int i = 1; i < vector.length; i += 2) {
      sum += vector[i];
    }
    return sum;
  }

  /** Copies until one side ends or an address is bad; what was copied, or −EFAULT. */
  private static long transfer(UserMemory from, long[] source, UserMemory to, long[] target) {
    byte[] buffer = new byte[CHUNK];
    long done = 0;
    int s = 0;
    int t = 0;
    long inSource = 0;
    long inTarget = 0;
    while (s < source.length && t < target.length) {
      long step = Math.min(source[s + 1] - inSource, target[t + 1] - inTarget);
      int bytes = (int) Math.min(step, CHUNK);
      int got = bytes - from.copyFromUser(buffer, 0, source[s] + inSource, bytes);
      int put = got - to.copyToUser(target[t] + inTarget, buffer, 0, got);
      done += put;
      if (put < bytes) {
        return done == 0 ? -Errno.EFAULT : done;
      }
      inSource += bytes;
      inTarget += bytes;
      if (inSource == source[s + 1]) {
        s += 2;
        inSource = 0;
      }
      if (inTarget == target[t + 1]) {
        t += 2;
        inTarget = 0;
      }
    }
    return done;
  }
}
