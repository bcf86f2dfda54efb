package dev.svc0.runtime.syscall.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses and messages of sockets. */
final class SocketText {
  static final String MESSAGE = "struct user_msghdr";
  static final String MESSAGES = "struct mmsghdr";

  private static final String ROOM = "{msg_namelen=";
  private static final int MAX_ADDRESS = 128;
  private static final int MAX_CONTROL = 4096;
  private static final int MAX_ELEMENTS = 16;
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;
  private static final int GROUPS = 8;
  private static final int GROUPS_AT = 8;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_CREDENTIALS = 2;

  // struct user_msghdr, struct mmsghdr, struct cmsghdr.
  private static final int MESSAGE_BYTES = 56;
  private static final int NAME_BYTES_AT = 8;
  private static final int VECTOR_AT = 16;
  private static final int VECTOR_COUNT_AT = 24;
  private static final int CONTROL_AT = 32;
  private static final int CONTROL_BYTES_AT = 40;
  private static final int FLAGS_AT = 48;
  private static final int MMSGHDR_BYTES = 64;
  private static final int HEADER_BYTES = 16;
  private static final int LEVEL_AT = 8;
  private static final int TYPE_AT = 12;

  private final Bytes memory;
  private final Pointers pointers;

  SocketText(Bytes memory, Pointers pointers) {
    this.memory = memory;
    this.pointers = pointers;
  }

  private static long number(byte[] from, int offset, int bytes) {
    return Bytes.number(from, offset, bytes, false);
  }

  /** An address; null when it cannot be read. */
  @Nullable String address(long at, long bytes) {
    if (bytes < Short.BYTES) {
      return bytes == 0 ? "\"\"" : null;
    }
    byte[] read = memory.all(at, (int) Math.min(bytes, MAX_ADDRESS));
    if (read == null) {
      return null;
    }
    int family = (int) number(read, 0, Short.BYTES);
    String text =
        switch (family) {
          case AF_UNIX -> unix(read);
          case AF_INET -> read.length < 8 ? null : inet(read);
          case AF_INET6 -> read.length < 28 ? null : inet6(read);
          case AF_NETLINK -> read.length < 12 ? null : netlink(read);
          default -> null;
        };
    if (text == null) {
      byte[] data = Arrays.copyOfRange(read, Short.BYTES, read.length);
      text = data.length == 0 ? "" : ", sa_data=" + Bytes.quoted(data, data.length);
    }
    return "{sa_family=" + Constants.of("socket_domain:AF_").single(family) + text + "}";
  }

  /** The path ends at a zero; a name that begins with one lies in no file system. */
  private static String unix(byte[] read) {
    if (read.length == Short.BYTES) {
      return "";
    }
    boolean abstractName = read[Short.BYTES] == 0;
    int from = abstractName ? Short.BYTES + 1 : Short.BYTES;
    int end = from;
    while (end < read.length && (abstractName || read[end] != 0)) {
      end++;
    }
    byte[] name = Arrays.copyOfRange(read, from, end);
    return ", sun_path=" + (abstractName ? "@" : "") + Bytes.quoted(name, name.length);
  }

  private static String port(byte[] read) {
    return "htons(" + ((read[2] & 0xff) << Byte.SIZE | read[3] & 0xff) + ")";
  }

  private static String inet(byte[] read) {
    return ", sin_port="
        + port(read)
        + ", sin_addr=inet_addr(\""
        + "%d.%d.%d.%d".formatted(read[4] & 255, read[5] & 255, read[6] & 255, read[7] & 255)
        + "\")";
  }

  private static String inet6(byte[] read) {
    long flow = Integer.toUnsignedLong(Integer.reverseBytes((int) number(read, 4, Integer.BYTES)));
    return ", sin6_port="
        + port(read)
        + ", sin6_flowinfo=htonl("
        + flow
        + "), inet_pton(AF_INET6, \""
        + shortened(read)
        + "\", &sin6_addr), sin6_scope_id="
        + number(read, 24, Integer.BYTES);
  }

  /** As RFC 5952 has it: the longest run of zeros is left out. */
  private static String shortened(byte[] read) {
    int bestFrom = -1;
    int best = 1;
    for (int from = 0; from < GROUPS; from++) {
      int end = from;
      while (end < GROUPS && group(read, end) == 0) {
        end++;
      }
      if (end - from > best) {
        bestFrom = from;
        best = end - from;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == bestFrom) {
        text.append("::");
        i += best - 1;
      } else {
        boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(first ? "" : ":").append(Integer.toHexString(group(read, i)));
      }
    }
    return text.toString();
  }

  private static int group(byte[] read, int index) {
    int at = GROUPS_AT + 2 * index;
    return (read[at] & 0xff) << Byte.SIZE | read[at + 1] & 0xff;
  }

  private static String netlink(byte[] read) {
    return ", nl_pid=%d, nl_groups=%s"
        .formatted(number(read, 4, 4), groups(number(read, 8, Integer.BYTES)));
  }

  private static String groups(long groups) {
    return groups == 0 ? "00000000" : "0x%06x".formatted(groups);
  }

