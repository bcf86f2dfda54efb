package dev.svc0.runtime.tty;

import static dev.svc0.runtime.abi.Termios.*;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.mm.HostMemory;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.mm.UserMemory;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.PollTable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Open terminals. <i>Linux:</i> tty_fops, with n_tty_read and n_tty_write. */
@Traced(layer = Traced.Layer.DRIVER)
public final class TtyFileOperations implements FileOperations {
  private static final int CHUNK = 2048;
  private static final long NANOS_PER_TENTH = 100_000_000;

  private final BiFunction<Inode, Caller, @Nullable Tty> find;
  private final boolean console;

  /**
   * Operations of nodes that lead to a terminal.
   *
   * @param find which one; null for −ENXIO
   * @param console whether opening it never makes it somebody's terminal, as /dev/console
   */
  public TtyFileOperations(BiFunction<Inode, Caller, @Nullable Tty> find, boolean console) {
    this.find = find;
    this.console = console;
  }

  @Override
  public int supplies() {
    return READ | WRITE_ITER;
  }

  @Override
  @Traced("tty_open")
  public long open(Inode inode, File file, Caller caller) {
    Tty tty = find.apply(inode, caller);
    if (tty == null) {
      return -Errno.ENXIO;
    }
    file.mode &= ~(File.FMODE_LSEEK | File.FMODE_PREAD | File.FMODE_PWRITE);
    file.mode |= File.FMODE_STREAM;
    TtyFile own = new TtyFile(tty, null);
    long opened = tty.open(own, caller.cred().capable(Capability.CAP_SYS_ADMIN));
    if (opened != 0) {
      return opened;
    }
    if (tty.driver() instanceof PtyPair.SlaveDriver slave && !slave.opened()) {
      tty.close(own);
      return -Errno.EIO;
    }
    file.privateData = own;
    if (!console && (file.flags & Fcntl.O_NOCTTY) == 0) {
      TtyJobControl.openSetsTerminal(tty, file, caller);
    }
    return 0;
  }

  @Override
  @Traced("tty_release")
  public void release(Inode inode, File file) {
    TtyFile own = TtyFile.of(file);
    boolean last = own.tty.close(own);
    if (last && own.tty.driver() instanceof PtyPair.SlaveDriver slave) {
      slave.closed();
    }
  }

  @Override
  @Traced("tty_read")
  public long read(Kiocb kiocb, long userBuffer, long bytes) {
    TtyFile own = TtyFile.of(kiocb.file);
    if (own.hungUp || bytes == 0) {
      return 0;
    }
    Caller caller = kiocb.caller;
    long check = TtyJobControl.checkChange(own.tty, caller, Signals.SIGTTIN);
    if (check != 0) {
      return check;
    }
    byte[] chunk = new byte[(int) Math.min(bytes, NTty.BUFFER)];
    int got = 0;
    long result = 0;
    KTermios termios = own.tty.termios();
    boolean lines = termios.local(ICANON);
    int minimum = lines ? 1 : Math.min(Math.max(termios.character(VMIN), 1), chunk.length);
    long tenths = lines ? 0 : termios.character(VTIME);
    boolean waitsForFirst = lines || termios.character(VMIN) > 0;
    boolean ended = false;
    while (got < minimum && !ended) {
      boolean timed = tenths > 0 && (got > 0 || !waitsForFirst);
      long deadline = timed ? System.nanoTime() + tenths * NANOS_PER_TENTH : WaitQueue.NO_DEADLINE;
      boolean never = !waitsForFirst && tenths == 0;
      result = awaitInput(own, kiocb, deadline, never);
      if (result != 0) {
        break;
      }
      if (own.hungUp || !own.tty.hasInput(1)) {
        break;
      }
      int one = own.tty.read(chunk, got, chunk.length - got);
      got += one;
      ended = lines || own.tty.termios().local(ICANON);
    }
    return got > 0 ? give(caller, userBuffer, chunk, got) : readEnd(result);
  }

  private static long give(Caller caller, long userBuffer, byte[] chunk, int got) {
    int left = caller.memory().copyToUser(userBuffer, chunk, 0, got);
    return left == got ? -Errno.EFAULT : got - left;
  }

  /** A read that timed out ends without bytes. */
  private static long readEnd(long result) {
    return result == -Errno.ETIMEDOUT ? 0 : result;
  }

