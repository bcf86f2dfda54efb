package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.Tcp;
import dev.svc0.runtime.vfs.Caller;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The options of SOL_SOCKET. <i>Linux:</i> sk_setsockopt, sk_getsockopt. */
public final class SockOptions {
  private static final int BUFFER_MOST = 212992;
  private static final int SEND_LEAST = 4608;
  private static final int RECEIVE_LEAST = 2304;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int PRIORITY_FREE = 6;

  volatile int sendBuffer = BUFFER_MOST;
  volatile int receiveBuffer = BUFFER_MOST;
  volatile long sendTimeout = Sock.NO_TIMEOUT;
  volatile long receiveTimeout = Sock.NO_TIMEOUT;
  volatile int receiveLowWater = 1;
  volatile boolean reuseAddress;
  volatile boolean reusePort;
  volatile boolean passCredentials;
  volatile boolean broadcast;
  volatile boolean keepAlive;
  volatile boolean outOfBandInline;
  volatile boolean linger;
  volatile int lingerSeconds;
  private volatile boolean dontRoute;
  private volatile boolean debug;
  private volatile boolean timestamp;
  private volatile boolean timestampNanos;
  private volatile boolean noCheck;
  private volatile int priority;
  private volatile int mark;
  private volatile int busyPoll;
  private volatile int incomingCpu;

  /** What an accepted socket takes over from the one that listened. */
  void inherit(SockOptions from) {
    sendBuffer = from.sendBuffer;
    receiveBuffer = from.receiveBuffer;
    sendTimeout = from.sendTimeout;
    receiveTimeout = from.receiveTimeout;
    receiveLowWater = from.receiveLowWater;
    reuseAddress = from.reuseAddress;
    reusePort = from.reusePort;
    keepAlive = from.keepAlive;
    outOfBandInline = from.outOfBandInline;
    linger = from.linger;
    lingerSeconds = from.lingerSeconds;
    dontRoute = from.dontRoute;
    debug = from.debug;
    timestamp = from.timestamp;
    timestampNanos = from.timestampNanos;
    priority = from.priority;
    mark = from.mark;
  }

  /** Sets one. 0 or −errno. */
  public long set(Sock sock, Caller caller, int name, byte[] value) {
    if (name == Socket.SO_BINDTODEVICE) {
      return bindToDevice(value);
    }
    if (value.length < Integer.BYTES) {
      return -Errno.EINVAL;
    }
    ByteBuffer in = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    int number = in.getInt(0);
    boolean on = number != 0;
    switch (name) {
      case Socket.SO_SNDBUF -> {
        sendBuffer = buffer(number, BUFFER_MOST, SEND_LEAST);
        if (sock instanceof TcpSock stream) {
          stream.tcp.sendBufferLocked = true;
        }
      }
      case Socket.SO_RCVBUF -> receiveBuffer = buffer(number, BUFFER_MOST, RECEIVE_LEAST);
      case Socket.SO_SNDBUFFORCE, Socket.SO_RCVBUFFORCE -> {
        return force(caller, name, number);
      }
      case Socket.SO_RCVTIMEO_OLD, Socket.SO_RCVTIMEO_NEW -> {
        return setTimeout(in, false);
      }
      case Socket.SO_SNDTIMEO_OLD, Socket.SO_SNDTIMEO_NEW -> {
        return setTimeout(in, true);
      }
      case Socket.SO_LINGER -> {
        return setLinger(in);
      }
      case Socket.SO_RCVLOWAT ->
          receiveLowWater = number < 0 ? Integer.MAX_VALUE : Math.max(number, 1);
      case Socket.SO_REUSEPORT -> {
        if (on && !(sock instanceof InetSock)) {
          return -Errno.EOPNOTSUPP;
        }
        reusePort = on;
      }
      case Socket.SO_PASSCRED -> {
        if (!(sock instanceof UnixSock) && !(sock instanceof NetlinkSock)) {
          return -Errno.EOPNOTSUPP;
        }
        passCredentials = on;
      }
      case Socket.SO_PRIORITY -> {
        boolean free = number >= 0 && number <= PRIORITY_FREE;
        if (!free && !caller.cred().capable(Capability.CAP_NET_ADMIN)) {
          return -Errno.EPERM;
        }
        priority = number;
      }
      case Socket.SO_MARK -> {
        if (!caller.cred().capable(Capability.CAP_NET_ADMIN)) {
          return -Errno.EPERM;
        }
        mark = number;
      }
      default -> {
        return setFlag(name, on, number);
      }
    }
    return 0;
  }

