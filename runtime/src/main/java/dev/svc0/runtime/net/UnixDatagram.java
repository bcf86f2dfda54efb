package dev.svc0.runtime.net;

import static dev.svc0.runtime.abi.Tcp.TCP_CLOSE;
import static dev.svc0.runtime.abi.Tcp.TCP_ESTABLISHED;
import static dev.svc0.runtime.abi.Tcp.TCP_LISTEN;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.vfs.Caller;

/** Messages of the unix domain: SOCK_DGRAM, and with a connection SOCK_SEQPACKET. */
@Traced(layer = Traced.Layer.VFS)
final class UnixDatagram extends UnixSock {
  private static final int OVERHEAD = 32;

  UnixDatagram(Net net, int type) {
    super(net, type);
  }

  @Traced("unix_dgram_connect")
  static long connectDatagram(UnixSock sock, Caller caller, byte[] bytes) {
    if (bytes.length < 2) {
      return -Errno.EINVAL;
    }
    UnixSock other = null;
    if (SockAddr.familyOf(bytes) != Socket.AF_UNSPEC) {
      long[] error = new long[1];
      SockAddr.Unix to = UnixBinding.parse(bytes, error);
      if (to == null || to.name().isEmpty()) {
        return to == null ? error[0] : -Errno.EINVAL;
      }
      if (sock.options.passCredentials && sock.address.name().isEmpty()) {
        UnixBinding.autobind(sock);
      }
      other = UnixBinding.findOther(sock.net, caller, to, sock.type, error);
      if (other == null) {
        return error[0];
      }
    }
    sock.net.lock.lock();
    try {
      if (other != null) {
        if (other.dead) {
          return -Errno.ECONNREFUSED;
        }
        if (other.peer != null && other.peer != sock) {
          return -Errno.EPERM;
        }
      }
      sock.state = other == null ? TCP_CLOSE : TCP_ESTABLISHED;
      sock.peer = other;
    } finally {
      sock.net.lock.unlock();
    }
    sock.stateChange();
    return 0;
  }

  @Override
  @Traced("unix_dgram_sendmsg")
  public long sendmsg(Msg msg) {
    if (type == Socket.SOCK_SEQPACKET) {
      long pending = takeError();
      if (pending != 0) {
        return pending;
      }
      if (state != TCP_ESTABLISHED) {
        return -Errno.ENOTCONN;
      }
      msg.name = null;
    }
    long[] error = new long[1];
    Scm scm = ControlReader.unix(msg.caller, msg.control, error);
    if (scm == null) {
      return error[0];
    }
    long result = send(msg, scm);
    if (result < 0) {
      scm.destroy();
    }
    return result;
  }

  private long send(Msg msg, Scm scm) {
    if (msg.has(Socket.MSG_OOB)) {
      return -Errno.EOPNOTSUPP;
    }
    long[] error = new long[1];
    SockAddr.Unix to = null;
    byte[] name = msg.name;
    if (name != null && name.length != 0) {
      to = UnixBinding.parse(name, error);
      if (to == null || to.name().isEmpty()) {
        return to == null ? error[0] : -Errno.EINVAL;
      }
    } else if (peer == null) {
      return -Errno.ENOTCONN;
    }
    if (options.passCredentials && address.name().isEmpty()) {
      UnixBinding.autobind(this);
    }
    long bytes = msg.iter.count();
    if (bytes > options.sendBuffer - OVERHEAD) {
      return -Errno.EMSGSIZE;
    }
    long timeout = sendTimeout(msg);
    long start = System.nanoTime();
    long waited = waitForSendMemory(msg, timeout, start);
    if (waited != 0) {
      return waited;
    }
    byte[] data = new byte[(int) bytes];
    if (msg.iter.copyFromIter(data, data.length) != data.length) {
      return -Errno.EFAULT;
    }
    SkBuff buffer = new SkBuff(data, this);
    buffer.scm = scm;
    buffer.from = address.name().isEmpty() ? null : address;
    UnixSock other = to == null ? peer : UnixBinding.findOther(net, msg.caller, to, type, error);
    if (other == null) {
      return to == null ? -Errno.ECONNRESET : error[0];
    }
    return deliver(msg, other, buffer, timeout, start);
  }

