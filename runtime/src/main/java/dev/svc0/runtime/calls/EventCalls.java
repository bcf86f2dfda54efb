package dev.svc0.runtime.calls;

import dev.svc0.annotation.Flags;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Rlimits;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.EventFd;
import dev.svc0.runtime.vfs.File;

/** Events as files. */
public final class EventCalls {
  private EventCalls() {}

  @SyscallDefine(nr = 19, name = "eventfd2", errors = {"EINVAL", "EMFILE"})
  public static long eventfd2(Task task, int count, @Flags("eventfd") int flags) {
    int known = Poll.EFD_SEMAPHORE | Poll.EFD_CLOEXEC | Poll.EFD_NONBLOCK;
    if ((flags & ~known) != 0) {
      return -Errno.EINVAL;
    }
    File file =
        EventFd.create(
            task.kernel().vfs(),
            Integer.toUnsignedLong(count),
            flags,
            (flags & Poll.EFD_SEMAPHORE) != 0,
            task.cred());
    boolean cloexec = (flags & Poll.EFD_CLOEXEC) != 0;
    int fd = task.files().install(file, 0, cloexec, task.rlimit(Rlimits.RLIMIT_NOFILE));
    if (fd < 0) {
      file.put();
    }
    return fd;
  }
}
