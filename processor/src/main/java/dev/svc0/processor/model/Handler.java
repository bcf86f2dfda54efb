package dev.svc0.processor.model;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.SyscallDefine;
import java.util.Comparator;
import java.util.List;

/**
 * One handler, as its annotations declare it.
 *
 * @param nr the number on arm64
 * @param name the kernel's name
 * @param handlers qualified name of its class
 * @param method its method
 * @param support how much of the contract it keeps
 * @param note what is missing
 * @param since the kernel that first had it; empty takes it from the pinned table
 * @param errors the errors it can return
 * @param restart what a signal does to it
 * @param parameters after the task
 */
public record Handler(
    int nr,
    String name,
    String handlers,
    String method,
    Support support,
    String note,
    String since,
    List<String> errors,
    Restart restart,
    List<Parameter> parameters) {
  /** By number, then by place, so that output never depends on the order of reading. */
  public static final Comparator<Handler> ORDER =
      Comparator.comparingInt(Handler::nr).thenComparing(Handler::place);

  /** {@code Class.method}, qualified. */
  public String place() {
    return handlers + "." + method;
  }

  /** Whether the number is one of those no kernel has. */
  public boolean own() {
    return isOwn(nr);
  }

  /** Whether a number is one of those no kernel has. */
  public static boolean isOwn(int nr) {
    return nr >= SyscallDefine.FIRST_OWN && nr <= SyscallDefine.LAST_OWN;
  }
}
