package dev.svc0.runtime.net;

import dev.svc0.annotation.Traced;
import dev.svc0.runtime.abi.Capability;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.IpIn;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.Tcp;
import dev.svc0.runtime.vfs.Caller;
import org.jspecify.annotations.Nullable;

/** A socket of the internet families. <i>Linux:</i> {@code inet_sock}. */
@Traced(layer = Traced.Layer.VFS)
abstract class InetSock extends Sock {
  private static final int FIRST_FREE_PORT = 1024;

  /** Its own address; the port is 0 while it is not bound. */
  volatile SockAddr.Inet local;

  /** The address it was bound to, which stays when a connection makes {@link #local} exact. */
  volatile SockAddr.Inet bound;

  /** The other end; the port is 0 while there is none. */
  volatile SockAddr.Inet remote;

  /** IPV6_V6ONLY. */
  volatile boolean v6Only;

  /** A program chose the port itself. */
  boolean userBoundPort;

  /** A program chose the address itself. */
  boolean userBoundAddress;

  private final IpOptions ip = new IpOptions();

  InetSock(Net net, int family, int type, int protocol) {
    super(net, family, type, protocol);
    local = SockAddr.Inet.any(family, 0);
    bound = local;
    remote = local;
  }

  static @Nullable InetSock create(
      Net net, int family, int type, int protocol, Caller caller, long[] error) {
    if (protocol < 0 || protocol >= IpIn.IPPROTO_MAX) {
      error[0] = -Errno.EINVAL;
      return null;
    }
    boolean any = protocol == IpIn.IPPROTO_IP;
    if (type == Socket.SOCK_STREAM && (any || protocol == IpIn.IPPROTO_TCP)) {
      return new TcpSock(net, family);
    }
    if (type == Socket.SOCK_DGRAM && (any || protocol == IpIn.IPPROTO_UDP)) {
      return new UdpSock(net, family);
    }
    int ping = family == Socket.AF_INET ? IpIn.IPPROTO_ICMP : IpIn.IPPROTO_ICMPV6;
    if (type == Socket.SOCK_DGRAM && protocol == ping) {
      error[0] = -Errno.EACCES; // as where net.ipv4.ping_group_range names no group
    } else if (type == Socket.SOCK_RAW && !any) {
      boolean may = caller.cred().capable(Capability.CAP_NET_RAW);
      error[0] = may ? -Errno.EPROTONOSUPPORT : -Errno.EPERM;
    } else {
      boolean known = type == Socket.SOCK_STREAM || type == Socket.SOCK_DGRAM;
      error[0] = known || type == Socket.SOCK_RAW ? -Errno.EPROTONOSUPPORT : -Errno.ESOCKTNOSUPPORT;
    }
    return null;
  }

  /** Who has which port of the protocol. */
  abstract InetTable table();

  final boolean isStream() {
    return type == Socket.SOCK_STREAM;
  }

  final boolean isBound() {
    return local.port() != 0;
  }

  /**
   * An address of the socket's family as a program gave it; null with −errno in error[0].
   *
   * @param wrongFamily −errno for another family
   */
  final SockAddr.@Nullable Inet parse(byte[] bytes, long wrongFamily, long[] error) {
    int shortest = family == Socket.AF_INET ? SockAddr.Inet.bytes(family) : 24;
    if (bytes.length < shortest) {
      boolean other =
          family == Socket.AF_INET6
              && bytes.length >= SockAddr.Inet.bytes(Socket.AF_INET)
              && SockAddr.familyOf(bytes) != Socket.AF_INET6;
      error[0] = other ? wrongFamily : -Errno.EINVAL;
      return null;
    }
    if (SockAddr.familyOf(bytes) != family) {
      error[0] = wrongFamily;
      return null;
    }
    return SockAddr.Inet.decode(bytes);
  }