  private long setFlag(int name, boolean on, int number) {
    switch (name) {
      case Socket.SO_REUSEADDR -> reuseAddress = on;
      case Socket.SO_KEEPALIVE -> keepAlive = on;
      case Socket.SO_BROADCAST -> broadcast = on;
      case Socket.SO_OOBINLINE -> outOfBandInline = on;
      case Socket.SO_DONTROUTE -> dontRoute = on;
      case Socket.SO_DEBUG -> debug = on;
      case Socket.SO_NO_CHECK -> noCheck = on;
      case Socket.SO_TIMESTAMP_OLD, Socket.SO_TIMESTAMP_NEW -> timestamp = on;
      case Socket.SO_TIMESTAMPNS_OLD, Socket.SO_TIMESTAMPNS_NEW -> timestampNanos = on;
      case Socket.SO_BUSY_POLL -> busyPoll = number;
      case Socket.SO_INCOMING_CPU -> incomingCpu = number;
      case Socket.SO_TYPE,
          Socket.SO_PROTOCOL,
          Socket.SO_DOMAIN,
          Socket.SO_ERROR,
          Socket.SO_SNDLOWAT,
          Socket.SO_ACCEPTCONN,
          Socket.SO_BSDCOMPAT -> {
        return name == Socket.SO_BSDCOMPAT ? 0 : -Errno.ENOPROTOOPT;
      }
      default -> {
        return -Errno.ENOPROTOOPT;
      }
    }
    return 0;
  }

  /** Only the loopback device is there. */
  private static long bindToDevice(byte[] value) {
    int end = 0;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    String device = new String(value, 0, end, java.nio.charset.StandardCharsets.ISO_8859_1);
    return device.isEmpty() || device.equals("lo") ? 0 : -Errno.ENODEV;
  }

  private static int buffer(int wanted, int most, int least) {
    int bounded = Integer.compareUnsigned(wanted, most) > 0 ? most : wanted;
    return Math.max(bounded * 2, least);
  }

  private long force(Caller caller, int name, int number) {
    if (!caller.cred().capable(Capability.CAP_NET_ADMIN)) {
      return -Errno.EPERM;
    }
    int most = 1 << 26;
    if (name == Socket.SO_SNDBUFFORCE) {
      sendBuffer = buffer(Math.max(number, 0), most, SEND_LEAST);
    } else {
      receiveBuffer = buffer(Math.max(number, 0), most, RECEIVE_LEAST);
    }
    return 0;
  }

  private long setTimeout(ByteBuffer in, boolean send) {
    if (in.capacity() < 2 * Long.BYTES) {
      return -Errno.EINVAL;
    }
    long seconds = in.getLong(0);
    long micros = in.getLong(Long.BYTES);
    if (micros < 0 || micros >= MICROS_PER_SECOND) {
      return -Errno.EDOM;
    }
    long nanos;
    if (seconds < 0) {
      nanos = 0;
    } else if (seconds == 0 && micros == 0 || seconds >= Long.MAX_VALUE / NANOS_PER_SECOND / 4) {
      nanos = Sock.NO_TIMEOUT;
    } else {
      nanos = seconds * NANOS_PER_SECOND + micros * NANOS_PER_MICRO;
    }
    if (send) {
      sendTimeout = nanos;
    } else {
      receiveTimeout = nanos;
    }
    return 0;
  }

  private long setLinger(ByteBuffer in) {
    if (in.capacity() < 2 * Integer.BYTES) {
      return -Errno.EINVAL;
    }
    linger = in.getInt(0) != 0;
    if (linger) {
      lingerSeconds = in.getInt(Integer.BYTES);
    }
    return 0;
  }

