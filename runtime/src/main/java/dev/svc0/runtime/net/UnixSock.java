package dev.svc0.runtime.net;

import static dev.svc0.runtime.abi.Tcp.TCP_CLOSE;
import static dev.svc0.runtime.abi.Tcp.TCP_ESTABLISHED;
import static dev.svc0.runtime.abi.Tcp.TCP_LISTEN;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.Poll;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.sched.Sleeper;
import dev.svc0.runtime.vfs.Caller;
import org.jspecify.annotations.Nullable;

/** A socket of the unix domain. <i>Linux:</i> {@code unix_sock}. */
@Traced(layer = Traced.Layer.VFS)
abstract class UnixSock extends Sock {
  /** net.unix.max_dgram_qlen. */
  static final int MAX_DGRAM_QLEN = 10;

  private static final int SOMAXCONN = 4096;

  /** Its name; empty while it has none. */
  volatile SockAddr.Unix address = SockAddr.Unix.UNNAMED;

  /** Where its name lies in the file system; null for other names. */
  @Nullable UnixBinding binding;

  /** The other end; the default destination of a datagram socket. */
  volatile @Nullable UnixSock peer;

  /** SO_PEERCRED; of a listener, who listens. */
  @Nullable Scm peerCredentials;

  int @Nullable [] peerGroups;

  /** No file is open on it any more. */
  volatile boolean dead;

  /** The listener in whose queue it waits, or null. */
  @Nullable UnixSock embryoOf;

  volatile int maxBacklog = MAX_DGRAM_QLEN;

  UnixSock(Net net, int type) {
    super(net, Socket.AF_UNIX, type, 0);
  }

  static @Nullable UnixSock create(Net net, int type, int protocol, long[] error) {
    if (protocol != 0 && protocol != Socket.PF_UNIX) {
      error[0] = -Errno.EPROTONOSUPPORT;
      return null;
    }
    return switch (type) {
      case Socket.SOCK_STREAM -> new UnixStream(net);
      // Linux takes a raw socket of this family for a datagram one.
      case Socket.SOCK_DGRAM, Socket.SOCK_RAW -> new UnixDatagram(net, Socket.SOCK_DGRAM);
      case Socket.SOCK_SEQPACKET -> new UnixDatagram(net, Socket.SOCK_SEQPACKET);
      default -> {
        error[0] = -Errno.ESOCKTNOSUPPORT;
        yield null;
      }
    };
  }

  final boolean isConnected() {
    return type != Socket.SOCK_DGRAM;
  }

  private UnixSock sibling() {
    return type == Socket.SOCK_STREAM ? new UnixStream(net) : new UnixDatagram(net, type);
  }

  final void rememberPeer(Caller caller) {
    peerCredentials =
        new Scm(caller.pid(), caller.cred().euid(), caller.cred().egid(), java.util.List.of());
    peerGroups = caller.cred().groups();
  }

  private void copyPeer(UnixSock from) {
    peerCredentials = from.peerCredentials;
    peerGroups = from.peerGroups;
  }

  @Override
  @Traced("unix_bind")
  public long bind(Caller caller, byte[] bytes) {
    return UnixBinding.bind(this, caller, bytes);
  }

  @Override
  @Traced("unix_socketpair")
  public long socketpair(Sock other, Caller caller) {
    UnixSock second = (UnixSock) other;
    peer = second;
    second.peer = this;
    rememberPeer(caller);
    second.rememberPeer(caller);
    if (isConnected()) {
      state = TCP_ESTABLISHED;
      second.state = TCP_ESTABLISHED;
    }
    return 0;
  }

  @Override
  @Traced("unix_listen")
  public long listen(Caller caller, int backlog) {
    if (!isConnected()) {
      return -Errno.EOPNOTSUPP;
    }
    if (address.name().isEmpty()) {
      return -Errno.EINVAL;
    }
    net.lock.lock();
    try {
      if (state != TCP_CLOSE && state != TCP_LISTEN) {
        return -Errno.EINVAL;
      }
      maxBacklog = Integer.compareUnsigned(backlog, SOMAXCONN) > 0 ? SOMAXCONN : backlog;
      state = TCP_LISTEN;
      rememberPeer(caller);
    } finally {
      net.lock.unlock();
    }
    stateChange();
    return 0;
  }

  final boolean receiveQueueFull() {
    return receiveQueue.count() > maxBacklog;
  }

  @Override
  public long connect(Caller caller, byte[] bytes, int fileFlags) {
    return isConnected()
        ? connectStream(caller, bytes, fileFlags)
        : UnixDatagram.connectDatagram(this, caller, bytes);
  }

