package dev.svc0.fs.devfs;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.AnonymousFs;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.Console;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.PollTable;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The host's standard streams when they are no terminal: bytes go through unchanged, and a program
 * that asks for terminal attributes hears that there are none (−ENOTTY).
 *
 * <p>Input is read by a thread of its own, at most one buffer ahead and only once somebody wants
 * it, so that a guest's read can be interrupted and polled although the host's cannot. A poll that
 * finds nothing read yet asks whether the host would answer a read at once, and then waits for that
 * thread: what is there before the poll, the end included, is there for the poll.
 */
public final class StreamConsole implements Console {
  private static final int BUFFER = 65536;
  private static final long LONGEST_READ_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Vfs vfs;
  private final InputStream in;
  private final BooleanSupplier readable;
  private final OutputStream out;
  private final OutputStream err;
  private final WaitQueue inputChanged = new WaitQueue();
  private final FileOperations both = new Ends(0);

  /** Input that was read and not yet taken. All protected by this object's monitor. */
  private final byte[] buffer = new byte[BUFFER];

  private int start;
  private int end;
  private boolean ended;
  private boolean wanted;
  private long reads;
  private @Nullable KernelThread reader;

  /** Over streams that tell with {@link InputStream#available} what can be read at once. */
  public StreamConsole(Vfs vfs, InputStream in, OutputStream out, OutputStream err) {
    this(vfs, in, () -> hasAvailable(in), out, err);
  }

  /**
   * Over streams of the host.
   *
   * @param readable whether a read would not wait, also because the end is reached
   */
  public StreamConsole(
      Vfs vfs, InputStream in, BooleanSupplier readable, OutputStream out, OutputStream err) {
    this.vfs = vfs;
    this.in = in;
    this.readable = readable;
    this.out = out;
    this.err = err;
  }

  @Override
  public FileOperations operations() {
    return both;
  }

  @Override
  public File standardFile(int fd, Caller caller) {
    Cred cred = caller.cred();
    AnonymousFs fs = vfs.anonymous();
    FileOperations operations = new Ends(fd);
    Inode inode = fs.newInode(StatConstants.S_IFIFO | 0600, operations, cred);
    int access = fd == 0 ? Fcntl.O_RDONLY : Fcntl.O_WRONLY;
    int mode = File.FMODE_STREAM | (fd == 0 ? File.FMODE_READ : File.FMODE_WRITE);
    return fs.newFile(inode, "pipe:[" + inode.number() + "]", access, mode, cred);
  }

  private static boolean hasAvailable(InputStream in) {
    try {
      return in.available() > 0;
    } catch (IOException gone) {
      return true; // a read fails at once
    }
  }

  /** Whether there is input now; else the reader is asked for it. */
  private boolean hasInputNow() {
    long before = reads();
    if (hasInput()) {
      return true;
    }
    boolean atOnce = readable.getAsBoolean();
    wantInput();
    return atOnce ? awaitRead(before) : hasInput();
  }

  private synchronized long reads() {
    return reads;
  }

  /** Not for long, as somebody else on the host may have taken the input. */
  private synchronized boolean awaitRead(long before) {
    long deadline = System.nanoTime() + LONGEST_READ_NANOS;
    try {
      while (reads == before && !ended) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          break;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return hasInput();
  }

  private synchronized boolean hasInput() {
    return end > start || ended;
  }

  /** Asks the reader for more. */
  private synchronized void wantInput() {
    if (hasInput()) {
      return;
    }
    wanted = true;
    if (reader == null) {
      reader = new KernelThread(this::readInput, "console-in");
      reader.start();
    }
    notifyAll();
  }

  private void readInput() {
    byte[] chunk = new byte[BUFFER];
    while (true) {
      int got;
      try {
        awaitWanted();
        got = in.read(chunk);
      } catch (IOException gone) {
        got = -1;
      } catch (InterruptedException stopped) {
        return;
      }
      synchronized (this) {
        wanted = false;
        reads++;
        notifyAll();
        if (got < 0) {
          ended = true;
        } else {
          System.arraycopy(chunk, 0, buffer, 0, got);
          start = 0;
          end = got;
        }
      }
      inputChanged.wakeUp();
      if (got < 0) {
        return;
      }
    }
  }

  private synchronized void awaitWanted() throws InterruptedException {
    while (!wanted || end > start) {
      wait();
    }
  }

  /** Reading and writing one of the streams, or all of them through the console node. */
  private final class Ends implements FileOperations {
    private final int fd;

    Ends(int fd) {
      this.fd = fd;
    }

    @Override
    public int supplies() {
      return READ | WRITE_ITER;
    }

    @Override
    public long open(Inode inode, File file, Caller caller) {
      file.mode &= ~(File.FMODE_LSEEK | File.FMODE_PREAD | File.FMODE_PWRITE);
      file.mode |= File.FMODE_STREAM;
      return 0;
    }

    @Override
    public long read(Kiocb kiocb, long userBuffer, long bytes) {
      if (bytes == 0) {
        return 0;
      }
      if (!hasInputNow()) {
        if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
          return -Errno.EAGAIN;
        }
        long waited =
            inputChanged.waitEvent(
                kiocb.caller, StreamConsole.this::hasInput, WaitQueue.NO_DEADLINE);
        if (waited != 0) {
          return waited;
        }
      }
      synchronized (StreamConsole.this) {
        int count = (int) Math.min(bytes, end - start);
        int left = kiocb.caller.memory().copyToUser(userBuffer, buffer, start, count);
        start += count - left;
        return count > 0 && left == count ? -Errno.EFAULT : count - left;
      }
    }

    @Override
    public long writeIter(Kiocb kiocb, IovIter from) {
      OutputStream to = fd == 2 ? err : out;
      byte[] chunk = new byte[(int) Math.min(BUFFER, from.count())];
      long done = 0;
      synchronized (to) {
        while (from.count() > 0) {
          int wish = (int) Math.min(chunk.length, from.currentLength());
          int got = copyChunk(from, chunk, wish);
          try {
            to.write(chunk, 0, got);
            to.flush();
          } catch (IOException gone) {
            kiocb.caller.sendSignal(Signals.SIGPIPE);
            return done == 0 ? -Errno.EPIPE : done;
          }
          done += got;
          if (got < wish) {
            return done == 0 ? -Errno.EFAULT : done;
          }
        }
      }
      return done;
    }

    private static int copyChunk(IovIter from, byte[] chunk, int bytes) {
      UserMemory memory = from.userMemory();
      int got = bytes;
      if (memory == null) {
        HostMemory.copy(from.currentAddress(), chunk, 0, bytes);
      } else {
        got -= memory.copyFromUser(chunk, 0, from.currentAddress(), bytes);
      }
      from.advance(got);
      return got;
    }

    @Override
    public int poll(File file, @Nullable PollTable table) {
      if (!file.hasMode(File.FMODE_READ)) {
        return Poll.POLLOUT | Poll.POLLWRNORM;
      }
      if (table != null) {
        table.add(inputChanged);
      }
      boolean reads = hasInputNow();
      int writes = file.hasMode(File.FMODE_WRITE) ? Poll.POLLOUT | Poll.POLLWRNORM : 0;
      return reads ? writes | Poll.POLLIN | Poll.POLLRDNORM : writes;
    }

    @Override
    public long ioctl(File file, int request, long argument, Caller caller) {
      if (request != Ioctl.FIONREAD) {
        return -Errno.ENOTTY;
      }
      int available;
      synchronized (StreamConsole.this) {
        available = end - start;
      }
      caller.memory().writeInt(argument, available);
      return 0;
    }
  }
}
