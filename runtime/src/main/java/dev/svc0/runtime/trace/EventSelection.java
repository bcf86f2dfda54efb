package dev.svc0.runtime.trace;

/**
 * Which tracepoints are recorded: those whose name, or {@code system:name}, matches a pattern.
 * Immutable.
 */
public final class EventSelection {
  private static final EventSelection NONE = new EventSelection(Globs.NONE);

  private final Globs patterns;

  private EventSelection(Globs patterns) {
    this.patterns = patterns;
  }

  /** These, and those of another selection. */
  public EventSelection and(EventSelection more) {
    return new EventSelection(patterns.and(more.patterns));
  }

  /** No tracepoint. */
  public static EventSelection none() {
    return NONE;
  }

  /** Those that match a pattern, for example {@code block_*} or {@code jbd2:*}. */
  public static EventSelection of(String... patterns) {
    return new EventSelection(Globs.of(patterns));
  }

  /** Whether a point is wanted. */
  public boolean matches(TracePoint point) {
    return patterns.matches(point.pointName()) || patterns.matches(point.toString());
  }
}
