package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Tcp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Which socket of one protocol has which port. Everything is under {@link Net#lock}. */
final class InetTable {
  static final int FIRST_EPHEMERAL = 32768;
  static final int LAST_EPHEMERAL = 60999;

  private static final long TIME_WAIT_NANOS = 60_000_000_000L;
  private static final int TIME_WAIT_MOST = 8192;

  /** A pair of addresses that may not be used again for a while. */
  record TimeWait(
      SockAddr.Inet local,
      SockAddr.Inet remote,
      boolean reuse,
      boolean reusePort,
      int uid,
      long until) {}

  private final Map<Integer, List<InetSock>> ports = new HashMap<>();
  private final Deque<TimeWait> waiting = new ArrayDeque<>();

  /** The sockets of a port. */
  List<InetSock> at(int port) {
    return ports.getOrDefault(port, List.of());
  }

  void add(InetSock sock) {
    ports.computeIfAbsent(sock.local.port(), port -> new ArrayList<>(2)).add(sock);
  }

  void remove(InetSock sock) {
    List<InetSock> all = ports.get(sock.local.port());
    if (all != null && all.remove(sock) && all.isEmpty()) {
      ports.remove(sock.local.port());
    }
  }

  /** A connection ended at our side first: its addresses rest for a minute. */
  void rest(InetSock sock) {
    expire();
    if (waiting.size() >= TIME_WAIT_MOST) {
      waiting.removeFirst();
    }
    waiting.addLast(
        new TimeWait(
            sock.local,
            sock.remote,
            sock.options.reuseAddress,
            sock.options.reusePort,
            sock.uid(),
            System.nanoTime() + TIME_WAIT_NANOS));
  }

  private void expire() {
    long now = System.nanoTime();
    while (!waiting.isEmpty() && waiting.getFirst().until() - now <= 0) {
      waiting.removeFirst();
    }
  }

  /** Pairs of addresses that rest. */
  List<TimeWait> resting() {
    expire();
    return List.copyOf(waiting);
  }

  /** Whether somebody forbids binding to the address. <i>Linux:</i> inet_csk_bind_conflict. */
  boolean conflicts(InetSock sock, SockAddr.Inet address, boolean stream) {
    for (InetSock other : at(address.port())) {
      if (other == sock || !overlap(sock, address, other)) {
        continue;
      }
      boolean reuse =
          sock.options.reuseAddress
              && other.options.reuseAddress
              && !(stream && (other.state == Tcp.TCP_LISTEN || sock.state == Tcp.TCP_LISTEN));
      boolean reusePort =
          sock.options.reusePort && other.options.reusePort && sock.uid() == other.uid();
      if (!reuse && !reusePort) {
        return true;
      }
    }
    return stream && conflictsWithResting(sock, address);
  }

  private boolean conflictsWithResting(InetSock sock, SockAddr.Inet address) {
    expire();
    for (TimeWait one : waiting) {
      if (one.local().port() == address.port()
          && (address.isAny() || address.sameAddress(one.local()))
          && !(sock.options.reuseAddress && one.reuse())
          && !(sock.options.reusePort && one.reusePort())) {
        return true;
      }
    }
    return false;
  }

  private static boolean overlap(InetSock sock, SockAddr.Inet address, InetSock other) {
    SockAddr.Inet theirs = other.bound;
    if (address.isV4() == theirs.isV4()) {
      return address.sameAddress(theirs) || address.isAny() || theirs.isAny();
    }
    // The any-address of IPv6 includes all of IPv4, unless its socket says no.
    SockAddr.Inet six = address.isV4() ? theirs : address;
    boolean v6Only = address.isV4() ? other.v6Only : sock.v6Only;
    return six.isAny() && !v6Only;
  }

  /** A port of the ephemeral range that nobody forbids; 0 for none. */
  int ephemeral(InetSock sock, SockAddr.Inet address, boolean stream) {
    int range = LAST_EPHEMERAL - FIRST_EPHEMERAL + 1;
    int start = ThreadLocalRandom.current().nextInt(range);
    for (int i = 0; i < range; i++) {
      int port = FIRST_EPHEMERAL + (start + i) % range;
      if (at(port).isEmpty() && !conflicts(sock, address.withPort(port), stream)) {
        return port;
      }
    }
    for (int i = 0; i < range; i++) {
      int port = FIRST_EPHEMERAL + (start + i) % range;
      if (!conflicts(sock, address.withPort(port), stream)) {
        return port;
      }
    }
    return 0;
  }

  /**
   * Who receives what is sent to an address: connected ones first, then bound ones, the more
   * exactly the better; among those that share a port by SO_REUSEPORT the sender's port decides.
   *
   * @param listening only sockets in this state, or all for −1
   */
  @Nullable InetSock lookup(SockAddr.Inet to, SockAddr.Inet from, int listening) {
    List<InetSock> best = new ArrayList<>();
    int bestScore = 0;
    for (InetSock sock : at(to.port())) {
      int score = listening >= 0 && sock.state != listening ? 0 : score(sock, to, from);
      if (score == 0 || score < bestScore) {
        continue;
      }
      if (score > bestScore) {
        best.clear();
        bestScore = score;
      }
      best.add(sock);
    }
    if (best.isEmpty()) {
      return null;
    }
    boolean group = best.size() > 1 && best.getFirst().options.reusePort;
    return group
        ? best.get(Math.floorMod(from.port() * 0x9e3779b9 >>> 8, best.size()))
        : best.getLast();
  }

  private static int score(InetSock sock, SockAddr.Inet to, SockAddr.Inet from) {
    int score = 1;
    SockAddr.Inet bound = sock.local;
    if (bound.isAny()) {
      if (bound.isV4() != to.isV4() && (bound.isV4() || sock.v6Only)) {
        return 0;
      }
      score += bound.isV4() == to.isV4() ? 1 : 0;
    } else {
      if (!bound.sameAddress(to)) {
        return 0;
      }
      score += 4;
    }
    SockAddr.Inet remote = sock.remote;
    if (remote.port() != 0) {
      if (!remote.sameAddress(from) || remote.port() != from.port()) {
        return 0;
      }
      score += 8;
    }
    return score;
  }
}
