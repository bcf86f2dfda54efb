package dev.svc0.fs.pipe;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.Inode;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A pipe that can be opened. One with a name waits for its other end; one without, reached by
 * /proc/PID/fd, does not. <i>Linux:</i> pipefifo_fops, fifo_open.
 */
@Traced(layer = Traced.Layer.FILESYSTEM)
final class FifoFileOperations extends PipeFileOperations {
  static final FifoFileOperations INSTANCE = new FifoFileOperations();

  /** What a FIFO's file keeps: the ring, and how many writers had come when it was opened. */
  private static final long NOT_WAITING = -1;

  private FifoFileOperations() {}

  @Override
  @Traced("fifo_open")
  public long open(Inode inode, File file, Caller caller) {
    boolean reads = file.hasMode(File.FMODE_READ);
    boolean writes = file.hasMode(File.FMODE_WRITE);
    if (!reads && !writes) {
      return -Errno.EINVAL;
    }
    file.mode &= ~(File.FMODE_LSEEK | File.FMODE_PREAD | File.FMODE_PWRITE);
    file.mode |= File.FMODE_STREAM | File.FMODE_NOWAIT | File.FMODE_CAN_ODIRECT;
    file.position = NOT_WAITING;
    boolean nonblock = (file.flags & Fcntl.O_NONBLOCK) != 0;
    long[] seen = new long[2];
    Pipe pipe = join(inode, file, reads, writes, nonblock, seen);
    if (pipe == null) {
      return -Errno.ENXIO;
    }
    pipe.readWait.wakeUp();
    pipe.writeWait.wakeUp();
    long result =
        isNameless(inode) ? 0 : waitForPartner(pipe, file, reads, writes, nonblock, seen, caller);
    if (result != 0) {
      release(inode, file);
    }
    return result;
  }

  /** Whether it is a pipe of pipe2(2): who opens it again waits for nobody. */
  private static boolean isNameless(Inode inode) {
    return inode.superBlock() instanceof AnonymousFs;
  }

  /**
   * Counts the opener in; null when it writes, must not wait, and nobody reads.
   *
   * @param seen out: how many openings for reading and writing there were when nobody was there to
   *     meet, −1 when somebody was
   */
  private static @Nullable Pipe join(
      Inode inode, File file, boolean reads, boolean writes, boolean nonblock, long[] seen) {
    synchronized (inode) {
      Pipe pipe = (Pipe) inode.special;
      boolean noReaders = pipe == null || pipe.readers == 0;
      if (writes && !reads && nonblock && noReaders && !isNameless(inode)) {
        return null;
      }
      if (pipe == null) {
        pipe = new Pipe(inode.superBlock().vfs().frames());
        inode.special = pipe;
      }
      pipe.lock.lock();
      try {
        pipe.users++;
        seen[0] = pipe.readers == 0 ? pipe.readerOpens : NOT_WAITING;
        seen[1] = pipe.writers == 0 ? pipe.writerOpens : NOT_WAITING;
        if (reads) {
          pipe.readers++;
          pipe.readerOpens++;
        }
        if (writes) {
          pipe.writers++;
          pipe.writerOpens++;
        }
      } finally {
        pipe.lock.unlock();
      }
      file.privateData = pipe;
      return pipe;
    }
  }

  private static long waitForPartner(
      Pipe pipe,
      File file,
      boolean reads,
      boolean writes,
      boolean nonblock,
      long[] seen,
      Caller caller) {
    if (reads && writes) {
      return 0;
    }
    if (reads && seen[1] != NOT_WAITING) {
      if (nonblock) {
        file.position = seen[1];
        return 0;
      }
      return waitForChange(pipe.readWait, () -> pipe.writerOpens, seen[1], caller);
    }
    if (writes && seen[0] != NOT_WAITING) {
      return waitForChange(pipe.writeWait, () -> pipe.readerOpens, seen[0], caller);
    }
    return 0;
  }

  private static long waitForChange(
      WaitQueue queue, LongSupplier opens, long before, Caller caller) {
    return queue.waitEvent(caller, () -> opens.getAsLong() != before, WaitQueue.NO_DEADLINE);
  }

  @Override
  boolean hadWriter(File file, Pipe pipe) {
    return file.position == NOT_WAITING || file.position != pipe.writerOpens;
  }

  @Override
  public void release(Inode inode, File file) {
    synchronized (inode) {
      super.release(inode, file);
      if (pipeOf(file).users == 0 && inode.special == file.privateData) {
        inode.special = null;
      }
    }
  }
}
