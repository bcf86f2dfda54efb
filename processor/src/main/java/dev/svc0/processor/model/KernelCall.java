package dev.svc0.processor.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One row of a kernel's table.
 *
 * @param nr the number
 * @param name the name programs use
 * @param since the kernel that first had it, or empty when unknown
 * @param later whether it came after the release the table is pinned to
 * @param arguments in order; empty also when the pinned data does not say
 */
public record KernelCall(
    int nr, String name, String since, boolean later, List<KernelArgument> arguments) {
  /** The call as a C declaration, for messages and comments. */
  public String signature() {
    return name
        + arguments.stream()
            .map(KernelArgument::toString)
            .collect(Collectors.joining(", ", "(", ")"));
  }
}
