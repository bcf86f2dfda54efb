package dev.svc0.runtime.net;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Ioctl;
import dev.svc0.runtime.abi.Signals;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.SocketIoctl;
import dev.svc0.runtime.mm.IovIter;
import dev.svc0.runtime.sched.Sleeper;
import dev.svc0.runtime.sched.WaitQueue;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.File;
import dev.svc0.runtime.vfs.FileOperations;
import dev.svc0.runtime.vfs.Inode;
import dev.svc0.runtime.vfs.Kiocb;
import dev.svc0.runtime.vfs.PollTable;
import org.jspecify.annotations.Nullable;

/** The open file on a socket. <i>Linux:</i> socket_file_ops. */
@Traced(layer = Traced.Layer.VFS)
public final class SocketFile implements FileOperations {
  static final SocketFile INSTANCE = new SocketFile();

  private SocketFile() {}

  /** The socket behind a file; null when it is none. */
  public static @Nullable Sock of(File file) {
    return file.operations() == INSTANCE ? (Sock) file.privateData : null;
  }

  private static Sock sockOf(File file) {
    Sock sock = of(file);
    if (sock == null) {
      throw new IllegalStateException("a socket's file without a socket");
    }
    return sock;
  }

  /** A socket cannot be opened by the name its descriptor has in /proc. */
  @Override
  public long open(Inode inode, File file, Caller caller) {
    return -Errno.ENXIO;
  }

  @Override
  public int supplies() {
    return READ_ITER | WRITE_ITER;
  }

  private static int flags(Kiocb kiocb) {
    boolean nonblock = (kiocb.file.flags & Fcntl.O_NONBLOCK) != 0 || kiocb.has(Kiocb.IOCB_NOWAIT);
    return nonblock ? Socket.MSG_DONTWAIT : 0;
  }

  @Override
  @Traced("sock_read_iter")
  public long readIter(Kiocb kiocb, IovIter to) {
    if (to.count() == 0) {
      return 0;
    }
    return sockOf(kiocb.file).recvmsg(new Msg(kiocb.caller, to, flags(kiocb)));
  }

  @Override
  @Traced("sock_write_iter")
  public long writeIter(Kiocb kiocb, IovIter from) {
    Sock sock = sockOf(kiocb.file);
    int eor = sock.type == Socket.SOCK_SEQPACKET ? Socket.MSG_EOR : 0;
    return sock.sendmsg(new Msg(kiocb.caller, from, flags(kiocb) | eor));
  }

  @Override
  public int poll(File file, @Nullable PollTable table) {
    Sock sock = sockOf(file);
    if (table != null) {
      table.add(sock.wait);
    }
    return sock.poll();
  }

  @Override
  public long ioctl(File file, int request, long argument, Caller caller) {
    Sock sock = sockOf(file);
    switch (request) {
      case Ioctl.FIONREAD -> {
        return tell(caller, argument, sock.inputBytes());
      }
      case SocketIoctl.SIOCOUTQ -> {
        return tell(caller, argument, sock.outputBytes());
      }
      case SocketIoctl.SIOCGPGRP -> {
        return tell(caller, argument, file.owner & 0xffff_ffffL);
      }
      case SocketIoctl.SIOCSPGRP -> {
        file.owner = caller.memory().readInt(argument);
        return 0;
      }
      default -> {
        return Interfaces.ioctl(sock, request, argument, caller);
      }
    }
  }

  private static long tell(Caller caller, long argument, long value) {
    if (value < 0) {
      return value;
    }
    caller.memory().writeInt(argument, (int) value);
    return 0;
  }

  /**
   * O_ASYNC: the thread that asked gets SIGIO, or what F_SETSIG says, when something happens and
   * its process owns the file (F_SETOWN).
   */
  @Override
  public long fasync(File file, boolean on, Caller caller) {
    Sock sock = sockOf(file);
    WaitQueue.Listener before = sock.asyncListener;
    if (before != null) {
      sock.wait.removeListener(before);
      sock.asyncListener = null;
    }
    if (on) {
      WaitQueue.Listener listener =
          () -> {
            if (file.owner == caller.pid()) {
              caller.sendSignal(file.ownerSignal == 0 ? Signals.SIGIO : file.ownerSignal);
            }
          };
      sock.asyncListener = listener;
      sock.wait.addListener(listener);
    }
    file.flags = on ? file.flags | Fcntl.FASYNC : file.flags & ~Fcntl.FASYNC;
    return 0;
  }

  @Override
  public long llseek(File file, long offset, int whence) {
    return -Errno.ESPIPE;
  }

  @Override
  @Traced("sock_close")
  public void release(Inode inode, File file) {
    Sock sock = sockOf(file);
    sock.release(Sleeper.UNINTERRUPTIBLE);
    sock.net.unregister(sock);
  }
}
