package dev.svc0.runtime.syscall.render;

import dev.svc0.runtime.syscall.SyscallDispatch;
import dev.svc0.runtime.syscall.SyscallInfo;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One object: the ABI, and an array of calls, each on a line of its own. */
final class JsonTable implements TableRenderer {
  @Override
  public String render(SyscallDispatch table) {
    Coverage coverage = Coverage.of(table);
    return "{\n\"abi\": "
        + quote(table.abi())
        + ",\n\"layouts\": \"arm64\",\n\"release\": \"6.12\",\n\"coverage\": {\"calls\": "
        + coverage.kernel()
        + ", \"full\": "
        + coverage.full()
        + ", \"partial\": "
        + coverage.partial()
        + ", \"stub\": "
        + coverage.stub()
        + ", \"refused\": "
        + coverage.refused()
        + ", \"later\": "
        + coverage.later()
        + ", \"own\": "
        + coverage.own()
        + "},\n\"calls\": [\n"
        + table.all().stream().map(JsonTable::call).collect(Collectors.joining(",\n"))
        + "\n]\n}\n";
  }

  private static String call(SyscallInfo call) {
    return "{\"nr\": "
        + call.nr()
        + field("name", call.name())
        + field("origin", small(call.origin()))
        + field("level", Coverage.level(call))
        + field("note", call.note())
        + field("since", call.since())
        + field("handler", call.handler())
        + field("restart", small(call.restart()))
        + ", \"errors\": "
        + strings(call.errors())
        + ", \"arguments\": ["
        + call.arguments().stream().map(JsonTable::argument).collect(Collectors.joining(", "))
        + "]}";
  }

  private static String argument(SyscallInfo.Argument argument) {
    String of = argument.role().of();
    return "{\"name\": "
        + quote(argument.name())
        + field("type", argument.type())
        + field("kind", small(argument.kind()))
        + field("role", small(argument.role().kind()))
        + (of.isEmpty() ? "" : field("of", of))
        + (argument.role().isPointer() ? field("access", small(argument.role().access())) : "")
        + "}";
  }

  private static String field(String name, String value) {
    return ", \"" + name + "\": " + quote(value);
  }

  private static String small(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String strings(List<String> values) {
    return values.stream().map(JsonTable::quote).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quote(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
