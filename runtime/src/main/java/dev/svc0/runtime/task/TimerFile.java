package dev.svc0.runtime.task;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.PollTable;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * A timer behind a descriptor: reading it tells how often it ran out. <i>Linux:</i> fs/timerfd.c.
 */
public final class TimerFile implements FileOperations {
  private final int clock;
  private final KTimer timer;
  private final WaitQueue readers = new WaitQueue();

  /** Protected by this. */
  private long ticks;

  /** A timer that is not armed. */
  public TimerFile(Kernel kernel, int clock, KTimer.Source source) {
    this.clock = clock;
    this.timer = new KTimer(kernel.timers(), source, this::expire);
  }

  private void expire(long times) {
    synchronized (this) {
      ticks += times;
    }
    readers.wakeUp();
  }

  /** CLOCK_ id. */
  public int clock() {
    return clock;
  }

  /** When it runs out. */
  public KTimer timer() {
    return timer;
  }

  /** timerfd_settime(2): what ran out before counts no more. */
  public synchronized void reset() {
    ticks = 0;
  }

  private synchronized boolean expired() {
    return ticks != 0;
  }

  private synchronized long take() {
    long taken = ticks;
    ticks = 0;
    return taken;
  }

  @Override
  public int supplies() {
    return READ_ITER;
  }

  @Override
  public long readIter(Kiocb kiocb, IovIter to) {
    if (to.count() < Long.BYTES) {
      return -Errno.EINVAL;
    }
    long taken = take();
    while (taken == 0) {
      if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
        return -Errno.EAGAIN;
      }
      long waited = readers.waitEvent(kiocb.caller, this::expired, WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return waited;
      }
      taken = take(); // another reader may have been first
    }
    try (Arena arena = Arena.ofConfined()) {
      long host = arena.allocate(Long.BYTES, Long.BYTES).address();
      HostMemory.putLong(host, taken);
      return to.copyToIter(host, Long.BYTES) == Long.BYTES ? Long.BYTES : -Errno.EFAULT;
    }
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    if (table != null) {
      table.add(readers);
    }
    return expired() ? Poll.POLLIN | Poll.POLLRDNORM : 0;
  }

  @Override
  public void release(Inode inode, File file) {
    timer.set(0, 0);
  }
}
