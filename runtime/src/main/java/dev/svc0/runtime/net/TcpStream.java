package dev.svc0.runtime.net;

import static dev.svc0.runtime.abi.Tcp.TCP_CLOSE;
import static dev.svc0.runtime.abi.Tcp.TCP_CLOSE_WAIT;
import static dev.svc0.runtime.abi.Tcp.TCP_ESTABLISHED;
import static dev.svc0.runtime.abi.Tcp.TCP_LISTEN;
import static dev.svc0.runtime.abi.Tcp.TCP_SYN_SENT;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.mm.IovIter;
import org.jspecify.annotations.Nullable;

/** The data of a TCP connection. <i>Linux:</i> tcp_sendmsg, tcp_recvmsg. */
@Traced(layer = Traced.Layer.VFS)
final class TcpStream {
  private static final int CHUNK = 65536;
  private static final int NO_URGENT = -1;

  /** What each piece counts for beside its bytes. */
  private static final int SEGMENT_BYTES = 64;

  private final TcpSock sock;

  /** The urgent byte that was received; {@link #NO_URGENT} for none. */
  private volatile int urgent = NO_URGENT;

  TcpStream(TcpSock sock) {
    this.sock = sock;
  }

  boolean hasUrgent() {
    return urgent != NO_URGENT;
  }

  boolean readable() {
    long bytes = sock.receiveQueue.bytes();
    return bytes > 0 && bytes >= Math.min(sock.options.receiveLowWater, sock.options.receiveBuffer);
  }

  /** How much may be under way: what the sender keeps, and what the receiver takes. */
  private long capacity() {
    TcpSock other = sock.peer;
    long most = sock.options.sendBuffer;
    if (other != null) {
      most += other.options.receiveBuffer;
    }
    return sock.net.underPressure() ? Math.min(most, CHUNK) : most;
  }

  /** Whether a third of the room is free, as a poll shows it. */
  boolean writable() {
    return 3L * sock.writeMemory.get() <= 2 * capacity();
  }

  private boolean hasRoom() {
    return sock.writeMemory.get() < capacity();
  }

  /** Bytes that the other end has no room for yet. */
  long unacknowledged() {
    TcpSock other = sock.peer;
    return other == null
        ? 0
        : Math.max(0, sock.writeMemory.get() - (long) other.options.receiveBuffer);
  }

  @Traced("tcp_sendmsg")
  long send(Msg msg) {
    long wrong = ControlReader.inet(msg.control);
    if (wrong != 0) {
      return wrong;
    }
    long timeout = sock.sendTimeout(msg);
    long start = System.nanoTime();
    long ready = waitForConnection(msg, timeout, start);
    if (ready != 0) {
      return streamError(msg, ready);
    }
    IovIter from = msg.iter;
    boolean outOfBand = msg.has(Socket.MSG_OOB) && from.count() > 0;
    long sent = 0;
    while (from.count() > 0) {
      if (sock.hasError() || sock.hasShutdown(Sock.SEND_SHUTDOWN)) {
        return sent == 0 ? streamError(msg, -Errno.EPIPE) : sent;
      }
      if (!hasRoom()) {
        long waited = waitForRoom(msg, timeout, start);
        if (waited != 0) {
          return sent == 0 ? waited : sent;
        }
        continue;
      }
      int size = (int) Math.min(from.count(), CHUNK);
      if (outOfBand && from.count() > 1) {
        size = (int) Math.min(size, from.count() - 1);
      }
      byte[] data = new byte[size];
      if (from.copyFromIter(data, size) != size) {
        return sent == 0 ? -Errno.EFAULT : sent;
      }
      transmit(data, outOfBand && from.count() == 0);
      sent += size;
    }
    return sent;
  }

  private long waitForConnection(Msg msg, long timeout, long start) {
    if (sock.state == TCP_ESTABLISHED || sock.state == TCP_CLOSE_WAIT) {
      return 0;
    }
    while (sock.state == TCP_SYN_SENT) {
      if (timeout == 0) {
        return -Errno.EAGAIN;
      }
      long slept = sock.sleep(msg.caller, () -> sock.state != TCP_SYN_SENT, timeout, start);
      if (slept != 0) {
        return slept;
      }
    }
    boolean open = sock.state == TCP_ESTABLISHED || sock.state == TCP_CLOSE_WAIT;
    if (open) {
      return 0;
    }
    long pending = sock.takeError();
    return pending != 0 ? pending : -Errno.EPIPE;
  }

  /** <i>Linux:</i> sk_stream_error. */
  private long streamError(Msg msg, long error) {
    long result = error;
    if (error == -Errno.EPIPE) {
      long pending = sock.takeError();
      result = pending != 0 ? pending : -Errno.EPIPE;
    }
    return result == -Errno.EPIPE ? Sock.brokenPipe(msg) : result;
  }

  private long waitForRoom(Msg msg, long timeout, long start) {
    if (timeout == 0) {
      return -Errno.EAGAIN;
    }
    return sock.sleep(
        msg.caller,
        () -> hasRoom() || sock.hasError() || sock.hasShutdown(Sock.SEND_SHUTDOWN),
        timeout,
        start);
  }