  @Traced("unix_stream_connect")
  private long connectStream(Caller caller, byte[] bytes, int fileFlags) {
    long[] error = new long[1];
    SockAddr.Unix to = UnixBinding.parse(bytes, error);
    if (to == null || to.name().isEmpty()) {
      return to == null ? error[0] : -Errno.EINVAL;
    }
    long timeout = (fileFlags & Fcntl.O_NONBLOCK) != 0 ? 0 : options.sendTimeout;
    long start = System.nanoTime();
    if (options.passCredentials && address.name().isEmpty()) {
      long bound = UnixBinding.autobind(this);
      if (bound != 0) {
        return bound;
      }
    }
    while (true) {
      UnixSock listener = UnixBinding.findOther(net, caller, to, type, error);
      if (listener == null) {
        return error[0];
      }
      long result = tryConnect(listener, caller);
      if (result != -Errno.EAGAIN) {
        return result;
      }
      if (timeout == 0) {
        return -Errno.EAGAIN;
      }
      UnixSock waited = listener;
      long slept =
          listener.sleep(
              caller,
              () -> !waited.receiveQueueFull() || waited.state != TCP_LISTEN || waited.dead,
              timeout,
              start);
      if (slept != 0) {
        return slept;
      }
    }
  }

  /** 0, −EAGAIN when the listener's queue is full, or another −errno. */
  private long tryConnect(UnixSock listener, Caller caller) {
    net.lock.lock();
    try {
      if (listener.dead || listener.state != TCP_LISTEN || listener.hasShutdown(RCV_SHUTDOWN)) {
        return -Errno.ECONNREFUSED;
      }
      if (listener.receiveQueueFull()) {
        return -Errno.EAGAIN;
      }
      if (state != TCP_CLOSE) {
        return state == TCP_ESTABLISHED ? -Errno.EISCONN : -Errno.EINVAL;
      }
      UnixSock other = listener.sibling();
      other.options.inherit(listener.options);
      other.options.passCredentials = listener.options.passCredentials;
      other.cred = listener.cred;
      other.address = listener.address;
      other.state = TCP_ESTABLISHED;
      other.peer = this;
      other.rememberPeer(caller);
      other.embryoOf = listener;
      copyPeer(listener);
      peer = other;
      state = TCP_ESTABLISHED;
      SkBuff buffer = new SkBuff(new byte[0], null);
      buffer.connection = other;
      net.charge(buffer.trueSize);
      listener.receiveQueue.add(buffer);
      net.register(other);
    } finally {
      net.lock.unlock();
    }
    listener.dataReady();
    return 0;
  }

  @Override
  @Traced("unix_accept")
  public @Nullable Sock accept(Caller caller, int fileFlags, long[] error) {
    if (!isConnected()) {
      error[0] = -Errno.EOPNOTSUPP;
      return null;
    }
    long timeout = (fileFlags & Fcntl.O_NONBLOCK) != 0 ? 0 : options.receiveTimeout;
    long start = System.nanoTime();
    while (state == TCP_LISTEN) {
      SkBuff buffer = receiveQueue.poll();
      if (buffer != null) {
        uncharge(buffer);
        writeSpace(); // somebody may wait to connect
        return accepted(buffer);
      }
      if (hasShutdown(RCV_SHUTDOWN)) {
        break;
      }
      if (timeout == 0) {
        error[0] = -Errno.EAGAIN;
        return null;
      }
      long slept =
          sleep(
              caller,
              () -> !receiveQueue.isEmpty() || hasShutdown(RCV_SHUTDOWN) || state != TCP_LISTEN,
              timeout,
              start);
      if (slept != 0) {
        error[0] = slept;
        return null;
      }
    }
    error[0] = -Errno.EINVAL;
    return null;
  }

  private static @Nullable Sock accepted(SkBuff buffer) {
    UnixSock sock = (UnixSock) buffer.connection;
    if (sock != null) {
      sock.embryoOf = null;
    }
    return sock;
  }

  @Override
  public @Nullable SockAddr name(boolean wantPeer, long[] error) {
    if (!wantPeer) {
      return address;
    }
    UnixSock other = peer;
    if (other == null) {
      error[0] = -Errno.ENOTCONN;
      return null;
    }
    return other.address;
  }

