package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.IpIn;
import dev.svc0.runtime.abi.Socket;
import dev.svc0.runtime.abi.SocketLevel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Options of the levels IP and IPv6. Most of them shape packets on a wire that is not there: they
 * are kept and told back, as Linux does for packets that stay on the loopback device.
 */
final class IpOptions {
  private static final int LOOPBACK_MTU = 65536;
  private static final int DEFAULT_TTL = 64;
  private static final int ONE_BYTE = 1;

  /** What each option is before somebody sets it. */
  private static final Map<Integer, Integer> V4 =
      Map.ofEntries(
          Map.entry(IpIn.IP_TOS, 0),
          Map.entry(IpIn.IP_TTL, DEFAULT_TTL),
          Map.entry(IpIn.IP_PKTINFO, 0),
          Map.entry(IpIn.IP_RECVTTL, 0),
          Map.entry(IpIn.IP_RECVTOS, 0),
          Map.entry(IpIn.IP_RECVERR, 0),
          Map.entry(IpIn.IP_MTU_DISCOVER, IpIn.IP_PMTUDISC_WANT),
          Map.entry(IpIn.IP_FREEBIND, 0),
          Map.entry(IpIn.IP_MULTICAST_TTL, 1),
          Map.entry(IpIn.IP_MULTICAST_LOOP, 1),
          Map.entry(IpIn.IP_MULTICAST_ALL, 1),
          Map.entry(IpIn.IP_MINTTL, 0),
          Map.entry(IpIn.IP_BIND_ADDRESS_NO_PORT, 0));

  private static final Map<Integer, Integer> V6 =
      Map.ofEntries(
          Map.entry(IpIn.IPV6_UNICAST_HOPS, DEFAULT_TTL),
          Map.entry(IpIn.IPV6_MULTICAST_HOPS, 1),
          Map.entry(IpIn.IPV6_MULTICAST_LOOP, 1),
          Map.entry(IpIn.IPV6_MTU_DISCOVER, IpIn.IPV6_PMTUDISC_WANT),
          Map.entry(IpIn.IPV6_RECVERR, 0),
          Map.entry(IpIn.IPV6_RECVPKTINFO, 0),
          Map.entry(IpIn.IPV6_RECVHOPLIMIT, 0),
          Map.entry(IpIn.IPV6_RECVTCLASS, 0),
          Map.entry(IpIn.IPV6_TCLASS, 0),
          Map.entry(IpIn.IPV6_DONTFRAG, 0),
          Map.entry(IpIn.IPV6_AUTOFLOWLABEL, 1),
          Map.entry(IpIn.IPV6_FREEBIND, 0));

  private final Map<Integer, Integer> v4 = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> v6 = new ConcurrentHashMap<>();

  boolean wants(int name) {
    return v4.getOrDefault(name, 0) != 0;
  }

  boolean wantsV6(int name) {
    return v6.getOrDefault(name, 0) != 0;
  }

  long set(InetSock sock, int level, int name, byte[] value) {
    if (level == SocketLevel.SOL_IP) {
      return setV4(name, value);
    }
    if (level == SocketLevel.SOL_IPV6 && sock.family == Socket.AF_INET6) {
      return setV6(sock, name, value);
    }
    return -Errno.ENOPROTOOPT;
  }

  private static int number(byte[] value) {
    if (value.length >= Integer.BYTES) {
      return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }
    return value.length >= ONE_BYTE ? value[0] & 0xff : 0;
  }

  private long setV4(int name, byte[] value) {
    int number = number(value);
    switch (name) {
      case IpIn.IP_ADD_MEMBERSHIP, IpIn.IP_DROP_MEMBERSHIP, IpIn.IP_MULTICAST_IF -> {
        return -Errno.ENODEV; // the loopback device takes part in no group
      }
      case IpIn.IP_TTL -> {
        if (value.length < ONE_BYTE || number != -1 && (number < 1 || number > 255)) {
          return -Errno.EINVAL;
        }
        v4.put(name, number == -1 ? DEFAULT_TTL : number);
      }
      case IpIn.IP_TOS -> v4.put(name, number & 0xff);
      default -> {
        if (!V4.containsKey(name)) {
          return -Errno.ENOPROTOOPT;
        }
        v4.put(name, number);
      }
    }
    return 0;
  }

  private long setV6(InetSock sock, int name, byte[] value) {
    if (value.length < Integer.BYTES) {
      return -Errno.EINVAL;
    }
    int number = number(value);
    if (name == IpIn.IPV6_V6ONLY) {
      if (sock.isBound()) {
        return -Errno.EINVAL;
      }
      sock.v6Only = number != 0;
      return 0;
    }
    if (name == IpIn.IPV6_ADD_MEMBERSHIP || name == IpIn.IPV6_DROP_MEMBERSHIP) {
      return -Errno.ENODEV;
    }
    if (!V6.containsKey(name)) {
      return -Errno.ENOPROTOOPT;
    }
    v6.put(name, number);
    return 0;
  }

  byte @Nullable [] get(InetSock sock, int level, int name, long[] error) {
    Integer value = null;
    if (level == SocketLevel.SOL_IP) {
      value = name == IpIn.IP_MTU ? mtu(sock, error) : v4.getOrDefault(name, V4.get(name));
    } else if (level == SocketLevel.SOL_IPV6 && sock.family == Socket.AF_INET6) {
      if (name == IpIn.IPV6_V6ONLY) {
        value = sock.v6Only ? 1 : 0;
      } else {
        value = name == IpIn.IPV6_MTU ? mtu(sock, error) : v6.getOrDefault(name, V6.get(name));
      }
    } else {
      error[0] = level == SocketLevel.SOL_IPV6 ? -Errno.EOPNOTSUPP : -Errno.ENOPROTOOPT;
      return null;
    }
    if (value == null) {
      error[0] = error[0] == 0 ? -Errno.ENOPROTOOPT : error[0];
      return null;
    }
    return SockOptions.words(value);
  }

  private static @Nullable Integer mtu(InetSock sock, long[] error) {
    if (sock.remote.port() == 0) {
      error[0] = -Errno.ENOTCONN;
      return null;
    }
    return LOOPBACK_MTU;
  }
}
