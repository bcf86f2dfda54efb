package dev.svc0.processor.model;

import dev.svc0.annotation.index.LengthKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the length or count of a user pointer comes from.
 *
 * @param kind which of the ways
 * @param value the number, or the index of the argument
 */
public record LengthRef(LengthKind kind, long value) {
  private static final String RESULT = "$result";

  /** Reads what an annotation says; null when it names no parameter. */
  public static @Nullable LengthRef parse(String text, List<Parameter> parameters) {
    if (text.isEmpty()) {
      return new LengthRef(LengthKind.NONE, 0);
    }
    if (text.equals(RESULT)) {
      return new LengthRef(LengthKind.RESULT, 0);
    }
    if (text.chars().allMatch(c -> c >= '0' && c <= '9') && text.length() < 10) {
      return new LengthRef(LengthKind.CONSTANT, Long.parseLong(text));
    }
    LengthKind kind = text.startsWith("*") ? LengthKind.POINTED_TO : LengthKind.ARGUMENT;
    String name = kind == LengthKind.POINTED_TO ? text.substring(1) : text;
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).name().equals(name)) {
        return new LengthRef(kind, i);
      }
    }
    return null;
  }
}