  private void transmit(byte[] data, boolean outOfBand) {
    TcpSock other = sock.peer;
    if (other == null) {
      return; // reset in between: the next call tells
    }
    if (outOfBand && !other.options.outOfBandInline) {
      other.stream.urgent = data[data.length - 1] & 0xff;
      other.stateChange();
      return;
    }
    SkBuff buffer = new SkBuff(data, sock, data.length + SEGMENT_BYTES);
    sock.writeMemory.addAndGet(buffer.trueSize);
    sock.net.charge(buffer.trueSize);
    if (!other.orphan && other.receiveQueue.add(buffer)) {
      other.dataReady();
      return;
    }
    sock.net.charge(-buffer.trueSize);
    sock.writeMemory.addAndGet(-buffer.trueSize);
    sock.resetBy(other);
  }

  @Traced("tcp_recvmsg")
  long receive(Msg msg) {
    if (msg.has(Socket.MSG_ERRQUEUE)) {
      return -Errno.EAGAIN;
    }
    if (sock.state == TCP_LISTEN) {
      return -Errno.ENOTCONN;
    }
    if (msg.has(Socket.MSG_OOB)) {
      return receiveUrgent(msg);
    }
    return new Reader(msg).read();
  }

  /** <i>Linux:</i> tcp_recv_urg. */
  private long receiveUrgent(Msg msg) {
    int value = urgent;
    if (sock.options.outOfBandInline || value == NO_URGENT) {
      return -Errno.EINVAL;
    }
    if (!msg.has(Socket.MSG_PEEK)) {
      urgent = NO_URGENT;
    }
    msg.resultFlags |= Socket.MSG_OOB;
    byte[] one = {(byte) value};
    if (msg.iter.count() == 0) {
      msg.resultFlags |= Socket.MSG_TRUNC;
      return 0;
    }
    return msg.iter.copyToIter(one, 0, 1) == 1 ? 1 : -Errno.EFAULT;
  }

  /** One call that reads. */
  private final class Reader {
    private final Msg msg;
    private final long timeout;
    private final long start = System.nanoTime();
    private final long target;
    private final boolean peek;

    /** MSG_TRUNC: the bytes are thrown away. */
    private final boolean discard;

    private long copied;
    private long left;
    private @Nullable SkBuff last;

    Reader(Msg msg) {
      this.msg = msg;
      this.timeout = sock.receiveTimeout(msg);
      this.peek = msg.has(Socket.MSG_PEEK);
      this.discard = msg.has(Socket.MSG_TRUNC);
      this.left = msg.iter.count();
      this.target =
          msg.has(Socket.MSG_WAITALL) ? left : Math.min(sock.options.receiveLowWater, left);
    }

    long read() {
      sock.readLock.lock();
      try {
        while (left > 0) {
          SkBuff before = last;
          SkBuff buffer =
              peek && before != null ? sock.receiveQueue.after(before) : sock.receiveQueue.peek();
          if (buffer != null) {
            long taken = take(buffer);
            if (taken < 0) {
              return copied == 0 ? taken : copied;
            }
            continue;
          }
          if (copied >= target && copied > 0) {
            break;
          }
          long ended = endOrError();
          if (ended != 1) {
            return ended;
          }
        }
        return copied;
      } finally {
        sock.readLock.unlock();
      }
    }

    /** 1 after something came, else what the call returns. */
    private long endOrError() {
      boolean isOver = sock.done || sock.state == TCP_CLOSE || sock.hasShutdown(Sock.RCV_SHUTDOWN);
      if (isOver && arrived(peek ? last : null)) {
        return 1; // data and then the end, both since the queue was looked at
      }
      if (copied > 0) {
        boolean over =
            sock.hasError()
                || sock.state == TCP_CLOSE
                || sock.hasShutdown(Sock.RCV_SHUTDOWN)
                || timeout == 0
                || msg.caller.signalPending();
        if (over) {
          return copied;
        }
      } else {
        if (sock.done) {
          return 0;
        }
        long pending = sock.takeError();
        if (pending != 0) {
          return pending;
        }
        if (sock.hasShutdown(Sock.RCV_SHUTDOWN)) {
          return 0;
        }
        if (sock.state == TCP_CLOSE) {
          return -Errno.ENOTCONN;
        }
        if (timeout == 0) {
          return -Errno.EAGAIN;
        }
      }
      return waitForData();
    }

    private long waitForData() {
      sock.readLock.unlock();
      try {
        SkBuff seen = peek ? last : null;
        long slept =
            sock.sleep(
                msg.caller,
                () ->
                    arrived(seen)
                        || sock.hasError()
                        || sock.state == TCP_CLOSE
                        || sock.hasShutdown(Sock.RCV_SHUTDOWN),
                timeout,
                start);
        return slept == 0 ? 1 : copied == 0 ? slept : copied;
      } finally {
        sock.readLock.lock();
      }
    }

    private boolean arrived(@Nullable SkBuff seen) {
      return seen == null ? !sock.receiveQueue.isEmpty() : sock.receiveQueue.after(seen) != null;
    }

    private long take(SkBuff buffer) {
      int bytes = (int) Math.min(buffer.length, left);
      if (!discard && msg.iter.copyToIter(buffer.data, buffer.offset, bytes) != bytes) {
        return -Errno.EFAULT;
      }
      copied += bytes;
      left -= bytes;
      last = buffer;
      if (!peek) {
        sock.receiveQueue.consume(buffer, bytes);
        if (buffer.length == 0) {
          sock.receiveQueue.poll();
          sock.uncharge(buffer);
        }
      }
      return 0;
    }
  }
}
