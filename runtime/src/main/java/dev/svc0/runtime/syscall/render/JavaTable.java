package dev.svc0.runtime.syscall.render;

import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;

/** The numbers for guest programs in Java, as one source file without a package. */
final class JavaTable implements TableRenderer {
  @Override
  public String render(SyscallDispatch table) {
    StringBuilder text = new StringBuilder();
    text.append("/** System call numbers of ").append(table.abi()).append(" Linux. */\n");
    text.append("public final class Numbers {\n");
    for (SyscallInfo call : table.all()) {
      text.append("  /** {@code ").append(Coverage.signature(call)).append("}. */\n");
      text.append("  public static final int __NR_")
          .append(call.name())
          .append(" = ")
          .append(call.nr())
          .append(";\n\n");
    }
    return text.append("  private Numbers() {}\n}\n").toString();
  }
}
