package dev.svc0.runtime.syscall.render;

import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;

/** Columns for a terminal, then the coverage in a sentence. */
final class TextTable implements TableRenderer {
  private static final int MAX_HANDLER = 40;

  @Override
  public String render(SyscallDispatch table) {
    int name = "name".length();
    int handler = "handler".length();
    for (SyscallInfo call : table.all()) {
      name = Math.max(name, call.name().length());
      handler = Math.max(handler, Math.min(MAX_HANDLER, Coverage.shortHandler(call).length()));
    }
    String format = "%4s  %-" + name + "s  %-7s  %-6s  %-" + handler + "s  %s";
    StringBuilder text = new StringBuilder();
    line(text, format.formatted("nr", "name", "level", "since", "handler", "note"));
    for (SyscallInfo call : table.all()) {
      line(
          text,
          format.formatted(
              call.nr(),
              call.name(),
              Coverage.level(call),
              call.since(),
              Coverage.shortHandler(call),
              call.note()));
    }
    line(text, "");
    line(text, table.abi() + ": " + Coverage.of(table).sentence());
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}
