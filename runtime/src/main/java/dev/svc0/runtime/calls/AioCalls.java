package dev.svc0.runtime.calls;

import static dev.svc0.annotation.UserPtr.Access.IN;
import static dev.svc0.annotation.UserPtr.Access.IN_OUT;
import static dev.svc0.annotation.UserPtr.Access.OUT;
import static dev.svc0.runtime.abi.AioConstants.*;

import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import dev.svc0.annotation.UserPtr;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.IoEventLayout;
import dev.svc0.runtime.abi.IocbLayout;
import dev.svc0.runtime.abi.MmapConstants;
import dev.svc0.runtime.mm.UserFault;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.syscall.SyscallResult;
import dev.svc0.runtime.task.AioContexts;
import dev.svc0.runtime.task.AioContexts.Context;
import dev.svc0.runtime.task.AioContexts.Event;
import dev.svc0.runtime.task.Task;
import dev.svc0.runtime.vfs.EventFd;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.ReadWrite;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous I/O of the kernel's old interface. Requests are carried out while they are
 * submitted, as Linux does with buffered I/O; completions are taken from the kernel, not from a
 * ring in user memory.
 */
public final class AioCalls {
  private static final String NOTE =
      "requests are carried out while they are submitted; no IOCB_CMD_POLL, no aio_rw_flags: EINVAL";
  private static final long RING_BYTES = 4096;
  private static final long MOST_FOR_SURE = 0x10000000 / IoEventLayout.SIZE;

  private AioCalls() {}

  @SyscallDefine(
      nr = 0,
      name = "io_setup",
      support = Support.PARTIAL,
      note = NOTE,
      errors = {"EAGAIN", "EFAULT", "EINVAL", "ENOMEM"})
  public static long ioSetup(
      Task task, int nrEvents, @UserPtr(access = IN_OUT, length = "8") long ctxp) {
    UserMemory memory = task.memory();
    long events = Integer.toUnsignedLong(nrEvents);
    if (memory.readLong(ctxp) != 0 || events == 0 || events > MOST_FOR_SURE) {
      return -Errno.EINVAL;
    }
    if (events > AioContexts.MOST_EVENTS) {
      return -Errno.EAGAIN;
    }
    int protection = MmapConstants.PROT_READ | MmapConstants.PROT_WRITE;
    int flags = MmapConstants.MAP_PRIVATE | MmapConstants.MAP_ANONYMOUS;
    // Libraries look for a ring at the context's address: there is none that they know.
    long ring = task.memory().mmap(0, RING_BYTES, protection, flags, null, 0);
    if (ring < 0) {
      return ring;
    }
    task.memory().nameArea(ring, "/[aio] (deleted)");
    if (!task.signal().aio().add(ring, events)) {
      long unmapped = task.memory().munmap(ring, RING_BYTES);
      return unmapped < 0 ? unmapped : -Errno.EAGAIN;
    }
    memory.writeLong(ctxp, ring);
    return 0;
  }

  @SyscallDefine(
      nr = 1,
      name = "io_destroy",
      support = Support.PARTIAL,
      note = NOTE,
      errors = {"EINVAL"})
  public static long ioDestroy(Task task, long ctx) {
    return task.signal().aio().remove(ctx) ? task.memory().munmap(ctx, RING_BYTES) : -Errno.EINVAL;
  }

  @SyscallDefine(
      nr = 2,
      name = "io_submit",
      support = Support.PARTIAL,
      note = NOTE,
      errors = {"EAGAIN", "EBADF", "EFAULT", "EINVAL"})
  public static long ioSubmit(
      Task task, long ctxId, long nr, @UserPtr(access = IN, length = "8") long iocbpp) {
    Context context = task.signal().aio().find(ctxId);
    if (context == null || nr < 0) {
      return -Errno.EINVAL;
    }
    long done = 0;
    long result = 0;
    while (result == 0 && done < Math.min(nr, context.most())) {
      try {
        long iocb = task.memory().readLong(iocbpp + done * Long.BYTES);
        result = submitOne(task, context, iocb);
      } catch (UserFault fault) {
        result = -Errno.EFAULT;
      }
      done += result == 0 ? 1 : 0;
    }
    return done != 0 ? done : result;
  }

  private static long submitOne(Task task, Context context, long iocb) {
    UserMemory memory = task.memory();
    long bytes = memory.readLong(iocb + IocbLayout.aio_nbytes);
    if (memory.readLong(iocb + IocbLayout.aio_reserved2) != 0
        || bytes < 0
        || memory.readInt(iocb + IocbLayout.aio_rw_flags) != 0) {
      return -Errno.EINVAL;
    }
    if (!context.reserve()) {
      return -Errno.EAGAIN;
    }
    long refusal = -Errno.EFAULT;
    try {
      refusal = carryOut(task, context, iocb);
    } finally {
      if (refusal < 0) {
        context.cancel();
      }
    }
    return refusal;
  }

