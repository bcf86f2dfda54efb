package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.IN_OUT;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.InternalErrno;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.PollfdLayout;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.task.SignalMask;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.PollTable;
import dev.svc0.runtime.vfs.PollWait;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Waiting for events of several files. <i>Linux:</i> fs/select.c. */
public final class PollCalls {
  private static final int POLLIN_SET =
      Poll.POLLRDNORM | Poll.POLLRDBAND | Poll.POLLIN | Poll.POLLHUP | Poll.POLLERR | Poll.POLLNVAL;
  private static final int POLLOUT_SET =
      Poll.POLLWRBAND | Poll.POLLWRNORM | Poll.POLLOUT | Poll.POLLERR | Poll.POLLNVAL;
  private static final int POLLEX_SET = Poll.POLLPRI | Poll.POLLNVAL;
  private static final int ALWAYS = Poll.POLLERR | Poll.POLLHUP;
  private static final long NO_TIMEOUT = Long.MAX_VALUE;

  private PollCalls() {}

  /** Asks all files once; the number with something to tell. */
  @FunctionalInterface
  private interface Scan {
    int count(@Nullable PollTable table);
  }

  @SyscallDefine(
      nr = 73,
      name = "ppoll",
      errors = {"EFAULT", "EINTR", "EINVAL"},
      restart = Restart.IF_NO_HANDLER)
  public static long ppoll(
      Task task,
      @UserPtr(access = IN_OUT, struct = "pollfd", count = "nfds") long ufds,
      int nfds,
      @UserPtr(access = IN_OUT, struct = "__kernel_timespec") long tsp,
      @UserPtr(access = IN, length = "sigsetsize") long sigmask,
      @Size long sigsetsize) {
    long timeout = readTimeout(task, tsp);
    if (timeout == UserTime.INVALID) {
      return -Errno.EINVAL;
    }
    long start = System.nanoTime();
    long result = SignalMask.setUserSigmask(task, sigmask, sigsetsize);
    if (result == 0) {
      result = doPoll(task, ufds, nfds, timeout, start);
    }
    return finish(task, tsp, timeout, start, result);
  }

  private static long readTimeout(Task task, long tsp) {
    return tsp == 0 ? NO_TIMEOUT : UserTime.readTimespec(task.memory(), tsp);
  }

  /** Puts the mask back and tells what is left of the time. */
  private static long finish(Task task, long tsp, long timeout, long start, long result) {
    boolean interrupted = result == -Errno.EINTR;
    SignalMask.restoreSavedSigmaskUnless(task, interrupted);
    if (tsp != 0 && timeout != NO_TIMEOUT) {
      long left = Math.max(timeout - (System.nanoTime() - start), 0);
      UserTime.writeTimespec(task.memory(), tsp, left);
    }
    return interrupted ? -InternalErrno.ERESTARTNOHAND : result;
  }

  private static long doPoll(Task task, long ufds, int nfds, long timeout, long start) {
    if (Long.compareUnsigned(nfds & 0xffffffffL, task.rlimit(Rlimits.RLIMIT_NOFILE)) > 0) {
      return -Errno.EINVAL;
    }
    UserMemory memory = task.memory();
    int[] fds = new int[nfds];
    int[] events = new int[nfds];
    int[] revents = new int[nfds];
    for (int i = 0; i < nfds; i++) {
      long at = ufds + (long) i * PollfdLayout.SIZE;
      fds[i] = memory.readInt(at + PollfdLayout.fd);
      events[i] = memory.readShort(at + PollfdLayout.events);
    }
    long result = wait(task, timeout, start, table -> scanPoll(task, fds, events, revents, table));
    for (int i = 0; i < nfds; i++) {
      long at = ufds + (long) i * PollfdLayout.SIZE;
      memory.writeShort(at + PollfdLayout.revents, (short) revents[i]);
    }
    return result;
  }

  private static int scanPoll(
      Task task, int[] fds, int[] events, int[] revents, @Nullable PollTable table) {
    int count = 0;
    for (int i = 0; i < fds.length; i++) {
      revents[i] = fds[i] < 0 ? 0 : eventsOf(task, fds[i], events[i] | ALWAYS, table);
      if (revents[i] != 0) {
        count++;
      }
    }
    return count;
  }

  private static int eventsOf(Task task, int fd, int wanted, @Nullable PollTable table) {
    File file = task.files().fdget(fd);
    if (file == null) {
      return Poll.POLLNVAL;
    }
    try {
      return file.operations().poll(file, table) & wanted;
    } finally {
      file.put();
    }
  }

