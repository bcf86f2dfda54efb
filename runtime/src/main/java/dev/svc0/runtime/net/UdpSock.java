package dev.svc0.runtime.net;

import static dev.svc0.runtime.abi.Tcp.TCP_CLOSE;
import static dev.svc0.runtime.abi.Tcp.TCP_ESTABLISHED;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.IpIn;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.SocketLevel;
import dev.svc0.runtime.sched.Sleeper;
import dev.svc0.runtime.vfs.Caller;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Datagrams. <i>Linux:</i> {@code udp_sock}. */
@Traced(layer = Traced.Layer.VFS)
final class UdpSock extends InetSock {
  private static final int MOST = 0xffff;
  private static final int HEADERS = 28;
  private static final int V6_HEADERS = 8;
  private static final int INTERFACE = 1;
  private static final int TTL = 64;

  UdpSock(Net net, int family) {
    super(net, family, Socket.SOCK_DGRAM, IpIn.IPPROTO_UDP);
  }

  @Override
  InetTable table() {
    return net.udp();
  }

  @Override
  @Traced("inet_dgram_connect")
  public long connect(Caller caller, byte[] bytes, int fileFlags) {
    if (bytes.length < 2) {
      return -Errno.EINVAL;
    }
    if (SockAddr.familyOf(bytes) == Socket.AF_UNSPEC) {
      disconnect();
      return 0;
    }
    long[] error = new long[1];
    SockAddr.Inet to = parse(bytes, -Errno.EAFNOSUPPORT, error);
    if (to == null) {
      return error[0];
    }
    SockAddr.Inet target = to.orLoopback();
    long unreachable = route(target);
    if (unreachable != 0) {
      return unreachable;
    }
    net.lock.lock();
    try {
      if (!isBound()) {
        long bound = getPort(SockAddr.Inet.any(family, 0));
        if (bound != 0) {
          return -Errno.EAGAIN;
        }
      }
      remote = target;
      local = sourceFor(target);
      state = TCP_ESTABLISHED;
    } finally {
      net.lock.unlock();
    }
    return 0;
  }

  @Traced("udp_disconnect")
  private void disconnect() {
    net.lock.lock();
    try {
      remote = SockAddr.Inet.any(family, 0);
      state = TCP_CLOSE;
      if (!userBoundAddress && isBound()) {
        local = SockAddr.Inet.any(family, local.port());
      }
      if (!userBoundPort) {
        putPort();
      }
    } finally {
      net.lock.unlock();
    }
    takeError();
  }

  @Override
  public long shutdown(Caller caller, int how) {
    if (how < Socket.SHUT_RD || how > Socket.SHUT_RDWR) {
      return -Errno.EINVAL;
    }
    shutdown |= how + 1;
    stateChange();
    return state == TCP_CLOSE ? -Errno.ENOTCONN : 0;
  }

  @Override
  @Traced("udp_sendmsg")
  public long sendmsg(Msg msg) {
    long bytes = msg.iter.count();
    if (bytes > MOST) {
      return -Errno.EMSGSIZE;
    }
    if (msg.has(Socket.MSG_OOB)) {
      return -Errno.EOPNOTSUPP;
    }
    long[] error = new long[1];
    SockAddr.Inet to = destination(msg, error);
    if (to == null) {
      return error[0];
    }
    long wrong = ControlReader.inet(msg.control);
    if (wrong != 0) {
      return wrong;
    }
    long unreachable = route(to);
    if (unreachable != 0) {
      return unreachable;
    }
    if (bytes > MOST - (to.isV4() ? HEADERS : V6_HEADERS)) {
      return -Errno.EMSGSIZE;
    }
    if (hasShutdown(SEND_SHUTDOWN)) {
      return -Errno.EPIPE;
    }
    long pending = takeError();
    if (pending != 0) {
      return pending;
    }
    byte[] data = new byte[(int) bytes];
    if (msg.iter.copyFromIter(data, data.length) != data.length) {
      return -Errno.EFAULT;
    }
    return transmit(data, to);
  }

  private SockAddr.@Nullable Inet destination(Msg msg, long[] error) {
    byte[] name = msg.name;
    if (name == null || name.length == 0) {
      if (remote.port() == 0) {
        error[0] = -Errno.EDESTADDRREQ;
        return null;
      }
      return remote;
    }
    SockAddr.Inet to;
    boolean v4InV6 =
        family == Socket.AF_INET6
            && name.length >= SockAddr.Inet.bytes(Socket.AF_INET)
            && SockAddr.familyOf(name) == Socket.AF_INET;
    if (v4InV6) {
      to = SockAddr.Inet.decode(name).withFamily(family);
    } else if (SockAddr.familyOf(name) == Socket.AF_UNSPEC
        && name.length >= SockAddr.Inet.bytes(family)) {
      byte[] named = name.clone();
      named[0] = (byte) family;
      to = SockAddr.Inet.decode(named);
    } else {
      to = parse(name, -Errno.EAFNOSUPPORT, error);
    }
    if (to != null && to.port() == 0) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    return to == null ? null : to.orLoopback();
  }

