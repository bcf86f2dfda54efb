package dev.svc0.runtime.net;

import static dev.svc0.runtime.abi.Tcp.TCP_CLOSE;
import static dev.svc0.runtime.abi.Tcp.TCP_CLOSE_WAIT;
import static dev.svc0.runtime.abi.Tcp.TCP_ESTABLISHED;
import static dev.svc0.runtime.abi.Tcp.TCP_FIN_WAIT2;
import static dev.svc0.runtime.abi.Tcp.TCP_LISTEN;
import static dev.svc0.runtime.abi.Tcp.TCP_SYN_SENT;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.IpIn;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.sched.Sleeper;
import dev.svc0.runtime.vfs.Caller;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A byte stream with connections. <i>Linux:</i> {@code tcp_sock}.
 *
 * <p>The states are those that a program can see; FIN_WAIT1, LAST_ACK and CLOSING pass at once,
 * because what they wait for comes at once. A connection whose file is closed lives on as an orphan
 * in FIN_WAIT2 until the other end closes too.
 */
@Traced(layer = Traced.Layer.VFS)
final class TcpSock extends InetSock {
  /** How far connect(2) has come. <i>Linux:</i> {@code socket_state}. */
  private enum Progress {
    UNCONNECTED,
    CONNECTING,
    CONNECTED,
    DISCONNECTING
  }

  private static final int SOMAXCONN = 4096;
  private static final long SYN_NANOS = 127_000_000_000L;
  private static final int SEND_BUFFER = 16384;
  private static final int RECEIVE_BUFFER = 131072;

  /** What Linux lets the send buffer of a loopback connection grow to at once. */
  private static final int LOOPBACK_SEND_BUFFER = 2626560;

  /** The other end; null before a connection and after a reset. */
  volatile @Nullable TcpSock peer;

  /** Its file is closed. */
  volatile boolean orphan;

  /** A FIN was received. <i>Linux:</i> SOCK_DONE. */
  volatile boolean done;

  private volatile Progress progress = Progress.UNCONNECTED;

  // Of a listener, under Net.lock.
  private final Deque<TcpSock> acceptQueue = new ArrayDeque<>();
  private final Deque<TcpSock> synQueue = new ArrayDeque<>();
  private volatile int backlog;

  final TcpOptions tcp = new TcpOptions();
  final TcpStream stream = new TcpStream(this);

  TcpSock(Net net, int family) {
    super(net, family, Socket.SOCK_STREAM, IpIn.IPPROTO_TCP);
    options.sendBuffer = SEND_BUFFER;
    options.receiveBuffer = RECEIVE_BUFFER;
  }

  @Override
  InetTable table() {
    return net.tcp();
  }

  @Override
  @Traced("inet_listen")
  public long listen(Caller caller, int wanted) {
    net.lock.lock();
    try {
      if (progress != Progress.UNCONNECTED || state != TCP_CLOSE && state != TCP_LISTEN) {
        return -Errno.EINVAL;
      }
      backlog = Integer.compareUnsigned(wanted, SOMAXCONN) > 0 ? SOMAXCONN : wanted;
      if (state == TCP_LISTEN) {
        return 0;
      }
      if (!isBound()) {
        long bound = getPort(SockAddr.Inet.any(family, 0));
        if (bound != 0) {
          return bound;
        }
      }
      state = TCP_LISTEN;
      if (table().conflicts(this, bound, true)) {
        state = TCP_CLOSE;
        return -Errno.EADDRINUSE;
      }
      shutdown = 0;
      return 0;
    } finally {
      net.lock.unlock();
    }
  }

  @Override
  @Traced("inet_stream_connect")
  public long connect(Caller caller, byte[] bytes, int fileFlags) {
    if (bytes.length < 2) {
      return -Errno.EINVAL;
    }
    if (SockAddr.familyOf(bytes) == Socket.AF_UNSPEC) {
      disconnect();
      return 0;
    }
    boolean nonblock = (fileFlags & Fcntl.O_NONBLOCK) != 0;
    boolean began;
    net.lock.lock();
    try {
      switch (progress) {
        case CONNECTED -> {
          return -Errno.EISCONN;
        }
        case CONNECTING -> began = false;
        case UNCONNECTED -> {
          if (state != TCP_CLOSE) {
            return -Errno.EISCONN;
          }
          long result = beginConnect(bytes);
          if (result != 0) {
            return result;
          }
          progress = Progress.CONNECTING;
          began = true;
        }
        default -> {
          return -Errno.EINVAL;
        }
      }
    } finally {
      net.lock.unlock();
    }
    if (began && nonblock) {
      return -Errno.EINPROGRESS;
    }
    return finishConnect(caller, nonblock);
  }