  /** What is known of a header to be filled: the room for a name. */
  @Nullable String room(long at) {
    Integer bytes = memory.word(at + NAME_BYTES_AT);
    return bytes == null ? null : ROOM + bytes + "}";
  }

  /**
   * A message header that was filled.
   *
   * @param room what {@link #room} said before
   */
  @Nullable String filled(long at, long data, String room) {
    String text = message(at, data);
    if (text == null || !room.startsWith(ROOM)) {
      return text;
    }
    String before = room.substring(ROOM.length(), room.length() - 1);
    String now = memory.word(at + NAME_BYTES_AT) + "";
    String field = ", msg_namelen=";
    return before.equals(now)
        ? text
        : text.replaceFirst(field + now, field + before + " => " + now);
  }

  /**
   * A message header.
   *
   * @param data bytes there are behind the vector
   */
  @Nullable String message(long at, long data) {
    byte[] read = memory.all(at, MESSAGE_BYTES);
    if (read == null) {
      return null;
    }
    long name = number(read, 0, Long.BYTES);
    long nameBytes = Bytes.number(read, NAME_BYTES_AT, Integer.BYTES, true);
    String nameText = name == 0 || nameBytes == 0 ? null : address(name, nameBytes);
    long vector = number(read, VECTOR_AT, Long.BYTES);
    long count = number(read, VECTOR_COUNT_AT, Long.BYTES);
    String vectorText = vector == 0 ? null : pointers.vector(vector, count, data);
    long control = number(read, CONTROL_AT, Long.BYTES);
    long controlBytes = number(read, CONTROL_BYTES_AT, Long.BYTES);
    return "{msg_name="
        + (nameText == null ? ArgumentDecoder.address(name) : nameText)
        + ", msg_namelen="
        + nameBytes
        + ", msg_iov="
        + (vectorText == null ? ArgumentDecoder.address(vector) : vectorText)
        + ", msg_iovlen="
        + count
        + (controlBytes == 0 ? "" : ", msg_control=" + control(control, controlBytes))
        + ", msg_controllen="
        + Long.toUnsignedString(controlBytes)
        + ", msg_flags="
        + Constants.of("socket_msg:MSG_").flags(number(read, FLAGS_AT, Integer.BYTES))
        + "}";
  }

  /** Messages with the bytes that each of them moved. */
  @Nullable String messages(long at, long count, boolean filled) {
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MAX_ELEMENTS); i++) {
      long element = at + (long) i * MMSGHDR_BYTES;
      Integer length = memory.word(element + MESSAGE_BYTES);
      if (length == null) {
        return null;
      }
      String text = message(element, filled ? length : Long.MAX_VALUE);
      if (text == null) {
        return null;
      }
      shown.add("{msg_hdr=" + text + ", msg_len=" + Integer.toUnsignedString(length) + "}");
    }
    return "[" + String.join(", ", shown) + (count > MAX_ELEMENTS ? ", ..." : "") + "]";
  }

  private String control(long at, long bytes) {
    byte[] read = bytes < 0 ? null : memory.all(at, (int) Math.min(bytes, MAX_CONTROL));
    if (read == null) {
      return ArgumentDecoder.address(at);
    }
    List<String> shown = new ArrayList<>();
    int from = 0;
    while (read.length - from >= HEADER_BYTES) {
      long length = number(read, from, Long.BYTES);
      if (length < HEADER_BYTES || length > read.length - from) {
        break;
      }
      shown.add(controlMessage(read, from, (int) length));
      from += (int) (length + Long.BYTES - 1) & -Long.BYTES;
    }
    return "[" + String.join(", ", shown) + "]";
  }

  private static String controlMessage(byte[] read, int from, int length) {
    long level = number(read, from + LEVEL_AT, Integer.BYTES);
    long type = number(read, from + TYPE_AT, Integer.BYTES);
    boolean socket = level == SOL_SOCKET;
    String spec = socket ? "socket_opt:SOL_SOCKET" : "socket_level:SOL_";
    String typeText = socket ? Constants.of("socket_level:SCM_").single(type) : Long.toString(type);
    byte[] data = Arrays.copyOfRange(read, from + HEADER_BYTES, from + length);
    return "{cmsg_len="
        + length
        + ", cmsg_level="
        + Constants.of(spec).single(level)
        + ", cmsg_type="
        + typeText
        + (data.length == 0 ? "" : ", cmsg_data=" + controlData(socket ? type : -1, data))
        + "}";
  }

  private static String controlData(long type, byte[] data) {
    if (type == SCM_CREDENTIALS && data.length == 3 * Integer.BYTES) {
      return "{pid=%d, uid=%d, gid=%d}"
          .formatted(number(data, 0, 4), number(data, 4, 4), number(data, 8, 4));
    }
    if (type != SCM_RIGHTS) {
      return Bytes.quoted(data, data.length);
    }
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i + Integer.BYTES <= data.length; i += Integer.BYTES) {
      numbers.add(Long.toString(Bytes.number(data, i, Integer.BYTES, true)));
    }
    return "[" + String.join(", ", numbers) + "]";
  }
}
