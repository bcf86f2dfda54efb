package dev.svc0.fs.pipe;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.GenericFile;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.PollTable;
import org.jspecify.annotations.Nullable;

/** The ends of a pipe. <i>Linux:</i> pipeanon_fops, pipefifo_fops. */
@Traced(layer = Traced.Layer.FILESYSTEM)
abstract class PipeFileOperations implements FileOperations {
  private static final int PAGE_SIZE = Pipe.PAGE_SIZE;
  private static final int PIPE_MAX_SIZE = 1 << 20;

  /** The most for which Linux gets memory in one piece: 4 MiB of 40 bytes each, a power of two. */
  private static final int MAX_SLOTS = 65536;

  PipeFileOperations() {}

  static Pipe pipeOf(File file) {
    Pipe pipe = (Pipe) file.privateData;
    if (pipe == null) {
      throw new IllegalStateException("a pipe without a ring");
    }
    return pipe;
  }

  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  private static boolean mustNotWait(Kiocb kiocb) {
    return (kiocb.file.flags & Fcntl.O_NONBLOCK) != 0 || kiocb.has(Kiocb.IOCB_NOWAIT);
  }

  @Override
  @Traced("anon_pipe_write")
  public long writeIter(Kiocb kiocb, IovIter from) {
    if (from.count() == 0) {
      return 0;
    }
    Pipe pipe = pipeOf(kiocb.file);
    pipe.lock.lock();
    long result;
    boolean wake;
    try {
      wake = pipe.isEmpty();
      result = fill(pipe, kiocb, from);
      wake |= !pipe.isEmpty() && result > 0;
    } finally {
      pipe.lock.unlock();
    }
    if (wake) {
      pipe.readWait.wakeUp();
    }
    if (result > 0) {
      pipe.asyncReaders.kill();
    }
    if (!pipe.isFull()) {
      pipe.writeWait.wakeUp();
    }
    if (result > 0) {
      GenericFile.fileUpdateTime(kiocb.file);
    }
    return result;
  }

  private static long fill(Pipe pipe, Kiocb kiocb, IovIter from) {
    Caller caller = kiocb.caller;
    if (pipe.readers == 0) {
      return brokenPipe(caller, 0);
    }
    long done = 0;
    int shortTail = (int) (from.count() & PAGE_SIZE - 1);
    if (shortTail != 0) {
      done = pipe.merge(from, shortTail);
      if (done < 0 || from.count() == 0) {
        return done;
      }
    }
    while (from.count() > 0) {
      if (pipe.readers == 0) {
        return brokenPipe(caller, done);
      }
      if (pipe.isFull()) {
        long waited = mustNotWait(kiocb) ? -Errno.EAGAIN : waitForRoom(pipe, caller);
        if (waited != 0) {
          return done == 0 ? waited : done;
        }
        continue;
      }
      boolean packets = (kiocb.file.flags & Fcntl.O_DIRECT) != 0;
      long pushed = pipe.push(from, packets);
      if (pushed < 0) {
        return done == 0 ? pushed : done;
      }
      done += pushed;
    }
    return done;
  }

  private static long brokenPipe(Caller caller, long done) {
    caller.sendSignal(Signals.SIGPIPE);
    return done == 0 ? -Errno.EPIPE : done;
  }

  private static long waitForRoom(Pipe pipe, Caller caller) {
    pipe.lock.unlock();
    try {
      pipe.readWait.wakeUp();
      return pipe.writeWait.waitEvent(
          caller, () -> !pipe.isFull() || pipe.readers == 0, WaitQueue.NO_DEADLINE);
    } finally {
      pipe.lock.lock();
    }
  }

  @Override
  @Traced("pipe_fasync")
  public long fasync(File file, boolean on, Caller caller) {
    Pipe pipe = pipeOf(file);
    if (file.hasMode(File.FMODE_READ)) {
      pipe.asyncReaders.set(file, on, caller);
    }
    if (file.hasMode(File.FMODE_WRITE)) {
      pipe.asyncWriters.set(file, on, caller);
    }
    return 0;
  }

  @Override
  @Traced("anon_pipe_read")
  public long readIter(Kiocb kiocb, IovIter to) {
    if (to.count() == 0) {
      return 0;
    }
    Pipe pipe = pipeOf(kiocb.file);
    pipe.lock.lock();
    long result;
    boolean wasFull;
    boolean more;
    try {
      wasFull = pipe.isFull();
      result = drain(pipe, kiocb, to);
      more = !pipe.isEmpty();
    } finally {
      pipe.lock.unlock();
    }
    if (wasFull || result > 0) {
      pipe.writeWait.wakeUp();
      pipe.asyncWriters.kill();
    }
    if (more) {
      pipe.readWait.wakeUp();
    }
    if (result > 0) {
      GenericFile.fileAccessed(kiocb.file);
    }
    return result;
  }

