package dev.svc0.arm64.fidelity;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Functions that one graph has and the other has not, on purpose, each with its reason. */
final class Differences {
  /**
   * One line of {@code differences.tsv}.
   *
   * @param scenarios a pattern with {@code *} for any characters, {@code ?} for one
   * @param function a pattern of the same kind; followed by <code>&#123;&#125;</code>, with all
   *     that is inside
   * @param reason why it differs
   */
  record Difference(String scenarios, String function, String reason) {}

  /** After a function's name: and all that is inside. */
  private static final String INSIDE = "{}";

  private final List<Difference> all = new ArrayList<>();

  private Differences() {}

  static Differences read() throws IOException {
    Differences found = new Differences();
    for (String line : Functions.read("differences.tsv")) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String[] fields = line.split("\t", 3);
        found.all.add(new Difference(fields[0], fields[1], fields[2]));
      }
    }
    return found;
  }

  /** Whether a function is to differ in a scenario. */
  boolean isMeant(String scenario, String function) {
    return all.stream()
        .anyMatch(one -> matches(one.scenarios, scenario) && matches(one.function, function));
  }

  /** Whether a function is to differ in a scenario with all that is inside. */
  boolean isMeantWithAll(String scenario, String function) {
    return all.stream()
        .filter(one -> one.function.endsWith(INSIDE))
        .anyMatch(
            one -> matches(one.scenarios, scenario) && matches(one.function, function + INSIDE));
  }

  private static boolean matches(String pattern, String text) {
    String regex = pattern.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return Pattern.matches("\\Q" + regex + "\\E", text);
  }

  List<Difference> all() {
    return all;
  }
}