  private long deliver(Msg msg, UnixSock other, SkBuff buffer, long timeout, long start) {
    while (true) {
      long refused = refusal(other);
      if (refused != 0) {
        return refused;
      }
      if (other == this || !isFullFor(other)) {
        break;
      }
      if (timeout == 0) {
        return -Errno.EAGAIN;
      }
      long slept =
          other.sleep(
              msg.caller,
              () -> !isFullFor(other) || other.dead || other.hasShutdown(RCV_SHUTDOWN),
              timeout,
              start);
      if (slept != 0) {
        return slept;
      }
    }
    writeMemory.addAndGet(buffer.trueSize);
    net.charge(buffer.trueSize);
    if (!other.receiveQueue.add(buffer)) {
      net.charge(-buffer.trueSize);
      writeMemory.addAndGet(-buffer.trueSize);
      return refusal(other);
    }
    int sent = buffer.data.length;
    other.dataReady();
    return sent;
  }

  /** Somebody who only sends to us may not fill us up; our own peer may. */
  private boolean isFullFor(UnixSock other) {
    return other.peer != this && other.receiveQueueFull();
  }

  private long refusal(UnixSock other) {
    net.lock.lock();
    try {
      if (other.peer != null && other.peer != this) {
        return -Errno.EPERM;
      }
      if (other.dead) {
        if (type == Socket.SOCK_SEQPACKET) {
          return -Errno.EPIPE;
        }
        if (peer == other) {
          peer = null;
          state = TCP_CLOSE;
        }
        return -Errno.ECONNREFUSED;
      }
      return other.hasShutdown(RCV_SHUTDOWN) ? -Errno.EPIPE : 0;
    } finally {
      net.lock.unlock();
    }
  }

  @Override
  @Traced("unix_dgram_recvmsg")
  public long recvmsg(Msg msg) {
    if (type == Socket.SOCK_SEQPACKET && state != TCP_ESTABLISHED) {
      return -Errno.ENOTCONN;
    }
    if (msg.has(Socket.MSG_OOB)) {
      return -Errno.EOPNOTSUPP;
    }
    long timeout = receiveTimeout(msg);
    long start = System.nanoTime();
    readLock.lock();
    try {
      while (true) {
        long pending = takeError();
        if (pending != 0) {
          return pending;
        }
        boolean peek = msg.has(Socket.MSG_PEEK);
        SkBuff buffer = peek ? receiveQueue.peek() : receiveQueue.poll();
        if (buffer != null) {
          return take(msg, buffer, peek);
        }
        if (hasShutdown(RCV_SHUTDOWN) && (timeout != 0 || type == Socket.SOCK_SEQPACKET)) {
          return 0;
        }
        if (timeout == 0) {
          return -Errno.EAGAIN;
        }
        long slept = waitForMessage(msg, timeout, start);
        if (slept != 0) {
          return slept;
        }
      }
    } finally {
      readLock.unlock();
    }
  }

  private long waitForMessage(Msg msg, long timeout, long start) {
    readLock.unlock();
    try {
      return sleep(
          msg.caller,
          () -> !receiveQueue.isEmpty() || hasError() || hasShutdown(RCV_SHUTDOWN),
          timeout,
          start);
    } finally {
      readLock.lock();
    }
  }

  private long take(Msg msg, SkBuff buffer, boolean peek) {
    int length = buffer.length;
    int bytes = (int) Math.min(length, msg.iter.count());
    long copied = msg.iter.copyToIter(buffer.data, 0, bytes);
    Scm scm = buffer.scm;
    if (copied == bytes) {
      msg.from = buffer.from;
      if (bytes < length) {
        msg.resultFlags |= Socket.MSG_TRUNC;
      }
      receiveScm(msg, scm);
    }
    if (!peek) {
      uncharge(buffer);
      if (scm != null) {
        scm.destroy();
      }
      writeSpace(); // somebody may wait for a place in our queue
      UnixSock sender = peer;
      if (sender != null) {
        sender.writeSpace();
      }
    }
    if (copied != bytes) {
      return -Errno.EFAULT;
    }
    return msg.has(Socket.MSG_TRUNC) ? length : bytes;
  }

  @Override
  public int poll() {
    int events = super.poll();
    UnixSock other = peer;
    if ((events & POLL_WRITE) != 0
        && other != null
        && other.peer != this
        && other.receiveQueueFull()) {
      events &= ~POLL_WRITE;
    }
    return events;
  }

  @Override
  long inputBytes() {
    return state == TCP_LISTEN ? -Errno.EINVAL : receiveQueue.firstBytes();
  }
}
