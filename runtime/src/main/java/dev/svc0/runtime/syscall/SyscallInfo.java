package dev.svc0.runtime.syscall;

import dev.svc0.annotation.Restart;
import dev.svc0.annotation.Support;
import dev.svc0.annotation.index.AbiKind;
import java.util.List;

/**
 * What is known about one call, from the kernel's table and from its handler's annotations.
 *
 * @param nr the number in this ABI
 * @param name the kernel's name
 * @param origin whose call it is
 * @param support {@link Support#NONE} without a handler
 * @param note what is missing, or empty
 * @param since the kernel that first had it, or empty
 * @param handler {@code Class.method} of the handler, qualified, or empty
 * @param errors names of the errors the handler itself returns
 * @param restart what a signal does to it
 * @param arguments in the order of this ABI's registers, as the kernel declares them
 */
public record SyscallInfo(
    int nr,
    String name,
    Origin origin,
    Support support,
    String note,
    String since,
    String handler,
    List<String> errors,
    Restart restart,
    List<Argument> arguments) {

  /** Whose call it is. */
  public enum Origin {
    /** In the table of the kernel release that svc0 follows. */
    KERNEL,
    /** Only in later kernels. */
    LATER_KERNEL,
    /** In no kernel: a number from the range for calls of your own. */
    OWN
  }

  /**
   * One argument.
   *
   * @param name the kernel's name of it
   * @param type its C type
   * @param kind how it is taken from its register
   * @param role what it means; {@link ArgumentRole#PLAIN} without a handler
   */
  public record Argument(String name, String type, AbiKind kind, ArgumentRole role) {}

  /** Whether a handler exists. */
  public boolean implemented() {
    return !handler.isEmpty();
  }
}
