package dev.svc0.runtime.syscall.decode;

import dev.svc0.annotation.UserPtr.Access;
import dev.svc0.annotation.index.AbiKind;
import dev.svc0.annotation.index.LengthKind;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.FutexConstants;
import dev.svc0.runtime.syscall.ArgumentRole;
import dev.svc0.runtime.syscall.ArgumentRole.Length;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallInfo.Argument;
import dev.svc0.runtime.syscall.SyscallRegisters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are many calls in one: a command says what the argument behind it means, or that there
 * is none. C declares all of those as one long, so a definition cannot say it.
 */
final class Variants {
  private static final String NUMBER = "int __user *";

  /** What follows the commands whose names match; no role when nothing does. */
  private record Variant(Pattern commands, String type, @Nullable ArgumentRole role) {}

  /** A command by the name that the variant knows; its value may have other names as well. */
  private record Command(String name, Variant variant) {}

  /** The argument that decides; what it decides about is the next one. */
  private record Call(int command, List<Variant> variants) {}

  private static final Map<String, Call> CALLS =
      Map.of(
          "fcntl",
          new Call(
              1,
              List.of(
                  nothing("F_GETFD|F_GETFL|F_GETSIG|F_GETOWN|F_GETLEASE|F_GETPIPE_SZ|F_GET_SEALS"),
                  value("F_SETFD", RoleKind.FLAGS, "fcntl_arg:FD_CLOEXEC"),
                  value("F_SETFL", RoleKind.FLAGS, "open_flags"),
                  value("F_ADD_SEALS", RoleKind.FLAGS, "fcntl_arg:F_SEAL_"),
                  value("F_NOTIFY", RoleKind.FLAGS, "fcntl_arg:DN_"),
                  value("F_SETLEASE", RoleKind.ENUM, "fcntl_arg:F_RDLCK|F_WRLCK|F_UNLCK"),
                  value("F_SETSIG", RoleKind.SIGNAL, ""),
                  value("F_SETOWN", RoleKind.PID, ""),
                  struct("F_SETOWN_EX", Access.IN, "struct f_owner_ex"),
                  struct("F_GETOWN_EX", Access.OUT, "struct f_owner_ex"),
                  struct("F_(OFD_)?SETLKW?", Access.IN, "struct flock"),
                  struct("F_(OFD_)?GETLK", Access.OUT, "struct flock"))),
          "ioctl",
          new Call(
              1,
              List.of(
                  struct("TCGETS", Access.OUT, "struct termios"),
                  struct("TCSETS[WF]?", Access.IN, "struct termios"),
                  struct("TCGETS2", Access.OUT, "struct termios2"),
                  struct("TCSETS[WF]?2", Access.IN, "struct termios2"),
                  struct("TIOCGWINSZ", Access.OUT, "struct winsize"),
                  struct("TIOCSWINSZ", Access.IN, "struct winsize"),
                  number("FIONREAD|TIOCGPGRP|TIOCGSID|TIOCGPTN|TIOCOUTQ", Access.OUT),
                  number("FIONBIO|FIOASYNC|TIOCSPGRP|TIOCSPTLCK", Access.IN),
                  nothing("FIOCLEX|FIONCLEX|TIOCNOTTY|TIOCEXCL|TIOCNXCL"))),
          "prctl",
          new Call(
              0,
              List.of(
                  value("PR_SET_NAME", RoleKind.C_STRING, ""),
                  new Variant(
                      Pattern.compile("PR_GET_NAME"),
                      "char __user *",
                      new ArgumentRole(
                          RoleKind.C_STRING, "", Access.OUT, Length.NONE, Length.NONE)),
                  value("PR_SET_PDEATHSIG", RoleKind.SIGNAL, ""),
                  number("PR_GET_PDEATHSIG|PR_GET_CHILD_SUBREAPER|PR_GET_TSC", Access.OUT),
                  value(
                      "PR_SET_(DUMPABLE|KEEPCAPS|TIMERSLACK|CHILD_SUBREAPER)", RoleKind.PLAIN, ""),
                  nothing("PR_GET_(DUMPABLE|KEEPCAPS|TIMERSLACK)"))));

  private static final Map<String, Map<Long, Command>> BY_COMMAND = byCommand();