  /** Under {@link Net#lock}: sends what is a SYN on Linux. 0 or −errno. */
  @Traced("tcp_v4_connect")
  private long beginConnect(byte[] bytes) {
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
    if (!isBound()) {
      long bound = getPort(SockAddr.Inet.any(family, 0));
      if (bound != 0) {
        return -Errno.EADDRNOTAVAIL;
      }
    }
    SockAddr.Inet source = sourceFor(target);
    for (InetSock other : table().at(source.port())) {
      if (other != this
          && other.local.sameAddress(source)
          && other.remote.sameAddress(target)
          && other.remote.port() == target.port()) {
        return -Errno.EADDRNOTAVAIL;
      }
    }
    local = source;
    remote = target;
    state = TCP_SYN_SENT;
    shutdown = 0;
    done = false;
    deliverSyn();
    return 0;
  }

  /** Under {@link Net#lock}. */
  private void deliverSyn() {
    TcpSock listener = (TcpSock) table().lookup(remote, local, TCP_LISTEN);
    if (listener == null) {
      if (remote.port() == local.port() && remote.sameAddress(local)) {
        peer = this; // it calls itself: both ends open at the same time
        establish();
        return;
      }
      refuse();
    } else if (listener.acceptQueue.size() > listener.backlog) {
      listener.synQueue.add(this); // Linux asks again after a while
    } else {
      listener.establishWith(this);
    }
  }

  private void refuse() {
    setError(Errno.ECONNREFUSED);
    state = TCP_CLOSE;
    shutdown = SHUTDOWN_MASK;
    stateChange();
  }

  private void establish() {
    state = TCP_ESTABLISHED;
    if (!tcp.sendBufferLocked) {
      options.sendBuffer = Math.max(options.sendBuffer, LOOPBACK_SEND_BUFFER);
    }
    stateChange();
  }

  /** A listener under {@link Net#lock}: the connection goes into the accept queue. */
  @Traced("tcp_conn_request")
  private void establishWith(TcpSock client) {
    TcpSock child = new TcpSock(net, family);
    child.cred = cred;
    child.options.inherit(options);
    child.tcp.inherit(tcp);
    child.v6Only = v6Only;
    child.local = client.remote.withFamily(family);
    child.bound = bound;
    child.remote = client.local.withFamily(family);
    child.userBoundPort = true;
    child.peer = client;
    child.progress = Progress.CONNECTED;
    table().add(child);
    net.register(child);
    client.peer = child;
    child.establish();
    client.establish();
    acceptQueue.add(child);
    dataReady();
  }

  private long finishConnect(Caller caller, boolean nonblock) {
    if (state == TCP_SYN_SENT) {
      if (nonblock) {
        return -Errno.EALREADY;
      }
      long timeout = Math.min(options.sendTimeout, SYN_NANOS);
      long start = System.nanoTime();
      long slept = sleep(caller, () -> state != TCP_SYN_SENT, timeout, start);
      if (slept == -Errno.EAGAIN) {
        return giveUp();
      }
      if (slept != 0) {
        return interrupted(options.sendTimeout);
      }
    }
    net.lock.lock();
    try {
      if (state == TCP_CLOSE) {
        long pending = takeError();
        progress = Progress.UNCONNECTED;
        forgetConnection();
        return pending != 0 ? pending : -Errno.ECONNABORTED;
      }
      progress = Progress.CONNECTED;
      return 0;
    } finally {
      net.lock.unlock();
    }
  }

  /** Nobody answered in time. */
  private long giveUp() {
    if (options.sendTimeout < SYN_NANOS) {
      return -Errno.EINPROGRESS;
    }
    net.lock.lock();
    try {
      if (state == TCP_SYN_SENT) {
        forgetSyn();
        state = TCP_CLOSE;
        progress = Progress.UNCONNECTED;
        forgetConnection();
      }
    } finally {
      net.lock.unlock();
    }
    return -Errno.ETIMEDOUT;
  }

  private void forgetSyn() {
    for (InetSock sock : table().at(remote.port())) {
      ((TcpSock) sock).synQueue.remove(this);
    }
  }

  /** Under {@link Net#lock}: free to be bound or connected again. */
  private void forgetConnection() {
    remote = SockAddr.Inet.any(family, 0);
    peer = null;
    done = false;
    shutdown = 0;
    if (userBoundPort) {
      local = bound;
    } else {
      putPort();
    }
  }

