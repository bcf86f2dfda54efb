package dev.svc0.runtime.vfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.sched.WaitQueue;
import org.jspecify.annotations.Nullable;

/** A counter as a file: writes add, reads take. <i>Linux:</i> fs/eventfd.c. */
public final class EventFd implements FileOperations {
  private static final long MAX = -1L;

  private final boolean semaphore;
  private final WaitQueue changed = new WaitQueue();

  /** Unsigned, at most 2^64−2. Protected by this object's monitor. */
  private long count;

  private EventFd(long count, boolean semaphore) {
    this.count = count;
    this.semaphore = semaphore;
  }

  /** A new one, open for reading and writing, with one reference. */
  public static File create(Vfs vfs, long count, int flags, boolean semaphore, Cred cred) {
    AnonymousFs fs = vfs.anonymous();
    Inode inode = fs.newInode(0600, new EventFd(count, semaphore), cred);
    int mode = File.FMODE_READ | File.FMODE_WRITE | File.FMODE_STREAM | File.FMODE_NOWAIT;
    return fs.newFile(
        inode, "anon_inode:[eventfd]", Fcntl.O_RDWR | flags & Fcntl.O_NONBLOCK, mode, cred);
  }

  /** Whether an open file is a counter. */
  public static boolean isOne(File file) {
    return file.operations() instanceof EventFd;
  }

  /** Adds to a counter, as far as it goes. <i>Linux:</i> {@code eventfd_signal}. */
  public static void signal(File file, long value) {
    if (file.operations() instanceof EventFd counter) {
      if (!counter.add(value)) {
        synchronized (counter) {
          counter.count = MAX;
        }
      }
      counter.changed.wakeUp();
    }
  }

  @Override
  public int supplies() {
    return READ | WRITE;
  }

  /** Takes from the counter: all, or one of a semaphore; 0 when there is nothing. */
  private synchronized long take() {
    long taken = semaphore && count != 0 ? 1 : count;
    count -= taken;
    return taken;
  }

  private synchronized boolean add(long value) {
    if (Long.compareUnsigned(MAX - count, value) <= 0) {
      return false;
    }
    count += value;
    return true;
  }

  @Override
  public long read(Kiocb kiocb, long userBuffer, long bytes) {
    if (bytes < Long.BYTES) {
      return -Errno.EINVAL;
    }
    long[] taken = {take()};
    if (taken[0] == 0) {
      if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
        return -Errno.EAGAIN;
      }
      long waited =
          changed.waitEvent(
              kiocb.caller, () -> taken[0] != 0 || (taken[0] = take()) != 0, WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return waited;
      }
    }
    changed.wakeUp();
    kiocb.caller.memory().writeLong(userBuffer, taken[0]);
    return Long.BYTES;
  }

  @Override
  public long write(Kiocb kiocb, long userBuffer, long bytes) {
    if (bytes < Long.BYTES) {
      return -Errno.EINVAL;
    }
    long value = kiocb.caller.memory().readLong(userBuffer);
    if (value == MAX) {
      return -Errno.EINVAL;
    }
    if (!add(value)) {
      if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
        return -Errno.EAGAIN;
      }
      boolean[] added = new boolean[1];
      long waited =
          changed.waitEvent(
              kiocb.caller, () -> added[0] || (added[0] = add(value)), WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return waited;
      }
    }
    changed.wakeUp();
    return Long.BYTES;
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    if (table != null) {
      table.add(changed);
    }
    long now;
    synchronized (this) {
      now = count;
    }
    int events = now != 0 ? Poll.POLLIN : 0;
    return Long.compareUnsigned(MAX - 1, now) > 0 ? events | Poll.POLLOUT : events;
  }
}