  private static long awaitInput(TtyFile own, Kiocb kiocb, long deadline, boolean never) {
    Tty tty = own.tty;
    if (tty.hasInput(1) || own.hungUp) {
      return 0;
    }
    if (tty.isOtherClosed()) {
      return -Errno.EIO;
    }
    if (never) {
      return 0;
    }
    if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
      return -Errno.EAGAIN;
    }
    return tty.readWait.waitEvent(
        kiocb.caller, () -> tty.hasInput(1) || own.hungUp || tty.isOtherClosed(), deadline);
  }

  @Override
  @Traced("tty_write")
  public long writeIter(Kiocb kiocb, IovIter from) {
    TtyFile own = TtyFile.of(kiocb.file);
    if (own.hungUp) {
      return -Errno.EIO;
    }
    if (own.tty.termios().local(TOSTOP)) {
      long check = TtyJobControl.checkChange(own.tty, kiocb.caller, Signals.SIGTTOU);
      if (check != 0) {
        return check;
      }
    }
    byte[] chunk = new byte[(int) Math.min(CHUNK, from.count())];
    long done = 0;
    while (from.count() > 0) {
      int wish = (int) Math.min(chunk.length, from.currentLength());
      if (wish == 0) {
        from.advance(0);
        break;
      }
      int got = copyChunk(from, chunk, wish);
      if (got == 0) {
        return done == 0 ? -Errno.EFAULT : done;
      }
      long written = nTtyWrite(own, kiocb, chunk, got);
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

  static int copyChunk(IovIter from, byte[] chunk, int bytes) {
    UserMemory memory = from.userMemory();
    if (memory == null) {
      HostMemory.copy(from.currentAddress(), chunk, 0, bytes);
      return bytes;
    }
    return bytes - memory.copyFromUser(chunk, 0, from.currentAddress(), bytes);
  }

  @Traced("n_tty_write")
  private long nTtyWrite(TtyFile own, Kiocb kiocb, byte[] chunk, int count) {
    Tty tty = own.tty;
    int done = 0;
    while (done < count) {
      if (own.hungUp || tty.isOtherClosed()) {
        return done == 0 ? -Errno.EIO : done;
      }
      int taken = tty.write(chunk, done, count - done);
      done += taken;
      if (taken > 0) {
        continue;
      }
      if ((kiocb.file.flags & Fcntl.O_NONBLOCK) != 0) {
        return done == 0 ? -Errno.EAGAIN : done;
      }
      long waited = awaitRoom(own, kiocb.caller);
      if (waited != 0) {
        return done == 0 ? waited : done;
      }
    }
    return done;
  }

  private static long awaitRoom(TtyFile own, Caller caller) {
    Tty tty = own.tty;
    return tty.writeWait.waitEvent(
        caller,
        () -> tty.hasWriteRoom() || own.hungUp || tty.isOtherClosed(),
        WaitQueue.NO_DEADLINE);
  }

  @Override
  @Traced("tty_poll")
  public int poll(File file, @Nullable PollTable table) {
    TtyFile own = TtyFile.of(file);
    Tty tty = own.tty;
    if (table != null) {
      table.add(tty.readWait);
      table.add(tty.writeWait);
    }
    if (own.hungUp) {
      return Poll.POLLIN
          | Poll.POLLOUT
          | Poll.POLLERR
          | Poll.POLLHUP
          | Poll.POLLRDNORM
          | Poll.POLLWRNORM;
    }
    KTermios termios = tty.termios();
    int minimum = termios.character(VTIME) == 0 ? Math.max(1, termios.character(VMIN)) : 1;
    int result = tty.hasInput(minimum) ? Poll.POLLIN | Poll.POLLRDNORM : 0;
    result |= tty.isOtherClosed() ? Poll.POLLHUP : 0;
    return tty.hasWriteRoom() ? result | Poll.POLLOUT | Poll.POLLWRNORM : result;
  }

  @Override
  @Traced("tty_ioctl")
  public long ioctl(File file, int request, long argument, Caller caller) {
    TtyFile own = TtyFile.of(file);
    if (own.hungUp) {
      return request == dev.svc0.runtime.abi.Ioctl.TIOCSPGRP ? -Errno.ENOTTY : -Errno.EIO;
    }
    return TtyIoctl.ioctl(own, file, request, argument, caller);
  }
}