  @Traced("tcp_disconnect")
  private void disconnect() {
    net.lock.lock();
    try {
      takeError();
      if (state == TCP_LISTEN) {
        stopListening();
      } else if (state == TCP_SYN_SENT) {
        forgetSyn();
        setError(Errno.ECONNRESET);
      } else if (state != TCP_CLOSE) {
        sendReset();
        setError(Errno.ECONNRESET);
      }
      state = TCP_CLOSE;
      progress = Progress.UNCONNECTED;
      forgetConnection();
    } finally {
      net.lock.unlock();
    }
    for (SkBuff buffer = receiveQueue.poll(); buffer != null; buffer = receiveQueue.poll()) {
      uncharge(buffer);
    }
    stateChange();
  }

  @Override
  @Traced("inet_csk_accept")
  public @Nullable Sock accept(Caller caller, int fileFlags, long[] error) {
    long timeout = (fileFlags & Fcntl.O_NONBLOCK) != 0 ? 0 : options.receiveTimeout;
    long start = System.nanoTime();
    while (true) {
      TcpSock child = takeConnection(error);
      if (child != null || error[0] != 0) {
        return child;
      }
      if (timeout == 0) {
        error[0] = -Errno.EAGAIN;
        return null;
      }
      long slept = sleep(caller, () -> hasConnections() || state != TCP_LISTEN, timeout, start);
      if (slept != 0) {
        error[0] = slept;
        return null;
      }
    }
  }

  private @Nullable TcpSock takeConnection(long[] error) {
    net.lock.lock();
    try {
      if (state != TCP_LISTEN) {
        error[0] = -Errno.EINVAL;
        return null;
      }
      TcpSock child = acceptQueue.poll();
      if (child != null) {
        TcpSock waiting = synQueue.poll();
        if (waiting != null) {
          establishWith(waiting);
        }
      }
      return child;
    } finally {
      net.lock.unlock();
    }
  }

  private boolean hasConnections() {
    net.lock.lock();
    try {
      return !acceptQueue.isEmpty();
    } finally {
      net.lock.unlock();
    }
  }

  /** Connections waiting to be accepted, and how many may. */
  int[] acceptBacklog() {
    net.lock.lock();
    try {
      return new int[] {acceptQueue.size(), backlog};
    } finally {
      net.lock.unlock();
    }
  }

  @Override
  @Traced("inet_shutdown")
  public long shutdown(Caller caller, int how) {
    if (how < Socket.SHUT_RD || how > Socket.SHUT_RDWR) {
      return -Errno.EINVAL;
    }
    int mode = how + 1;
    long result = 0;
    net.lock.lock();
    try {
      if (progress == Progress.CONNECTING) {
        boolean open = state != TCP_LISTEN && state != TCP_SYN_SENT && state != TCP_CLOSE;
        progress = open ? Progress.CONNECTED : Progress.DISCONNECTING;
      }
      switch (state) {
        case TCP_LISTEN -> {
          if ((mode & RCV_SHUTDOWN) != 0) {
            stopListening();
            state = TCP_CLOSE;
            progress = Progress.UNCONNECTED;
          }
        }
        case TCP_SYN_SENT -> {
          forgetSyn();
          state = TCP_CLOSE;
          progress = Progress.UNCONNECTED;
          forgetConnection();
        }
        default -> {
          result = state == TCP_CLOSE ? -Errno.ENOTCONN : 0;
          shutdown |= mode;
          if ((mode & SEND_SHUTDOWN) != 0) {
            sendFin();
          }
        }
      }
    } finally {
      net.lock.unlock();
    }
    stateChange();
    return result;
  }

  /** Under {@link Net#lock}: nothing more comes from here. <i>Linux:</i> tcp_send_fin. */
  private void sendFin() {
    TcpSock other = peer;
    if (state == TCP_ESTABLISHED) {
      state = TCP_FIN_WAIT2;
      if (other != null) {
        other.receiveFin();
      }
    } else if (state == TCP_CLOSE_WAIT) {
      state = TCP_CLOSE;
      if (other != null) {
        other.receiveFin();
      }
    }
  }

  /** Under {@link Net#lock}. <i>Linux:</i> tcp_fin. */
  @Traced("tcp_fin")
  private void receiveFin() {
    shutdown |= RCV_SHUTDOWN;
    done = true;
    if (state == TCP_ESTABLISHED) {
      state = TCP_CLOSE_WAIT;
    } else if (state == TCP_FIN_WAIT2) {
      state = TCP_CLOSE;
      shutdown = SHUTDOWN_MASK;
      table().rest(this);
      if (orphan) {
        putPort();
        peer = null;
      }
    }
    stateChange();
  }

