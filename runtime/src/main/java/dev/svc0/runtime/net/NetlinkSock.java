package dev.svc0.runtime.net;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.SocketLevel;
import dev.svc0.runtime.sched.Sleeper;
import dev.svc0.runtime.vfs.Caller;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Questions about the network: NETLINK_ROUTE, as far as the C library asks them. Groups never
 * announce anything, because nothing ever changes.
 */
@Traced(layer = Traced.Layer.VFS)
final class NetlinkSock extends Sock {
  private static final int NETLINK_ROUTE = 0;
  private static final int MAX_LINKS = 32;
  private static final int ADDRESS_BYTES = 12;
  private static final AtomicInteger AUTOMATIC = new AtomicInteger(-4096);

  private volatile SockAddr.Netlink address = new SockAddr.Netlink(0, 0);
  private volatile SockAddr.Netlink remote = new SockAddr.Netlink(0, 0);

  private NetlinkSock(Net net, int type, int protocol) {
    super(net, Socket.AF_NETLINK, type, protocol);
  }

  static @Nullable NetlinkSock create(Net net, int type, int protocol, long[] error) {
    if (type != Socket.SOCK_RAW && type != Socket.SOCK_DGRAM) {
      error[0] = -Errno.ESOCKTNOSUPPORT;
      return null;
    }
    if (protocol < 0 || protocol >= MAX_LINKS || protocol != NETLINK_ROUTE) {
      error[0] = -Errno.EPROTONOSUPPORT;
      return null;
    }
    return new NetlinkSock(net, type, protocol);
  }

  private static SockAddr.@Nullable Netlink parse(byte[] bytes) {
    if (bytes.length < ADDRESS_BYTES || SockAddr.familyOf(bytes) != Socket.AF_NETLINK) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new SockAddr.Netlink(in.getInt(4), in.getInt(8));
  }

  @Override
  public long bind(Caller caller, byte[] bytes) {
    SockAddr.Netlink wanted = parse(bytes);
    if (wanted == null) {
      return -Errno.EINVAL;
    }
    net.lock.lock();
    try {
      if (address.port() != 0) {
        if (wanted.port() != address.port()) {
          return -Errno.EINVAL;
        }
        address = wanted;
        return 0;
      }
      int port = wanted.port() != 0 ? wanted.port() : freePort(caller.pid());
      if (inUse(port)) {
        return -Errno.EADDRINUSE;
      }
      address = new SockAddr.Netlink(port, wanted.groups());
      return 0;
    } finally {
      net.lock.unlock();
    }
  }

  private boolean inUse(int port) {
    for (Sock sock : net.all()) {
      if (sock instanceof NetlinkSock other && other != this && other.address.port() == port) {
        return true;
      }
    }
    return false;
  }

  private int freePort(int first) {
    int port = first;
    while (inUse(port)) {
      port = AUTOMATIC.getAndDecrement();
    }
    return port;
  }

  private void autobind(Caller caller) {
    net.lock.lock();
    try {
      if (address.port() == 0) {
        address = new SockAddr.Netlink(freePort(caller.pid()), address.groups());
      }
    } finally {
      net.lock.unlock();
    }
  }

  @Override
  public long connect(Caller caller, byte[] bytes, int fileFlags) {
    SockAddr.Netlink to = parse(bytes);
    if (to == null) {
      return -Errno.EINVAL;
    }
    autobind(caller);
    remote = to;
    return 0;
  }

  @Override
  public SockAddr name(boolean peer, long[] error) {
    return peer ? remote : address;
  }

  @Override
  public long shutdown(Caller caller, int how) {
    return -Errno.EOPNOTSUPP;
  }

  @Override
  @Traced("netlink_sendmsg")
  public long sendmsg(Msg msg) {
    if (msg.has(Socket.MSG_OOB)) {
      return -Errno.EOPNOTSUPP;
    }
    byte[] name = msg.name;
    SockAddr.Netlink to = name == null || name.length == 0 ? remote : parse(name);
    if (to == null) {
      return -Errno.EINVAL;
    }
    if (to.port() != 0) {
      return -Errno.ECONNREFUSED; // only the kernel answers
    }
    autobind(msg.caller);
    long bytes = msg.iter.count();
    if (bytes > options.sendBuffer - 32) {
      return -Errno.EMSGSIZE;
    }
    byte[] data = new byte[(int) bytes];
    if (msg.iter.copyFromIter(data, data.length) != data.length) {
      return -Errno.EFAULT;
    }
    for (byte[] answer : RouteNetlink.answer(data, address.port())) {
      if (!deliver(answer)) {
        break;
      }
    }
    dataReady();
    return bytes;
  }

  private boolean deliver(byte[] message) {
    SkBuff buffer = new SkBuff(message, null);
    if (receiveQueue.memory() + buffer.trueSize > options.receiveBuffer) {
      setError(Errno.ENOBUFS);
      return false;
    }
    net.charge(buffer.trueSize);
    receiveQueue.add(buffer);
    return true;
  }

  @Override
  public boolean fromKernel(byte[] message) {
    deliver(message);
    dataReady();
    return true;
  }

  @Override
  @Traced("netlink_recvmsg")
  public long recvmsg(Msg msg) {
    if (msg.has(Socket.MSG_OOB)) {
      return -Errno.EOPNOTSUPP;
    }
    long timeout = receiveTimeout(msg);
    long start = System.nanoTime();
    boolean peek = msg.has(Socket.MSG_PEEK);
    while (true) {
      long pending = takeError();
      if (pending != 0) {
        return pending;
      }
      SkBuff buffer = peek ? receiveQueue.peek() : receiveQueue.poll();
      if (buffer != null) {
        return take(msg, buffer, peek);
      }
      if (timeout == 0) {
        return -Errno.EAGAIN;
      }
      long slept = sleep(msg.caller, () -> !receiveQueue.isEmpty() || hasError(), timeout, start);
      if (slept != 0) {
        return slept;
      }
    }
  }

  private long take(Msg msg, SkBuff buffer, boolean peek) {
    int bytes = (int) Math.min(buffer.length, msg.iter.count());
    long copied = msg.iter.copyToIter(buffer.data, 0, bytes);
    if (!peek) {
      uncharge(buffer);
    }
    if (copied != bytes) {
      return -Errno.EFAULT;
    }
    if (bytes < buffer.length) {
      msg.resultFlags |= Socket.MSG_TRUNC;
    }
    msg.from = new SockAddr.Netlink(0, 0);
    ControlBuffer out = msg.controlOut;
    if (out != null && options.passCredentials) {
      out.putCredentials(msg, 0, 0, 0);
    }
    return msg.has(Socket.MSG_TRUNC) ? buffer.length : bytes;
  }

  /** Options about announcements, of which there are none. */
  @Override
  public long setsockopt(Caller caller, int level, int name, byte[] value) {
    if (level != SocketLevel.SOL_NETLINK) {
      return -Errno.ENOPROTOOPT;
    }
    return name >= 1 && name <= 12 ? 0 : -Errno.ENOPROTOOPT;
  }

  @Override
  public int poll() {
    int events = POLL_WRITE | (hasError() ? Poll.POLLERR : 0);
    return receiveQueue.isEmpty() ? events : events | POLL_READ;
  }

  @Override
  void release(Sleeper closer) {
    purgeReceiveQueue();
  }
}