  /** Scans until something is there, the time is up or a signal came. */
  private static long wait(Task task, long timeout, long start, Scan scan) {
    if (timeout == 0) {
      return scan.count(null);
    }
    boolean limited = timeout != NO_TIMEOUT && start + timeout > start;
    long deadline = limited ? start + timeout : WaitQueue.NO_DEADLINE;
    try (PollWait wait = new PollWait()) {
      while (true) {
        wait.rearm();
        int count = scan.count(wait);
        if (count != 0) {
          return count;
        }
        long waited = wait.await(task, deadline);
        if (waited == -Errno.ETIMEDOUT) {
          return scan.count(null);
        }
        if (waited != 0) {
          return -Errno.EINTR;
        }
      }
    }
  }

  @SyscallDefine(
      nr = 72,
      name = "pselect6",
      errors = {"EBADF", "EFAULT", "EINTR", "EINVAL"},
      restart = Restart.IF_NO_HANDLER)
  public static long pselect6(
      Task task,
      int n,
      @UserPtr(access = IN_OUT, length = "n") long inp,
      @UserPtr(access = IN_OUT, length = "n") long outp,
      @UserPtr(access = IN_OUT, length = "n") long exp,
      @UserPtr(access = IN_OUT, struct = "__kernel_timespec") long tsp,
      @UserPtr(access = IN, length = "16") long sig) {
    UserMemory memory = task.memory();
    long mask = sig == 0 ? 0 : memory.readLong(sig);
    long maskBytes = sig == 0 ? 0 : memory.readLong(sig + 8);
    long timeout = readTimeout(task, tsp);
    if (timeout == UserTime.INVALID) {
      return -Errno.EINVAL;
    }
    long start = System.nanoTime();
    long result = SignalMask.setUserSigmask(task, mask, maskBytes);
    if (result == 0) {
      result = n < 0 ? -Errno.EINVAL : select(task, n, inp, outp, exp, timeout, start);
    }
    return finish(task, tsp, timeout, start, result);
  }

  private static long select(
      Task task, int n, long inp, long outp, long exp, long timeout, long start) {
    UserMemory memory = task.memory();
    int limit = Math.min(n, 1 << 20);
    long[][] wanted = {
      readSet(memory, inp, limit), readSet(memory, outp, limit), readSet(memory, exp, limit)
    };
    for (int fd = 0; fd < limit; fd++) {
      boolean asked = has(wanted[0], fd) || has(wanted[1], fd) || has(wanted[2], fd);
      if (asked && task.files().lookup(fd) == null) {
        return -Errno.EBADF;
      }
    }
    long[][] found = new long[3][wanted[0].length];
    long result =
        wait(task, timeout, start, table -> scanSelect(task, limit, wanted, found, table));
    if (result >= 0) {
      writeSet(memory, inp, found[0]);
      writeSet(memory, outp, found[1]);
      writeSet(memory, exp, found[2]);
    }
    return result;
  }

  private static int scanSelect(
      Task task, int limit, long[][] wanted, long[][] found, @Nullable PollTable table) {
    int[] masks = {POLLIN_SET, POLLOUT_SET, POLLEX_SET};
    int count = 0;
    for (long[] set : found) {
      Arrays.fill(set, 0);
    }
    for (int fd = 0; fd < limit; fd++) {
      boolean asked = has(wanted[0], fd) || has(wanted[1], fd) || has(wanted[2], fd);
      if (!asked) {
        continue;
      }
      int events = eventsOf(task, fd, -1, table);
      for (int i = 0; i < 3; i++) {
        if (has(wanted[i], fd) && (events & masks[i]) != 0) {
          found[i][fd >> 6] |= 1L << fd;
          count++;
        }
      }
    }
    return count;
  }

  private static long[] readSet(UserMemory memory, long address, int bits) {
    long[] result = new long[bits + 63 >> 6];
    for (int i = 0; address != 0 && i < result.length; i++) {
      result[i] = memory.readLong(address + 8L * i);
    }
    return result;
  }

  private static void writeSet(UserMemory memory, long address, long[] set) {
    for (int i = 0; address != 0 && i < set.length; i++) {
      memory.writeLong(address + 8L * i, set[i]);
    }
  }

  private static boolean has(long[] set, int bit) {
    return (set[bit >> 6] & 1L << bit) != 0;
  }
}
