package dev.svc0.runtime.syscall;

import dev.svc0.annotation.Support;
import java.util.List;

/**
 * What is known about one call, from the kernel's table and from its handler's annotations.
 *
 * @param nr the number in this ABI
 * @param name the kernel's name
 * @param support {@link Support#NONE} without a handler
 * @param note what is missing, or empty
 * @param since the kernel that first had it
 * @param handler {@code Class.method} of the handler, or empty
 * @param arguments in order, as the kernel declares them
 */
public record SyscallInfo(
    int nr,
    String name,
    Support support,
    String note,
    String since,
    String handler,
    List<Argument> arguments) {

  /**
   * One argument.
   *
   * @param name the kernel's name of it
   * @param type its C type
   */
  public record Argument(String name, String type) {}

  /** Whether a handler exists. */
  public boolean implemented() {
    return !handler.isEmpty();
  }
}
