package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Socket;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The sockets of a kernel as the files of /proc/net show them. */
public final class NetTables {
  private static final int UNIX_LISTENING = 0x10000;
  private static final int UNIX_UNCONNECTED = 1;
  private static final int UNIX_CONNECTED = 3;

  private NetTables() {}

  private static List<Sock> sorted(Net net) {
    return net.all().stream().sorted(Comparator.comparingLong(Sock::inodeNumber)).toList();
  }

  /** /proc/net/tcp. */
  public static String tcp(Net net) {
    return inet(net, Socket.AF_INET, Socket.SOCK_STREAM);
  }

  /** /proc/net/tcp6. */
  public static String tcp6(Net net) {
    return inet(net, Socket.AF_INET6, Socket.SOCK_STREAM);
  }

  /** /proc/net/udp. */
  public static String udp(Net net) {
    return inet(net, Socket.AF_INET, Socket.SOCK_DGRAM);
  }

  /** /proc/net/udp6. */
  public static String udp6(Net net) {
    return inet(net, Socket.AF_INET6, Socket.SOCK_DGRAM);
  }

  private static String inet(Net net, int family, int type) {
    StringBuilder out =
        new StringBuilder(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid "
                + " timeout inode\n");
    int line = 0;
    for (Sock sock : sorted(net)) {
      if (sock instanceof InetSock one && one.family == family && one.type == type) {
        if (one.isBound()) {
          out.append(inetLine(line++, one));
        }
      }
    }
    return out.toString();
  }

  private static String inetLine(int line, InetSock sock) {
    return String.format(
        Locale.ROOT,
        "%4d: %s %s %02X %08X:%08X 00:00000000 00000000 %5d        0 %d 1 0000000000000000\n",
        line,
        address(sock.localAddress(), sock.family),
        address(sock.remoteAddress(), sock.family),
        sock.state(),
        sock.writeMemory(),
        sock.receiveQueue.bytes(),
        sock.uid(),
        sock.inodeNumber());
  }

  /** Each word of the address as the number that it is in memory on this machine. */
  private static String address(SockAddr.Inet address, int family) {
    String port = String.format(Locale.ROOT, ":%04X", address.port());
    if (family == Socket.AF_INET) {
      return word(address.v4Address()) + port;
    }
    return word((int) (address.high() >>> 32))
        + word((int) address.high())
        + word((int) (address.low() >>> 32))
        + word((int) address.low())
        + port;
  }

  private static String word(int bigEndian) {
    return String.format(Locale.ROOT, "%08X", Integer.reverseBytes(bigEndian));
  }

  /** /proc/net/unix. */
  public static String unix(Net net) {
    StringBuilder out =
        new StringBuilder("Num       RefCount Protocol Flags    Type St Inode Path\n");
    for (Sock sock : sorted(net)) {
      if (sock instanceof UnixSock one) {
        boolean listens = one.state() == dev.svc0.runtime.abi.Tcp.TCP_LISTEN;
        String name = one.address.name().replace('\0', '@');
        out.append(
            String.format(
                Locale.ROOT,
                "0000000000000000: 00000002 00000000 %08X %04X %02X %5d%s\n",
                listens ? UNIX_LISTENING : 0,
                one.type(),
                one.peer != null ? UNIX_CONNECTED : UNIX_UNCONNECTED,
                one.inodeNumber(),
                name.isEmpty() ? "" : " " + name));
      }
    }
    return out.toString();
  }

  /** /proc/net/dev: the loopback device, whose packets nobody counts. */
  public static String devices() {
    return "Inter-|   Receive                                                |  Transmit\n"
        + " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs"
        + " drop fifo colls carrier compressed\n"
        + "    lo:       0       0    0    0    0     0          0         0        0       0    0"
        + "    0    0     0       0          0\n";
  }

  /** /proc/net/route: no route leads anywhere else. */
  public static String routes() {
    return "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT"
        + "                                                       \n";
  }
}
