package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Size;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.EpollEventLayout;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.task.SignalMask;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.EventFd;
import dev.svc0.runtime.vfs.EventPoll;
import dev.svc0.runtime.vfs.File;

/** Events as files. */
public final class EventCalls {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private EventCalls() {}

  @SyscallDefine(
      nr = 19,
      name = "eventfd2",
      errors = {"EINVAL", "EMFILE"})
  public static long eventfd2(
      Task task,
      int count,
      @Flags(
              value = "eventfd",
              supported = {"EFD_SEMAPHORE", "EFD_CLOEXEC", "EFD_NONBLOCK"})
          int flags) {
    File file =
        EventFd.create(
            task.kernel().vfs(),
            Integer.toUnsignedLong(count),
            flags,
            (flags & Poll.EFD_SEMAPHORE) != 0,
            task.cred());
    return install(task, file, (flags & Poll.EFD_CLOEXEC) != 0);
  }

  @SyscallDefine(
      nr = 20,
      name = "epoll_create1",
      errors = {"EINVAL", "EMFILE"})
  public static long epollCreate1(
      Task task,
      @Flags(
              value = "epoll",
              supported = {"EPOLL_CLOEXEC"})
          int flags) {
    File file = EventPoll.create(task.kernel().vfs(), task.cred());
    return install(task, file, flags != 0);
  }

  @SyscallDefine(
      nr = 21,
      name = "epoll_ctl",
      errors = {"EBADF", "EEXIST", "EINVAL", "ELOOP", "ENOENT", "EPERM"},
      note = "EPOLLEXCLUSIVE wakes all waiters")
  public static long epollCtl(
      Task task,
      @Fd int epfd,
      @EnumOf("epoll:EPOLL_CTL_") int op,
      @Fd int fd,
      @UserPtr(access = IN, struct = "epoll_event") long event) {
    int events = 0;
    long data = 0;
    if (op != Poll.EPOLL_CTL_DEL) {
      events = task.memory().readInt(event + EpollEventLayout.events);
      data = task.memory().readLong(event + EpollEventLayout.data);
    }
    File set = task.files().fdget(epfd);
    if (set == null) {
      return -Errno.EBADF;
    }
    try {
      File file = task.files().fdget(fd);
      if (file == null) {
        return -Errno.EBADF;
      }
      try {
        return control(set, op, file, fd, events, data);
      } finally {
        file.put();
      }
    } finally {
      set.put();
    }
  }

  private static long control(File set, int op, File file, int fd, int events, long data) {
    if (!file.operations().canPoll(file.inode())) {
      return -Errno.EPERM;
    }
    EventPoll poll = EventPoll.of(set);
    if (poll == null || set == file) {
      return -Errno.EINVAL;
    }
    return switch (op) {
      case Poll.EPOLL_CTL_ADD -> poll.add(file, fd, events, data);
      case Poll.EPOLL_CTL_MOD -> poll.modify(file, fd, events, data);
      case Poll.EPOLL_CTL_DEL -> poll.remove(file, fd);
      default -> -Errno.EINVAL;
    };
  }

  @SyscallDefine(
      nr = 22,
      name = "epoll_pwait",
      errors = {"EBADF", "EFAULT", "EINTR", "EINVAL"})
  public static long epollPwait(
      Task task,
      @Fd int epfd,
      @UserPtr(access = OUT, struct = "epoll_event", count = "$result") long events,
      int maxevents,
      int timeout,
      @UserPtr(access = IN, length = "sigsetsize") long sigmask,
      @Size long sigsetsize) {
    long deadline =
        timeout < 0 ? WaitQueue.NO_DEADLINE : System.nanoTime() + timeout * NANOS_PER_MILLI;
    return pwait(task, epfd, events, maxevents, deadline, sigmask, sigsetsize);
  }

  @SyscallDefine(
      nr = 441,
      name = "epoll_pwait2",
      errors = {"EBADF", "EFAULT", "EINTR", "EINVAL"})
  public static long epollPwait2(
      Task task,
      @Fd int epfd,
      @UserPtr(access = OUT, struct = "epoll_event", count = "$result") long events,
      int maxevents,
      @UserPtr(access = IN, struct = "__kernel_timespec") long timeout,
      @UserPtr(access = IN, length = "sigsetsize") long sigmask,
      @Size long sigsetsize) {
    long deadline = WaitQueue.NO_DEADLINE;
    if (timeout != 0) {
      long nanos = UserTime.readTimespec(task.memory(), timeout);
      if (nanos == UserTime.INVALID) {
        return -Errno.EINVAL;
      }
      long now = System.nanoTime();
      deadline = nanos > Long.MAX_VALUE - now ? WaitQueue.NO_DEADLINE : now + nanos;
    }
    return pwait(task, epfd, events, maxevents, deadline, sigmask, sigsetsize);
  }

  private static long pwait(
      Task task,
      int epfd,
      long events,
      int maxevents,
      long deadline,
      long sigmask,
      long sigsetsize) {
    long result = SignalMask.setUserSigmask(task, sigmask, sigsetsize);
    if (result != 0) {
      return result;
    }
    result = await(task, epfd, events, maxevents, deadline);
    SignalMask.restoreSavedSigmaskUnless(task, result == -Errno.EINTR);
    return result;
  }

  private static long await(Task task, int epfd, long events, int maxevents, long deadline) {
    int most = Integer.MAX_VALUE / EpollEventLayout.SIZE;
    if (maxevents <= 0 || maxevents > most) {
      return -Errno.EINVAL;
    }
    UserMemory memory = task.memory();
    if (!memory.accessOk(events, (long) maxevents * EpollEventLayout.SIZE)) {
      return -Errno.EFAULT;
    }
    File set = task.files().fdget(epfd);
    if (set == null) {
      return -Errno.EBADF;
    }
    try {
      EventPoll poll = EventPoll.of(set);
      if (poll == null) {
        return -Errno.EINVAL;
      }
      long[] at = {events};
      return poll.await(
          task,
          maxevents,
          deadline,
          (bits, data) -> {
            memory.writeInt(at[0] + EpollEventLayout.events, bits);
            memory.writeLong(at[0] + EpollEventLayout.data, data);
            at[0] += EpollEventLayout.SIZE;
          });
    } finally {
      set.put();
    }
  }

  private static long install(Task task, File file, boolean cloexec) {
    int fd = task.files().install(file, 0, cloexec, task.rlimit(Rlimits.RLIMIT_NOFILE));
    if (fd < 0) {
      file.put();
    }
    return fd;
  }
}
