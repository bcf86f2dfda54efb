package dev.svc0.runtime.syscall.decode;

import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.annotation.index.AbiKind;
import dev.svc0.annotation.index.LengthKind;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.syscall.ArgumentRole;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallInfo.Argument;
import dev.svc0.runtime.syscall.SyscallRegisters;
import dev.svc0.runtime.syscall.SyscallResult;
import java.util.List;
import java.util.Set;

/** The arguments of one call, before it is made and after. */
final class ArgumentDecoder {

  /** Arguments that the kernel declares as numbers and programs pass addresses in. */
  private static final Set<String> ADDRESSES =
      Set.of("addr", "start", "brk", "newsp", "tls", "new_addr", "old_addr");

  private static final int MAX_PATH = 4096;
  private static final long UNKNOWN = Long.MIN_VALUE;

  private final SyscallInfo info;
  private final List<Argument> arguments;
  private final SyscallRegisters call;
  private final Bytes memory;
  private final int limit;
  private final Descriptors descriptors;

  /**
   * Decodes one call.
   *
   * @param limit how many bytes of a buffer are shown
   * @param descriptors how descriptors are shown
   */
  ArgumentDecoder(SyscallInfo info, SyscallRegisters call, int limit, Descriptors descriptors) {
    this.descriptors = descriptors;
    this.info = info;
    this.arguments = Variants.arguments(info, call);
    this.call = call;
    this.memory = new Bytes(call.task().memory());
    this.limit = limit;
  }

  /** The arguments there are. */
  List<Argument> arguments() {
    return arguments;
  }

  /** Whether the text of an argument is complete only when the call has returned. */
  boolean isOutput(int index) {
    ArgumentRole role = arguments.get(index).role();
    if (Waits.isOne(info)) {
      return false; // what came of it is said behind the result
    }
    return role.isPointer() && (role.access() != Access.IN || isFilledVector(role));
  }

  /** The buffers that readv fills are named by a vector that it only reads. */
  private boolean isFilledVector(ArgumentRole role) {
    return role.of().equals(Pointers.IOVEC)
        && (info.name().startsWith("read") || info.name().startsWith("pread"));
  }

  /** An argument as it is before the call. */
  String before(int index) {
    ArgumentRole role = arguments.get(index).role();
    if (isOutput(index) && role.of().equals(SocketText.MESSAGE)) {
      String room = new SocketText(memory, new Pointers(memory, limit)).room(value(index));
      return room == null ? address(value(index)) : room;
    }
    return isOutput(index) && (role.access() != Access.IN_OUT || isMessage(role))
        ? address(value(index))
        : text(index, false);
  }

  /** An output after the call, from what it was before. */
  String after(int index, String before) {
    Argument argument = arguments.get(index);
    if (argument.name().equals("rmtp")) { // what is left of a sleep that ended early
      return call.result() == -Errno.EINTR ? text(index, true) : before;
    }
    if (SyscallResult.isError(call.result())
        || call.result() == SyscallResult.CONTROL_TRANSFERRED) {
      return before;
    }
    if (argument.role().of().equals(SocketText.MESSAGE)) {
      SocketText text = new SocketText(memory, new Pointers(memory, limit));
      String filled = text.filled(value(index), call.result(), before);
      return filled == null ? before : filled;
    }
    String after = text(index, true);
    boolean inOut = argument.role().access() == Access.IN_OUT && !isMessage(argument.role());
    if (!inOut || before.equals(after)) {
      return after;
    }
    return isNumber(argument)
        ? before.substring(0, before.length() - 1) + " => " + after.substring(1)
        : before + " => " + after;
  }

  /** One number in brackets, which then has both values in them. */
  private static boolean isNumber(Argument argument) {
    ArgumentRole role = argument.role();
    int width = width(argument.type());
    return role.of().isEmpty()
        && width != 0
        && role.length().kind() == LengthKind.CONSTANT
        && role.length().value() == width;
  }

  /** Messages are shown as they are afterwards. */
  private static boolean isMessage(ArgumentRole role) {
    return role.of().equals(SocketText.MESSAGE) || role.of().equals(SocketText.MESSAGES);
  }

  /** An argument narrowed to its C type. */
  long value(int index) {
    long raw = call.argument(index);
    return switch (arguments.get(index).kind()) {
      case PTR, U64, I64 -> raw;
      case U32 -> raw & 0xffff_ffffL;
      case I32 -> (int) raw;
      case U16 -> raw & 0xffff;
    };
  }

  private String text(int index, boolean after) {
    Argument argument = arguments.get(index);
    long value = value(index);
    return switch (argument.role().kind()) {
      case PLAIN -> isStrings(argument) ? strings(value) : plain(argument, value);
      case FD -> descriptors.text(call.task(), (int) value);
      case C_STRING -> string(value);
      case FLAGS -> Constants.of(argument.role().of()).flags(value);
      case ENUM -> choice(argument, index, value);
      case MODE -> Constants.mode(value);
      case PID, OFFSET -> Long.toString(value);
      case SIGNAL -> Constants.signal(value);
      case SIZE -> Long.toUnsignedString(value);
      case USER_PTR -> pointer(argument, index, value, after);
    };
  }

  private String choice(Argument argument, int index, long value) {
    if (info.name().equals("futex")) {
      return Constants.futex(value);
    }
    String name = Variants.name(info, index, value);
    return name == null ? Constants.of(argument.role().of()).single(value) : name;
  }

