package dev.svc0.runtime.trace;

import dev.svc0.annotation.Traced;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which methods are traced: those that match in every respect given. Patterns have {@code *} for
 * any characters and {@code ?} for one. Immutable.
 */
public final class TraceSelection {
  private static final TraceSelection EVERYTHING =
      new TraceSelection(Set.of(), Globs.NONE, Globs.NONE, Globs.NONE, false);

  private final Set<Traced.Layer> layers;
  private final Globs names;
  private final Globs excluded;
  private final Globs classes;
  private final boolean arguments;

  private TraceSelection(
      Set<Traced.Layer> layers, Globs names, Globs excluded, Globs classes, boolean arguments) {
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
    return new TraceSelection(layers, Globs.of(patterns), excluded, classes, arguments);
  }

  /** None of the functions whose name matches one of these patterns. */
  public TraceSelection except(String... patterns) {
    return new TraceSelection(layers, names, Globs.of(patterns), classes, arguments);
  }

  /** Only classes whose binary name matches one of these patterns. */
  public TraceSelection inClasses(String... patterns) {
    return new TraceSelection(layers, names, excluded, Globs.of(patterns), arguments);
  }

  /** Arguments are recorded too: numbers as they are, of references whether they are null. */
  public TraceSelection withArguments() {
    return new TraceSelection(layers, names, excluded, classes, true);
  }

  boolean arguments() {
    return arguments;
  }

  boolean matchesClass(String className) {
    return classes.isEmpty() || classes.matches(className);
  }

  boolean matches(TracedMethod method) {
    return matchesClass(method.className())
        && (layers.isEmpty() || layers.contains(method.layer()))
        && (names.isEmpty() || names.matches(method.name()))
        && !excluded.matches(method.name());
  }
}
