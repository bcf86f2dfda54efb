package dev.svc0.processor.model;

import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names that roles may use: groups of constants, structs, errors. */
public final class PinnedNames {
  private static final int SUGGESTIONS = 3;

  private final SortedSet<String> groups = new TreeSet<>(List.of("errno", "signal"));
  private final SortedSet<String> structs = column("abi-arm64.csv", "struct");
  private final SortedSet<String> errors = column("errno.csv", "name");
  private final CsvTable constants = CsvTable.read("constants-arm64.csv");

  /** Reads the pinned data. */
  public PinnedNames() {
    for (int row = 0; row < constants.size(); row++) {
      groups.add(constants.get(row, "group"));
    }
  }

  private static SortedSet<String> column(String file, String column) {
    CsvTable csv = CsvTable.read(file);
    SortedSet<String> values = new TreeSet<>();
    for (int row = 0; row < csv.size(); row++) {
      values.add(csv.get(row, column));
    }
    return values;
  }

  /** The groups of constants. */
  public SortedSet<String> groups() {
    return groups;
  }

  /**
   * Whether a role may name these constants: a group, or {@code group:PREFIX} or {@code
   * group:PREFIX|OTHER} for those of its names that begin so.
   */
  public boolean hasConstants(String spec) {
    if (!spec.contains(":")) {
      return groups.contains(spec);
    }
    for (String prefix : prefixes(spec)) {
      if (!anyConstant(group(spec), prefix)) {
        return false;
      }
    }
    return true;
  }

  private boolean anyConstant(String group, String prefix) {
    for (int row = 0; row < constants.size(); row++) {
      if (constants.get(row, "group").equals(group)
          && constants.get(row, "name").startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static String group(String spec) {
    int colon = spec.indexOf(':');
    return colon < 0 ? spec : spec.substring(0, colon);
  }

  private static List<String> prefixes(String spec) {
    return List.of(spec.substring(spec.indexOf(':') + 1).split("\\|"));
  }

  /** The errors. */
  public SortedSet<String> errors() {
    return errors;
  }

  /** The value of a constant in the group that a role names, or null. */
  public @Nullable Long constant(String spec, String name) {
    String group = group(spec);
    for (int row = 0; row < constants.size(); row++) {
      if (constants.get(row, "group").equals(group) && constants.get(row, "name").equals(name)) {
        return Long.valueOf(constants.get(row, "value"));
      }
    }
    return null;
  }

  /** The name of a struct as the layout table has it, for a short or full name; null if unknown. */
  public @Nullable String struct(String name) {
    for (String candidate : List.of(name, "struct " + name, "struct __kernel_" + name)) {
      if (structs.contains(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  /** The structs most like a name, for a message. */
  public String structsLike(String name) {
    return like(structs, name);
  }

  /** The known names most like a name, for a message. */
  public static String like(SortedSet<String> known, String name) {
    return known.stream()
        .sorted(Comparator.comparingInt((String other) -> distance(other, name)))
        .limit(SUGGESTIONS)
        .map(other -> "\"" + other + "\"")
        .collect(Collectors.joining(", "));
  }

  /** Number of single-character edits between two names. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