  @Override
  @Traced("unix_shutdown")
  public long shutdown(Caller caller, int how) {
    if (how < Socket.SHUT_RD || how > Socket.SHUT_RDWR) {
      return -Errno.EINVAL;
    }
    int mode = how + 1;
    UnixSock other;
    net.lock.lock();
    try {
      shutdown |= mode;
      other = isConnected() ? peer : null;
      if (other != null) {
        int seen =
            ((mode & RCV_SHUTDOWN) != 0 ? SEND_SHUTDOWN : 0)
                | ((mode & SEND_SHUTDOWN) != 0 ? RCV_SHUTDOWN : 0);
        other.shutdown |= seen;
      }
    } finally {
      net.lock.unlock();
    }
    if (other != null) {
      other.stateChange();
    }
    stateChange();
    return 0;
  }

  @Override
  @Traced("unix_release_sock")
  void release(Sleeper closer) {
    UnixSock other;
    net.lock.lock();
    try {
      UnixBinding.unbind(this);
      dead = true;
      shutdown = SHUTDOWN_MASK;
      boolean listened = state == TCP_LISTEN;
      state = TCP_CLOSE;
      other = peer;
      peer = null;
      if (other != null && isConnected()) {
        other.shutdown = SHUTDOWN_MASK;
        if (embryoOf != null || !listened && !receiveQueue.isEmpty()) {
          other.setError(Errno.ECONNRESET);
        }
      }
    } finally {
      net.lock.unlock();
    }
    if (other != null) {
      other.stateChange();
    }
    stateChange();
    refuseWaiting();
    purgeReceiveQueue();
  }

  private void refuseWaiting() {
    receiveQueue.close();
    for (SkBuff buffer = receiveQueue.peek();
        buffer != null && buffer.connection != null;
        buffer = receiveQueue.peek()) {
      receiveQueue.poll();
      uncharge(buffer);
      Sock embryo = buffer.connection;
      if (embryo != null) {
        embryo.release(Sleeper.UNINTERRUPTIBLE);
        net.unregister(embryo);
      }
    }
  }

  @Override
  public long setsockopt(Caller caller, int level, int name, byte[] value) {
    return -Errno.EOPNOTSUPP;
  }

  /** Whether so little of what was sent waits that a poll shows room. */
  final boolean writable() {
    return state != TCP_LISTEN && (long) writeMemory.get() << 2 <= options.sendBuffer;
  }

  @Override
  public int poll() {
    int events = hasError() ? Poll.POLLERR : 0;
    if (shutdown == SHUTDOWN_MASK) {
      events |= Poll.POLLHUP;
    }
    if (hasShutdown(RCV_SHUTDOWN)) {
      events |= Poll.POLLRDHUP | POLL_READ;
    }
    if (!receiveQueue.isEmpty()) {
      events |= POLL_READ;
    }
    if (isConnected() && state == TCP_CLOSE) {
      events |= Poll.POLLHUP;
    }
    if (writable()) {
      events |= POLL_WRITE;
    }
    return events;
  }

  /** Gives the receiver what came beside the bytes. <i>Linux:</i> scm_recv_unix. */
  final void receiveScm(Msg msg, @Nullable Scm scm) {
    boolean pass = options.passCredentials;
    boolean files = scm != null && !scm.files().isEmpty();
    ControlBuffer out = msg.controlOut;
    if (out == null) {
      if (pass || files) {
        msg.resultFlags |= Socket.MSG_CTRUNC;
      }
      return;
    }
    if (pass) {
      if (scm == null) {
        out.putCredentials(msg, 0, Scm.OVERFLOW_ID, Scm.OVERFLOW_ID);
      } else {
        out.putCredentials(msg, scm.pid(), scm.uid(), scm.gid());
      }
    }
    if (scm != null && files) {
      out.putFiles(msg, scm.files());
    }
  }

  @Override
  long outputBytes() {
    return writeMemory.get();
  }

  /**
   * Waits until a buffer may be added to what was sent. <i>Linux:</i> sock_alloc_send_pskb.
   *
   * @return 0 or −errno
   */
  final long waitForSendMemory(Msg msg, long timeout, long start) {
    while (true) {
      long pending = takeError();
      if (pending != 0) {
        return pending;
      }
      if (hasShutdown(SEND_SHUTDOWN)) {
        return -Errno.EPIPE;
      }
      if (mayAllocate()) {
        return 0;
      }
      if (timeout == 0) {
        return -Errno.EAGAIN;
      }
      long slept =
          sleep(
              msg.caller,
              () -> mayAllocate() || hasShutdown(SEND_SHUTDOWN) || hasError(),
              timeout,
              start);
      if (slept != 0) {
        return slept;
      }
    }
  }

  private boolean mayAllocate() {
    int used = writeMemory.get();
    return used == 0 || used < options.sendBuffer && !net.underPressure();
  }
}