  private Variants() {}

  private static Variant nothing(String commands) {
    return new Variant(Pattern.compile(commands), "", null);
  }

  private static Variant value(String commands, RoleKind kind, String group) {
    return new Variant(Pattern.compile(commands), "long", ArgumentRole.of(kind, group));
  }

  private static Variant struct(String commands, Access access, String struct) {
    return new Variant(
        Pattern.compile(commands),
        struct + " __user *",
        ArgumentRole.pointer(access, struct, Length.NONE, Length.NONE));
  }

  private static Variant number(String commands, Access access) {
    Length four = new Length(LengthKind.CONSTANT, Integer.BYTES);
    return new Variant(
        Pattern.compile(commands), NUMBER, ArgumentRole.pointer(access, "", four, Length.NONE));
  }

  private static Map<String, Map<Long, Command>> byCommand() {
    Map<String, String> groups =
        Map.of("fcntl", "fcntl_cmd", "ioctl", "ioctl_tty", "prctl", "prctl");
    Map<String, Map<Long, Command>> result = new HashMap<>();
    CALLS.forEach((name, call) -> {
      Map<Long, Command> commands = new HashMap<>();
      for (Names.Constant constant : Names.get().constants(groups.getOrDefault(name, ""))) {
        for (Variant variant : call.variants) {
          if (variant.commands.matcher(constant.name()).matches()) {
            commands.put(constant.value(), new Command(constant.name(), variant));
          }
        }
      }
      result.put(name, commands);
    });
    return result;
  }

  /**
   * How many arguments there are, where flags or a command say that there are fewer than declared.
   */
  private static int count(SyscallInfo info, SyscallRegisters registers) {
    int all = info.arguments().size();
    return switch (info.name()) {
      case "openat" -> {
        int creates = Fcntl.O_CREAT | Fcntl.__O_TMPFILE;
        yield (registers.argument(2) & creates) == 0 ? all - 1 : all;
      }
      case "futex" ->
          switch ((int) registers.argument(1) & FutexConstants.FUTEX_CMD_MASK) {
            case FutexConstants.FUTEX_WAKE -> 3;
            case FutexConstants.FUTEX_WAIT -> 4;
            default -> all;
          };
      default -> all;
    };
  }

  /**
   * The arguments of one call as its command has them; those of the definition when it has no say.
   */
  static List<Argument> arguments(SyscallInfo info, SyscallRegisters registers) {
    Call call = CALLS.get(info.name());
    if (call == null) {
      return info.arguments().subList(0, count(info, registers));
    }
    Command command = command(info, registers.argument(call.command));
    if (command == null) {
      return info.arguments();
    }
    Variant variant = command.variant;
    List<Argument> arguments = new ArrayList<>(info.arguments().subList(0, call.command + 1));
    if (variant.role != null) {
      AbiKind kind = variant.role.isPointer() ? AbiKind.PTR : AbiKind.I64;
      String name = info.arguments().get(call.command + 1).name();
      arguments.add(new Argument(name, variant.type, kind, variant.role));
    }
    return arguments;
  }

  private static @Nullable Command command(SyscallInfo info, long value) {
    return BY_COMMAND.getOrDefault(info.name(), Map.of()).get((long) (int) value);
  }

  /** The name of the command when the argument at an index is one; null when it is none. */
  static @Nullable String name(SyscallInfo info, int index, long value) {
    Call call = CALLS.get(info.name());
    Command command = call == null || call.command != index ? null : command(info, value);
    return command == null ? null : command.name;
  }

  /** The result of a call whose command makes it more than a number; null for all others. */
  static @Nullable String result(SyscallInfo info, long command, long result) {
    if (!info.name().equals("fcntl")) {
      return null;
    }
    String group =
        switch (name(info, 1, command)) {
          case null -> "";
          case "F_GETFL" -> "open_flags";
          case "F_GETFD" -> "fcntl_arg:FD_CLOEXEC";
          case "F_GET_SEALS" -> "fcntl_arg:F_SEAL_";
          default -> "";
        };
    if (group.isEmpty() || result == 0 && !group.equals("open_flags")) {
      return null;
    }
    return "0x" + Long.toHexString(result) + " (flags " + Constants.of(group).flags(result) + ")";
  }
}