  @Override
  @Traced("inet_bind")
  public long bind(Caller caller, byte[] bytes) {
    long[] error = new long[1];
    SockAddr.Inet wanted = parse(bytes, -Errno.EAFNOSUPPORT, error);
    if (wanted == null) {
      // A program may leave the family out when it binds to any address.
      boolean unspecified =
          family == Socket.AF_INET
              && bytes.length >= SockAddr.Inet.bytes(family)
              && SockAddr.familyOf(bytes) == Socket.AF_UNSPEC;
      if (!unspecified) {
        return error[0];
      }
      byte[] named = bytes.clone();
      named[0] = (byte) Socket.AF_INET;
      wanted = SockAddr.Inet.decode(named);
      if (!wanted.isAny()) {
        return -Errno.EAFNOSUPPORT;
      }
    }
    if (!wanted.isAny() && !wanted.isLoopback() || v6Only && wanted.isV4()) {
      return v6Only && wanted.isV4() ? -Errno.EINVAL : -Errno.EADDRNOTAVAIL;
    }
    int port = wanted.port();
    if (port != 0
        && port < FIRST_FREE_PORT
        && !caller.cred().capable(Capability.CAP_NET_BIND_SERVICE)) {
      return -Errno.EACCES;
    }
    net.lock.lock();
    try {
      if (state != Tcp.TCP_CLOSE || isBound()) {
        return -Errno.EINVAL;
      }
      userBoundAddress = !wanted.isAny();
      userBoundPort = port != 0;
      return getPort(wanted);
    } finally {
      net.lock.unlock();
    }
  }

  /** Takes a port, any when the address has none. Under {@link Net#lock}. 0 or −EADDRINUSE. */
  final long getPort(SockAddr.Inet address) {
    SockAddr.Inet taken = address;
    if (address.port() == 0) {
      int port = table().ephemeral(this, address, isStream());
      if (port == 0) {
        return -Errno.EADDRINUSE;
      }
      taken = address.withPort(port);
    } else if (table().conflicts(this, address, isStream())) {
      return -Errno.EADDRINUSE;
    }
    local = taken;
    bound = taken;
    table().add(this);
    return 0;
  }

  /** Gives the port back. Under {@link Net#lock}. */
  final void putPort() {
    if (isBound()) {
      table().remove(this);
      local = SockAddr.Inet.any(family, 0);
      bound = local;
    }
  }

  /**
   * Where a packet to an address goes: 0 when it stays here, else −errno. Everything that is not
   * loopback has no route.
   */
  final long route(SockAddr.Inet to) {
    if (v6Only && to.isV4()) {
      return -Errno.ENETUNREACH;
    }
    boolean v4Source = userBoundAddress && bound.isV4();
    boolean v6Source = userBoundAddress && !bound.isV4();
    if (!to.isLoopback() || v4Source && !to.isV4() || v6Source && to.isV4()) {
      return -Errno.ENETUNREACH;
    }
    return 0;
  }

  /** The address that a packet to another one comes from. */
  final SockAddr.Inet sourceFor(SockAddr.Inet to) {
    if (!local.isAny()) {
      return local;
    }
    return to.isV4()
        ? SockAddr.Inet.v4(family, 0x7f000001, local.port())
        : new SockAddr.Inet(family, 0, 1, local.port());
  }

  @Override
  public @Nullable SockAddr name(boolean peer, long[] error) {
    if (!peer) {
      return local;
    }
    boolean connected = remote.port() != 0 && state != Tcp.TCP_CLOSE && state != Tcp.TCP_SYN_SENT;
    if (!connected) {
      error[0] = -Errno.ENOTCONN;
      return null;
    }
    return remote;
  }

  @Override
  public long setsockopt(Caller caller, int level, int name, byte[] value) {
    return ip.set(this, level, name, value);
  }

  @Override
  public byte @Nullable [] getsockopt(Caller caller, int level, int name, long[] error) {
    return ip.get(this, level, name, error);
  }

  final IpOptions ip() {
    return ip;
  }

  /** Local address for /proc/net. */
  public final SockAddr.Inet localAddress() {
    return local;
  }

  /** Remote address for /proc/net. */
  public final SockAddr.Inet remoteAddress() {
    return remote;
  }
}
