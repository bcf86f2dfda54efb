package dev.svc0.cli;

import dev.svc0.runtime.trace.EventSelection;
import dev.svc0.runtime.trace.TraceField;
import dev.svc0.runtime.trace.TracePoint;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lists the tracepoints there are. */
final class TraceList {
  private TraceList() {}

  private static List<TracePoint> wanted(EventSelection selection) {
    return TracePoint.all().stream()
        .filter(selection::matches)
        .sorted(Comparator.comparing(TracePoint::system))
        .toList();
  }

  /** A line each, with what it means and its fields. */
  static void text(EventSelection selection, PrintStream out) {
    for (TracePoint point : wanted(selection)) {
      out.println(point + "  (" + layer(point) + ")");
      out.println("    " + point.doc());
      if (!point.fields().isEmpty()) {
        out.println(
            "    "
                + point.fields().stream()
                    .map(field -> type(field) + " " + field.name())
                    .collect(Collectors.joining(", ")));
      }
    }
  }

  /** An array of objects. */
  static void json(EventSelection selection, PrintStream out) {
    out.println("[");
    List<TracePoint> points = wanted(selection);
    for (int i = 0; i < points.size(); i++) {
      TracePoint point = points.get(i);
      String fields =
          point.fields().stream()
              .map(field ->
                  "{\"name\": \"%s\", \"type\": \"%s\", \"show\": \"%s\"}"
                      .formatted(
                          field.name(), type(field), field.show().name().toLowerCase(Locale.ROOT)))
              .collect(Collectors.joining(", "));
      out.println(
          "  {\"system\": \"%s\", \"name\": \"%s\", \"layer\": \"%s\", \"doc\": \"%s\", \"fields\": [%s]}%s"
              .formatted(
                  point.system(),
                  point.pointName(),
                  layer(point),
                  point.doc().replace("\\", "\\\\").replace("\"", "\\\""),
                  fields,
                  i + 1 < points.size() ? "," : ""));
    }
    out.println("]");
  }

  private static String layer(TracePoint point) {
    return point.layer().name().toLowerCase(Locale.ROOT);
  }

  private static String type(TraceField field) {
    if (field.kind() == TraceField.Kind.TEXT) {
      return "string";
    }
    return switch (field.bytes()) {
      case 1 -> "s8";
      case 2 -> "s16";
      case 4 -> "s32";
      default -> "s64";
    };
  }
}
