package dev.svc0.arm64.fidelity;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Functions that one graph has and the other has not, on purpose, each with its reason. */
final class Differences {
  /**
   * One line of {@code differences.tsv}.
   *
   * @param scenarios a pattern with {@code *} for any characters, {@code ?} for one
   * @param function a pattern of the same kind; after the pattern of its caller and {@code /} only
   *     where that one called it; followed by {@code #2} only the second call of that name;
   *     followed by <code>&#123;&#125;</code>, with all that is inside
   * @param reason why it differs
   */
  record Difference(String scenarios, String function, String reason) {}

  /** The same, ready to be matched. */
  private record Rule(Pattern scenarios, Pattern caller, Pattern name, int nth, boolean inside) {}

  /** A call whose end has not come yet. */
  private static final class Open {
    final String name;
    final boolean meant;
    final boolean hides;
    final Map<String, Integer> calls = new HashMap<>();

    Open(String name, boolean meant, boolean hides) {
      this.name = name;
      this.meant = meant;
      this.hides = hides;
    }
  }

  /** After a function's name: and all that is inside. */
  private static final String INSIDE = "{}";

  private final List<Difference> all = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();

  private Differences() {}

  static Differences read() throws IOException {
    Differences found = new Differences();
    for (String line : Functions.read("differences.tsv")) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String[] fields = line.split("\t", 3);
        found.all.add(new Difference(fields[0], fields[1], fields[2]));
        found.rules.add(rule(fields[0], fields[1]));
      }
    }
    return found;
  }

  private static Rule rule(String scenarios, String function) {
    boolean inside = function.endsWith(INSIDE);
    String left = inside ? function.substring(0, function.length() - INSIDE.length()) : function;
    int slash = left.indexOf('/');
    String caller = slash < 0 ? "*" : left.substring(0, slash);
    left = left.substring(slash + 1);
    int number = left.indexOf('#');
    int nth = number < 0 ? 0 : Integer.parseInt(left.substring(number + 1));
    String name = number < 0 ? left : left.substring(0, number);
    return new Rule(pattern(scenarios), pattern(caller), pattern(name), nth, inside);
  }

  private static Pattern pattern(String text) {
    return Pattern.compile("\\Q" + text.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E");
  }

  /** For each token of a scenario's graph, whether it is to differ. */
  boolean[] meant(String scenario, List<String> tokens) {
    List<Rule> here =
        rules.stream().filter(rule -> rule.scenarios.matcher(scenario).matches()).toList();
    boolean[] meant = new boolean[tokens.size()];
    Deque<Open> stack = new ArrayDeque<>();
    stack.push(new Open("", false, false));
    for (int i = 0; i < meant.length; i++) {
      String token = tokens.get(i);
      if (token.charAt(0) == '>') {
        stack.push(open(here, stack.getFirst(), token.substring(1)));
        meant[i] = stack.getFirst().meant;
      } else {
        meant[i] = stack.pop().meant;
      }
    }
    return meant;
  }

  private static Open open(List<Rule> rules, Open caller, String name) {
    int nth = caller.calls.merge(name, 1, Integer::sum);
    boolean meant = caller.hides;
    boolean hides = caller.hides;
    for (Rule rule : rules) {
      if ((rule.nth == 0 || rule.nth == nth)
          && rule.name.matcher(name).matches()
          && rule.caller.matcher(caller.name).matches()) {
        meant = true;
        hides |= rule.inside;
      }
    }
    return new Open(name, meant, hides);
  }

  List<Difference> all() {
    return all;
  }
}