  private long transmit(byte[] data, SockAddr.Inet to) {
    UdpSock receiver;
    SockAddr.Inet from;
    net.lock.lock();
    try {
      if (!isBound()) {
        long bound = getPort(SockAddr.Inet.any(family, 0));
        if (bound != 0) {
          return -Errno.EAGAIN;
        }
      }
      from = sourceFor(to);
      receiver = (UdpSock) table().lookup(to, from, -1);
    } finally {
      net.lock.unlock();
    }
    if (receiver == null) {
      portUnreachable(to);
    } else {
      receiver.receive(data, from, to);
    }
    return data.length;
  }

  /** What the ICMP message does that comes back from a port nobody has. */
  private void portUnreachable(SockAddr.Inet to) {
    boolean connected = remote.port() == to.port() && remote.sameAddress(to);
    if (connected || ip().wants(IpIn.IP_RECVERR) || ip().wantsV6(IpIn.IPV6_RECVERR)) {
      setError(Errno.ECONNREFUSED);
      stateChange();
    }
  }

  @Traced("udp_queue_rcv_skb")
  private void receive(byte[] data, SockAddr.Inet from, SockAddr.Inet to) {
    SkBuff buffer = new SkBuff(data, null);
    buffer.from = from.withFamily(family);
    buffer.to = to;
    boolean full =
        receiveQueue.memory() + buffer.trueSize > options.receiveBuffer && !receiveQueue.isEmpty();
    if (full || net.underPressure()) {
      return; // a datagram without room is lost
    }
    net.charge(buffer.trueSize);
    if (receiveQueue.add(buffer)) {
      dataReady();
    } else {
      net.charge(-buffer.trueSize);
    }
  }

  @Override
  @Traced("udp_recvmsg")
  public long recvmsg(Msg msg) {
    if (msg.has(Socket.MSG_ERRQUEUE)) {
      return -Errno.EAGAIN;
    }
    long timeout = receiveTimeout(msg);
    long start = System.nanoTime();
    boolean peek = msg.has(Socket.MSG_PEEK);
    while (true) {
      long pending = takeError();
      if (pending != 0) {
        return pending;
      }
      readLock.lock();
      try {
        SkBuff buffer = peek ? receiveQueue.peek() : receiveQueue.poll();
        if (buffer != null) {
          return take(msg, buffer, peek);
        }
      } finally {
        readLock.unlock();
      }
      if (timeout == 0) {
        return -Errno.EAGAIN;
      }
      if (hasShutdown(RCV_SHUTDOWN)) {
        return 0;
      }
      long slept =
          sleep(
              msg.caller,
              () -> !receiveQueue.isEmpty() || hasError() || hasShutdown(RCV_SHUTDOWN),
              timeout,
              start);
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
    msg.from = buffer.from;
    tellAbout(msg, buffer);
    return msg.has(Socket.MSG_TRUNC) ? buffer.length : bytes;
  }

  private void tellAbout(Msg msg, SkBuff buffer) {
    ControlBuffer out = msg.controlOut;
    if (out == null || !(buffer.to instanceof SockAddr.Inet to)) {
      return;
    }
    if (ip().wants(IpIn.IP_PKTINFO) && to.isV4()) {
      ByteBuffer info = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
      int address = Integer.reverseBytes(to.v4Address());
      info.putInt(INTERFACE).putInt(address).putInt(address);
      out.put(msg, SocketLevel.SOL_IP, IpIn.IP_PKTINFO, info.array());
    }
    if (ip().wants(IpIn.IP_RECVTTL) && to.isV4()) {
      out.put(msg, SocketLevel.SOL_IP, IpIn.IP_TTL, SockOptions.words(TTL));
    }
    if (ip().wants(IpIn.IP_RECVTOS) && to.isV4()) {
      out.put(msg, SocketLevel.SOL_IP, IpIn.IP_TOS, new byte[1]);
    }
    if (ip().wantsV6(IpIn.IPV6_RECVPKTINFO)) {
      ByteBuffer info = ByteBuffer.allocate(20);
      info.putLong(to.high()).putLong(to.low());
      info.order(ByteOrder.LITTLE_ENDIAN).putInt(INTERFACE);
      out.put(msg, SocketLevel.SOL_IPV6, IpIn.IPV6_PKTINFO, info.array());
    }
    if (ip().wantsV6(IpIn.IPV6_RECVHOPLIMIT)) {
      out.put(msg, SocketLevel.SOL_IPV6, IpIn.IPV6_HOPLIMIT, SockOptions.words(TTL));
    }
  }

  @Override
  public int poll() {
    int events = POLL_WRITE | (hasError() ? Poll.POLLERR : 0);
    if (shutdown == SHUTDOWN_MASK) {
      events |= Poll.POLLHUP;
    }
    if (hasShutdown(RCV_SHUTDOWN)) {
      events |= Poll.POLLRDHUP | POLL_READ;
    }
    return receiveQueue.isEmpty() ? events : events | POLL_READ;
  }

  @Override
  void release(Sleeper closer) {
    net.lock.lock();
    try {
      putPort();
      state = TCP_CLOSE;
    } finally {
      net.lock.unlock();
    }
    purgeReceiveQueue();
  }

  @Override
  long inputBytes() {
    return receiveQueue.firstBytes();
  }

  @Override
  long outputBytes() {
    return 0;
  }
}
