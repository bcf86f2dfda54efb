package dev.svc0.runtime.tty;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.PollTable;
import org.jspecify.annotations.Nullable;

/** /dev/ptmx: each open makes a pair and is its master. <i>Linux:</i> ptmx_open, pty_write. */
@Traced(layer = Traced.Layer.DRIVER)
public final class PtyMasterOperations implements FileOperations {
  private static final int CHUNK = 4096;

  private final PtyTable table;

  /** Makes pairs of this table. */
  public PtyMasterOperations(PtyTable table) {
    this.table = table;
  }

  private static PtyPair.Master masterOf(File file) {
    PtyPair.Master master = TtyFile.of(file).master;
    if (master == null) {
      throw new IllegalStateException("not a master end");
    }
    return master;
  }

  @Override
  public int supplies() {
    return READ | WRITE_ITER;
  }

  @Override
  @Traced("ptmx_open")
  public long open(Inode inode, File file, Caller caller) {
    PtyPair pair = table.create(caller.cred());
    if (pair == null) {
      return -Errno.ENOSPC;
    }
    file.mode &= ~(File.FMODE_LSEEK | File.FMODE_PREAD | File.FMODE_PWRITE);
    file.mode |= File.FMODE_STREAM;
    file.privateData = new TtyFile(pair.slave(), pair.master());
    return 0;
  }

  @Override
  @Traced("tty_release")
  public void release(Inode inode, File file) {
    PtyPair.Master master = masterOf(file);
    table.remove(master.pair());
    master.closed();
  }

  @Override
  @Traced("tty_read")
  public long read(Kiocb kiocb, long userBuffer, long bytes) {
    PtyPair.Master master = masterOf(kiocb.file);
    if (bytes == 0) {
      return 0;
    }
    if (!master.hasOutput()) {
      if (master.isSlaveClosed()) {
        return -Errno.EIO;
      }
      if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
        return -Errno.EAGAIN;
      }
      long waited =
          master.changed.waitEvent(
              kiocb.caller,
              () -> master.hasOutput() || master.isSlaveClosed(),
              WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return waited;
      }
      if (!master.hasOutput()) {
        return -Errno.EIO;
      }
    }
    byte[] chunk = new byte[(int) Math.min(bytes, CHUNK)];
    int got = master.read(chunk, chunk.length);
    int left = kiocb.caller.memory().copyToUser(userBuffer, chunk, 0, got);
    return got > 0 && left == got ? -Errno.EFAULT : got - left;
  }

  @Override
  @Traced("tty_write")
  public long writeIter(Kiocb kiocb, IovIter from) {
    byte[] chunk = new byte[(int) Math.min(CHUNK, from.count())];
    long done = 0;
    while (from.count() > 0) {
      int wish = (int) Math.min(chunk.length, from.currentLength());
      if (wish == 0) {
        from.advance(0);
        break;
      }
      int got = TtyFileOperations.copyChunk(from, chunk, wish);
      if (got == 0) {
        return done == 0 ? -Errno.EFAULT : done;
      }
      long written = ptyWrite(kiocb, chunk, got);
      if (written > 0) {
        done += written;
        from.advance(written);
      }
      if (written < got) {
        return done == 0 ? written : done;
      }
    }
    return done;
  }

  @Traced("pty_write")
  private static long ptyWrite(Kiocb kiocb, byte[] chunk, int count) {
    PtyPair.Master master = masterOf(kiocb.file);
    Tty slave = master.pair().slave();
    int done = 0;
    while (done < count) {
      int taken = slave.receive(chunk, done, count - done);
      done += taken;
      if (taken > 0) {
        continue;
      }
      if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
        return done == 0 ? -Errno.EAGAIN : done;
      }
      long waited =
          master.changed.waitEvent(
              kiocb.caller, () -> slave.receiveRoom() > 0, WaitQueue.NO_DEADLINE);
      if (waited != 0) {
        return done == 0 ? waited : done;
      }
    }
    return done;
  }

  @Override
  @Traced("tty_poll")
  public int poll(File file, @Nullable PollTable pollTable) {
    PtyPair.Master master = masterOf(file);
    if (pollTable != null) {
      pollTable.add(master.changed);
    }
    int result = master.hasOutput() ? Poll.POLLIN | Poll.POLLRDNORM : 0;
    result |= master.hasPacketStatus() ? Poll.POLLPRI : 0;
    result |= master.isSlaveClosed() ? Poll.POLLHUP : 0;
    boolean room = master.pair().slave().receiveRoom() > 0;
    return room ? result | Poll.POLLOUT | Poll.POLLWRNORM : result;
  }

  @Override
  @Traced("tty_ioctl")
  public long ioctl(File file, int request, long argument, Caller caller) {
    PtyPair.Master master = masterOf(file);
    PtyPair pair = master.pair();
    UserMemory memory = caller.memory();
    return switch (request) {
      case Ioctl.TIOCGPTN -> TtyIoctl.putInt(memory, argument, pair.number());
      case Ioctl.TIOCSPTLCK -> {
        pair.setLocked(memory.readInt(argument) != 0);
        yield 0;
      }
      case Ioctl.TIOCGPTLCK -> TtyIoctl.putInt(memory, argument, pair.isLocked() ? 1 : 0);
      case Ioctl.TIOCPKT -> {
        master.setPacketMode(memory.readInt(argument) != 0);
        yield 0;
      }
      case Ioctl.TIOCGPKT -> TtyIoctl.putInt(memory, argument, master.isPacketMode() ? 1 : 0);
      case Ioctl.TIOCSIG -> typeSignal(pair, (int) argument);
      case Ioctl.FIONREAD -> TtyIoctl.putInt(memory, argument, master.available());
      case Ioctl.TIOCOUTQ -> TtyIoctl.putInt(memory, argument, 0);
      case Ioctl.TIOCGPTPEER -> -Errno.EINVAL; // programs then open the slave by its name
      case Ioctl.TIOCNOTTY -> -Errno.ENOTTY;
      case Ioctl.TCFLSH -> flush(pair, (int) argument);
      default -> TtyIoctl.ioctl(TtyFile.of(file), file, request, argument, caller);
    };
  }

  private static long typeSignal(PtyPair pair, int signal) {
    if (signal != Signals.SIGINT && signal != Signals.SIGQUIT && signal != Signals.SIGTSTP) {
      return -Errno.EINVAL;
    }
    pair.slave().typeSignal(signal);
    return 0;
  }

  /** Input of the master is output of the slave; its own output is the slave's already. */
  private static long flush(PtyPair pair, int which) {
    if (which == Ioctl.TCIFLUSH || which == Ioctl.TCIOFLUSH) {
      pair.master().flush();
    }
    return which == Ioctl.TCIFLUSH || which == Ioctl.TCOFLUSH || which == Ioctl.TCIOFLUSH
        ? 0
        : -Errno.EINVAL;
  }
}
