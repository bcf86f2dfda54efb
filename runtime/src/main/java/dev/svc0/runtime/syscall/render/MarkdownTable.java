package dev.svc0.runtime.syscall.render;

import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;

/** A table for a README. */
final class MarkdownTable implements TableRenderer {
  @Override
  public String render(SyscallDispatch table) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(table.abi()).append(" system calls\n\n");
    text.append(Coverage.of(table).sentence()).append("\n\n");
    text.append("| nr | call | level | since | handler | note |\n");
    text.append("|---:|---|---|---|---|---|\n");
    for (SyscallInfo call : table.all()) {
      text.append("| ")
          .append(call.nr())
          .append(" | `")
          .append(Coverage.signature(call))
          .append("` | ")
          .append(Coverage.level(call))
          .append(" | ")
          .append(call.since())
          .append(" | ")
          .append(call.implemented() ? "`" + Coverage.shortHandler(call) + "`" : "")
          .append(" | ")
          .append(call.note().replace("|", "\\|"))
          .append(" |\n");
    }
    return text.toString();
  }
}