  private static long drain(Pipe pipe, Kiocb kiocb, IovIter to) {
    long done = 0;
    while (true) {
      if (!pipe.isEmpty()) {
        boolean packet = pipe.firstIsPacket();
        long pulled = pipe.pull(to);
        if (pulled < 0) {
          return done == 0 ? pulled : done;
        }
        done += pulled;
        if (packet || to.count() == 0) {
          return done;
        }
        continue;
      }
      if (pipe.writers == 0 || done > 0) {
        return done;
      }
      if (mustNotWait(kiocb)) {
        return -Errno.EAGAIN;
      }
      long waited = waitForData(pipe, kiocb.caller);
      if (waited != 0) {
        return waited;
      }
    }
  }

  private static long waitForData(Pipe pipe, Caller caller) {
    pipe.lock.unlock();
    try {
      return pipe.readWait.waitEvent(
          caller, () -> !pipe.isEmpty() || pipe.writers == 0, WaitQueue.NO_DEADLINE);
    } finally {
      pipe.lock.lock();
    }
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    Pipe pipe = pipeOf(file);
    int events = 0;
    if (file.hasMode(File.FMODE_READ)) {
      if (table != null) {
        table.add(pipe.readWait);
      }
      if (!pipe.isEmpty()) {
        events |= Poll.POLLIN | Poll.POLLRDNORM;
      }
      if (pipe.writers == 0 && hadWriter(file, pipe)) {
        events |= Poll.POLLHUP;
      }
    }
    if (file.hasMode(File.FMODE_WRITE)) {
      if (table != null) {
        table.add(pipe.writeWait);
      }
      if (!pipe.isFull()) {
        events |= Poll.POLLOUT | Poll.POLLWRNORM;
      }
      if (pipe.readers == 0) {
        events |= Poll.POLLERR;
      }
    }
    return events;
  }

  /**
   * Whether anybody wrote since this end was opened: only then is the absence of writers an end.
   */
  boolean hadWriter(File file, Pipe pipe) {
    return true;
  }

  @Override
  public long ioctl(File file, int request, long argument, Caller caller) {
    if (request != Ioctl.FIONREAD) {
      return -Errno.ENOTTY;
    }
    Pipe pipe = pipeOf(file);
    pipe.lock.lock();
    int bytes;
    try {
      bytes = pipe.bytes();
    } finally {
      pipe.lock.unlock();
    }
    caller.memory().writeInt(argument, bytes);
    return 0;
  }

  @Override
  public long fcntl(File file, int command, long argument, Caller caller) {
    return switch (command) {
      case Fcntl.F_GETPIPE_SZ -> (long) pipeOf(file).slots() * PAGE_SIZE;
      case Fcntl.F_SETPIPE_SZ -> setSize(pipeOf(file), argument, caller);
      default -> -Errno.EINVAL;
    };
  }

  /** <i>Linux:</i> pipe_set_size. The new size or −errno. */
  private static long setSize(Pipe pipe, long argument, Caller caller) {
    long bytes = argument & 0xffffffffL;
    if (bytes > 1L << 31) {
      return -Errno.EINVAL;
    }
    int slots = 1;
    while ((long) slots * PAGE_SIZE < bytes) {
      slots <<= 1;
    }
    boolean larger = slots > pipe.slots();
    if (larger
        && (long) slots * PAGE_SIZE > PIPE_MAX_SIZE
        && !caller.cred().capable(Capability.CAP_SYS_RESOURCE)) {
      return -Errno.EPERM;
    }
    if (slots > MAX_SLOTS) {
      return -Errno.ENOMEM;
    }
    pipe.lock.lock();
    long result;
    try {
      result = pipe.resize(slots);
    } finally {
      pipe.lock.unlock();
    }
    pipe.writeWait.wakeUp();
    return result != 0 ? result : (long) slots * PAGE_SIZE;
  }

  @Override
  public void release(Inode inode, File file) {
    Pipe pipe = pipeOf(file);
    pipe.asyncReaders.remove(file);
    pipe.asyncWriters.remove(file);
    boolean last;
    pipe.lock.lock();
    try {
      if (file.hasMode(File.FMODE_READ)) {
        pipe.readers--;
      }
      if (file.hasMode(File.FMODE_WRITE)) {
        pipe.writers--;
      }
      pipe.users--;
      last = pipe.users == 0;
      if (last) {
        pipe.free();
      }
    } finally {
      pipe.lock.unlock();
    }
    pipe.readWait.wakeUp();
    pipe.writeWait.wakeUp();
  }
}
