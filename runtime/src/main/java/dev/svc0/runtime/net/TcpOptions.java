package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Tcp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Options of the level TCP. What shapes segments, their timing and their repetition is kept and
 * told back; there are no segments that it could shape.
 */
final class TcpOptions {
  private static final int LOOPBACK_MSS = 65483;
  private static final int INFO_BYTES = 104;
  private static final int NAME_BYTES = 16;

  private static final Map<Integer, Integer> DEFAULTS =
      Map.ofEntries(
          Map.entry(Tcp.TCP_NODELAY, 0),
          Map.entry(Tcp.TCP_CORK, 0),
          Map.entry(Tcp.TCP_KEEPIDLE, 7200),
          Map.entry(Tcp.TCP_KEEPINTVL, 75),
          Map.entry(Tcp.TCP_KEEPCNT, 9),
          Map.entry(Tcp.TCP_SYNCNT, 6),
          Map.entry(Tcp.TCP_LINGER2, 60),
          Map.entry(Tcp.TCP_DEFER_ACCEPT, 0),
          Map.entry(Tcp.TCP_WINDOW_CLAMP, 0),
          Map.entry(Tcp.TCP_QUICKACK, 1),
          Map.entry(Tcp.TCP_USER_TIMEOUT, 0),
          Map.entry(Tcp.TCP_FASTOPEN, 0),
          Map.entry(Tcp.TCP_FASTOPEN_CONNECT, 0),
          Map.entry(Tcp.TCP_NOTSENT_LOWAT, 0));

  private final Map<Integer, Integer> values = new ConcurrentHashMap<>();
  private volatile String congestion = "cubic";

  /** A program chose the size of the send buffer: it does not grow by itself. */
  volatile boolean sendBufferLocked;

  void inherit(TcpOptions from) {
    values.putAll(from.values);
    congestion = from.congestion;
    sendBufferLocked = from.sendBufferLocked;
  }

  long set(int name, byte[] value) {
    if (name == Tcp.TCP_CONGESTION) {
      return setCongestion(value);
    }
    if (name == Tcp.TCP_ULP) {
      return -Errno.ENOENT;
    }
    if (value.length < Integer.BYTES) {
      return -Errno.EINVAL;
    }
    int number = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt();
    boolean switched = name == Tcp.TCP_NODELAY || name == Tcp.TCP_CORK;
    boolean positive =
        name == Tcp.TCP_KEEPIDLE || name == Tcp.TCP_KEEPINTVL || name == Tcp.TCP_KEEPCNT;
    if (positive && (number < 1 || number > (name == Tcp.TCP_KEEPCNT ? 127 : 32767))) {
      return -Errno.EINVAL;
    }
    if (name == Tcp.TCP_MAXSEG) {
      return number != 0 && (number < 88 || number > 32767) ? -Errno.EINVAL : 0;
    }
    if (!DEFAULTS.containsKey(name)) {
      return -Errno.ENOPROTOOPT;
    }
    values.put(name, switched ? (number != 0 ? 1 : 0) : number);
    return 0;
  }

  private long setCongestion(byte[] value) {
    int end = 0;
    while (end < value.length && end < NAME_BYTES - 1 && value[end] != 0) {
      end++;
    }
    String name = new String(value, 0, end, StandardCharsets.ISO_8859_1);
    if (!name.equals("cubic") && !name.equals("reno")) {
      return -Errno.ENOENT;
    }
    congestion = name;
    return 0;
  }

  byte @Nullable [] get(TcpSock sock, int name, long[] error) {
    if (name == Tcp.TCP_CONGESTION) {
      return Arrays.copyOf(congestion.getBytes(StandardCharsets.ISO_8859_1), NAME_BYTES);
    }
    if (name == Tcp.TCP_INFO) {
      return info(sock);
    }
    if (name == Tcp.TCP_MAXSEG) {
      return SockOptions.words(sock.peer != null ? LOOPBACK_MSS : Tcp.TCP_MSS_DEFAULT);
    }
    Integer value = values.getOrDefault(name, DEFAULTS.get(name));
    if (value == null) {
      error[0] = -Errno.ENOPROTOOPT;
      return null;
    }
    return SockOptions.words(value);
  }

  /** The beginning of {@code struct tcp_info}: state, sizes of segments, backlog of a listener. */
  private static byte[] info(TcpSock sock) {
    ByteBuffer out = ByteBuffer.allocate(INFO_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.put(0, (byte) sock.state);
    out.putInt(16, LOOPBACK_MSS);
    out.putInt(20, LOOPBACK_MSS);
    if (sock.state == Tcp.TCP_LISTEN) {
      int[] queue = sock.acceptBacklog();
      out.putInt(24, queue[0]);
      out.putInt(28, queue[1]);
    }
    return out.array();
  }
}
