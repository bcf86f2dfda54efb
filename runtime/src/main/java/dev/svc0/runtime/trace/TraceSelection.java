package dev.svc0.runtime.trace;

import dev.svc0.annotation.Traced;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which methods are traced: those that match in every respect given, and methods that are named one
 * by one. Patterns have {@code *} for any characters and {@code ?} for one. Immutable.
 */
public final class TraceSelection {
  private static final TraceSelection EVERYTHING =
      new TraceSelection(
          Set.of(), Globs.NONE, Globs.NONE, Globs.NONE, Globs.NONE, Globs.NONE, false);

  private final Set<Traced.Layer> layers;
  private final Globs names;
  private final Globs excluded;
  private final Globs classes;
  private final Globs annotations;
  private final Globs methods;
  private final boolean arguments;

  private TraceSelection(
      Set<Traced.Layer> layers,
      Globs names,
      Globs excluded,
      Globs classes,
      Globs annotations,
      Globs methods,
      boolean arguments) {
    this.layers = layers;
    this.names = names;
    this.excluded = excluded;
    this.classes = classes;
    this.annotations = annotations;
    this.methods = methods;
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
    return new TraceSelection(set, names, excluded, classes, annotations, methods, arguments);
  }

  /** Only functions whose kernel name, or system call name, matches one of these patterns. */
  public TraceSelection named(String... patterns) {
    return new TraceSelection(
        layers, Globs.of(patterns), excluded, classes, annotations, methods, arguments);
  }

  /** None of the functions whose name matches one of these patterns. */
  public TraceSelection except(String... patterns) {
    return new TraceSelection(
        layers, names, Globs.of(patterns), classes, annotations, methods, arguments);
  }

  /** Only classes whose binary name matches one of these patterns. */
  public TraceSelection inClasses(String... patterns) {
    return new TraceSelection(
        layers, names, excluded, Globs.of(patterns), annotations, methods, arguments);
  }

  /**
   * Only methods with an annotation whose simple or binary name matches one of these patterns; it
   * may have any retention but SOURCE. The methods need no name of a kernel function: without one
   * they are shown as {@code Class.method}.
   */
  public TraceSelection annotated(String... patterns) {
    return new TraceSelection(
        layers, names, excluded, classes, Globs.of(patterns), methods, arguments);
  }

  /**
   * Methods as well whose binary class name, a dot and name match one of these patterns, whatever
   * else is selected; they are shown as {@code Class.method} when they have no function's name.
   */
  public TraceSelection andMethods(String... patterns) {
    return new TraceSelection(
        layers, names, excluded, classes, annotations, Globs.of(patterns), arguments);
  }

  /** Arguments are recorded too: numbers as they are, of references whether they are null. */
  public TraceSelection withArguments() {
    return new TraceSelection(layers, names, excluded, classes, annotations, methods, true);
  }

  boolean arguments() {
    return arguments;
  }

  /** Whether any method of the class can be selected. */
  boolean matchesClass(String className) {
    return classes.isEmpty() || !methods.isEmpty() || classes.matches(className);
  }

  /** Whether annotations decide. */
  boolean takesAnnotated() {
    return !annotations.isEmpty();
  }

  /** Whether methods without a function's name can be selected. */
  boolean takesUnnamed() {
    return !annotations.isEmpty() || !methods.isEmpty();
  }

  /** Whether a method is selected because it is named as {@code class.method}. */
  boolean matchesMethod(String className, String methodName) {
    return methods.matches(className + '.' + methodName);
  }

  /**
   * Whether a method is selected in every respect.
   *
   * @param name the function's name; null for a method that has none
   * @param on binary names of the annotations of the method
   */
  boolean matches(String className, @Nullable String name, Traced.Layer layer, List<String> on) {
    return (classes.isEmpty() || classes.matches(className))
        && (layers.isEmpty() || layers.contains(layer))
        && (names.isEmpty() || name != null && names.matches(name))
        && (annotations.isEmpty() ? name != null : on.stream().anyMatch(this::isWanted))
        && !(name != null && excluded.matches(name));
  }

  private boolean isWanted(String annotation) {
    int end = Math.max(annotation.lastIndexOf('.'), annotation.lastIndexOf('$'));
    return annotations.matches(annotation) || annotations.matches(annotation.substring(end + 1));
  }
}
