package dev.svc0.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion script for fish: a {@code complete} line for each command, option and value. */
final class FishCompletion {
  private static final int LONGEST_DESCRIPTION = 70;

  private final StringBuilder script = new StringBuilder();
  private final String program;

  private FishCompletion(String program) {
    this.program = program;
  }

  /** The script for a command with all its subcommands. */
  static String of(String program, CommandLine command) {
    FishCompletion completion = new FishCompletion(program);
    completion.command(command, List.of());
    return completion.script.toString();
  }

  private void command(CommandLine command, List<String> path) {
    CommandSpec spec = command.getCommandSpec();
    List<String> names = List.copyOf(command.getSubcommands().keySet());
    String here = condition(path, names);
    command
        .getSubcommands()
        .forEach((name, subcommand) -> {
          List<String> words =
              subcommand.getCommandSpec().usageMessage().description().length == 0
                  ? List.of("-f", "-a", name)
                  : List.of("-f", "-a", name, "-d", describe(first(subcommand.getCommandSpec())));
          line(here, words);
        });
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        option(here, option);
      }
    }
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      String values = values(parameter);
      if (!values.isEmpty()) {
        line(here, List.of("-f", "-a", values));
      }
    }
    command
        .getSubcommands()
        .forEach((name, subcommand) ->
            command(subcommand, Stream.concat(path.stream(), Stream.of(name)).toList()));
  }

  /** The words before the cursor name this command and none of its own. */
  private static String condition(List<String> path, List<String> names) {
    if (path.isEmpty()) {
      return "__fish_use_subcommand";
    }
    List<String> tests = new ArrayList<>();
    path.forEach(name -> tests.add("__fish_seen_subcommand_from " + name));
    if (!names.isEmpty()) {
      tests.add("not __fish_seen_subcommand_from " + String.join(" ", names));
    }
    return String.join("; and ", tests);
  }

  private void option(String here, OptionSpec option) {
    List<String> words = new ArrayList<>();
    for (String name : option.names()) {
      words.add(name.startsWith("--") ? "-l" : "-s");
      words.add(name.replaceFirst("^--?", ""));
    }
    String values = values(option);
    if (!values.isEmpty()) {
      words.addAll(List.of("-x", "-a", values));
    } else if (option.arity().min() > 0) {
      words.add("-r");
    }
    if (option.description().length > 0) {
      words.addAll(List.of("-d", describe(option.description()[0])));
    }
    line(here, words);
  }

  private static String values(ArgSpec argument) {
    Iterable<String> candidates = argument.completionCandidates();
    return candidates == null
        ? ""
        : String.join(" ", StreamSupport.stream(candidates.spliterator(), false).toList());
  }

  private static String first(CommandSpec spec) {
    return spec.usageMessage().description()[0];
  }

  /** The first sentence, as far as it fits beside a word. */
  private static String describe(String text) {
    String sentence = text.replace("%n", " ").replace("%%", "%").replaceFirst("[.:;] .*", "");
    String plain = sentence.replaceAll(" ?\\(default: .*", "").replaceFirst("[.]$", "");
    return plain.length() <= LONGEST_DESCRIPTION
        ? plain
        : plain.substring(0, LONGEST_DESCRIPTION - 1) + "…";
  }

  private void line(String condition, List<String> words) {
    script.append("complete -c ").append(program).append(" -n ").append(quoted(condition));
    for (String word : words) {
      script.append(' ').append(word.startsWith("-") ? word : quoted(word));
    }
    script.append('\n');
  }

  private static String quoted(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
