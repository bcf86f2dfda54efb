package dev.svc0.runtime.syscall.render;

import dev.svc0.annotation.Support;
import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import dev.svc0.runtime.syscall.SyscallInfo.Origin;
import java.util.List;
import java.util.Locale;

/**
 * How much of a table has handlers.
 *
 * @param kernel calls of the kernel release that svc0 follows
 * @param full of these, with level full
 * @param partial of these, with level partial
 * @param stub of these, with level stub
 * @param refused of these, with a handler that refuses
 * @param later calls of later kernels
 * @param laterHandled of these, with a handler
 * @param own calls of your own
 * @param borrowed whether structs and flags are those of arm64 although the numbers are not
 */
record Coverage(
    long kernel,
    long full,
    long partial,
    long stub,
    long refused,
    long later,
    long laterHandled,
    long own,
    boolean borrowed) {
  static Coverage of(SyscallDispatch table) {
    List<SyscallInfo> all = table.all();
    return new Coverage(
        count(all, Origin.KERNEL),
        level(all, Support.FULL),
        level(all, Support.PARTIAL),
        level(all, Support.STUB),
        level(all, Support.NONE),
        count(all, Origin.LATER_KERNEL),
        all.stream()
            .filter(call -> call.origin() == Origin.LATER_KERNEL && call.implemented())
            .count(),
        count(all, Origin.OWN),
        !table.abi().equals("arm64"));
  }

  private static long count(List<SyscallInfo> all, Origin origin) {
    return all.stream().filter(call -> call.origin() == origin).count();
  }

  private static long level(List<SyscallInfo> all, Support level) {
    return all.stream()
        .filter(call -> call.origin() == Origin.KERNEL && call.implemented())
        .filter(call -> call.support() == level)
        .count();
  }

  /** Calls of the kernel with any handler. */
  long handled() {
    return full + partial + stub + refused;
  }

  /** One sentence. */
  String sentence() {
    return "%d of %d calls of Linux 6.12 have a handler (%d full, %d partial, %d stub, %d refused); "
            .formatted(handled(), kernel, full, partial, stub, refused)
        + "of later kernels %d of %d; %d of our own. The others answer -ENOSYS."
            .formatted(laterHandled, later, own)
        + (borrowed
            ? " Numbers and arguments are this ABI's; layouts of structures and values of flags are"
                + " those of arm64 here too."
            : "");
  }

  /** The level as every format spells it: {@code missing} without a handler. */
  static String level(SyscallInfo call) {
    return call.implemented() ? call.support().name().toLowerCase(Locale.ROOT) : "missing";
  }

  /** The handler without its package. */
  static String shortHandler(SyscallInfo call) {
    String handler = call.handler();
    int method = handler.lastIndexOf('.');
    return handler.substring(handler.lastIndexOf('.', method - 1) + 1);
  }

  /** The call as a C declaration. */
  static String signature(SyscallInfo call) {
    StringBuilder text = new StringBuilder(call.name()).append('(');
    for (SyscallInfo.Argument argument : call.arguments()) {
      String type = argument.type().replace("__user ", "");
      text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ")
          .append(type)
          .append(type.endsWith("*") ? "" : " ")
          .append(argument.name());
    }
    return text.append(')').toString();
  }
}
