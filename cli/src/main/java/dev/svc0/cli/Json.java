package dev.svc0.cli;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, strings, numbers and truth values as JSON, two blanks a level. */
final class Json {
  private Json() {}

  /** An object with its members in this order: name, value, name, value … */
  static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> result = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      result.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return result;
  }

  /** Text of a value, with a line end. */
  static String text(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    write(text, value, 0);
    return text.append('\n').toString();
  }

  private static void write(StringBuilder text, @Nullable Object value, int level) {
    switch (value) {
      case null -> text.append("null");
      case Map<?, ?> map -> {
        Iterator<? extends Map.Entry<?, ?>> members = map.entrySet().iterator();
        text.append('{');
        while (members.hasNext()) {
          Map.Entry<?, ?> member = members.next();
          line(text, level + 1);
          quote(text, String.valueOf(member.getKey()));
          text.append(": ");
          write(text, member.getValue(), level + 1);
          text.append(members.hasNext() ? "," : "");
        }
        close(text, level, map.isEmpty(), '}');
      }
      case List<?> list -> {
        Iterator<?> items = list.iterator();
        text.append('[');
        while (items.hasNext()) {
          line(text, level + 1);
          write(text, items.next(), level + 1);
          text.append(items.hasNext() ? "," : "");
        }
        close(text, level, list.isEmpty(), ']');
      }
      case Double number when !Double.isFinite(number) -> text.append("null");
      case Number number -> text.append(number);
      case Boolean truth -> text.append(truth);
      default -> quote(text, value.toString());
    }
  }

  private static void close(StringBuilder text, int level, boolean empty, char bracket) {
    if (!empty) {
      line(text, level);
    }
    text.append(bracket);
  }

  private static void line(StringBuilder text, int level) {
    text.append('\n').append("  ".repeat(level));
  }

  private static void quote(StringBuilder text, String plain) {
    text.append('"');
    for (int i = 0; i < plain.length(); i++) {
      char letter = plain.charAt(i);
      switch (letter) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        default -> {
          if (letter < ' ' || letter == 0x7f) {
            text.append(String.format("\\u%04x", (int) letter));
          } else {
            text.append(letter);
          }
        }
      }
    }
    text.append('"');
  }
}