  private static long carryOut(Task task, Context context, long iocb) {
    UserMemory memory = task.memory();
    int fd = memory.readInt(iocb + IocbLayout.aio_fildes);
    File file = task.files().fdget(fd);
    if (file == null) {
      return -Errno.EBADF;
    }
    @Nullable File notify = null;
    try {
      if ((memory.readInt(iocb + IocbLayout.aio_flags) & IOCB_FLAG_RESFD) != 0) {
        notify = task.files().fdget(memory.readInt(iocb + IocbLayout.aio_resfd));
        if (notify == null || !EventFd.isOne(notify)) {
          return notify == null ? -Errno.EBADF : -Errno.EINVAL;
        }
      }
      int command = memory.readShort(iocb + IocbLayout.aio_lio_opcode);
      long refusal = refusal(file, command);
      if (refusal < 0) {
        return refusal;
      }
      memory.writeInt(iocb + IocbLayout.aio_key, 0);
      long result = perform(task, fd, command, iocb);
      boolean interrupted = SyscallResult.isRestart(result);
      long data = memory.readLong(iocb + IocbLayout.aio_data);
      context.complete(new Event(data, iocb, interrupted ? -Errno.EINTR : result));
      if (notify != null) {
        EventFd.signal(notify, 1);
      }
      return 0;
    } finally {
      file.put();
      if (notify != null) {
        notify.put();
      }
    }
  }

  private static long refusal(File file, int command) {
    return switch (command) {
      case IOCB_CMD_PREAD, IOCB_CMD_PREADV -> file.hasMode(File.FMODE_READ) ? 0 : -Errno.EBADF;
      case IOCB_CMD_PWRITE, IOCB_CMD_PWRITEV -> file.hasMode(File.FMODE_WRITE) ? 0 : -Errno.EBADF;
      case IOCB_CMD_FSYNC, IOCB_CMD_FDSYNC -> 0;
      default -> -Errno.EINVAL;
    };
  }

  private static long perform(Task task, int fd, int command, long iocb) {
    UserMemory memory = task.memory();
    long buffer = memory.readLong(iocb + IocbLayout.aio_buf);
    long bytes = memory.readLong(iocb + IocbLayout.aio_nbytes);
    long at = memory.readLong(iocb + IocbLayout.aio_offset);
    return switch (command) {
      case IOCB_CMD_PREAD -> ReadWrite.ksysPread64(task, fd, buffer, bytes, at);
      case IOCB_CMD_PWRITE -> ReadWrite.ksysPwrite64(task, fd, buffer, bytes, at);
      case IOCB_CMD_PREADV ->
          ReadWrite.vectoredAt(task, fd, buffer, bytes, at, 0, ReadWrite.Direction.READ);
      case IOCB_CMD_PWRITEV ->
          ReadWrite.vectoredAt(task, fd, buffer, bytes, at, 0, ReadWrite.Direction.WRITE);
      case IOCB_CMD_FSYNC -> SyncCalls.fsync(task, fd);
      default -> SyncCalls.fdatasync(task, fd);
    };
  }

  @SyscallDefine(
      nr = 3,
      name = "io_cancel",
      support = Support.PARTIAL,
      note = "nothing is ever under way: EINVAL",
      errors = {"EFAULT", "EINVAL"})
  public static long ioCancel(
      Task task,
      long ctxId,
      @UserPtr(access = IN, struct = "iocb") long iocb,
      @UserPtr(access = OUT, struct = "io_event") long result) {
    int unused = task.memory().readInt(iocb + IocbLayout.aio_key); // before all else: EFAULT
    return -Errno.EINVAL;
  }

  @SyscallDefine(
      nr = 4,
      name = "io_getevents",
      support = Support.PARTIAL,
      note = NOTE,
      errors = {"EFAULT", "EINVAL", "EINTR"})
  public static long ioGetevents(
      Task task,
      long ctxId,
      long minNr,
      long nr,
      @UserPtr(access = OUT, struct = "io_event", count = "$result") long events,
      @UserPtr(access = IN, struct = "__kernel_timespec") long timeout) {
    long deadline = WaitQueue.NO_DEADLINE;
    if (timeout != 0) {
      long nanos = UserTime.readTimespec(task.memory(), timeout);
      if (nanos == UserTime.INVALID) {
        return -Errno.EINVAL;
      }
      deadline = nanos > Long.MAX_VALUE / 2 ? deadline : System.nanoTime() + nanos;
    }
    Context context = task.signal().aio().find(ctxId);
    if (context == null || minNr > nr || minNr < 0) {
      return -Errno.EINVAL;
    }
    long waited = context.completed.waitEvent(task, () -> context.count() >= minNr, deadline);
    long taken = take(task.memory(), context, events, nr);
    boolean interrupted = waited < 0 && waited != -Errno.ETIMEDOUT;
    return taken == 0 && interrupted ? -Errno.EINTR : taken;
  }

  private static long take(UserMemory memory, Context context, long events, long most) {
    long taken = 0;
    while (taken < most) {
      Event event = context.take();
      if (event == null) {
        break;
      }
      long at = events + taken * IoEventLayout.SIZE;
      memory.writeLong(at + IoEventLayout.data, event.data());
      memory.writeLong(at + IoEventLayout.obj, event.request());
      memory.writeLong(at + IoEventLayout.res, event.result());
      memory.writeLong(at + IoEventLayout.res2, 0);
      taken++;
    }
    return taken;
  }
}
