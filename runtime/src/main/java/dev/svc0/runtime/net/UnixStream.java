package dev.svc0.runtime.net;

import static dev.svc0.runtime.abi.Tcp.TCP_ESTABLISHED;
import static dev.svc0.runtime.abi.Tcp.TCP_LISTEN;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.mm.IovIter;
import org.jspecify.annotations.Nullable;

/** A byte stream of the unix domain. */
@Traced(layer = Traced.Layer.VFS)
final class UnixStream extends UnixSock {
  private static final int CHUNK = 32768;

  UnixStream(Net net) {
    super(net, Socket.SOCK_STREAM);
  }

  @Override
  @Traced("unix_stream_sendmsg")
  public long sendmsg(Msg msg) {
    long[] error = new long[1];
    Scm scm = ControlReader.unix(msg.caller, msg.control, error);
    if (scm == null) {
      return error[0];
    }
    boolean[] given = new boolean[1];
    long result = send(msg, scm, given);
    if (!given[0]) {
      scm.destroy();
    }
    return result;
  }

  private long send(Msg msg, Scm scm, boolean[] given) {
    if (msg.has(Socket.MSG_OOB)) {
      return -Errno.EOPNOTSUPP;
    }
    if (msg.name != null && msg.name.length != 0) {
      return state == TCP_ESTABLISHED ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
    }
    UnixSock other = peer;
    if (other == null) {
      return -Errno.ENOTCONN;
    }
    if (hasShutdown(SEND_SHUTDOWN)) {
      return brokenPipe(msg);
    }
    long timeout = sendTimeout(msg);
    long start = System.nanoTime();
    IovIter from = msg.iter;
    long sent = 0;
    while (from.count() > 0) {
      long waited = waitForSendMemory(msg, timeout, start);
      if (waited != 0) {
        return sent == 0 ? waited : sent;
      }
      int size = (int) Math.min(Math.min(from.count(), CHUNK), options.sendBuffer / 2 - 64);
      byte[] data = new byte[size];
      if (from.copyFromIter(data, size) != size) {
        return sent == 0 ? -Errno.EFAULT : sent;
      }
      SkBuff buffer = new SkBuff(data, this);
      buffer.scm = given[0] ? Scm.of(msg.caller) : scm;
      if (!deliver(other, buffer)) {
        return sent == 0 ? brokenPipe(msg) : sent;
      }
      given[0] = true;
      sent += size;
      other.dataReady();
    }
    return sent;
  }

  private boolean deliver(UnixSock other, SkBuff buffer) {
    if (other.dead || other.hasShutdown(RCV_SHUTDOWN)) {
      return false;
    }
    writeMemory.addAndGet(buffer.trueSize);
    net.charge(buffer.trueSize);
    if (!other.receiveQueue.add(buffer)) {
      net.charge(-buffer.trueSize);
      writeMemory.addAndGet(-buffer.trueSize);
      return false;
    }
    return true;
  }

  @Override
  @Traced("unix_stream_recvmsg")
  public long recvmsg(Msg msg) {
    if (state != TCP_ESTABLISHED) {
      return -Errno.EINVAL;
    }
    if (msg.has(Socket.MSG_OOB)) {
      return -Errno.EOPNOTSUPP;
    }
    return new Reader(msg).read();
  }

  /** One call that reads. */
  private final class Reader {
    private final Msg msg;
    private final long timeout;
    private final long start = System.nanoTime();
    private final long target;
    private final boolean peek;
    private long copied;
    private @Nullable SkBuff last;
    private @Nullable Scm sender;

    Reader(Msg msg) {
      this.msg = msg;
      this.timeout = receiveTimeout(msg);
      this.peek = msg.has(Socket.MSG_PEEK);
      long wanted = msg.iter.count();
      this.target =
          msg.has(Socket.MSG_WAITALL) ? wanted : Math.min(options.receiveLowWater, wanted);
    }

    long read() {
      readLock.lock();
      try {
        long result = loop();
        if (result >= 0 && sender != null) {
          receiveScm(msg, sender);
          if (!peek) {
            sender.destroy();
          }
        }
        return result;
      } finally {
        readLock.unlock();
      }
    }

    private long loop() {
      do {
        SkBuff buffer = next();
        if (buffer == null) {
          if (copied > 0 && copied >= target) {
            break;
          }
          long ended = endOrError();
          if (ended != 1) {
            return ended;
          }
          continue;
        }
        if (isOther(buffer)) {
          break;
        }
        long taken = take(buffer);
        if (taken < 0) {
          return copied == 0 ? taken : copied;
        }
        if (sender != null && !sender.files().isEmpty()) {
          break;
        }
      } while (msg.iter.count() > 0);
      return copied;
    }

    private @Nullable SkBuff next() {
      SkBuff before = last;
      return peek && before != null ? receiveQueue.after(before) : receiveQueue.peek();
    }

    /** 1 after something came, else what the call returns. */
    private long endOrError() {
      if ((hasError() || hasShutdown(RCV_SHUTDOWN)) && arrived(peek ? last : null)) {
        return 1; // data and then the end, both since the queue was looked at
      }
      long pending = takeError();
      if (pending != 0) {
        return copied == 0 ? pending : copied;
      }
      if (hasShutdown(RCV_SHUTDOWN)) {
        return copied;
      }
      if (timeout == 0) {
        return copied == 0 ? -Errno.EAGAIN : copied;
      }
      readLock.unlock();
      try {
        SkBuff seen = peek ? last : null;
        long slept =
            sleep(
                msg.caller,
                () -> arrived(seen) || hasError() || hasShutdown(RCV_SHUTDOWN),
                timeout,
                start);
        return slept == 0 ? 1 : copied == 0 ? slept : copied;
      } finally {
        readLock.lock();
      }
    }

    private boolean arrived(@Nullable SkBuff seen) {
      return seen == null ? !receiveQueue.isEmpty() : receiveQueue.after(seen) != null;
    }

    /** Bytes of different senders are not put together when somebody asks who they are. */
    private boolean isOther(SkBuff buffer) {
      Scm now = buffer.scm;
      Scm before = sender;
      return before != null && now != null && (options.passCredentials && !before.sameSender(now));
    }

    /** 0 or −EFAULT. */
    private long take(SkBuff buffer) {
      int bytes = (int) Math.min(buffer.length, msg.iter.count());
      if (msg.iter.copyToIter(buffer.data, buffer.offset, bytes) != bytes) {
        return -Errno.EFAULT;
      }
      if (sender == null && buffer.owner instanceof UnixSock from) {
        msg.from = from.address.name().isEmpty() ? null : from.address;
      }
      copied += bytes;
      last = buffer;
      Scm scm = buffer.scm;
      if (scm != null) {
        sender = sender == null || !scm.files().isEmpty() ? scm : sender;
      }
      if (!peek) {
        if (scm != null && !scm.files().isEmpty()) {
          buffer.scm = new Scm(scm.pid(), scm.uid(), scm.gid(), java.util.List.of());
        }
        receiveQueue.consume(buffer, bytes);
        if (buffer.length == 0) {
          receiveQueue.poll();
          uncharge(buffer);
        }
      }
      return 0;
    }
  }

  @Override
  long inputBytes() {
    return state == TCP_LISTEN ? -Errno.EINVAL : receiveQueue.bytes();
  }
}
