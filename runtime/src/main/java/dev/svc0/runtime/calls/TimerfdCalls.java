package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.OUT;
import static dev.svc0.runtime.abi.ClockConstants.*;

import dev.svc0.annotation.EnumOf;
import dev.svc0.annotation.Fd;
import dev.svc0.annotation.Flags;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.task.KTimer;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.task.TimerFile;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;

/** Timers behind descriptors. */
public final class TimerfdCalls {
  private static final int MODE = 0600;

  private TimerfdCalls() {}

  @SyscallDefine(
      nr = 85,
      name = "timerfd_create",
      support = Support.PARTIAL,
      note = "alarm clocks do not wake the machine: EINVAL",
      errors = {"EINVAL", "EMFILE"})
  public static long timerfdCreate(
      Task task,
      @EnumOf("clock:CLOCK_") int clockid,
      @Flags(
              value = "timerfd:TFD_CLOEXEC|TFD_NONBLOCK",
              supported = {"TFD_NONBLOCK", "TFD_CLOEXEC"})
          int flags) {
    if (clockid != CLOCK_REALTIME && clockid != CLOCK_MONOTONIC && clockid != CLOCK_BOOTTIME) {
      return -Errno.EINVAL;
    }
    KTimer.Source source = () -> Clocks.now(task, clockid);
    TimerFile timer = new TimerFile(task.kernel(), clockid, source);
    AnonymousFs files = task.kernel().vfs().anonymous();
    Inode inode = files.newInode(MODE, timer, task.cred());
    File file =
        files.newFile(
            inode,
            "anon_inode:[timerfd]",
            Fcntl.O_RDWR | flags & TFD_NONBLOCK,
            File.FMODE_READ | File.FMODE_WRITE,
            task.cred());
    int fd =
        task.files()
            .install(file, 0, (flags & TFD_CLOEXEC) != 0, task.rlimit(Rlimits.RLIMIT_NOFILE));
    if (fd < 0) {
      file.put();
    }
    return fd;
  }

  @SyscallDefine(
      nr = 86,
      name = "timerfd_settime",
      support = Support.PARTIAL,
      note = "TFD_TIMER_CANCEL_ON_SET has no effect: the clock is never set",
      errors = {"EBADF", "EINVAL", "EFAULT"})
  public static long timerfdSettime(
      Task task,
      @Fd int ufd,
      int flags,
      @UserPtr(access = IN, struct = "__kernel_itimerspec") long utmr,
      @UserPtr(access = OUT, struct = "__kernel_itimerspec") long otmr) {
    UserMemory memory = task.memory();
    long value = UserTime.readValue(memory, utmr);
    long interval = UserTime.readInterval(memory, utmr);
    if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0
        || value == UserTime.INVALID
        || interval == UserTime.INVALID) {
      return -Errno.EINVAL;
    }
    File file = task.files().fdget(ufd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if (!(file.operations() instanceof TimerFile timer)) {
        return -Errno.EINVAL;
      }
      long oldRemaining = timer.timer().remaining();
      long oldInterval = timer.timer().interval();
      timer.reset();
      if ((flags & TFD_TIMER_ABSTIME) != 0 && value != 0) {
        timer.timer().setDeadline(value, interval);
      } else {
        timer.timer().set(value, interval);
      }
      if (otmr != 0) {
        UserTime.writeItimerspec(memory, otmr, oldRemaining, oldInterval);
      }
      return 0;
    } finally {
      file.put();
    }
  }

  @SyscallDefine(
      nr = 87,
      name = "timerfd_gettime",
      errors = {"EBADF", "EINVAL", "EFAULT"})
  public static long timerfdGettime(
      Task task, @Fd int ufd, @UserPtr(access = OUT, struct = "__kernel_itimerspec") long otmr) {
    File file = task.files().fdget(ufd);
    if (file == null) {
      return -Errno.EBADF;
    }
    try {
      if (!(file.operations() instanceof TimerFile timer)) {
        return -Errno.EINVAL;
      }
      UserTime.writeItimerspec(
          task.memory(), otmr, timer.timer().remaining(), timer.timer().interval());
      return 0;
    } finally {
      file.put();
    }
  }
}
