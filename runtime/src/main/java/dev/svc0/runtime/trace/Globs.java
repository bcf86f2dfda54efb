package dev.svc0.runtime.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Patterns with {@code *} for any characters and {@code ?} for one. Immutable. */
final class Globs {
  static final Globs NONE = new Globs(List.of());

  private final List<Pattern> patterns;

  private Globs(List<Pattern> patterns) {
    this.patterns = patterns;
  }

  static Globs of(String... globs) {
    List<Pattern> patterns = new ArrayList<>();
    for (String glob : globs) {
      StringBuilder regex = new StringBuilder();
      for (char c : glob.toCharArray()) {
        regex.append(
            switch (c) {
              case '*' -> ".*";
              case '?' -> ".";
              default -> Pattern.quote(String.valueOf(c));
            });
      }
      patterns.add(Pattern.compile(regex.toString()));
    }
    return new Globs(List.copyOf(patterns));
  }

  Globs and(Globs more) {
    List<Pattern> all = new ArrayList<>(patterns);
    all.addAll(more.patterns);
    return new Globs(List.copyOf(all));
  }

  boolean isEmpty() {
    return patterns.isEmpty();
  }

  /** Whether one of them matches the whole text. */
  boolean matches(String text) {
    for (Pattern pattern : patterns) {
      if (pattern.matcher(text).matches()) {
        return true;
      }
    }
    return false;
  }
}