  private static String plain(Argument argument, long value) {
    if (argument.kind() == AbiKind.PTR) {
      return address(value);
    }
    boolean id = argument.type().equals("uid_t") || argument.type().equals("gid_t");
    if (id && (int) value == -1) {
      return "-1";
    }
    boolean wide = argument.kind() == AbiKind.U64;
    boolean address = wide && (value >>> Integer.SIZE != 0 || ADDRESSES.contains(argument.name()));
    return address ? address(value) : Long.toString(value);
  }

  /** Such as argv: the kernel's type says enough. */
  private static boolean isStrings(Argument argument) {
    return argument.type().contains("* const __user *");
  }

  private String strings(long address) {
    String text = address == 0 ? null : new Pointers(memory, limit).strings(address);
    return text == null ? address(address) : text;
  }

  static String address(long value) {
    return value == 0 ? "NULL" : "0x" + Long.toHexString(value);
  }

  private String string(long address) {
    String text = address == 0 ? null : memory.string(address, MAX_PATH);
    return text == null ? address(address) : text;
  }

  private String pointer(Argument argument, int index, long address, boolean after) {
    if (address == 0) {
      return "NULL";
    }
    ArgumentRole role = argument.role();
    Pointers pointers = new Pointers(memory, limit);
    String text;
    if (isStrings(argument)) {
      text = pointers.strings(address);
    } else if (argument.type().contains("sigset_t")) {
      text = pointers.signals(address);
    } else if (argument.name().equals("stat_addr")) {
      text = pointers.waitStatus(address);
    } else if (argument.type().contains("struct sockaddr")) {
      text = new SocketText(memory, pointers).address(address, bytes(role, index, after));
    } else if (role.of().equals(SocketText.MESSAGE)) {
      boolean received = after && role.access() != Access.IN;
      long data = received ? call.result() : Long.MAX_VALUE;
      text = new SocketText(memory, pointers).message(address, data);
    } else if (role.of().equals(SocketText.MESSAGES)) {
      boolean received = info.name().startsWith("recv");
      long shown = after ? Math.min(count(role, after), call.result()) : count(role, after);
      text = new SocketText(memory, pointers).messages(address, shown, received);
    } else if (role.of().equals("struct rseq")) {
      text = null;
    } else if (role.of().equals(CloneText.STRUCT)) {
      text = CloneText.show(memory, address);
    } else if (Waits.isOne(info) && role.of().isEmpty()) {
      text = index == Waits.PSELECT_MASK ? null : Waits.descriptors(memory, address, value(0));
    } else if (Waits.isOne(info) && role.of().equals(Waits.POLLFD)) {
      text = Waits.wanted(memory, address, count(role, after));
    } else if (info.name().equals("getcwd")) {
      text = memory.string(address, MAX_PATH);
    } else if (role.of().isEmpty()) {
      long bytes = bytes(role, index, after);
      text = bytes == UNKNOWN ? null : pointers.bytes(address, bytes, width(argument.type()));
    } else if (role.of().equals(Pointers.DIRENT)) {
      text = pointers.entries(address, bytes(role, index, after));
    } else if (role.of().equals(Pointers.IOVEC)) {
      long filled = after && isFilledVector(role) ? call.result() : Long.MAX_VALUE;
      text = pointers.vector(address, count(role, after), filled);
    } else {
      text = pointers.structs(role.of(), address, count(role, after), counted(role));
    }
    return text == null ? address(address) : text;
  }

  /** The width of the numbers that a pointer leads to; 0 when it leads to bytes. */
  private static int width(String type) {
    String to = type.replace("const ", "");
    return switch (to.replaceAll("__user.*|\\*.*", "").strip()) {
      case "int", "unsigned int", "unsigned", "u32", "uid_t", "gid_t", "timer_t" -> Integer.BYTES;
      case "long", "unsigned long", "loff_t", "off_t", "size_t", "u64" -> Long.BYTES;
      default -> 0;
    };
  }

  private static boolean counted(ArgumentRole role) {
    return role.count().kind() != LengthKind.NONE;
  }

  /** How many bytes there are to show, unsigned, or {@link #UNKNOWN}. */
  private long bytes(ArgumentRole role, int index, boolean after) {
    long length = resolve(role.length(), after);
    boolean filled = after && role.access() == Access.OUT;
    boolean bounded = filled && role.length().kind() == LengthKind.ARGUMENT;
    return bounded ? Math.min(length, call.result()) : length;
  }

  private long count(ArgumentRole role, boolean after) {
    if (!counted(role)) {
      return 1;
    }
    long count = resolve(role.count(), after);
    boolean filled = after && role.access() == Access.OUT;
    return filled && role.count().kind() == LengthKind.ARGUMENT
        ? Math.min(count, call.result())
        : count;
  }

  private long resolve(ArgumentRole.Length length, boolean after) {
    return switch (length.kind()) {
      case NONE -> UNKNOWN;
      case CONSTANT -> length.value();
      case ARGUMENT -> value(length.value());
      case RESULT -> after ? call.result() : UNKNOWN;
      case POINTED_TO -> {
        Integer word = memory.word(value(length.value()));
        yield word == null ? UNKNOWN : word;
      }
    };
  }
}
