package dev.svc0.runtime.trace;

import dev.svc0.annotation.Traced;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which methods are traced: those that match in every respect given. Patterns have {@code *} for
 * any characters and {@code ?} for one. Immutable.
 */
public final class TraceSelection {
  private static final TraceSelection EVERYTHING =
      new TraceSelection(Set.of(), List.of(), List.of(), List.of(), false);

  private final Set<Traced.Layer> layers;
  private final List<Pattern> names;
  private final List<Pattern> excluded;
  private final List<Pattern> classes;
  private final boolean arguments;

  private TraceSelection(
      Set<Traced.Layer> layers,
      List<Pattern> names,
      List<Pattern> excluded,
      List<Pattern> classes,
      boolean arguments) {
    this.layers = layers;
    this.names = names;
    this.excluded = excluded;
    this.classes = classes;
    this.arguments = arguments;
  }

  /** Every annotated method of every layer. */
  public static TraceSelection everything() {
    return EVERYTHING;
  }

  /** Only these layers. */
  public TraceSelection inLayers(Traced.Layer... wanted) {
    Set<Traced.Layer> set = EnumSet.noneOf(Traced.Layer.class);
    set.addAll(Arrays.asList(wanted));
    return new TraceSelection(set, names, excluded, classes, arguments);
  }

  /** Only functions whose kernel name, or system call name, matches one of these patterns. */
  public TraceSelection named(String... patterns) {
    return new TraceSelection(layers, compile(patterns), excluded, classes, arguments);
  }

  /** None of the functions whose name matches one of these patterns. */
  public TraceSelection except(String... patterns) {
    return new TraceSelection(layers, names, compile(patterns), classes, arguments);
  }

  /** Only classes whose binary name matches one of these patterns. */
  public TraceSelection inClasses(String... patterns) {
    return new TraceSelection(layers, names, excluded, compile(patterns), arguments);
  }

  /** Arguments are recorded too: numbers as they are, of references whether they are null. */
  public TraceSelection withArguments() {
    return new TraceSelection(layers, names, excluded, classes, true);
  }

  boolean arguments() {
    return arguments;
  }

  boolean matchesClass(String className) {
    return classes.isEmpty() || any(classes, className);
  }

  boolean matches(TracedMethod method) {
    return matchesClass(method.className())
        && (layers.isEmpty() || layers.contains(method.layer()))
        && (names.isEmpty() || any(names, method.name()))
        && !any(excluded, method.name());
  }

  private static boolean any(List<Pattern> patterns, String text) {
    for (Pattern pattern : patterns) {
      if (pattern.matcher(text).matches()) {
        return true;
      }
    }
    return false;
  }

  private static List<Pattern> compile(String[] globs) {
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
    return List.copyOf(patterns);
  }
}