  /** Reads one; null with −errno in error[0]. */
  public byte @Nullable [] get(Sock sock, int name, long[] error) {
    return switch (name) {
      case Socket.SO_RCVTIMEO_OLD, Socket.SO_RCVTIMEO_NEW -> time(receiveTimeout);
      case Socket.SO_SNDTIMEO_OLD, Socket.SO_SNDTIMEO_NEW -> time(sendTimeout);
      case Socket.SO_LINGER -> words(linger ? 1 : 0, lingerSeconds);
      case Socket.SO_COOKIE ->
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(sock.cookie())
              .array();
      case Socket.SO_PEERCRED -> peerCredentials(sock, error);
      case Socket.SO_PEERGROUPS -> peerGroups(sock, error);
      case Socket.SO_PEERSEC -> {
        error[0] = -Errno.ENOPROTOOPT;
        yield null;
      }
      case Socket.SO_BINDTODEVICE, Socket.SO_PEERNAME -> new byte[0];
      default -> getNumber(sock, name, error);
    };
  }

  private byte @Nullable [] getNumber(Sock sock, int name, long[] error) {
    return switch (name) {
      case Socket.SO_SNDBUF -> words(sendBuffer);
      case Socket.SO_RCVBUF -> words(receiveBuffer);
      case Socket.SO_RCVLOWAT -> words(receiveLowWater);
      case Socket.SO_SNDLOWAT -> words(1);
      case Socket.SO_TYPE -> words(sock.type);
      case Socket.SO_PROTOCOL -> words(sock.protocol);
      case Socket.SO_DOMAIN -> words(sock.family);
      case Socket.SO_ERROR -> words((int) -sock.takeError());
      case Socket.SO_ACCEPTCONN -> words(sock.state == Tcp.TCP_LISTEN ? 1 : 0);
      case Socket.SO_PRIORITY -> words(priority);
      case Socket.SO_MARK -> words(mark);
      case Socket.SO_BUSY_POLL -> words(busyPoll);
      case Socket.SO_INCOMING_CPU -> words(incomingCpu);
      case Socket.SO_BSDCOMPAT -> words(0);
      default -> getFlag(name, error);
    };
  }

  private byte @Nullable [] getFlag(int name, long[] error) {
    boolean on;
    switch (name) {
      case Socket.SO_REUSEADDR -> on = reuseAddress;
      case Socket.SO_REUSEPORT -> on = reusePort;
      case Socket.SO_KEEPALIVE -> on = keepAlive;
      case Socket.SO_BROADCAST -> on = broadcast;
      case Socket.SO_OOBINLINE -> on = outOfBandInline;
      case Socket.SO_DONTROUTE -> on = dontRoute;
      case Socket.SO_DEBUG -> on = debug;
      case Socket.SO_NO_CHECK -> on = noCheck;
      case Socket.SO_PASSCRED -> on = passCredentials;
      case Socket.SO_TIMESTAMP_OLD, Socket.SO_TIMESTAMP_NEW -> on = timestamp;
      case Socket.SO_TIMESTAMPNS_OLD, Socket.SO_TIMESTAMPNS_NEW -> on = timestampNanos;
      default -> {
        error[0] = -Errno.ENOPROTOOPT;
        return null;
      }
    }
    return words(on ? 1 : 0);
  }

  private static byte @Nullable [] peerCredentials(Sock sock, long[] error) {
    Scm peer = sock instanceof UnixSock unix ? unix.peerCredentials : null;
    ByteBuffer out = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    if (peer == null) {
      out.putInt(0).putInt(-1).putInt(-1);
    } else {
      out.putInt(peer.pid()).putInt(peer.uid()).putInt(peer.gid());
    }
    return out.array();
  }

  private static byte @Nullable [] peerGroups(Sock sock, long[] error) {
    int[] groups = sock instanceof UnixSock unix ? unix.peerGroups : null;
    if (groups == null) {
      error[0] = -Errno.ENODATA;
      return null;
    }
    return words(groups);
  }

  private static byte[] time(long nanos) {
    long shown = nanos == Sock.NO_TIMEOUT ? 0 : nanos;
    return ByteBuffer.allocate(2 * Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(shown / NANOS_PER_SECOND)
        .putLong(shown % NANOS_PER_SECOND / NANOS_PER_MICRO)
        .array();
  }

  static byte[] words(int... values) {
    ByteBuffer out =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      out.putInt(value);
    }
    return out.array();
  }
}