  /** Under {@link Net#lock}: the other end hears that this one broke the connection. */
  private void sendReset() {
    TcpSock other = peer;
    peer = null;
    if (other != null && other != this) {
      other.receiveReset();
    }
  }

  /** Under {@link Net#lock}. <i>Linux:</i> tcp_reset. */
  @Traced("tcp_reset")
  void receiveReset() {
    if (state == TCP_CLOSE) {
      return;
    }
    setError(state == TCP_CLOSE_WAIT ? Errno.EPIPE : Errno.ECONNRESET);
    state = TCP_CLOSE;
    shutdown = SHUTDOWN_MASK;
    peer = null;
    if (orphan) {
      putPort();
    }
    stateChange();
  }

  /** Data came to a connection that nobody will read. */
  void resetBy(TcpSock receiver) {
    net.lock.lock();
    try {
      if (receiver.orphan) {
        receiver.state = TCP_CLOSE;
        receiver.peer = null;
        receiver.putPort();
      }
      receiveReset();
    } finally {
      net.lock.unlock();
    }
  }

  /** Under {@link Net#lock}: connections nobody accepted are broken. */
  private void stopListening() {
    for (TcpSock child = acceptQueue.poll(); child != null; child = acceptQueue.poll()) {
      child.orphan = true;
      child.sendReset();
      child.state = TCP_CLOSE;
      child.putPort();
      child.purgeReceiveQueue();
      net.unregister(child);
    }
    for (TcpSock client = synQueue.poll(); client != null; client = synQueue.poll()) {
      client.refuse();
    }
    if (!userBoundPort) {
      putPort();
    }
  }

  @Override
  @Traced("tcp_close")
  void release(Sleeper closer) {
    net.lock.lock();
    try {
      boolean unread = !receiveQueue.isEmpty();
      shutdown = SHUTDOWN_MASK;
      orphan = true;
      if (state == TCP_LISTEN) {
        stopListening();
        state = TCP_CLOSE;
      } else if (state == TCP_SYN_SENT) {
        forgetSyn();
        state = TCP_CLOSE;
      } else if (unread || options.linger && options.lingerSeconds == 0) {
        sendReset();
        state = TCP_CLOSE;
      } else {
        sendFin();
      }
      if (state == TCP_CLOSE) {
        putPort();
      }
    } finally {
      net.lock.unlock();
    }
    stateChange();
    purgeReceiveQueue();
  }

  @Override
  public long sendmsg(Msg msg) {
    return stream.send(msg);
  }

  @Override
  public long recvmsg(Msg msg) {
    return stream.receive(msg);
  }

  @Override
  @Traced("tcp_poll")
  public int poll() {
    if (state == TCP_LISTEN) {
      return hasConnections() ? POLL_READ : 0;
    }
    int events = 0;
    if (shutdown == SHUTDOWN_MASK || state == TCP_CLOSE) {
      events |= Poll.POLLHUP;
    }
    if (hasShutdown(RCV_SHUTDOWN)) {
      events |= POLL_READ | Poll.POLLRDHUP;
    }
    if (state != TCP_SYN_SENT) {
      if (stream.readable()) {
        events |= POLL_READ;
      }
      if (hasShutdown(SEND_SHUTDOWN) || stream.writable()) {
        events |= Poll.POLLOUT | Poll.POLLWRNORM;
      }
      if (stream.hasUrgent()) {
        events |= Poll.POLLPRI;
      }
    }
    return hasError() ? events | Poll.POLLERR : events;
  }

  @Override
  public long setsockopt(Caller caller, int level, int name, byte[] value) {
    return level == dev.svc0.runtime.abi.SocketLevel.SOL_TCP
        ? tcp.set(name, value)
        : super.setsockopt(caller, level, name, value);
  }

  @Override
  public byte @Nullable [] getsockopt(Caller caller, int level, int name, long[] error) {
    return level == dev.svc0.runtime.abi.SocketLevel.SOL_TCP
        ? tcp.get(this, name, error)
        : super.getsockopt(caller, level, name, error);
  }

  @Override
  long inputBytes() {
    return state == TCP_LISTEN ? -Errno.EINVAL : receiveQueue.bytes();
  }

  @Override
  long outputBytes() {
    return state == TCP_LISTEN ? -Errno.EINVAL : stream.unacknowledged();
  }
}
