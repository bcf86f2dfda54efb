package dev.svc0.runtime.syscall.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Structs by their pinned layout: {@code {tv_sec=1, tv_nsec=0}}. */
final class Structs {
  private static final Pattern FILLER =
      Pattern.compile(
          "(_*pad\\d*|__unused\\d*|__?spare\\d*|_*reserved\\d*|_f|__glibc.*|st_pad\\d*)");
  private static final Pattern ARRAY = Pattern.compile("(.*)\\[(\\d*)\\]");
  private static final Pattern UNSIGNED =
      Pattern.compile(".*unsigned.*|.*(ulong|size)_t|(__)?(u|be|le)\\d+|u?int\\d+_t|[ug]id_t");
  private static final String EPOLL_EVENTS =
      "epoll:EPOLLIN|EPOLLPRI|EPOLLOUT|EPOLLERR|EPOLLHUP|EPOLLRD|EPOLLWR|EPOLLMSG|EPOLLEXCLUSIVE"
          + "|EPOLLWAKEUP|EPOLLONESHOT|EPOLLET";
  private static final int MAX_ELEMENTS = 8;
  private static final int MAX_DEPTH = 3;

  /** Fields that hold flags, and the constants that name them. */
  private static final Map<String, String> FLAGS =
      Map.ofEntries(
          Map.entry("sa_flags", "signal_action:SA_"),
          Map.entry("ss_flags", "signal_action:SS_"),
          Map.entry("events", "poll"),
          Map.entry("revents", "poll"),
          Map.entry("stx_mask", "statx:STATX_"),
          Map.entry("c_iflag", "termios_iflag"),
          Map.entry("c_oflag", "termios_oflag"),
          Map.entry("c_lflag", "termios_lflag"));

  /** Fields that hold one of some values. */
  private static final Map<String, String> ENUMS =
      Map.of("l_type", "fcntl_arg:F_RDLCK|F_WRLCK|F_UNLCK", "l_whence", "fs:SEEK_");

  private static final Set<String> MODES = Set.of("st_mode", "stx_mode");
  private static final Set<String> SIGNALS = Set.of("si_signo", "exit_signal");
  private static final Set<String> ADDRESSES =
      Set.of("sa_handler", "sa_restorer", "iov_base", "stack", "tls", "ss_sp");

  private Structs() {}

  /** One struct; the bytes hold at least its size from the offset on. */
  static String show(Names.Struct struct, byte[] bytes, int offset) {
    return show(struct, bytes, offset, 0);
  }

  private static String show(Names.Struct struct, byte[] bytes, int offset, int depth) {
    switch (struct.name()) {
      case "struct siginfo" -> {
        return SigInfoText.show(bytes, offset);
      }
      case "struct epoll_event" -> {
        return epollEvent(bytes, offset);
      }
      default -> {
        // by its layout
      }
    }
    List<String> fields = new ArrayList<>();
    int end = 0;
    for (Names.Field field : struct.fields()) {
      String name = field.name().substring(field.name().lastIndexOf('.') + 1);
      boolean container = field.type().equals("union") || field.type().equals("struct");
      // Members of a union lie over each other: the first one stands for all.
      if (field.offset() >= end && field.bytes() > 0 && !container) {
        end = field.offset() + field.bytes();
        if (!FILLER.matcher(name).matches()) {
          fields.add(name + "=" + value(field, name, bytes, offset + field.offset(), depth));
        }
      }
    }
    return "{" + String.join(", ", fields) + "}";
  }

  private static String epollEvent(byte[] bytes, int offset) {
    long events = Bytes.number(bytes, offset, Integer.BYTES, false);
    long data = Bytes.number(bytes, offset + Long.BYTES, Long.BYTES, false);
    return "{events=%s, data={u32=%d, u64=%s}}"
        .formatted(
            Constants.of(EPOLL_EVENTS).flags(events),
            data & 0xffffffffL,
            Long.toUnsignedString(data));
  }

  private static String value(Names.Field field, String name, byte[] bytes, int offset, int depth) {
    Matcher array = ARRAY.matcher(field.type());
    if (array.matches()) {
      return array(field, array, bytes, offset);
    }
    Names.Struct inner = Names.get().struct(field.type());
    if (inner != null && inner.bytes() == field.bytes() && depth < MAX_DEPTH && !single(inner)) {
      return show(inner, bytes, offset, depth + 1);
    }
    if (field.bytes() > Long.BYTES) {
      return "[" + field.bytes() + " bytes]";
    }
    boolean signed = !UNSIGNED.matcher(field.type()).matches();
    long number = Bytes.number(bytes, offset, field.bytes(), signed);
    return named(field, name, number, signed);
  }

  private static boolean single(Names.Struct struct) {
    return struct.fields().size() == 1 && struct.bytes() <= Long.BYTES;
  }

  private static String named(Names.Field field, String name, long number, boolean signed) {
    String group = FLAGS.get(name);
    if (group != null) {
      return Constants.of(group).flags(number);
    }
    if (ENUMS.containsKey(name)) {
      return Constants.of(ENUMS.get(name)).single(number);
    }
    if (MODES.contains(name)) {
      return Constants.mode(number);
    }
    if (SIGNALS.contains(name)) {
      return Constants.signal(number);
    }
    if (field.type().equals("sigset_t")) {
      return Constants.signalSet(number);
    }
    if (name.equals("sa_handler") && number >>> 1 == 0) {
      return number == 0 ? "SIG_DFL" : "SIG_IGN";
    }
    if (ADDRESSES.contains(name) || field.type().endsWith("*")) {
      return number == 0 ? "NULL" : "0x" + Long.toHexString(number);
    }
    return signed ? Long.toString(number) : Long.toUnsignedString(number);
  }

  private static String array(Names.Field field, Matcher array, byte[] bytes, int offset) {
    String type = array.group(1);
    if (type.equals("char")) {
      int length = 0;
      while (length < field.bytes() && bytes[offset + length] != 0) {
        length++;
      }
      byte[] text = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
      return Bytes.quoted(text, length);
    }
    int elements = array.group(2).isEmpty() ? 0 : Integer.parseInt(array.group(2));
    int width = elements == 0 ? 0 : field.bytes() / elements;
    if (width == 0 || width > Long.BYTES) {
      return "[" + field.bytes() + " bytes]";
    }
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < Math.min(elements, MAX_ELEMENTS); i++) {
      shown.add(Long.toUnsignedString(Bytes.number(bytes, offset + i * width, width, false)));
    }
    return "[" + String.join(", ", shown) + (elements > MAX_ELEMENTS ? ", ..." : "") + "]";
  }
}
