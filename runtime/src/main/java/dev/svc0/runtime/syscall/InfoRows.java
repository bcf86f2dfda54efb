package dev.svc0.runtime.syscall;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.UserPtr;
import dev.svc0.annotation.index.AbiKind;
import dev.svc0.annotation.index.LengthKind;
import dev.svc0.annotation.index.RoleKind;
import dev.svc0.runtime.syscall.SyscallInfo.Argument;
import dev.svc0.runtime.syscall.SyscallInfo.Origin;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what the processor writes about calls into generated classes: a string a call, because
 * strings cost the compiler and the start of a program next to nothing.
 *
 * <p>Tabs separate number, name, origin, support, since, handler, errors, restart, note, and then
 * each argument. Semicolons separate an argument's name, C type and kind, and, where it has a role,
 * the role, what it names, and for user pointers access, length and count.
 */
public final class InfoRows {
  private static final int FIRST_ARGUMENT = 9;
  private static final int ROLE = 3;
  private static final int ACCESS = 5;

  private InfoRows() {}

  /** The calls in the order of the rows. */
  public static List<SyscallInfo> read(String... rows) {
    List<SyscallInfo> calls = new ArrayList<>(rows.length);
    for (String row : rows) {
      calls.add(call(row.split("\t", -1)));
    }
    return List.copyOf(calls);
  }

  private static SyscallInfo call(String[] field) {
    List<Argument> arguments = new ArrayList<>();
    for (int i = FIRST_ARGUMENT; i < field.length; i++) {
      arguments.add(argument(field[i].split(";", -1)));
    }
    return new SyscallInfo(
        Integer.parseInt(field[0]),
        field[1],
        Origin.valueOf(field[2]),
        Support.valueOf(field[3]),
        field[8],
        field[4],
        field[5],
        field[6].isEmpty() ? List.of() : List.of(field[6].split(" ")),
        Restart.valueOf(field[7]),
        List.copyOf(arguments));
  }

  private static Argument argument(String[] field) {
    AbiKind kind = AbiKind.valueOf(field[2]);
    return new Argument(
        field[0], field[1], kind, field.length == ROLE ? ArgumentRole.PLAIN : role(field));
  }

  private static ArgumentRole role(String[] field) {
    RoleKind kind = RoleKind.valueOf(field[ROLE]);
    if (kind != RoleKind.USER_PTR) {
      return ArgumentRole.of(kind, field[ROLE + 1]);
    }
    return ArgumentRole.pointer(
        UserPtr.Access.valueOf(field[ACCESS]),
        field[ROLE + 1],
        length(field[ACCESS + 1]),
        length(field[ACCESS + 2]));
  }

  private static ArgumentRole.Length length(String text) {
    int space = text.indexOf(' ');
    return space < 0
        ? ArgumentRole.Length.NONE
        : new ArgumentRole.Length(
            LengthKind.valueOf(text.substring(0, space)),
            Integer.parseInt(text.substring(space + 1)));
  }
}
