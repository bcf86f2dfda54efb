package dev.svc0.runtime.net;

import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers to questions about devices, addresses and routes. <i>Source:</i> rtnetlink(7). */
final class RouteNetlink {
  private static final int HEADER = 16;
  private static final int MOST = 4096;

  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int FIRST_REQUEST = 16;
  private static final int NLM_F_REQUEST = 1;
  private static final int NLM_F_MULTI = 2;
  private static final int NLM_F_ACK = 4;
  private static final int NLM_F_DUMP = 0x300;

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_GETLINK = 18;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_GETADDR = 22;
  private static final int KIND_GET = 2;
  private static final int KIND_MASK = 3;

  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_BROADCAST = 2;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_QDISC = 6;
  private static final int IFLA_TXQLEN = 13;
  private static final int IFLA_OPERSTATE = 16;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_LABEL = 3;
  private static final int IFA_FLAGS = 8;
  private static final int IFA_F_PERMANENT = 0x80;
  private static final int RT_SCOPE_HOST = 254;
  private static final int HARDWARE_BYTES = 6;
  private static final int V6_BYTES = 16;

  private final int sequence;
  private final int port;

  private RouteNetlink(int sequence, int port) {
    this.sequence = sequence;
    this.port = port;
  }

  /** The messages that answer the requests of one message. */
  static List<byte[]> answer(byte[] requests, int port) {
    List<byte[]> answers = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(requests).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (requests.length - at >= HEADER) {
      int length = in.getInt(at);
      if (length < HEADER || length > requests.length - at) {
        break;
      }
      int type = in.getShort(at + 4) & 0xffff;
      int flags = in.getShort(at + 6) & 0xffff;
      RouteNetlink answer = new RouteNetlink(in.getInt(at + 8), port);
      byte[] request = java.util.Arrays.copyOfRange(requests, at, at + length);
      answers.addAll(answer.one(request, type, flags));
      at += length + 3 & -4;
    }
    return answers;
  }

  private List<byte[]> one(byte[] request, int type, int flags) {
    if ((flags & NLM_F_REQUEST) == 0 || type < FIRST_REQUEST) {
      return (flags & NLM_F_ACK) != 0 ? List.of(error(request, 0)) : List.of();
    }
    if ((type & KIND_MASK) != KIND_GET) {
      return List.of(error(request, -Errno.EPERM)); // nothing can be changed
    }
    boolean dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
    if (type == RTM_GETLINK && !dump) {
      boolean known =
          request.length >= HEADER + 8
              && ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).getInt(HEADER + 4)
                  == Interfaces.INDEX;
      return List.of(known ? link(0) : error(request, -Errno.ENODEV));
    }
    if (!dump) {
      return List.of(error(request, -Errno.EOPNOTSUPP));
    }
    int family = request.length > HEADER ? request[HEADER] & 0xff : 0;
    ByteBuffer all = ByteBuffer.allocate(MOST);
    if (type == RTM_GETLINK) {
      all.put(link(NLM_F_MULTI));
    } else if (type == RTM_GETADDR) {
      if (family != Socket.AF_INET6) {
        all.put(address(Socket.AF_INET));
      }
      if (family != Socket.AF_INET) {
        all.put(address(Socket.AF_INET6));
      }
    }
    List<byte[]> answers = new ArrayList<>();
    if (all.position() > 0) {
      answers.add(java.util.Arrays.copyOf(all.array(), all.position()));
    }
    answers.add(finish(begin(NLMSG_DONE, NLM_F_MULTI).putInt(0)));
    return answers;
  }

  private ByteBuffer begin(int type, int flags) {
    ByteBuffer out = ByteBuffer.allocate(MOST).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(port);
    return out;
  }

  private static byte[] finish(ByteBuffer out) {
    out.putInt(0, out.position());
    while ((out.position() & 3) != 0) {
      out.put((byte) 0);
    }
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  private byte[] error(byte[] request, int errno) {
    ByteBuffer out = begin(NLMSG_ERROR, 0).putInt(errno);
    out.put(request, 0, errno == 0 ? HEADER : Math.min(request.length, MOST - 2 * HEADER));
    return finish(out);
  }

  private static void attribute(ByteBuffer out, int type, byte[] value) {
    out.putShort((short) (value.length + 4)).putShort((short) type).put(value);
    while ((out.position() & 3) != 0) {
      out.put((byte) 0);
    }
  }

  private static byte[] string(String text) {
    return (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] link(int flags) {
    ByteBuffer out = begin(RTM_NEWLINK, flags);
    out.put((byte) 0).put((byte) 0).putShort((short) Interfaces.HARDWARE_TYPE);
    out.putInt(Interfaces.INDEX).putInt(Interfaces.FLAGS | 1 << 16).putInt(0);
    attribute(out, IFLA_IFNAME, string(Interfaces.NAME));
    attribute(out, IFLA_TXQLEN, SockOptions.words(Interfaces.QUEUE_LENGTH));
    attribute(out, IFLA_OPERSTATE, new byte[1]);
    attribute(out, IFLA_MTU, SockOptions.words(Interfaces.MTU));
    attribute(out, IFLA_ADDRESS, new byte[HARDWARE_BYTES]);
    attribute(out, IFLA_BROADCAST, new byte[HARDWARE_BYTES]);
    attribute(out, IFLA_QDISC, string("noqueue"));
    return finish(out);
  }

  private byte[] address(int family) {
    boolean v4 = family == Socket.AF_INET;
    ByteBuffer out = begin(RTM_NEWADDR, NLM_F_MULTI);
    out.put((byte) family);
    out.put((byte) (v4 ? Interfaces.PREFIX_BITS : V6_BYTES * Byte.SIZE));
    out.put((byte) IFA_F_PERMANENT).put((byte) RT_SCOPE_HOST).putInt(Interfaces.INDEX);
    byte[] value = new byte[v4 ? Integer.BYTES : V6_BYTES];
    if (v4) {
      ByteBuffer.wrap(value).putInt(Interfaces.ADDRESS);
    } else {
      value[V6_BYTES - 1] = 1;
    }
    attribute(out, IFA_ADDRESS, value);
    if (v4) {
      attribute(out, IFA_LOCAL, value);
      attribute(out, IFA_LABEL, string(Interfaces.NAME));
    }
    attribute(out, IFA_FLAGS, SockOptions.words(IFA_F_PERMANENT));
    return finish(out);
  }
}
