package dev.svc0.arm64.machine;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.KernelThread;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.AnonymousFs;
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
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Java streams as standard input, output and error. They look like pipes to the program: no
 * terminal, no position.
 *
 * <p>A thread of its own reads the input ahead, so that a program that waits for input can be
 * interrupted; it starts with the first read.
 */
public final class StreamConsole implements Console {
  private static final int CHUNK = 65536;
  private static final int PIPE_MODE = StatConstants.S_IFIFO | 0600;

  private final Vfs vfs;
  private final FileOperations input;
  private final FileOperations output;
  private final FileOperations error;

  /** Over three streams, which are not closed. */
  public StreamConsole(Vfs vfs, InputStream in, OutputStream out, OutputStream err) {
    this.vfs = vfs;
    this.input = new Input(in);
    this.output = new Output(out);
    this.error = new Output(err);
  }

  @Override
  public FileOperations operations() {
    return output;
  }

  @Override
  public File standardFile(int fd, Cred cred) {
    AnonymousFs files = vfs.anonymous();
    FileOperations operations = fd == 0 ? input : fd == 1 ? output : error;
    Inode inode = files.newInode(PIPE_MODE, operations, cred);
    int mode = fd == 0 ? File.FMODE_READ : File.FMODE_WRITE;
    int flags = fd == 0 ? Fcntl.O_RDONLY : Fcntl.O_WRONLY;
    return files.newFile(inode, "pipe:[" + inode.number() + "]", flags, mode, cred);
  }

  /** What was read ahead. */
  private static final class Input implements FileOperations {
    private final InputStream stream;
    private final WaitQueue readers = new WaitQueue();
    private final WaitQueue space = new WaitQueue();
    private final byte[] buffer = new byte[CHUNK];

    // Protected by this.
    private int from;
    private int to;
    private boolean end;
    private boolean started;

    Input(InputStream stream) {
      this.stream = stream;
    }

    private synchronized boolean ready() {
      return from < to || end;
    }

    private synchronized boolean empty() {
      return from == to;
    }

    private synchronized void start() {
      if (!started) {
        started = true;
        new KernelThread(this::pump, "stdin").start();
      }
    }

    private void pump() {
      byte[] chunk = new byte[CHUNK];
      while (true) {
        int got;
        try {
          got = stream.read(chunk);
        } catch (IOException e) {
          got = -1; // as the end of a pipe whose writer died
        }
        synchronized (this) {
          if (got < 0) {
            end = true;
          } else {
            System.arraycopy(chunk, 0, buffer, 0, got);
            from = 0;
            to = got;
          }
        }
        readers.wakeUp();
        if (got < 0) {
          return;
        }
        space.waitUninterruptibly(this::empty);
      }
    }

    @Override
    public int supplies() {
      return READ_ITER;
    }

    @Override
    public long readIter(Kiocb kiocb, IovIter iter) {
      start();
      if (!ready() && (kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
        return -Errno.EAGAIN;
      }
      long waited = readers.waitEvent(kiocb.caller, this::ready, WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return waited;
      }
      long result = take(iter);
      space.wakeUp();
      return result;
    }

    private synchronized long take(IovIter iter) {
      int bytes = (int) Math.min(iter.count(), to - from);
      if (bytes == 0) {
        return 0;
      }
      try (Arena arena = Arena.ofConfined()) {
        long host = arena.allocate(bytes).address();
        HostMemory.copy(buffer, from, host, bytes);
        long done = iter.copyToIter(host, bytes);
        from += (int) done;
        return done == 0 ? -Errno.EFAULT : done;
      }
    }

    @Override
    public int poll(File file, @Nullable PollTable table) {
      start();
      if (table != null) {
        table.add(readers);
      }
      return ready() ? Poll.POLLIN | Poll.POLLRDNORM : 0;
    }
  }

  /** Written through at once. */
  private static final class Output implements FileOperations {
    private final OutputStream stream;

    Output(OutputStream stream) {
      this.stream = stream;
    }

    @Override
    public int supplies() {
      return WRITE_ITER;
    }

    @Override
    public long writeIter(Kiocb kiocb, IovIter iter) {
      long done = 0;
      try (Arena arena = Arena.ofConfined()) {
        int size = (int) Math.min(iter.count(), CHUNK);
        long host = arena.allocate(Math.max(1, size)).address();
        byte[] chunk = new byte[size];
        while (iter.count() > 0) {
          int bytes = (int) iter.copyFromIter(host, Math.min(iter.count(), size));
          if (bytes == 0) {
            return done == 0 ? -Errno.EFAULT : done;
          }
          HostMemory.copy(host, chunk, 0, bytes);
          synchronized (stream) {
            stream.write(chunk, 0, bytes);
            stream.flush();
          }
          done += bytes;
        }
        return done;
      } catch (IOException e) {
        return done == 0 ? -Errno.EIO : done;
      }
    }

    @Override
    public int poll(File file, @Nullable PollTable table) {
      return Poll.POLLOUT | Poll.POLLWRNORM;
    }
  }
}
